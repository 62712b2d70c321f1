#!/bin/bash
# Runs inside the guest with a udev: the kernel initiator's disk and ours, for the same LUN, have the same names.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
. "$(dirname "$0")/names-tap.sh"
LIMIT=90
lio_iqn=iqn.2026-11.io.lunbridge.test:lio
lio_portal=127.0.0.1:3261
odd_iqn='iqn.2026-11.io.lunbridge.test:Odd_x$y%z~w"q\s'
odd_portal=127.0.0.1:3262
export SYSTEMD_PAGER=cat SYSTEMD_COLORS=0
properties='ID_BUS|ID_MODEL|ID_MODEL_ENC|ID_PATH|ID_PATH_TAG|ID_REVISION|ID_SCSI|ID_SCSI_SERIAL|ID_SERIAL'
properties="$properties|ID_SERIAL_SHORT|ID_TARGET_PORT|ID_TYPE|ID_VENDOR|ID_VENDOR_ENC|ID_WWN|ID_WWN_VENDOR_EXTENSION"
properties="$properties|ID_WWN_WITH_EXTENSION|ID_PART_ENTRY_NUMBER|ID_PART_ENTRY_UUID|ID_FS_UUID"

# names NODE: its links of the kinds that are ours, and its properties
names() {
  udevadm info -q symlink "$1" | tr ' ' '\n' | grep -E '^disk/by-(path|id|uuid|partuuid)/' | sort
  udevadm info -q property "$1" | grep -E "^($properties)=" | sort
}

# all DISK: what it and its partitions are called
all() {
  local node
  udevadm settle
  for node in "$1" "$1"[0-9]* "$1"p[0-9]*; do
    [ ! -b "$node" ] || names "$node"
  done
}

start_udev() {
  mkdir -p /run/udev/rules.d /run/iscsi
  cp "$LUNBRIDGE_SCRIPTS/udev/60-lunbridge.rules" /run/udev/rules.d
  # sg3-utils' and multipath's rules are not everywhere.
  for rules in 55-scsi-sg3_id 58-scsi-sg3_symlink 60-multipath 56-dm-mpath 56-dm-parts; do
    : >"/run/udev/rules.d/$rules.rules"
  done
  mkdir -p "$LUNBRIDGE_ROOT/run/lunbridge"
  ln -s "$LUNBRIDGE_ROOT/run/lunbridge" /run/lunbridge
  modprobe ipv6
  modprobe nbd nbds_max=0
  # The kernel initiator's records go to memory: /etc is the host's.
  local conf
  conf=$(cat /etc/iscsi/iscsid.conf)
  mount -t tmpfs tmpfs /etc/iscsi
  echo "$conf" >/etc/iscsi/iscsid.conf
  echo "InitiatorName=iqn.2026-11.io.lunbridge.test:kernel" >/etc/iscsi/initiatorname.iscsi
  modprobe -a sd_mod iscsi_tcp
  /lib/systemd/systemd-udevd --daemon
  start_tgt
  mkfs.ext4 -q -E offset=$((18432 * 512)) /run/disk.img 8M
  truncate -s 16M /run/disk-300.img
  tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 300 --backing-store /run/disk-300.img
  tgtadm --lld iscsi --op update --mode logicalunit --tid 1 --lun 300 \
    --params 'vendor_id=A/c me,product_id=Some  disk,scsi_sn=ser/ial x'
  modprobe configfs
  mount -t configfs none /sys/kernel/config
  modprobe -a iscsi_target_mod target_core_file
  lio "$lio_iqn" "$lio_portal"
  lio "$odd_iqn" "$odd_portal"
  iscsid
}

# lio TARGET PORTAL: a target with one LUN, number 1, of the kernel's own, which takes any name
lio() {
  local core=/sys/kernel/config/target/core tpg="/sys/kernel/config/target/iscsi/$1/tpgt_1"
  mkdir -p "$core/fileio_0/file" "$tpg/np/$2" "$tpg/lun/lun_1"
  if [ ! -e /run/lio.img ]; then
    truncate -s 16M /run/lio.img
    echo "fd_dev_name=/run/lio.img,fd_dev_size=$((16 << 20))" >"$core/fileio_0/file/control"
    echo "a  serial" >"$core/fileio_0/file/wwn/vpd_unit_serial"
    echo 1 >"$core/fileio_0/file/enable"
  fi
  ln -s "$core/fileio_0/file" "$tpg/lun/lun_1/disk"
  echo 1 >"$tpg/attrib/generate_node_acls"
  echo 0 >"$tpg/attrib/demo_mode_write_protect"
  echo 0 >"$tpg/attrib/authentication"
  echo 1 >"$tpg/enable"
}

