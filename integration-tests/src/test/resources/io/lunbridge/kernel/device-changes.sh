#!/bin/bash
# Runs inside the guest: what others do to a LUN and to its device while it is attached: sizes, protection, partitions,
# sockets taken away, the driver's module. The steps of blktests' nbd/001 to 004 are among them.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
LIMIT=60
iqn=iqn.2026-11.io.lunbridge.test:changes
url=iscsi://127.0.0.1:3260/$iqn/1
image=/run/changes.img
mnt=/run/changes
device=/dev/nbd0

start() {
  modprobe nbd nbds_max=0
  mkdir -p "$mnt"
  truncate -s 64M "$image"
  start_target
  start_daemon
  await "control socket" test -S "$state/control"
}

start_target() {
  start_tgt 1 3260
  target 1 "$iqn"
  lun 1 1 "$image" scsi_sn=changes
  open_target 1
}

# take: attaches the LUN; what has changed is looked for every second
take() { [ "$(attach "$url" device "$device" recheck-interval 1 trust-target-cache yes)" = "$device" ]; }

# resize MIB: of the LUN; tgt tells nobody. What is cut off is there again when the LUN has its old size again.
resize() {
  local before=$(($(stat --format %s "$image") >> 20))
  update_lun 1 1 online=0
  [ "$1" -gt "$before" ] || dd if="$image" of="/run/cut-off.$before" bs=1M skip="$1" 2>&1
  truncate -s "$1M" "$image"
  if [ "$1" -gt "$before" ] && [ -e "/run/cut-off.$1" ]; then
    dd if="/run/cut-off.$1" of="$image" bs=1M seek="$before" conv=notrunc 2>&1
  fi
  update_lun 1 1 "path=$image"
  update_lun 1 1 online=1
}

size_is() { [ "$(blockdev --getsize64 "$device")" = $(($1 << 20)) ]; }
state_is() { listed "$device" "$1"; }
partition() { [ -b "${device}p$1" ] && [ -e "/sys/block/${device#/dev/}/${device#/dev/}p$1" ]; }
no_partition() { [ ! -e "${device}p$1" ] && [ ! -e "/sys/block/${device#/dev/}/${device#/dev/}p$1" ]; }

# ---- blktests 001 to 004 ---------------------------------------------------------------------------------------------

resized_while_attached() {
  take
  parted -s "$device" print 2>&1 | grep 'Disk /dev/nbd0: 67.1MB'
  [ "$(lsblk --raw --noheadings --output SIZE "$device")" = 64M ]
  resize 128
  await "the new size" size_is 128
  [ "$(lsblk --raw --noheadings --output SIZE "$device")" = 128M ]
  parted -s "$device" print 2>&1 | grep 'Disk /dev/nbd0: 134MB'
}

partitions() {
  parted -s "$device" mklabel msdos
  parted -s "$device" mkpart primary 1MiB 60MiB
  await "the new partition" partition 1
  detach "$device"
  stat "$device" || true
  no_partition 1
  local again
  for again in 1 2 3; do
    take
    partition 1
    detach "$device"
    stat "$device" || true
    no_partition 1
  done
}

# Somebody takes the socket from the driver, by ioctl, while others mount and unmount.
clear_socket() { perl -e 'open(my $device, "+<", $ARGV[0]) or exit 1; ioctl($device, 0xab04, 0)' "$device"; }

mounts() {
  until [ -e /run/no-more-mounts ]; do
    if mount "$device" "$mnt"; then umount "$mnt" || true; fi
  done
} 2>/dev/null

sockets_cleared() {
  wipefs -q -a "$image"
  take
  mkfs.ext4 -q "$device"
  local again
  for again in 1 2 3 4 5; do
    rm -f /run/no-more-mounts
    mounts &
    sleep "0.$((RANDOM % 5))"
    clear_socket || true
    sleep 0.2
    touch /run/no-more-mounts
    wait $!
    umount "$mnt" 2>/dev/null || true
    # Whatever the driver made of it: what is asked for next is there.
    await "attach again" take
    dd if="$device" of=/dev/null bs=64k count=16 iflag=direct 2>&1
  done
  # Writes may have failed; a journal is for that.
  fsck.ext4 -f -p "$device" || [ $? = 1 ]
  detach "$device"
  no_oops
}

module_comes_and_goes() {
  local end=$((SECONDS + 10)) attaches=0 refused=0 modules
  { while [ ! -e /run/no-more-modules ]; do modprobe nbd nbds_max=0; modprobe -r nbd; done; } 2>/dev/null &
  modules=$!
  while [ $SECONDS -lt $end ]; do
    if take; then attaches=$((attaches + 1)); detach "$device"; else refused=$((refused + 1)); fi
  done
  touch /run/no-more-modules
  wait $modules || true
  echo "$attaches attached, $refused refused"
  [ $attaches -gt 0 ]
  modprobe nbd nbds_max=0
  take
  dd if="$device" of=/dev/null bs=64k count=16 iflag=direct 2>&1
  detach "$device"
  no_oops
}

no_oops() {
  if dmesg | grep -E "BUG|Oops|couldn't allocate config|cannot create duplicate|refcount|blocked for more"; then return 1; fi
}

# ---- a LUN that changes ----------------------------------------------------------------------------------------------

grows_under_a_file_system() {
  take
  mkfs.ext4 -q "$device"
  mount "$device" "$mnt"
  sha256sum /bin/bash | cut -d' ' -f1 >/run/bash.sum
  cp /bin/bash "$mnt/bash"
  resize 192
  await "the new size" size_is 192
  resize2fs "$device"
  [ "$(df --output=size -m "$mnt" | tail -1)" -gt 160 ]
  dd if=/dev/urandom of="$mnt/more" bs=1M count=140 2>&1
  echo 3 >/proc/sys/vm/drop_caches
  [ "$(sha256sum <"$mnt/bash" | cut -d' ' -f1)" = "$(cat /run/bash.sum)" ]
}

