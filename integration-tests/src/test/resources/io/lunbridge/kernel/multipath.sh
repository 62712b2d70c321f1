#!/bin/bash
# Runs inside the guest: two devices that lead to one LUN by two portals, under the kernel's device-mapper multipath. One
# path at a time is cut, without a word, under verified I/O. Prints a TAP line per check.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/paths.sh"
LIMIT=90
map=lun

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
    await "$path goes on" moves "$path" $((before + 50)) || { dmsetup status "$map"; tail -30 "$log"; return 1; }
  done
}

each_is_cut() {
  local pause
  RATE=80 SIZE=4M start_loads lun
  both_move
  one_is_cut "$second" nbd1 nbd0
  both_move
  one_is_cut "$first" nbd0 nbd1
  both_move
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
