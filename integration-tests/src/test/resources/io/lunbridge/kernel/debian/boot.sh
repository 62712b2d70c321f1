#!/bin/bash
# The first boot: one automatic device, one automatic record of Debian's iscsiadm, and a line in fstab for each.
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

logged_in() {
  findmnt -n -o SOURCE /mnt/records | grep '^/dev/nbd'
  [ "$(readlink -f "$records_path-lun-1")" = "$(findmnt -n -o SOURCE /mnt/records)" ]
  iscsiadm -m session | grep -E "^tcp: \[[0-9]+\] 127.0.0.1:3260,1 $records \(non-flash\)$"
  systemctl is-active open-iscsi.service iscsi.service iscsid.socket
}

one_daemon() {
  local pid
  pid=$(pidof iscsid)
  [ "$pid" = "$(cat /run/iscsid.pid)" ]
  [ "$pid" = "$(systemctl show -P MainPID lunbridge.service)" ]
  [ "$pid" = "$(systemctl show -P MainPID iscsid.service)" ]
  systemctl start lunbridge.service iscsid.service
  [ "$pid" = "$(pidof iscsid)" ]
}

iscsid_restarted() {
  local session
  session=$(iscsiadm -m session)
  touch /mnt/records/before
  systemctl restart iscsid
  touch /mnt/records/after
  sync -f /mnt/records
  [ "$(iscsiadm -m session)" = "$session" ]
}

none_left() {
  local status=0
  iscsiadm -m session || status=$?
  [ $status = 21 ]
  [ ! -e "$records_path-lun-1" ]
  [ "$(cat /sys/kernel/config/target/iscsi/$records/fabric_statistics/iscsi_instance/sessions)" = 0 ]
}

stopped_and_started() {
  umount /mnt/records
  systemctl stop open-iscsi
  none_left
  findmnt /mnt/lun
  systemctl start open-iscsi
  await "the link" test -e "$records_path-lun-1"
  systemctl start mnt-records.mount
  # Mounted, as Debian's own unit unmounts.
  systemctl stop iscsi
  none_left
  if findmnt /mnt/records; then return 1; fi
}

woken() {
  systemctl stop mnt-lun.mount iscsid.service
  if pidof iscsid; then return 1; fi
  iscsiadm -m session || [ $? = 21 ]
  if pidof iscsid; then return 1; fi
  iscsiadm -m node -T "$records" --login || [ $? = 15 ]
  pidof iscsid
  await "the links" test -e "$by_path-lun-1" -a -e "$records_path-lun-1"
  systemctl start open-iscsi mnt-lun.mount mnt-records.mount
}

dd if=/dev/urandom of=/srv/pattern bs=64k count=8 2>/dev/null
check "boot: the file system of fstab is mounted" mounted
check "boot: nothing has failed" nothing_failed
check "boot: the disk has the names that udev gives" names
check "boot: a mounted device is not detached" refused
check "boot: the daemon is restarted under I/O" restarted
check "boot: the daemon is killed under I/O and started again by systemd" killed
check "boot: a record of Debian's iscsiadm is logged in to, and its file system mounted" logged_in
check "boot: there is one daemon, under two names" one_daemon
check "boot: a session and its mount survive a restart of iscsid" iscsid_restarted
check "boot: stopping open-iscsi unmounts and logs out, starting it logs in" stopped_and_started
check "boot: iscsiadm wakes an iscsid that only its socket holds ready" woken
check "boot: a file is written" last
check "boot: still nothing has failed" nothing_failed
echo "1..$made"
