#!/bin/bash
# Runs inside the guest: the same LUNs by the kernel's own initiator (/dev/sdX) and by ours (/dev/nbdX), side by side.
# Prints each attribute of each as "limit KIND SIDE ATTRIBUTE VALUE", separated by tabs (SIDE is sd or nbd), and a TAP
# line per check.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
portal=127.0.0.1:3260
iqn=iqn.2026-11.io.lunbridge.test:limits
. "$(dirname "$0")/tap.sh"
LIMIT=120

# The LUNs: a name, the logical block size, and tgt's parameters. LUN 1 is the first.
kinds=(
  "512 512 "
  "512-thin 512 thin_provisioning=1"
  "4096 4096 "
  "4096-thin 4096 thin_provisioning=1"
  "write-protected 512 readonly=1"
  "ssd-512e 512 lbppbe=3,la_lba=0,optimal_xfer_gran=8,optimal_xfer_len=256,rotation_rate=1"
)

start_target() {
  local lun=0 kind size params
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  for entry in "${kinds[@]}"; do
    read -r kind size params <<<"$entry"
    lun=$((lun + 1))
    truncate -s 64M "/run/$kind.img"
    tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun $lun --backing-store "/run/$kind.img" --blocksize "$size"
    [ -z "$params" ] || tgtadm --lld iscsi --op update --mode logicalunit --tid 1 --lun $lun --params "$params"
  done
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

# Its records go to memory: /etc is the host's.
kernel_initiator() {
  local conf
  conf=$(cat /etc/iscsi/iscsid.conf)
  mount -t tmpfs tmpfs /etc/iscsi
  echo "$conf" >/etc/iscsi/iscsid.conf
  echo "InitiatorName=iqn.2026-11.io.lunbridge.test:kernel" >/etc/iscsi/initiatorname.iscsi
  modprobe -a sd_mod iscsi_tcp
  iscsid
  await "iscsid" iscsiadm -m discovery -t sendtargets -p "$portal"
  iscsiadm -m node -T "$iqn" -p "$portal" --login
  await "disks" disks ${#kinds[@]}
}

disks() { [ "$(ls -d /sys/class/scsi_disk/*/device/block/* | wc -l)" = "$1" ]; }

# sd LUN: the disk's directory in sysfs
sd() { echo /sys/class/scsi_disk/*:"$1"/device/block/*; }

our_initiator() {
  local lun pid
  modprobe nbd nbds_max=0
  for lun in $(seq ${#kinds[@]}); do
    "${lunbridge[@]}" attach --foreground "iscsi://$portal/$iqn/$lun" >"/run/$lun.out" 2>"/run/$lun.err" &
    pid=$!
    await "attach of LUN $lun" grep -q '^/dev/nbd' "/run/$lun.out" || { cat "/run/$lun.err"; return 1; }
    echo $pid >>/run/pids
  done
}

# attributes KIND SIDE DIRECTORY: those of a disk that have a value
attributes() {
  cd "$3"
  { grep -s "" queue/* size ro removable capability range ext_range hidden ./*alignment* events || true; } |
    sed "s,^\(\./\)\?\([^:]*\):\(.*\)$,limit\t$1\t$2\t\2\t\3,"
}

compared() {
  local lun=0 entry
  for entry in "${kinds[@]}"; do
    lun=$((lun + 1))
    attributes "${entry%% *}" sd "$(sd $lun)"
    attributes "${entry%% *}" nbd "/sys/block/$(sed 's,/dev/,,' /run/$lun.out)"
  done >/run/limits
  [ "$(cut -f 2 /run/limits | sort -u | wc -l)" = ${#kinds[@]} ]
}

ended() {
  local pid
  for pid in $(cat /run/pids); do
    kill -TERM "$pid"
  done
  for pid in $(cat /run/pids); do
    await "end of attach" not_running "$pid"
  done
  iscsiadm -m node -T "$iqn" -p "$portal" --logout
}

not_running() { ! kill -0 "$1"; }

check "tgt serves LUNs of all kinds" start_target
check "the kernel's initiator has them as disks" kernel_initiator
check "and so has ours" our_initiator
check "both say what they are" compared
check "both let go" ended
cat /run/limits
echo "1..$made"
