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
  echo CRC32C >"$tpg/param/HeaderDigest"
  echo CRC32C >"$tpg/param/DataDigest"
  echo 1 >"$tpg/enable"
  backstore chap 64
  portal_group chap chap
  echo 1 >"$tpg/attrib/authentication"
  echo CHAP >"$tpg/param/AuthMethod"
  echo -n lunbridge >"$tpg/auth/userid"
  echo -n initiator-secret >"$tpg/auth/password"
  echo -n lio >"$tpg/auth/userid_mutual"
  echo -n target-secret-1 >"$tpg/auth/password_mutual"
  echo None >"$tpg/param/HeaderDigest"
  echo None >"$tpg/param/DataDigest"
  echo 1 >"$tpg/enable"
}

# serve NAME [OPTION...]: in the background; sets pid and uri when clients can connect
serve() {
  local name=$1
  shift
  rm -f "/run/$name.sock" "/run/$name.out"
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

sessions() { [ "$(cat "$iscsi/$base:$1/fabric_statistics/iscsi_instance/sessions")" = "$2" ]; }

# More commands than LIO's window of 64: one beyond it is dropped there without a word.
digests() {
  serve open --header-digest CRC32C --data-digest CRC32C
  [ "$(nbdinfo --size "$uri")" = $((64 << 20)) ]
  verified 128
  qemu-io -f raw -c 'write -f -P 5 0 1M' -c 'write -z 64k 64k' -c 'read -P 5 0 64k' -c 'read -P 0 64k 64k' "$uri"
  [ "$(head -c 65536 /run/open.img | tr -d '\5' | wc -c)" = 0 ]
  sessions open "${LUNBRIDGE_LANES:-1}"
  echo "$pid" >/run/open.pid
}

# What LIO does when its administrator takes the portal group away: every session ends, logins are refused.
outage() {
  uri="nbd+unix:///?socket=/run/open.sock"
  verified 16 &
  local fio=$!
  sleep 0.5
  echo 0 >"$iscsi/$base:open/tpgt_1/enable"
  sleep 1
  echo 1 >"$iscsi/$base:open/tpgt_1/enable"
  wait $fio || { cat /run/open.out; return 1; }
  cat /run/open.out
  grep -q 'session is back' /run/open.out
  sessions open "${LUNBRIDGE_LANES:-1}"
}

killed() {
  kill -KILL "$(cat /run/open.pid)"
  serve open
  sessions open "${LUNBRIDGE_LANES:-1}"
  ended
  await "logout" sessions open 0
}

mutual_chap() {
  export LIBISCSI_CHAP_USERNAME=lunbridge LIBISCSI_CHAP_PASSWORD=initiator-secret
  export LIBISCSI_CHAP_TARGET_USERNAME=lio LIBISCSI_CHAP_TARGET_PASSWORD=target-secret-1
  serve chap --chap-algorithms SHA-256
  verified 16
  ended
  await "logout" sessions chap 0
}

check "LIO serves LUNs" start_target
check "digests demanded; verified I/O, deeper than the target's window" digests
check "the portal group is disabled and enabled again under verified I/O" outage
check "killed and started again: one session" killed
check "mutual CHAP by SHA-256, verified I/O" mutual_chap
echo "1..$made"
