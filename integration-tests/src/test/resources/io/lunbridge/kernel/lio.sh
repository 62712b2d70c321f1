#!/bin/bash
# Runs inside the guest: LUNs of the kernel's own target (LIO) served by lunbridge and used by NBD clients of others.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
. "$(dirname "$0")/tap.sh"
core=/sys/kernel/config/target/core
iscsi=/sys/kernel/config/target/iscsi
base=iqn.2026-11.io.lunbridge.test
portal=127.0.0.1:3260

# backstore NAME MIB: a file's LUN, with a name of its own
backstore() {
  mkdir -p "$core/fileio_0/$1"
  truncate -s "$2M" "/run/$1.img"
  echo "fd_dev_name=/run/$1.img,fd_dev_size=$(($2 << 20))" >"$core/fileio_0/$1/control"
  echo "lunbridge-$1" >"$core/fileio_0/$1/wwn/vpd_unit_serial"
  echo 1 >"$core/fileio_0/$1/enable"
}

# portal_group NAME BACKSTORE: a target with one LUN, as targetcli would make it, not enabled yet; sets tpg
portal_group() {
  tpg=$iscsi/$base:$1/tpgt_1
  mkdir -p "$tpg"
  mkdir "$tpg/np/$portal" "$tpg/lun/lun_0"
  ln -s "$core/fileio_0/$2" "$tpg/lun/lun_0/disk"
  echo 1 >"$tpg/attrib/generate_node_acls"
  echo 1 >"$tpg/attrib/cache_dynamic_acls"
  echo 0 >"$tpg/attrib/demo_mode_write_protect"
}

start_target() {
  modprobe configfs
  mount -t configfs none /sys/kernel/config
  modprobe iscsi_target_mod
  modprobe target_core_file
  backstore open 64
  portal_group open open
  echo 0 >"$tpg/attrib/authentication"
  echo 1 >"$tpg/enable"
}

# serve NAME [OPTION...]: in the background; sets pid and uri when clients can connect
serve() {
  local name=$1
  shift
  rm -f "/run/$name.sock"
  "${lunbridge[@]}" serve "iscsi://$portal/$base:$name/0" --socket "/run/$name.sock" "$@" >"/run/$name.out" 2>&1 &
  pid=$!
  await "serve $name" grep -q '^ready' "/run/$name.out" || { cat "/run/$name.out"; return 1; }
  uri="nbd+unix:///?socket=/run/$name.sock"
}

# ended: the process takes SIGTERM, ends with status 0, and its session at the target is gone
ended() {
  kill -TERM "$pid"
  await "end of serve" not_running "$pid"
  wait "$pid" || { echo "serve ended with status $?"; cat /run/*.out; return 1; }
}

not_running() { ! kill -0 "$1"; }

# verified DEPTH: random writes of all sizes, each read back and compared
verified() {
  timeout $LIMIT fio --name=verify --ioengine=nbd --uri="$uri" --rw=randwrite --bssplit=4k/80:64k/15:512k/5 \
    --iodepth="$1" --size=32M --io_size=24M --verify=crc32c --verify_fatal=1 --verify_state_save=0 >/run/fio.out 2>&1 ||
    { cat /run/fio.out; return 1; }
  grep -q 'err= 0' /run/fio.out
}

sessions() { cat "$iscsi/$base:$1/fabric_statistics/iscsi_instance/sessions"; }

# More commands than LIO's window of 64: one beyond it is dropped there without a word.
plain() {
  serve open
  [ "$(nbdinfo --size "$uri")" = $((64 << 20)) ]
  verified 128
  qemu-io -f raw -c 'write -f -P 5 0 1M' -c 'write -z 64k 64k' -c 'read -P 5 0 64k' -c 'read -P 0 64k 64k' "$uri"
  [ "$(head -c 65536 /run/open.img | tr -d '\5' | wc -c)" = 0 ]
  [ "$(cat "$iscsi/$base:open/tpgt_1/dynamic_sessions" | tr -d '\0' | wc -l)" = 1 ]
  ended
}

check "LIO serves a LUN" start_target
check "verified I/O, deeper than the target's window" plain
echo "1..$made"
