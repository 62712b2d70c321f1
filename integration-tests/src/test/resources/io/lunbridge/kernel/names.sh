#!/bin/bash
# Runs inside the guest, where no udev runs: a device's links come and go with it, whoever is killed.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/names-tap.sh"
LIMIT=60
# tgt makes it of the target's number and the LUN's.
wwn=wwn-0x60000000000000000e00000000010001

# by_path DEVICE PORTAL, by_id DEVICE: the links that lead to the device, which has two partitions
by_path() {
  local device=${1#/dev/} path=ip-$2:3260-iscsi-$iqn-lun-1
  echo "$path ../../$device"
  echo "$path-part1 ../../${device}p1"
  echo "$path-part2 ../../${device}p2"
}

by_id() {
  local device=${1#/dev/} id
  for id in scsi-360000000000000000e00000000010001 $wwn; do
    echo "$id ../../$device"
    echo "$id-part1 ../../${device}p1"
    echo "$id-part2 ../../${device}p2"
  done
}

first() {
  modprobe nbd nbds_max=0
  start_tgt
  start_daemon
  attach "iscsi://127.0.0.1/$iqn/1"
  echo "$device" >/run/first
  same links "$({ by_path "$device" 127.0.0.1; by_id "$device"; } | sort)" "$(links)"
  cmp -n 65536 "/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$iqn-lun-1-part2" <(dd if=/run/disk.img skip=18432 status=none)
}

second() {
  attach "iscsi://127.0.0.2/$iqn/1"
  local one two=$device
  one=$(cat /run/first)
  same links "$({ by_path "$one" 127.0.0.1; by_path "$two" 127.0.0.2; by_id "$one"; } | sort)" "$(links)"
  echo "$two" >/run/first
  detach "$one"
  same links "$({ by_path "$two" 127.0.0.2; by_id "$two"; } | sort)" "$(links)"
}

killed() {
  local before
  before=$(links)
  kill -KILL "$(cat /run/daemon.pid)"
  same "links without a daemon" "$before" "$(links)"
  start_daemon
  await "the device is back" dd if="$(cat /run/first)" of=/run/block count=1 iflag=direct
  same "links after a restart" "$before" "$(links)"
}

# The device goes while no daemon lives, and a link of somebody else's comes.
gone_meanwhile() {
  local path=/dev/disk/by-path/ip-127.0.0.2:3260-iscsi-$iqn-lun-1
  kill -KILL "$(cat /run/daemon.pid)"
  nbd-client -d "$(cat /run/first)"
  mknod /dev/sdz b 8 400
  ln -sfn ../../sdz /dev/disk/by-id/$wwn
  start_daemon
  await "no links" not_there "$path"
  same links "" "$(links)"
  [ -z "$(ls "$LUNBRIDGE_ROOT/run/lunbridge/names")" ]
  attach "iscsi://127.0.0.2/$iqn/1"
  [ "$(readlink "$path")" = "../../${device#/dev/}" ]
  [ "$(readlink /dev/disk/by-id/$wwn)" = ../../sdz ]
  detach "$device"
  same links "" "$(links)"
  [ "$(readlink /dev/disk/by-id/$wwn)" = ../../sdz ]
}

in_the_foreground() {
  local pid
  "${lunbridge[@]}" attach --foreground "iscsi://127.0.0.1/$iqn/1" >/run/foreground.out 2>/run/foreground.err &
  pid=$!
  await "attach" grep -q '^/dev/nbd' /run/foreground.out || { cat /run/foreground.err; return 1; }
  device=$(cat /run/foreground.out)
  same links "$({ by_path "$device" 127.0.0.1; by_id "$device"; } | grep -v "^$wwn " | sort)" "$(links)"
  kill -TERM $pid
  wait $pid
  same links "" "$(links)"
}

not_there() { [ ! -e "$1" ] && [ ! -L "$1" ]; }

check "an attached LUN has by-path, by-id and wwn links, and so have its partitions" first
check "the LUN by a second portal: its own path; the by-id links follow when the first goes" second
check "the links outlive the daemon, and its restart" killed
check "a device that is gone at the restart has none; a link of another disk's stays" gone_meanwhile
check "a device that is served in the foreground has links, too" in_the_foreground
kill -TERM "$(cat /run/daemon.pid)"
echo "1..$made"
