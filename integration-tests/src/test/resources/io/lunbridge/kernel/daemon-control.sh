#!/bin/bash
# Runs inside the guest: the daemon as its commands, a service manager, and users who may not see it.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
portal=127.0.0.1:3260
iqn=iqn.2026-11.io.lunbridge.test:control
root=$LUNBRIDGE_ROOT
socket=$root/run/lunbridge/control
mnt=/run/mnt
. "$(dirname "$0")/tap.sh"
LIMIT=60

url() { echo "iscsi://$portal/$iqn/$1"; }

# exits STATUS WORD COMMAND...: the command ends with that status, and what it prints contains the word
exits() {
  local expected=$1 word=$2 status=0
  shift 2
  timeout $LIMIT "$@" >/run/exits.out 2>&1 || status=$?
  cat /run/exits.out
  [ "$status" = "$expected" ] || { echo "status $status, not $expected: $*"; return 1; }
  [ -z "$word" ] || grep -q -- "$word" /run/exits.out || { echo "does not say '$word'"; return 1; }
}

# ask JSON [COMMAND...]: the answer to a request; a JVM takes seconds to start here
ask() {
  local request=$1
  shift
  "$@" perl -MIO::Socket::UNIX -e '
    $SIG{PIPE} = "IGNORE"; # whoever is refused may be so before the request is sent
    my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "no daemon: $!\n";
    print $socket "$ARGV[1]\n";
    $socket->flush();
    my $answer;
    do { $answer = <$socket> // die "no answer\n" } while $answer =~ /"progress":/;
    print $answer' "$socket" "$request"
}

# configure NAME LINE...
configure() {
  mkdir -p "$root/etc/lunbridge/devices"
  printf '%s\n' "${@:2}" >"$root/etc/lunbridge/devices/$1.conf"
}

attached() { [ -e "/sys/block/$1/pid" ]; }
detached() { [ ! -e "/sys/block/$1/pid" ]; }
told() { grep -q -- "$1" /run/notified; }
logged() { grep -q -- "$1" /run/daemon.log; }
gone() { ! kill -0 "$1"; }
sessions() { [ "$(tgtadm --lld iscsi --op show --mode conn --tid 1 | grep -c '^Session')" = "$1" ]; }

start_target() {
  modprobe nbd nbds_max=0
  mkdir -p "$mnt"
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  for lun in 1 2 3; do
    truncate -s "$((lun * 64))M" "/run/disk$lun.img"
    tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun $lun --backing-store "/run/disk$lun.img"
  done
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

start_daemon() {
  configure two "url = $(url 2)" 'startup = automatic' 'device = /dev/nbd2'
  configure three "# by hand" "url = $(url 3)" 'device = nbd3'
  configure wrong "url = $(url 3)" 'startup = automatic' 'lenght = 1'
  perl -MIO::Socket::UNIX -e '
    $| = 1;
    my $socket = IO::Socket::UNIX->new(Local => "/run/notify", Type => SOCK_DGRAM) or die $!;
    while (1) {
      defined $socket->recv(my $datagram, 4096) or die $!;
      print "$datagram\n";
    }' >/run/notified 2>&1 &
  await "notify socket" test -S /run/notify
  NOTIFY_SOCKET=/run/notify WATCHDOG_USEC=4000000 "${lunbridge[@]}" daemon >/run/daemon.log 2>&1 &
  echo $! >/run/daemon.pid
  await "ready" told READY=1 || { cat /run/daemon.log; return 1; }
  attached nbd2
  [ "$(blockdev --getsize64 /dev/nbd2)" = $((128 << 20)) ]
  case $(cat /sys/block/nbd2/backend) in lunbridge-*) ;; *) cat /sys/block/nbd2/backend; return 1 ;; esac
  logged 'wrong.conf:3: '
  await "status" told '^STATUS=1 device$'
  await "alive" told WATCHDOG=1
}