# Under the mounted file system the size stays; what is beyond the LUN's end is an error there, and not elsewhere.
shrinks_under_a_file_system() {
  sync
  resize 128
  await "the announcement" state_is shrunk
  size_is 192
  [ "$(sha256sum <"$mnt/bash" | cut -d' ' -f1)" = "$(cat /run/bash.sum)" ]
  resize 192
  await "as before" state_is attached
  size_is 192
  umount "$mnt"
  resize 128
  await "the smaller size, as nobody uses it" size_is 128
  resize 192
  await "the old size" size_is 192
  fsck.ext4 -f -n "$device"
  detach "$device"
}

# A partition beyond the end is there when the LUN reaches it.
partition_table_follows() {
  rm -f /run/cut-off.*
  truncate -s 128M "$image"
  parted -s "$image" mklabel msdos mkpart primary 1MiB 33MiB mkpart primary 64MiB 96MiB 2>&1
  resize 64
  take
  partition 1
  no_partition 2
  resize 128
  await "the second partition" partition 2
  mkfs.ext4 -q "${device}p2"
}

grows_under_a_partition() {
  mount "${device}p2" "$mnt"
  resize 192
  await "the new size" size_is 192
  echo Yes | parted ---pretend-input-tty "$device" resizepart 2 190MiB
  resize2fs "${device}p2"
  [ "$(df --output=size -m "$mnt" | tail -1)" -gt 90 ]
  umount "$mnt"
  fsck.ext4 -f -n "${device}p2"
}

read_only_and_back() {
  update_lun 1 1 readonly=1
  await "read-only" ro 1
  if dd if=/dev/zero of="$device" bs=4k count=1 oflag=direct; then return 1; fi
  update_lun 1 1 readonly=0
  await "writable again" ro 0
  dd if=/dev/zero of="$device" bs=4k count=1 oflag=direct 2>&1
}
ro() { [ "$(blockdev --getro "$device")" = "$1" ]; }
reads() { timeout 20 dd if="$device" of=/dev/null bs=4k count=1 iflag=direct 2>&1; }

goes_and_comes_back() {
  local began
  await "nobody uses the LUN" tgtadm -C 1 --lld iscsi --op delete --mode logicalunit --tid 1 --lun 1
  began=$SECONDS
  if reads; then return 1; fi
  [ $((SECONDS - began)) -le 15 ] || { echo "an error only after $((SECONDS - began)) s"; return 1; }
  await "it is told" state_is gone
  began=$SECONDS
  if reads; then return 1; fi
  [ $((SECONDS - began)) -le 3 ] || { echo "not at once: $((SECONDS - began)) s"; return 1; }
  lun 1 1 "$image" scsi_sn=changes
  await "it is back" reads
  await "it is told" state_is attached
}

# ---- a target that is dead, and a daemon -----------------------------------------------------------------------------

# write_in_background: a request that has to wait; its status, when it has one, in /run/write.status
write_in_background() { background write dd if=/dev/zero of="$device" bs=4k count=1 oflag=direct; }

target_dies() {
  sent KILL tgt1
  gone tgt1
  write_in_background
  sleep 2
  if ended write; then cat /run/write.status; return 1; fi
}

failed_by_command() {
  target_dies
  await "it is told" state_is recovering
  fail "$device"
  LIMIT=5 gone write
  [ "$(cat /run/write.status)" != 0 ]
  # What comes now fails at once, until the target is back.
  if reads; then return 1; fi
  start_target
  await "the target is back" reads
}

detached_by_force() {
  local began
  target_dies
  began=$SECONDS
  timeout 60 "${lunbridge[@]}" detach --force "$device"
  echo "$((SECONDS - began)) s"
  [ $((SECONDS - began)) -le 30 ]
  LIMIT=5 gone write
  detached nbd0
  [ "$(devices)" = 0 ]
  [ -z "$(ls "$state/devices")" ]
  start_target
  take
  detach "$device"
}

# Without a daemon a request would wait for one for ever.
detached_without_a_daemon() {
  take
  sent STOP tgt1
  write_in_background
  sleep 1
  kill_daemon
  timeout 60 "${lunbridge[@]}" detach --force "$device"
  LIMIT=5 gone write
  detached nbd0
  sent CONT tgt1
  start_daemon
  await "control socket" listening "$state"
  await "the daemon" list
  [ "$(devices)" = 0 ]
  [ -z "$(ls "$state/devices")" ]
  take
  reads
  detach "$device"
  stop_daemon
}

need "a LUN and a daemon" start
need "blktests 001: the size follows the LUN" resized_while_attached
need "blktests 002: partitions come and go with the device" partitions
need "blktests 003: mounts while the socket is cleared" sockets_cleared
need "blktests 004: the module comes and goes while devices do" module_comes_and_goes
need "a LUN grows under a mounted file system, and so does that" grows_under_a_file_system
need "a LUN shrinks under a mounted file system: told, not applied" shrinks_under_a_file_system
need "the partition table follows the size" partition_table_follows
need "a LUN grows under a mounted partition" grows_under_a_partition
need "read-only and back" read_only_and_back
need "a LUN that is gone is an error at once, and comes back" goes_and_comes_back
need "the target is dead: what waits fails by command" failed_by_command
need "the target is dead: a detach by force ends" detached_by_force
need "the daemon is dead: a detach by force ends what waits, and the next daemon knows" detached_without_a_daemon
echo "1..$made"
