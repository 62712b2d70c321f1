#!/bin/bash
# The second boot: what was written before is there; a second line in fstab names the unit of its device.
. /srv/guest.sh

still_there() {
  findmnt /mnt/lun
  sha256sum </mnt/lun/last | cmp - /srv/last.sum
}

required() {
  findmnt /mnt/second
  systemctl is-active lunbridge@second.service
  [ "$(readlink -f "$by_path-lun-2-part1")" = "$(findmnt -n -o SOURCE /mnt/second)" ]
}

# symlinks DEVICE: its names, but for those of what is on it and of its turn
symlinks() { udevadm info -q symlink "$1" | xargs -n 1 | grep -vE 'by-(uuid|label|partuuid|partlabel|diskseq)/' | sort; }

# The kernel's own initiator has the same LUNs: udev gives its disks the names that ours have.
same_names() {
  local lun sd ours part
  mkdir -p /run/ours
  for lun in 1 2; do readlink -f "$by_path-lun-$lun" >/run/ours/$lun; done
  echo "InitiatorName=iqn.2026-11.io.lunbridge.test:kernel" >/etc/iscsi/initiatorname.iscsi
  iscsid
  await iscsid iscsiadm -m discovery -t sendtargets -p 127.0.0.1:3260
  iscsiadm -m node -T "$iqn" -p 127.0.0.1:3260 --login
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
  iscsiadm -m node -T "$iqn" -p 127.0.0.1:3260 --logout
  kill "$(cat /run/iscsid.pid)"
}

check "reboot: the file system is mounted, with the file" still_there
check "reboot: a mount that requires the unit of a device has it" required
check "reboot: udev gives the kernel initiator's disks the names of ours" same_names
check "reboot: a file is written" last
check "reboot: nothing has failed" nothing_failed
echo "1..$made"
