#!/bin/bash
# Runs inside the guest: iscsid's sessions by its control socket, their devices in a real kernel, and what a crash leaves.
# Prints a TAP line per check. The arguments are the command that starts lunbridge; $LUNBRIDGE_ISCSIADM is our iscsiadm.
lunbridge=("$@")
portal=127.0.0.1:3260
socket=$LUNBRIDGE_ROOT/run/lunbridge/control
mnt=/run/mnt
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/names-tap.sh"
iqn=iqn.2026-11.io.lunbridge.test:sessions
LIMIT=60

# ask JSON: the answer to a request; a JVM takes seconds to start here
ask() {
  perl -MSocket -e '
    my $socket;
    socket($socket, PF_UNIX, SOCK_STREAM, 0) && connect($socket, sockaddr_un($ARGV[0])) or die "no daemon: $!\n";
    syswrite($socket, "{\"version\":1,$ARGV[1]}\n") or die "no daemon: $!\n";
    my $answer;
    do { $answer = <$socket> // die "no answer\n" } while $answer =~ /"progress":/;
    print $answer' "$socket" "$1" | tee /run/answer
}

# log_in [JSON]: what more the record says
log_in() {
  ask '"verb":"login","record":{"node.name":"'$iqn'","node.conn[0].address":"127.0.0.1","node.conn[0].port":"3260"'"${1:-}"'}'
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
  partitioned /run/disk2.img
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

# all_links FIRST SECOND: those of both LUNs, by these devices, and where each leads
all_links() {
  local path=ip-$portal-iscsi-$iqn-lun id=60000000000000000e0000000001000 lun name device part
  for lun in 1 2; do
    device=$1
    [ $lun = 1 ] || device=$2
    for name in "$path-$lun" "scsi-3$id$lun" "wwn-0x$id$lun"; do
      echo "$name ../../$device"
      [ $lun = 1 ] || for part in 1 2; do echo "$name-part$part ../../${device}p$part"; done
    done
  done | sort
}

cr25_26_29_links() {
  same links "$(all_links nbd0 nbd1)" "$(links)"
  local device
  for device in nbd0 nbd1 nbd1p1 nbd1p2; do [ -b /dev/$device ]; done
  cmp -n 65536 "$(link 2)-part2" <(dd if=/run/disk2.img skip=18432 status=none)
}

# As clients look for them: the disk's line follows that of its LUN.
cr14_tree() {
  local device
  # shellcheck disable=SC2086 # words
  $LUNBRIDGE_ISCSIADM -m session -P 3 >/run/tree 2>/run/tree.err
  [ ! -s /run/tree.err ]
  for device in "1 nbd0" "2 nbd1"; do
    grep -A1 -P "^\t\tscsi\d+ Channel 00 Id 0 Lun: ${device% *}$" /run/tree |
      grep -P "^\t\t\tAttached scsi disk ${device#* }\t\tState: running$" || { cat -A /run/tree; return 1; }
  done
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

# Refused for nbd0, by what uses it.
refused() {
  ask '"verb":"logout","sid":1' | grep '"iscsiError":28' | grep "$1"
  attached nbd0
  attached nbd1
}

refused_while_held() {
  umount "$mnt"
  modprobe dm_mod
  echo "0 8192 linear /dev/nbd1 0" | dmsetup create held
  refused 'is held by dm-'
  dmsetup remove held
  mkswap -q /dev/nbd1
  swapon /dev/nbd1
  refused 'is swapped on'
  swapoff /dev/nbd1
}

logout() {
  ! mountpoint -q "$mnt" || umount "$mnt"
  ask '"verb":"logout","sid":1' | grep '"ok":true'
  detached nbd0
  detached nbd1
  # At once: the answer comes after them.
  same links "" "$(links)"
  await "the end at the target" target_sessions 0
  ask '"verb":"logout","sid":1' | grep '"iscsiError":2'
}

quick='"node.conn[0].timeo.noop_out_interval":"1","node.conn[0].timeo.noop_out_timeout":"1"'
quick+=',"node.conn[0].timeo.logout_timeout":"2"'

# With data that are not written yet. The kernel's own writes would wait for 120 s.
silent_target() {
  log_in ",$quick" | grep '"sid":3'
  dd if=/dev/zero of=/dev/nbd1 bs=1M count=4 status=none
  kill -STOP $(pidof tgtd)
  started=$SECONDS
  ask '"verb":"logout","sid":3' | grep '"ok":true'
  kill -CONT $(pidof tgtd)
  detached nbd0
  detached nbd1
  [ $((SECONDS - started)) -lt 30 ]
}

cr27_manual() {
  log_in ',"node.session.scan":"manual"' | grep '"sid":2'
  detached nbd0
  same links "" "$(links)"
  ask '"verb":"rescan","sid":2' | grep '"ok":true'
  same links "$(all_links nbd0 nbd1)" "$(links)"
  ask '"verb":"logout","sid":2' | grep '"ok":true'
  same links "" "$(links)"
}

dead_target() {
  log_in | grep '"sid":4'
  kill -KILL $(pidof tgtd)
  ask '"verb":"logout","sid":4' | grep '"ok":true'
  detached nbd0
}

need "tgt serves LUNs" start_target
need "iscsid runs by its name" begin
need "a login has all devices and their links when it has its answer" login
check "CR-25, CR-26, CR-29: links of disks and partitions by path and by id, each to a device that is there" cr25_26_29_links
check "CR-14: iscsiadm lists a disk right behind its LUN" cr14_tree
check "after kill -9 the next iscsid has the session by its sid, and a mounted file system goes on" crash
check "a logout is refused while a device is mounted" refused_while_mounted
check "and while a device-mapper device or swap is on one" refused_while_held
check "after a logout there are no devices and no links" logout
check "CR-27: with a manual scan there is nothing before a rescan" cr27_manual
check "a target that falls silent in a logout does not keep it for long" silent_target
check "a dead target does not keep a logout" dead_target
[ $failed = 0 ] || sed 's/^/# /' /run/iscsid.log
echo "1..$made"
