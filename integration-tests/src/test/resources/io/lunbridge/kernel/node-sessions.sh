#!/bin/bash
# Runs inside the guest: iscsid's sessions by its control socket, their devices in a real kernel, and what a crash leaves.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
portal=127.0.0.1:3260
iqn=iqn.2026-11.io.lunbridge.test:sessions
socket=$LUNBRIDGE_ROOT/run/lunbridge/control
mnt=/run/mnt
. "$(dirname "$0")/tap.sh"
LIMIT=60

# ask JSON: the answer to a request; a JVM takes seconds to start here
ask() {
  perl -MIO::Socket::UNIX -e '
    my $socket = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "no daemon: $!\n";
    print $socket "{\"version\":1,$ARGV[1]}\n";
    $socket->flush();
    my $answer;
    do { $answer = <$socket> // die "no answer\n" } while $answer =~ /"progress":/;
    print $answer' "$socket" "$1" | tee /run/answer
}

log_in() {
  ask '"verb":"login","record":{"node.name":"'$iqn'","node.conn[0].address":"127.0.0.1","node.conn[0].port":"3260"}'
}

link() { echo "/dev/disk/by-path/ip-$portal-iscsi-$iqn-lun-$1"; }
attached() { [ -e "/sys/block/$1/pid" ]; }
detached() { [ ! -e "/sys/block/$1/pid" ]; }
answers() { ask '"verb":"sessions"' | grep -q '"connectionState":"LOGGED IN"'; }
target_sessions() { [ "$(tgtadm --lld iscsi --op show --mode conn --tid 1 | grep -c '^Session')" = "$1" ]; }

start_target() {
  modprobe nbd nbds_max=0
  mkdir -p "$mnt"
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  for lun in 1 2; do
    truncate -s "$((lun * 64))M" "/run/disk$lun.img"
    tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun $lun --backing-store "/run/disk$lun.img"
  done
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

start_iscsid() {
  rm -f "$socket"
  "${lunbridge[@]}" iscsid -f >>/run/iscsid.log 2>&1 &
  echo $! >/run/iscsid.pid
  await "control socket" test -S "$socket"
}

begin() {
  start_iscsid
  grep -x 'Name:	iscsid' "/proc/$(cat /run/iscsid.pid)/status"
}

login() {
  log_in | grep '"sid":1'
  # At once: the answer comes after them.
  [ "$(readlink -f "$(link 1)")" = /dev/nbd0 ]
  [ "$(readlink -f "$(link 2)")" = /dev/nbd1 ]
  [ "$(cat /sys/block/nbd1/size)" = 262144 ]
  [ ! -e "$(link 0)" ]
  log_in | grep '"iscsiError":15'
}

crash() {
  mkfs.ext4 -q "$(link 1)"
  mount "$(link 1)" "$mnt"
  dd if=/dev/urandom of="$mnt/data" bs=1M count=8 status=none
  sync
  sha256sum "$mnt/data" >/run/sum
  kill -KILL "$(cat /run/iscsid.pid)"
  wait "$(cat /run/iscsid.pid)" || true
  start_iscsid
  await "the session" answers
  grep '"sid":1' /run/answer
  echo 3 >/proc/sys/vm/drop_caches
  sha256sum -c /run/sum
  target_sessions 1
}

refused_while_mounted() {
  ask '"verb":"logout","sid":1' | grep '"iscsiError":28'
  attached nbd0
  attached nbd1
}

logout() {
  umount "$mnt"
  ask '"verb":"logout","sid":1' | grep '"ok":true'
  detached nbd0
  detached nbd1
  [ ! -e "$(link 1)" ] && [ ! -L "$(link 1)" ] && [ ! -L "$(link 2)" ]
  await "the end at the target" target_sessions 0
  ask '"verb":"logout","sid":1' | grep '"iscsiError":2'
}

dead_target() {
  log_in | grep '"sid":2'
  kill -KILL $(pidof tgtd)
  ask '"verb":"logout","sid":2' | grep '"ok":true'
  detached nbd0
}

need "tgt serves LUNs" start_target
need "iscsid runs by its name" begin
need "a login has all devices and their links when it has its answer" login
check "after kill -9 the next iscsid has the session by its sid, and a mounted file system goes on" crash
check "a logout is refused while a device is mounted" refused_while_mounted
check "after a logout there are no devices and no links" logout
check "a dead target does not keep a logout" dead_target
[ $failed = 0 ] || sed 's/^/# /' /run/iscsid.log
echo "1..$made"
