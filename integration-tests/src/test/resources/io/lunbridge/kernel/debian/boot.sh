#!/bin/bash
# The first boot: one automatic device, one line in fstab.
. /srv/guest.sh

mounted() {
  findmnt /mnt/lun
  [ "$(findmnt -n -o FSTYPE /mnt/lun)" = ext4 ]
  case $(findmnt -n -o SOURCE /mnt/lun) in /dev/nbd*) ;; *) return 1 ;; esac
  figure "Debian, boot: file system mounted $(seconds "$(monotonic mnt-lun.mount)") after the kernel's start, all done after $(seconds "$(monotonic multi-user.target)")"
}

names() {
  [ "$(readlink -f "$by_path-lun-1")" = "$(findmnt -n -o SOURCE /mnt/lun)" ]
  ls /dev/disk/by-id/ | grep '^wwn-'
  ls /dev/disk/by-id/ | grep '^scsi-'
}

refused() {
  local status=0
  lunbridge detach "$(findmnt -n -o SOURCE /mnt/lun)" || status=$?
  [ $status = 9 ]
  touch /mnt/lun/still-here
}

restarted() {
  load
  systemctl restart lunbridge.service
  load_goes_on "systemctl restart"
}

killed() {
  local before
  before=$(systemctl show -P MainPID lunbridge.service)
  load
  kill -KILL "$before"
  await "the next daemon" next "$before"
  load_goes_on "kill -9"
}

next() {
  [ "$(systemctl show -P MainPID lunbridge.service)" != "$1" ] && systemctl is-active --quiet lunbridge.service
}

dd if=/dev/urandom of=/srv/pattern bs=64k count=8 2>/dev/null
check "boot: the file system of fstab is mounted" mounted
check "boot: nothing has failed" nothing_failed
check "boot: the disk has the names that udev gives" names
check "boot: a mounted device is not detached" refused
check "boot: the daemon is restarted under I/O" restarted
check "boot: the daemon is killed under I/O and started again by systemd" killed
check "boot: a file is written" last
check "boot: still nothing has failed" nothing_failed
echo "1..$made"