attach_and_list() {
  local device
  device=$("${lunbridge[@]}" attach "$(url 1)")
  [ "$(blockdev --getsize64 "$device")" = $((64 << 20)) ]
  [ "$("${lunbridge[@]}" attach "$(url 1)")" = "$device" ]
  echo "$device" >/run/device
  mkfs.ext4 -q "$device"
  mount "$device" "$mnt"
  exits 0 "^DEVICE  *TARGET  *PORTAL  *LUN  *SIZE  *STATE  *IN-FLIGHT  *QUEUED  *LEFT$" "${lunbridge[@]}" list
  grep -q "^$device  *$iqn  *$portal  *1  *64 MiB  *attached  *0  *0  *-$" /run/exits.out
  grep -q "^/dev/nbd2  *$iqn  *$portal  *2  *128 MiB  *attached " /run/exits.out
  [ "$(wc -l </run/exits.out)" = 3 ]
}

refused_while_mounted() {
  local device
  device=$(cat /run/device)
  exits 9 "$mnt" "${lunbridge[@]}" detach "$device"
  touch "$mnt/file"
  umount "$mnt"
  ask "{\"version\":1,\"verb\":\"detach\",\"device\":\"$device\"}" | grep '"ok":true'
  detached "${device#/dev/}"
  e2fsck -f -n /run/disk1.img
}

by_name() {
  exits 0 '^/dev/nbd3$' "${lunbridge[@]}" attach --config three
  attached nbd3
  exits 0 '' "${lunbridge[@]}" detach --config three
  detached nbd3
}

errors_travel() {
  exits 6 ' 9' "${lunbridge[@]}" attach "$(url 9)"
  [ "$(wc -l </run/exits.out)" = 1 ]
  ask '{"version":1,"verb":"attach","spec":{"url":"iscsi://127.0.0.1:9/'$iqn'/1"}}' | grep '"exitCode":"UNREACHABLE"'
  ask '{"version":1,"verb":"fly"}' | grep '"verbs":{"attach":\["spec"\]'
  exits 9 "daemon" "${lunbridge[@]}" daemon
}

other_users() {
  local nobody=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all)
  [ "$(stat -c %a "$socket")" = 600 ]
  ask '{"version":1,"verb":"list"}' "${nobody[@]}" && return 1
  # Where they can read the program at all.
  if [ ${#lunbridge[@]} = 1 ] && "${nobody[@]}" test -x "${lunbridge[0]}"; then
    exits 0 'only root' "${nobody[@]}" "${lunbridge[@]}" list
    grep -q '^/dev/nbd2 .*foreign' /run/exits.out
  fi
  # Even if the file and its directories let them.
  chmod 666 "$socket"
  chmod 755 "$root" "$root/run" "$root/run/lunbridge"
  ask '{"version":1,"verb":"detach","device":"/dev/nbd2","force":true}' "${nobody[@]}" | grep '"exitCode":"NOT_PERMITTED"'
  attached nbd2
}

stop_while_mounted() {
  local pid
  pid=$(cat /run/daemon.pid)
  mkfs.ext4 -q /dev/nbd2
  mount /dev/nbd2 "$mnt"
  kill -TERM "$pid"
  await "stopping" told STOPPING=1
  await "patience" told EXTEND_TIMEOUT_USEC=
  touch "$mnt/still-writable"
  sync
  ask '{"version":1,"verb":"list"}' | grep '"device":"/dev/nbd2"'
  ask '{"version":1,"verb":"attach","spec":{"url":"'"$(url 1)"'"}}' | grep '"error":'
  umount "$mnt"
  await "end of the daemon" gone "$pid"
  cat /run/daemon.log
  detached nbd2
  await "logout" sessions 0
  [ ! -e "$socket" ]
  e2fsck -f -n /run/disk2.img
}

without_a_daemon() {
  exits 1 --foreground "${lunbridge[@]}" attach "$(url 1)"
  [ "$(wc -l </run/exits.out)" = 1 ]
}

check "tgt serves LUNs" start_target
check "the daemon attaches the configured device, then tells the service manager that it is ready" start_daemon
check "attach prints a device, again the same one, and list shows it" attach_and_list
check "detach refuses a mounted device and takes an idle one" refused_while_mounted
check "a configured device is attached and detached by its name" by_name
check "errors travel with their numbers; a second daemon is refused" errors_travel
check "other users are refused by the file and by the kernel's word" other_users
check "SIGTERM waits for the unmount, then nothing is left" stop_while_mounted
check "without a daemon attach says so" without_a_daemon
echo "1..$made"
