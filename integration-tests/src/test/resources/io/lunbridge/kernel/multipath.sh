#!/bin/bash
# Runs inside the guest: two devices that lead to one LUN by two portals, under the kernel's device-mapper multipath. One
# path at a time is cut, without a word, under verified I/O. Prints a TAP line per check.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
LIMIT=90
iqn=iqn.2026-11.io.lunbridge.test:paths
image=/run/paths.img
first=127.0.0.2
second=127.0.0.3
# Silence, then an unanswered ping, then the replacement timeout.
INTERVAL=5 PING=5 REPLACEMENT=5

# cut ADDRESS, join ADDRESS: nothing gets there, and nobody is told
cut() { ip route add blackhole "$1/32" table local; }
join() { ip route del blackhole "$1/32" table local; }

# The number by which the multipath table calls a device.
number() { cat "/sys/block/$1/dev"; }

start_target() {
  modprobe nbd nbds_max=0
  modprobe dm-mod
  modprobe dm-multipath
  modprobe dm-service-time
  truncate -s 128M "$image"
  start_tgt 1 3260
  target 1 "$iqn"
  lun 1 1 "$image" scsi_sn=paths
  open_target 1
}

attach_paths() {
  local path options=("startup = automatic" "multipath = yes" "trust-target-cache = yes"
    "noop-interval = $INTERVAL" "noop-timeout = $PING" "replacement-timeout = $REPLACEMENT")
  configure first "url = iscsi://$first/$iqn/1" "device = /dev/nbd0" "${options[@]}"
  configure second "url = iscsi://$second/$iqn/1" "device = /dev/nbd1" "${options[@]}"
  start_daemon
  for path in nbd0 nbd1; do await "$path" attached "$path"; done
}

file_system() {
  local sectors
  sectors=$(cat /sys/block/nbd0/size)
  # Requests wait while there is no path at all. One group, so that both paths are used.
  dmsetup create lun --table \
    "0 $sectors multipath 1 queue_if_no_path 0 1 1 service-time 0 2 1 $(number nbd0) 1 $(number nbd1) 1"
  dmsetup mknodes
  mkfs.ext4 -q /dev/mapper/lun
  mkdir /run/lun
  mount /dev/mapper/lun /run/lun
}

# state PATH: A or F, as the kernel has it
state() { dmsetup status lun | sed "s/.* $(number "$1") \([AF]\) .*/\1/"; }
is() { [ "$(state "$1")" = "$2" ]; }

# What multipathd does: a path that answers a read past the page cache is used again.
checker() {
  touch /run/checker
  while [ -e /run/checker ]; do
    local path
    for path in nbd0 nbd1; do
      if is "$path" F && timeout 4 dd if="/dev/$path" of=/dev/null bs=4k count=1 iflag=direct 2>/dev/null; then
        dmsetup message lun 0 reinstate_path "$(number "$path")"
      fi
    done
    sleep 1
  done
}

both_move() {
  local path before
  for path in nbd0 nbd1; do
    before=$(completed "$path")
    await "$path goes on" moves "$path" $((before + 50)) || { dmsetup status lun; tail -30 "$log"; return 1; }
  done
}

# one_is_cut ADDRESS PATH OTHER: the kernel gives the path up in time, the other one goes on, and it comes back
one_is_cut() {
  local address=$1 path=$2 other=$3 before began given_up taken
  began=$(date +%s%3N)
  cut "$address"
  await "the kernel gives up $path" is "$path" F || { dmsetup status lun; tail -30 "$log"; return 1; }
  given_up=$(($(date +%s%3N) - began))
  is "$other" A
  before=$(completed "$other")
  await "$other goes on" moves "$other" $((before + 100))
  join "$address"
  began=$(date +%s%3N)
  await "the kernel takes $path again" is "$path" A || { dmsetup status lun; tail -30 "$log"; return 1; }
  taken=$(($(date +%s%3N) - began))
  both_move
  figure "multipath, $path cut: given up after $given_up ms, used again $taken ms after the way was free"
}

each_is_cut() {
  local pause
  RATE=200 SIZE=4M start_loads lun
  both_move
  one_is_cut "$second" nbd1 nbd0
  one_is_cut "$first" nbd0 nbd1
  stop_loads lun
  pause=$(longest_pause)
  figure "multipath, in all: $(requests) requests, 0 I/O errors, longest pause $pause ms"
  # Of a request that took both ways, on one: silence, a ping without an answer, the replacement timeout.
  [ "$pause" -le $(((INTERVAL + PING + REPLACEMENT) * 1000)) ] || { echo "pause $pause ms"; return 1; }
}

clean() {
  rm /run/checker
  umount /run/lun
  fsck.ext4 -f -n /dev/mapper/lun
  dmsetup remove lun
  stop_daemon
  e2fsck -f -n "$image"
}

need "a LUN with two portals" start_target
need "two devices lead to it" attach_paths
need "ext4 on both by multipath" file_system
checker >/run/checker.out 2>&1 &
need "each path is cut in turn under verified I/O: the other one has it in time, and it comes back" each_is_cut
need "the file system is clean, on the medium too" clean
echo "1..$made"
