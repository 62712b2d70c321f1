#!/bin/bash
# Runs inside the guest with a udev: multipathd finds two devices of one LUN by their properties, makes a map of them, and
# takes a path that was cut into use again. Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
. "$(dirname "$0")/paths.sh"
LIMIT=90
map=

start_udev() {
  mkdir -p /run/udev/rules.d "$LUNBRIDGE_ROOT/run/lunbridge" /run/etc
  cp "$LUNBRIDGE_SCRIPTS/udev/60-lunbridge.rules" /run/udev/rules.d
  # sg3-utils' rules are not everywhere.
  for rules in 55-scsi-sg3_id 58-scsi-sg3_symlink; do : >"/run/udev/rules.d/$rules.rules"; done
  ln -s "$LUNBRIDGE_ROOT/run/lunbridge" /run/lunbridge
  # /etc is the host's.
  cp -a /etc /run
  mount --bind /run/etc /etc
  mkdir -p /etc/multipath
  cp "$LUNBRIDGE_SCRIPTS/modules/multipath.conf" /etc/multipath.conf
  /lib/systemd/systemd-udevd --daemon
}

mapped() { [ -n "$(dmsetup ls --target multipath | grep -v '^No devices')" ]; }
paths() { [ "$(dmsetup status "$map" | grep -oE "($(number nbd0)|$(number nbd1)) A" | wc -l)" = 2 ]; }

# Once in a LUN's life it has to be told.
told() {
  udevadm settle
  multipath -a /dev/nbd0
  background multipathd multipathd -d >/run/multipathd.log
  await "a map" mapped || { tail -30 /run/multipathd.log; return 1; }
  map=$(dmsetup ls --target multipath | cut -f1)
  echo "$map" >/run/map
  await "both paths in it" paths || { multipathd show paths; dmsetup table; tail -30 /run/multipathd.log; return 1; }
}

# used PATH: whether I/O goes there; the counts before are in /run
used() { moves "$1" $(($(cat "/run/$1.before") + 200)); }
either_is_used() { used nbd0 || used nbd1; }

file_system() {
  map=$(cat /run/map)
  udevadm settle
  mkfs.ext4 -q "/dev/mapper/$map"
  mkdir /run/lun
  mount "/dev/mapper/$map" /run/lun
}

# By its defaults one path is used and the other one waits.
cut_and_back() {
  map=$(cat /run/map)
  completed nbd0 >/run/nbd0.before
  completed nbd1 >/run/nbd1.before
  RATE=80 SIZE=4M start_loads lun
  await "I/O" either_is_used
  if used nbd0; then one_is_cut "$first" nbd0 nbd1; else one_is_cut "$second" nbd1 nbd0; fi
  stop_loads lun
}

clean() {
  map=$(cat /run/map)
  umount /run/lun
  fsck.ext4 -f -n "/dev/mapper/$map"
  multipath -f "$map"
  sent TERM multipathd
  gone multipathd
  stop_daemon
  e2fsck -f -n "$image"
}

need "a udev" start_udev
need "a LUN with two portals" start_target
need "two devices lead to it" attach_paths
need "multipathd takes them as two paths to one LUN" told
need "ext4 on its map" file_system
need "a path is cut under verified I/O: the other one has it, and multipathd takes it into use again" cut_and_back
need "the file system is clean, on the medium too" clean
echo "1..$made"
