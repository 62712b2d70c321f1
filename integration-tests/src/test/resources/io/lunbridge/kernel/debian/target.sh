#!/bin/bash
# LIO with two LUNs of files, and another target with one. With a file target-is-down beside it, it answers nobody until "target.sh up".
set -e
core=/sys/kernel/config/target/core
iscsi=/sys/kernel/config/target/iscsi/iqn.2026-11.io.lunbridge.test
enable() { for name in debian records; do echo "$1" >"$iscsi:$name/tpgt_1/enable"; done; }
case $1 in
  up) enable 1; exit ;;
  down) enable 0; exit ;;
esac
ip link set lo up
modprobe configfs
mountpoint -q /sys/kernel/config || mount -t configfs none /sys/kernel/config
modprobe -a iscsi_target_mod target_core_file
# target NAME FILE...: its LUNs, from 1 on
target() {
  local tpg=$iscsi:$1/tpgt_1 file store lun=0
  shift
  mkdir -p "$tpg/np/127.0.0.1:3260"
  for file in "$@"; do
    store=$core/fileio_0/$file
    lun=$((lun + 1))
    mkdir -p "$store" "$tpg/lun/lun_$lun"
    echo "fd_dev_name=/srv/$file.img,fd_dev_size=$((96 << 20)),fd_buffered_io=1" >"$store/control"
    echo "lunbridge-debian-${file#lun}" >"$store/wwn/vpd_unit_serial"
    echo 1 >"$store/enable"
    echo 1 >"$store/attrib/emulate_write_cache"
    ln -s "$store" "$tpg/lun/lun_$lun/disk"
  done
  echo 1 >"$tpg/attrib/generate_node_acls"
  echo 1 >"$tpg/attrib/cache_dynamic_acls"
  echo 0 >"$tpg/attrib/demo_mode_write_protect"
  echo 0 >"$tpg/attrib/authentication"
}
target debian lun1 lun2
target records lun3
[ -e /srv/target-is-down ] || enable 1
