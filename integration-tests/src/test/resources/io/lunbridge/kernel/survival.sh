#!/bin/bash
# Runs inside the guest: file systems under verified I/O while the daemon is killed ten times, and the target of half of
# them too. Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
LIMIT=90
RATE=20
SIZE=1M
ROUNDS=10
iqn=iqn.2026-11.io.lunbridge.test
devices=(nbd0 nbd1 nbd2 nbd3)
names=(ext4 xfs ext4-mortal xfs-mortal)
seed=${LUNBRIDGE_SEED:-$((10#$(date +%N) % 100000))}

# Two LUNs of a target that lives on, two of one that is killed.
steady_target() {
  start_tgt 1 3261
  target 1 "$iqn:steady"
  lun 1 1 /run/ext4.img scsi_sn=steady1
  lun 1 2 /run/xfs.img scsi_sn=steady2
  open_target 1
}

# Its write cache is the page cache, which survives it; to the first device it does not say that it has one.
mortal_target() {
  start_tgt 2 3262
  target 2 "$iqn:mortal"
  lun 2 1 /run/ext4-mortal.img "scsi_sn=mortal1,mode_page=8:0:18:0x10:0:0xff:0xff:0:0:0xff:0xff:0xff:0xff:0x80:0x14:0:0:0:0:0:0"
  lun 2 2 /run/xfs-mortal.img scsi_sn=mortal2
  open_target 2
}

start_targets() {
  modprobe nbd nbds_max=0
  modprobe xfs
  modprobe loop
  truncate -s 64M /run/ext4.img /run/ext4-mortal.img
  truncate -s 320M /run/xfs.img /run/xfs-mortal.img
  steady_target
  mortal_target
}

attach_all() {
  local steady=iscsi://127.0.0.1:3261/$iqn:steady mortal=iscsi://127.0.0.1:3262/$iqn:mortal
  configure a "url = $steady/1" "startup = automatic" "device = /dev/nbd0"
  configure b "url = $steady/2" "startup = automatic" "device = /dev/nbd1"
  configure c "url = $mortal/1" "startup = automatic" "device = /dev/nbd2"
  configure d "url = $mortal/2" "startup = automatic" "device = /dev/nbd3" "trust-target-cache = yes"
  start_daemon
  local device
  for device in "${devices[@]}"; do await "$device" attached "$device"; done
}

make_file_systems() {
  mkdir /run/ext4 /run/xfs /run/ext4-mortal /run/xfs-mortal
  mkfs.ext4 -q /dev/nbd0
  mkfs.xfs -q /dev/nbd1
  mkfs.ext4 -q /dev/nbd2
  mkfs.xfs -q /dev/nbd3
  local i
  for i in 0 1 2 3; do mount "/dev/nbd$i" "/run/${names[i]}"; done
}

# one_round NUMBER: the daemon dies, and in three of four rounds the target does too, at another time in each
one_round() {
  sleep "0.$((RANDOM % 10))"
  case $(($1 % 4)) in
    0) # the target has just come back when the daemon dies
      sent KILL tgt2; gone tgt2; mortal_target; sleep "0.$((RANDOM % 10))"; kill_daemon; start_daemon ;;
    1) kill_daemon; start_daemon ;;
    2) # the new daemon finds no target, for a while
      sent KILL tgt2; gone tgt2; kill_daemon; start_daemon; sleep 2; mortal_target ;;
    3) # they die together
      kill_daemon; sent KILL tgt2; gone tgt2; start_daemon; mortal_target ;;
  esac
}

# all_move: every device has had answers since now
all_move() {
  local device before
  for device in "${devices[@]}"; do
    before=$(completed "$device")
    await "$device goes on" moves "$device" $((before + 20)) || { tail -30 "$log"; return 1; }
  done
}

killed_ten_times() {
  local round
  RANDOM=$seed
  start_loads "${names[@]}"
  all_move
  for round in $(seq $ROUNDS); do
    echo "round $round, seed $seed, at $(cut -d' ' -f1 /proc/uptime)"
    one_round "$round"
    all_move
  done
  stop_loads "${names[@]}"
  nothing_wrong
  figure "daemon killed $ROUNDS times (its target $((ROUNDS * 3 / 4)) times) under ext4 and xfs, seed $seed:" \
    "$(requests) requests, 0 I/O errors, longest pause $(longest_pause) ms"
}

# returns: how often the log tells that a device has returned; slowest_return: of the last four, in milliseconds
returns() { grep -c 'has returned after' "$log"; }
returned_again() { [ "$(returns)" -ge "$1" ]; }
slowest_return() {
  grep 'has returned after' "$log" | tail -4 | sed 's/.*after \([0-9]*\) ms.*/\1/' | sort -n | tail -1
}

restarted() {
  local round began ends=() returns=() before
  start_loads "${names[@]}"
  all_move
  for round in 1 2; do
    before=$(returns)
    began=$(date +%s%3N)
    stop_daemon USR2
    ends+=($(($(date +%s%3N) - began)))
    start_daemon
    all_move
    await "all have returned" returned_again $((before + 4))
    returns+=("$(slowest_return)")
  done
  stop_loads "${names[@]}"
  nothing_wrong
  figure "daemon restarted twice, as planned: $(requests) requests, 0 I/O errors, longest pause $(longest_pause) ms;" \
    "without the JVM's start: ended after ${ends[*]} ms, devices returned after ${returns[*]} ms"
}

clean() {
  local i
  for i in 0 1 2 3; do
    (cd "/run/${names[i]}" && sha256sum -- direct* cached*) >"/run/${names[i]}.sums"
    umount "/dev/nbd$i"
  done
  fsck.ext4 -f -n /dev/nbd0
  xfs_repair -n /dev/nbd1
  fsck.ext4 -f -n /dev/nbd2
  xfs_repair -n /dev/nbd3
}

nothing_left() {
  stop_daemon
  local device
  for device in "${devices[@]}"; do detached "$device"; done
  [ -z "$(ls -A "$state/devices")" ] || { ls -l "$state/devices"; return 1; }
}

on_the_medium() {
  local name
  for name in "${names[@]}"; do
    mount -o loop,ro "/run/$name.img" "/run/$name"
    (cd "/run/$name" && sha256sum -c "/run/$name.sums")
    umount "/run/$name"
  done
}

need "two targets with two LUNs each" start_targets
need "configured devices are attached by the daemon" attach_all
need "ext4 and xfs on all of them" make_file_systems
need "the daemon is killed ten times, targets too: no request fails, nothing is lost" killed_ten_times
need "a planned restart, twice: no request fails" restarted
need "unmounted, the file systems are clean" clean
need "stopped, the daemon leaves no device and no state" nothing_left
need "what was written is on the targets' media" on_the_medium
echo "1..$made"
