#!/bin/bash
# The second boot: what was written before is there; a second line in fstab names the unit of its device.
. /srv/guest.sh

still_there() {
  findmnt /mnt/lun
  sha256sum </mnt/lun/last | cmp - /srv/last.sum
  sha256sum </mnt/records/last | cmp - /srv/last.sum
}

required() {
  findmnt /mnt/second
  systemctl is-active lunbridge@second.service
  [ "$(readlink -f "$by_path-lun-2-part1")" = "$(findmnt -n -o SOURCE /mnt/second)" ]
}

# LUNBRIDGE_SD_NAMES=1: clients that insist on sd find such names, and links of them.
sd_names() {
  local name
  name=$(iscsiadm -m session -P 3 | sed -n 's/.*Attached scsi disk \(sdn[a-z][a-z]\)\t\tState: running/\1/p')
  [ -n "$name" ]
  [ "$(readlink -f "/dev/$name")" = "$(findmnt -n -o SOURCE /mnt/records)" ]
  [ "$(blkid -s TYPE -o value "/dev/$name")" = ext4 ]
}

# symlinks DEVICE: its names, but for those of what is on it and of its turn
symlinks() { udevadm info -q symlink "$1" | xargs -n 1 | grep -vE 'by-(uuid|label|partuuid|partlabel|diskseq)/' | sort; }

# The kernel's own initiator has the same LUNs: udev gives its disks the names that ours have.
same_names() {
  local lun sd ours part
  mkdir -p /run/ours
  for lun in 1 2; do readlink -f "$by_path-lun-$lun" >/run/ours/$lun; done
  echo "InitiatorName=iqn.2026-11.io.lunbridge.test:kernel" >/etc/iscsi/initiatorname.iscsi
  # Debian's, which ours have put aside.
  iscsid.open-iscsi -p /run/debian.pid
  await iscsid test -s /run/debian.pid
  iscsiadm.open-iscsi -m node -o new -T "$iqn" -p 127.0.0.1:3260,1
  iscsiadm.open-iscsi -m node -T "$iqn" -p 127.0.0.1:3260 --login
  udevadm settle
  for lun in 1 2; do
    ours=$(cat /run/ours/$lun)
    sd=$(basename /sys/class/scsi_disk/*:"$lun"/device/block/*)
    symlinks "/dev/$sd" | tee /run/theirs.names
    [ "$(wc -l </run/theirs.names)" -ge 3 ]
    diff /run/theirs.names <(symlinks "$ours")
  done
  symlinks "/dev/${sd}1" | tee /run/theirs.names
  [ "$(wc -l </run/theirs.names)" -ge 3 ]
  diff /run/theirs.names <(symlinks "${ours}p1")
  iscsiadm.open-iscsi -m node -T "$iqn" -p 127.0.0.1:3260 --logout
  iscsiadm.open-iscsi -m node -T "$iqn" -o delete
  kill "$(cat /run/debian.pid)"
}

check "reboot: the file system is mounted, with the file" still_there
check "reboot: a mount that requires the unit of a device has it" required
check "reboot: udev gives the kernel initiator's disks the names of ours" same_names
check "reboot: devices have names like SCSI disks where that is asked for" sd_names
check "reboot: a file is written" last
check "reboot: nothing has failed" nothing_failed
echo "1..$made"
