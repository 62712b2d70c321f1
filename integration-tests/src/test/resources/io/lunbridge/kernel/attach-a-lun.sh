#!/bin/bash
# Runs inside the guest: LUNs of tgt become kernel devices by the command line, and behave as disks do.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
portal=127.0.0.1:3260
iqn=iqn.2026-11.io.lunbridge.test:guest
url=iscsi://$portal/$iqn/1
disk=/run/disk.img
mnt=/run/mnt
. "$(dirname "$0")/tap.sh"
LIMIT=120

# refused STATUS WORD COMMAND...: the command must end with that status and one line that contains the word
refused() {
  local expected=$1 word=$2 status=0
  shift 2
  timeout $LIMIT "$@" >/run/refused.out 2>&1 || status=$?
  cat /run/refused.out
  [ "$status" = "$expected" ] || { echo "status $status, not $expected: $*"; return 1; }
  grep -q -- "$word" /run/refused.out || { echo "does not say '$word'"; return 1; }
  [ "$(wc -l </run/refused.out)" = 1 ] || { echo "not one line"; return 1; }
}

# attach [OPTION...]: in the background; sets pid and device when the device is ready
attach() {
  rm -f /run/attach.out
  "${lunbridge[@]}" attach --foreground "$url" "$@" >/run/attach.out 2>/run/attach.err &
  pid=$!
  await "attach" grep -q '^/dev/nbd' /run/attach.out || { cat /run/attach.out /run/attach.err; return 1; }
  device=$(cat /run/attach.out)
}

# ended: the attach process has ended with status 0 and the device is free
ended() {
  await "end of attach" not_running "$pid"
  wait "$pid" || { echo "attach ended with status $?"; cat /run/attach.err; return 1; }
  [ ! -e "/sys/block/${device#/dev/}/pid" ]
}

not_running() { ! kill -0 "$1"; }

start_target() {
  modprobe nbd nbds_max=0
  mkdir -p "$mnt"
  truncate -s 160M "$disk"
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 --backing-store "$disk"
  tgtadm --lld iscsi --op update --mode logicalunit --tid 1 --lun 1 --params thin_provisioning=1
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

file_system() {
  attach
  [ "$(blockdev --getsize64 "$device")" = $((160 << 20)) ]
  mkfs.ext4 -q "$device"
  mount "$device" "$mnt"
  dd if=/dev/urandom of="$mnt/file" bs=1M count=40 2>&1
  sha256sum <"$mnt/file" >/run/sum
  refused 9 "$mnt" "${lunbridge[@]}" detach "$device"
  umount "$mnt"
  "${lunbridge[@]}" detach "$device"
  ended
}

on_the_target() {
  e2fsck -f -n "$disk"
  debugfs -R "cat /file" "$disk" 2>/dev/null | sha256sum | cmp - /run/sum
}

again() {
  attach
  fsck.ext4 -f -n "$device"
  mount "$device" "$mnt"
  sha256sum <"$mnt/file" | cmp - /run/sum
  "${lunbridge[@]}" list >/run/list
  cat /run/list
  grep -q "$device" /run/list
  grep -q "$iqn" /run/list
  refused 9 "$device" "${lunbridge[@]}" attach --foreground "$url" --device "$device"
  kill -TERM "$pid"
  await "notice that it is mounted" grep -q "$mnt" /run/attach.err
  touch "$mnt/still-writable"
  sync
  umount "$mnt"
  ended
}

interrupted() {
  attach --device /dev/nbd5
  [ "$device" = /dev/nbd5 ]
  dd if=/dev/urandom of="$device" bs=1M seek=150 count=4 2>&1
  kill -TERM "$pid"
  ended
  [ "$(dd if="$disk" bs=1M skip=150 count=4 2>/dev/null | tr -d '\0' | wc -c)" -gt 4000000 ]
}

read_only() {
  attach --read-only
  [ "$(blockdev --getro "$device")" = 1 ]
  if dd if=/dev/zero of="$device" bs=4k count=1; then return 1; fi
  kill -TERM "$pid"
  ended
}

discarded() {
  attach
  before=$(du -k "$disk" | cut -f1)
  blkdiscard -f "$device"
  after=$(du -k "$disk" | cut -f1)
  echo "$before KiB before, $after KiB after"
  [ "$after" -lt 1024 ]
  kill -TERM "$pid"
  ended
}

refusals() {
  refused 1 /dev/nbd5 "${lunbridge[@]}" detach /dev/nbd5
  refused 11 sudo setpriv --bounding-set -sys_admin "${lunbridge[@]}" attach --foreground "$url"
}

check "tgt serves a LUN" start_target
check "a LUN takes a file system and is detached, though not while mounted" file_system
check "the file system is on the target's medium" on_the_target
check "attached again it is clean and the same, and a stop signal waits for the unmount" again
check "a stop signal writes back what is cached, and detaches" interrupted
check "read-only is read-only" read_only
check "a discard gives the target its space back" discarded
check "nothing to detach and no privilege: a number and a line each" refusals
echo "1..$made"
