# Sourced after daemon.sh by scripts that run inside the guest: two devices that lead to one LUN by two portals, and a map
# of device-mapper over them, which $map names.
iqn=iqn.2026-11.io.lunbridge.test:paths
image=/run/paths.img
first=127.0.0.2
second=127.0.0.3
# Silence, then an unanswered ping, then the replacement timeout.
INTERVAL=5 PING=5 REPLACEMENT=5

# block ADDRESS, join ADDRESS: nothing gets there, and nobody is told
block() { ip route add blackhole "$1/32" table local; }
join() { ip route del blackhole "$1/32" table local; }

# The number by which the multipath table calls a device.
number() { cat "/sys/block/$1/dev"; }

start_target() {
  modprobe nbd nbds_max=0
  modprobe dm-mod
  modprobe dm-multipath
  modprobe dm-service-time
  truncate -s 128M "$image"
  start_tgt 1 3260
  target 1 "$iqn"
  lun 1 1 "$image" scsi_sn=paths
  open_target 1
}

attach_paths() {
  local path options=("startup = automatic" "multipath = yes" "trust-target-cache = yes"
    "noop-interval = $INTERVAL" "noop-timeout = $PING" "replacement-timeout = $REPLACEMENT")
  configure first "url = iscsi://$first/$iqn/1" "device = /dev/nbd0" "${options[@]}"
  configure second "url = iscsi://$second/$iqn/1" "device = /dev/nbd1" "${options[@]}"
  start_daemon
  for path in nbd0 nbd1; do await "$path" attached "$path"; done
}

# state PATH: A or F, as the kernel has it
state() { dmsetup status "$map" | sed "s/.* $(number "$1") \([AF]\) .*/\1/"; }
is() { [ "$(state "$1")" = "$2" ]; }

# one_is_cut ADDRESS PATH OTHER: the kernel gives the path up in time, the other one goes on, and it comes back
one_is_cut() {
  local address=$1 path=$2 other=$3 before began given_up taken
  began=$(date +%s%3N)
  block "$address"
  await "the kernel gives up $path" is "$path" F || { dmsetup status "$map"; tail -30 "$log"; return 1; }
  given_up=$(($(date +%s%3N) - began))
  is "$other" A
  before=$(completed "$other")
  await "$other goes on" moves "$other" $((before + 100))
  join "$address"
  began=$(date +%s%3N)
  await "the kernel takes $path again" is "$path" A || { dmsetup status "$map"; tail -30 "$log"; return 1; }
  taken=$(($(date +%s%3N) - began))
  figure "multipath ($map), $path cut: given up after $given_up ms, used again $taken ms after the way was free"
}
