#!/bin/bash
# Runs inside the guest: the daemon dies at each step of attach, detach, takeover and release; the next one goes on from
# there. One device is under verified I/O all the time. Prints a TAP line per check.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/daemon.sh"
LIMIT=90
RATE=20
SIZE=1M
iqn=iqn.2026-11.io.lunbridge.test:crash
url=iscsi://127.0.0.1:3260/$iqn
kept=/dev/nbd0
other=/dev/nbd1

start_target() {
  modprobe nbd nbds_max=0
  truncate -s 64M /run/kept.img /run/other.img
  start_tgt 1 3260
  target 1 "$iqn"
  lun 1 1 /run/kept.img scsi_sn=kept
  lun 1 2 /run/other.img scsi_sn=other
  open_target 1
}

# start [STEP]: a daemon that will die there; returns when it takes requests or has died
start() {
  LUNBRIDGE_CRASH_AT=${1:-} start_daemon
  await "the daemon" answers_or_ended
}
answers_or_ended() { ended daemon || { listening "$state" && list; }; }

keep_one() {
  mkdir /run/kept
  start
  [ "$(attach "$url/1" device "$kept")" = "$kept" ]
  mkfs.ext4 -q "$kept"
  mount "$kept" /run/kept
  start_loads kept
  kill_daemon
}

died_at() {
  gone daemon
  [ "$(cat /run/daemon.status)" = 137 ] || { echo "not dead at $1: $(cat /run/daemon.status)"; tail -20 "$log"; return 1; }
}

# Nothing is left of the other device: not in the kernel, not in files, not in names.
nothing_of_other() {
  local files
  detached nbd1
  files=$(ls "$state/devices" "$state/names" 2>/dev/null | grep -v ':$' | grep -vF -e "$(kept_id)" || true)
  [ -z "$files" ] || { echo "left behind: $files"; return 1; }
  if find /dev/disk -lname "*/nbd1*" 2>/dev/null | grep .; then return 1; fi
}
kept_id() { if attached nbd0; then sed 's/^lunbridge-//' /sys/block/nbd0/backend; else echo none; fi; }

# usable DEVICE: it is listed, has its names, and is read
usable() {
  await "$1 is listed as attached" listed "$1" attached
  dd if="$1" of=/dev/null bs=64k count=4 iflag=direct 2>&1
  [ "$(find /dev/disk/by-path -lname "*/${1#/dev/}" | wc -l)" = 1 ] || { ls -l /dev/disk/*; return 1; }
}

kept_goes_on() {
  local before
  before=$(completed nbd0)
  await "the kept device goes on" moves nbd0 $((before + 20)) || { tail -30 "$log"; return 1; }
  [ ! -e /run/load/kept.failed ] || { cat /run/load/kept.*; return 1; }
}

# after_the_last STEP: a daemon that will die there has all of the other device, or nothing of it, and the kept one
after_the_last() {
  echo "next: $1"
  start "$1"
  usable "$kept"
  if attached nbd1; then
    echo "the device is there"
    usable "$other"
    [ "$(devices)" = 2 ]
    # The same request again gives the same device.
    [ "$(attach "$url/2" device "$other")" = "$other" ]
    detach "$other"
  fi
  nothing_of_other
  [ "$(devices)" = 1 ]
}

attach_crashes() {
  local step
  for step in attach-noted connecting connected attached; do
    after_the_last "$step"
    if attach "$url/2" device "$other"; then echo "attached"; return 1; fi
    died_at "$step"
  done
}

# What the dead one has begun its successor ends, and dies at that.
detach_crashes() {
  start detach-noted
  [ "$(attach "$url/2" device "$other")" = "$other" ]
  usable "$other"
  if detach "$other"; then echo "detached"; return 1; fi
  died_at detach-noted
  start disconnected
  died_at disconnected
  after_the_last released
}

release_crashes() {
  sent USR2 daemon
  died_at released
}

takeover_crashes() {
  local step
  for step in reconfiguring reconfigured supplying supplied; do
    start "$step"
    died_at "$step"
  done
  after_the_last none
  kept_goes_on
}

all_is_well() {
  stop_loads kept
  nothing_wrong
  figure "daemon dead at 11 steps of attach, detach, takeover and release: $(requests) requests on another device," \
    "0 I/O errors, longest pause $(longest_pause) ms"
  umount /run/kept
  fsck.ext4 -f -n "$kept"
  stop_daemon
  detached nbd0
  if find "$state/devices" "$state/names" -type f | grep .; then return 1; fi
  e2fsck -f -n /run/kept.img
}

need "a target with two LUNs" start_target
need "one device is kept, under verified I/O" keep_one
need "dead at each step of an attach: the next daemon has all of the device, or nothing" attach_crashes
need "dead at each step of a detach: the next daemon ends it" detach_crashes
need "dead at the end of a release" release_crashes
need "dead at each step of a takeover, one after the other: the last daemon serves the device" takeover_crashes
need "no request has failed meanwhile, and nothing is left" all_is_well
echo "1..$made"
