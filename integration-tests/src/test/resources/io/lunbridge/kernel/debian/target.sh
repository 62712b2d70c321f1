#!/bin/bash
# LIO with two LUNs of files. With a file target-is-down beside it, it answers nobody until "target.sh up".
set -e
core=/sys/kernel/config/target/core
tpg=/sys/kernel/config/target/iscsi/iqn.2026-11.io.lunbridge.test:debian/tpgt_1
case $1 in
  up) echo 1 >"$tpg/enable"; exit ;;
  down) echo 0 >"$tpg/enable"; exit ;;
esac
ip link set lo up
modprobe configfs
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
modprobe -a iscsi_target_mod target_core_file
mkdir -p "$tpg/np/127.0.0.1:3260"
for lun in 1 2; do
  store=$core/fileio_0/lun$lun
  mkdir -p "$store" "$tpg/lun/lun_$lun"
  echo "fd_dev_name=/srv/lun$lun.img,fd_dev_size=$((96 << 20)),fd_buffered_io=1" >"$store/control"
  echo "lunbridge-debian-$lun" >"$store/wwn/vpd_unit_serial"
  echo 1 >"$store/enable"
  echo 1 >"$store/attrib/emulate_write_cache"
  ln -s "$store" "$tpg/lun/lun_$lun/disk"
done
echo 1 >"$tpg/attrib/generate_node_acls"
echo 1 >"$tpg/attrib/cache_dynamic_acls"
echo 0 >"$tpg/attrib/demo_mode_write_protect"
echo 0 >"$tpg/attrib/authentication"
[ -e /srv/target-is-down ] || echo 1 >"$tpg/enable"
