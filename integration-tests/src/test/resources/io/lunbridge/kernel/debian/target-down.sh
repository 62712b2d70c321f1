#!/bin/bash
# The target is down while the system boots, comes up, and goes down again for good while it is in use.
. /srv/guest.sh

booted() {
  systemctl is-active multi-user.target
  if findmnt /mnt/lun || findmnt /mnt/second; then return 1; fi
  figure "Debian, target down: booted within $(seconds "$(monotonic multi-user.target)") with x-systemd.device-timeout=15s"
  [ "$(monotonic multi-user.target)" -lt 600 ]
}

said() {
  systemctl status --no-pager remote-fs.target mnt-lun.mount mnt-second.mount lunbridge.service || true
  [ "$(systemctl show -P ActiveState remote-fs.target)" = inactive ]
  lunbridge list
}

comes_up() {
  bash /srv/target.sh up
  await "the device" test -e "$by_path-lun-1"
  systemctl start remote-fs.target
  findmnt /mnt/lun
}

# The shutdown has to bring back what waits for the target, and end: its replacement timeout is 10 s,
# and LUNBRIDGE_STOP_SECONDS 15: for so long the daemon keeps a disk that it cannot flush.
lost() {
  dd if=/dev/urandom of=/mnt/lun/synced bs=64k count=16 conv=fsync
  sha256sum </mnt/lun/synced >/srv/last.sum
  bash /srv/target.sh down
  dd if=/dev/zero of=/mnt/lun/unsynced bs=64k count=100
}

check "target-down: the boot completes all the same" booted
check "target-down: what is missing is told" said
check "target-down: once it is up the disk is there, and is mounted" comes_up
check "target-down: the target goes away for good under writes" lost
echo "1..$made"