# kernel_login PORTAL: all targets there
kernel_login() {
  await "iscsid" iscsiadm -m discovery -t sendtargets -p "$1"
  iscsiadm -m node -p "$1" --login
  udevadm settle
}

# kernel_disk TARGET LUN: where the kernel initiator has it
kernel_disk() {
  local device
  for device in /sys/class/iscsi_session/session*/device/target*/*:"$2"/block/*; do
    [ "$(cat "${device%/device/*}/targetname")" != "$1" ] || echo "/dev/${device##*/}"
  done
}

learn() {
  start_udev
  kernel_login 127.0.0.1
  kernel_login "$lio_portal"
  all "$(kernel_disk "$iqn" 1)" >/run/kernel-1
  all "$(kernel_disk "$iqn" 16684)" >/run/kernel-300
  all "$(kernel_disk "$lio_iqn" 1)" >/run/kernel-lio
  iscsiadm -m node --logout
  kernel_login "[::1]"
  all "$(kernel_disk "$iqn" 1)" >/run/kernel-v6
  iscsiadm -m node -p "[::1]" --logout
  udevadm settle
  cat /run/kernel-*
  [ "$(grep -c by-path /run/kernel-1)" = 3 ]
  [ "$(grep -c by-path /run/kernel-300)" = 1 ]
  [ "$(grep -c by-path /run/kernel-lio)" = 1 ]
  grep 'by-path/ip-::1:3260-iscsi-.*-lun-1-part2' /run/kernel-v6
}

compare() {
  start_daemon
  attach "iscsi://127.0.0.1/$iqn/1"
  [ "$(readlink -f "/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$iqn-lun-1-part2")" = "${device}p2" ]
  same names "$(cat /run/kernel-1)" "$(all "$device")"
  udevadm info -q property "$device" >/run/properties
  grep ':systemd:' /run/properties
  if grep 'SYSTEMD_READY=0' /run/properties; then return 1; fi
  echo "$device" >/run/first
}

others() {
  attach "iscsi://[::1]/$iqn/1"
  same names "$(cat /run/kernel-v6)" "$(all "$device")"
  detach "$device"
  attach "iscsi://127.0.0.1/$iqn/300"
  same names "$(cat /run/kernel-300)" "$(all "$device")"
  detach "$device"
  attach "iscsi://$lio_portal/$lio_iqn/1"
  same names "$(cat /run/kernel-lio)" "$(all "$device")"
  detach "$device"
}

# open-iscsi refuses such a name; a target of ours may have it.
odd() {
  local before path="by-path/ip-$odd_portal-iscsi-iqn.2026-11.io.lunbridge.test:Odd_x_y_z_w_q_s-lun-1"
  before=$(links)
  attach "iscsi://$odd_portal/$(sed 's/%/%25/; s/"/%22/; s/\\/%5C/' <<<"$odd_iqn")/1"
  links | grep -F "${path#by-path/} "
  udevadm info -q symlink "$device" | grep -F "disk/$path"
  udevadm info -q property "$device" | grep -F "ID_PATH=ip-$odd_portal-iscsi-$odd_iqn-lun-1"
  detach "$device"
  same links "$before" "$(links)"
}

# The kernel initiator's own disk has its links while it is there.
beside() {
  local path=/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$iqn-lun-1
  kernel_login 127.0.0.1
  await "the kernel initiator's link" leads_to "$path" "$(kernel_disk "$iqn" 1)"
  udevadm trigger --settle "$(cat /run/first)"
  leads_to "$path" "$(kernel_disk "$iqn" 1)"
  iscsiadm -m node --logout
  await "the link is ours again" leads_to "$path" "$(cat /run/first)"
}

leads_to() { [ "$(readlink -f "$1")" = "$2" ]; }

ended() {
  detach "$(cat /run/first)"
  same links "" "$(links)"
  [ -z "$(ls /run/lunbridge/names)" ]
}

check "udev names the kernel initiator's disks" learn
check "ours have the same links and properties, and systemd may use them" compare
check "so has the LUN by IPv6, a LUN beyond 255, and one of another target" others
check "a target's name may hold what names must not" odd
check "beside the kernel initiator's disk, that one has the links, and ours has them when it is gone" beside
check "a detached device has no links when detach returns" ended
kill -TERM "$(cat /run/daemon.pid)"
echo "1..$made"
