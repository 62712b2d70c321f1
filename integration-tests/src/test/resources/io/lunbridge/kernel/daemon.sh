# Sourced after tap.sh by scripts that run inside the guest: the daemon, tgt, and I/O that is verified.
# $lunbridge is the command that starts lunbridge.
state=$LUNBRIDGE_ROOT/run/lunbridge
log=/run/daemon.log

# ---- processes -------------------------------------------------------------------------------------------------------

# background NAME COMMAND...: its process id is in /run/NAME.pid, its status, when it has ended, in /run/NAME.status
background() {
  local name=$1
  shift
  rm -f "/run/$name.pid" "/run/$name.status"
  {
    # shellcheck disable=SC2016 # for the other bash
    status=0
    bash -c 'echo $$ >"$0.new" && mv "$0.new" "$0.pid" && exec "$@"' "/run/$name" "$@" || status=$?
    echo $status >"/run/$name.status"
  } 2>&1 &
  await "start of $name" test -s "/run/$name.pid"
}

# ended NAME: whether it has; sent SIGNAL NAME; gone NAME: waits for its end; ended_well NAME: and its status must be 0
ended() { [ -s "/run/$1.status" ]; }
sent() { kill "-$1" "$(cat "/run/$2.pid")"; }
gone() { await "end of $1" ended "$1"; }
ended_well() {
  gone "$1"
  [ "$(cat "/run/$1.status")" = 0 ] || { echo "$1 ended with status $(cat "/run/$1.status")"; tail -20 "/run/$1.log"; return 1; }
}

# ---- the daemon ------------------------------------------------------------------------------------------------------

start_daemon() { background daemon "${lunbridge[@]}" daemon >>"$log"; }

kill_daemon() {
  sent KILL daemon
  gone daemon
}

# stop_daemon [SIGNAL]
stop_daemon() {
  sent "${1:-TERM}" daemon
  ended_well daemon
}

# configure NAME LINE...: a device that the daemon attaches when it starts
configure() {
  mkdir -p "$LUNBRIDGE_ROOT/etc/lunbridge/devices"
  printf '%s\n' "${@:2}" >"$LUNBRIDGE_ROOT/etc/lunbridge/devices/$1.conf"
}

# ask JSON: the answer to a request, without the seconds that a JVM takes to start here
ask() {
  perl -MSocket -e '
    my $socket;
    socket($socket, PF_UNIX, SOCK_STREAM, 0) && connect($socket, sockaddr_un($ARGV[0])) or die "no daemon: $!\n";
    syswrite($socket, "$ARGV[1]\n") or die "no daemon: $!\n";
    my $answer;
    do { $answer = <$socket> // die "no answer\n" } while $answer =~ /"progress":/;
    print $answer;
    exit($answer =~ /"ok":true/ ? 0 : 1)' "$state/control" "$1"
}

# attach URL [KEY VALUE]...: prints the device. detach DEVICE; detach_by_force DEVICE; fail DEVICE
attach() {
  local spec="\"url\":\"$1\"" answer
  shift
  while [ $# -gt 0 ]; do
    spec+=",\"$1\":\"$2\""
    shift 2
  done
  answer=$(ask "{\"version\":1,\"verb\":\"attach\",\"spec\":{$spec}}") || { echo "$answer" >&2; return 1; }
  sed 's/.*"device":"\([^"]*\)".*/\1/' <<<"$answer"
}
detach() { ask "{\"version\":1,\"verb\":\"detach\",\"device\":\"$1\",\"force\":false}"; }
detach_by_force() { ask "{\"version\":1,\"verb\":\"detach\",\"device\":\"$1\",\"force\":true}"; }
fail() { ask "{\"version\":1,\"verb\":\"fail\",\"device\":\"$1\"}"; }
list() { ask '{"version":1,"verb":"list","from":0}'; }

# listed DEVICE STATE: whether it is in that state; devices: how many there are
listed() { list | grep -q "\"device\":\"$1\"[^}]*\"state\":\"$2\""; }
devices() { list | grep -o '"device":"' | wc -l; }

attached() { [ -e "/sys/block/$1/pid" ] && [ "$(cat "/sys/block/$1/size")" != 0 ]; }
detached() { [ ! -e "/sys/block/$1/pid" ]; }

# completed DEVICE: how many reads, writes and flushes the kernel has had answered
completed() {
  local figures
  read -ra figures <"/sys/block/$1/stat"
  echo $((figures[0] + figures[4] + figures[15]))
}

# moves DEVICE COUNT: whether more than that many have been
moves() { (($(completed "$1") > $2)); }

# nothing_wrong: what the kernel has to say of its disks
nothing_wrong() {
  if dmesg | grep -E 'I/O error|EXT4-fs error|EXT4-fs warning|XFS.*(error|rror|hutting down|orruption)|BUG|Oops|WARNING|blocked for more'; then
    return 1
  fi
}

# ---- tgt -------------------------------------------------------------------------------------------------------------

# start_tgt NUMBER PORT: a tgtd without targets
start_tgt() {
  background "tgt$1" tgtd -f -C "$1" --iscsi "portal=0.0.0.0:$2" >"/run/tgt$1.log"
  await "tgtd" tgtadm -C "$1" --op show --mode sys
}

# target NUMBER NAME; lun NUMBER LUN FILE [PARAMETERS]; open_target NUMBER: from now on there are logins
target() { tgtadm -C "$1" --lld iscsi --op new --mode target --tid 1 --targetname "$2"; }
lun() {
  tgtadm -C "$1" --lld iscsi --op new --mode logicalunit --tid 1 --lun "$2" --backing-store "$3"
  [ -z "${4:-}" ] || update_lun "$1" "$2" "$4"
}
update_lun() { tgtadm -C "$1" --lld iscsi --op update --mode logicalunit --tid 1 --lun "$2" --params "$3"; }
open_target() { tgtadm -C "$1" --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL; }

# ---- verified I/O ----------------------------------------------------------------------------------------------------

# load NAME DIRECTORY: writes files past and by way of the page cache and compares what it reads, again and again until
# /run/stop exists. Each pass has another seed, so that blocks of an earlier pass are wrong, and leaves its figures.
load() {
  local pass=0
  mkdir -p /run/load
  cat >"/run/load/$1.job" <<EOF
[global]
directory=$2
thread
rw=randwrite
size=${SIZE:-2M}
bssplit=4k/70:16k/20:128k/10
rate_iops=,${RATE:-100}
verify=crc32c
verify_fatal=1
verify_state_save=0
[direct]
ioengine=libaio
direct=1
iodepth=8
[cached]
ioengine=psync
fsync=8
EOF
  until [ -e /run/stop ]; do
    pass=$((pass + 1))
    fio --randseed=$((pass * 1000 + $$)) --output-format=json --output="/run/load/$1.$pass" "/run/load/$1.job" \
      >"/run/load/$1.err" 2>&1 || { echo "status $? in pass $pass" >>"/run/load/$1.failed"; break; }
    echo "$pass" >"/run/load/$1.passes"
  done
  touch "/run/load/$1.ended"
}

# start_loads NAME...: on /run/NAME
start_loads() {
  local name
  rm -rf /run/stop /run/load
  for name in "$@"; do load "$name" "/run/$name" & done
}

# stop_loads NAME...: when each has compared what it wrote; none may have failed
stop_loads() {
  local name
  touch /run/stop
  for name in "$@"; do
    await "end of the load on $name" test -e "/run/load/$name.ended"
    [ ! -e "/run/load/$name.failed" ] || { cat "/run/load/$name.failed" "/run/load/$name.err"; return 1; }
    [ -s "/run/load/$name.passes" ] || { echo "$name: no pass"; return 1; }
  done
}

# longest_pause: of a request of the loads, in milliseconds
longest_pause() { grep -ho '"max" : [0-9]*' /run/load/*.[0-9]* | awk '$3 > most { most = $3 } END { printf "%d", most / 1000000 }'; }

# requests: of the loads
requests() { grep -ho '"total_ios" : [0-9]*' /run/load/*.[0-9]* | awk '{ sum += $3 } END { print sum }'; }
