# Sourced by scripts that run inside the guest, after tap.sh: a tgt with a partitioned LUN, a daemon, and links to look at.
iqn=iqn.2026-11.io.lunbridge.test:names-1.a

# partitioned FILE: 64 MiB with two partitions of 8 MiB
partitioned() {
  truncate -s 64M "$1"
  {
    printf '\0\0\0\0\203\0\0\0\0\010\0\0\0\100\0\0'
    printf '\0\0\0\0\203\0\0\0\0\110\0\0\0\100\0\0'
    head -c 32 /dev/zero
    printf '\125\252'
  } | dd of="$1" bs=1 seek=446 conv=notrunc status=none
}

start_tgt() {
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  partitioned /run/disk.img
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
  tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 --backing-store /run/disk.img
}

start_daemon() {
  "${lunbridge[@]}" daemon >/run/daemon.out 2>&1 &
  echo $! >/run/daemon.pid
  await "the daemon" answering "$LUNBRIDGE_ROOT/run/lunbridge/control" || { cat /run/daemon.out; return 1; }
}

# answering SOCKET: whether somebody listens there; one who was killed left a socket too
answering() { listening "${1%/*}" && perl -MIO::Socket::UNIX -e 'exit !IO::Socket::UNIX->new(Peer => $ARGV[0])' "$1"; }

# attach URL: sets device
attach() {
  device=$(timeout $LIMIT "${lunbridge[@]}" attach "$1") || { cat /run/daemon.out; return 1; }
  echo "$1 is $device"
}

detach() { timeout $LIMIT "${lunbridge[@]}" detach "$@" || { cat /run/daemon.out; return 1; }; }

# links: those to nbd devices, and where they lead
links() {
  find /dev/disk/by-path /dev/disk/by-id -type l -lname '*/nbd*' -printf '%P %l\n' 2>/dev/null | sort
}

# same WHAT EXPECTED ACTUAL
same() {
  diff <(echo "$2") <(echo "$3") || { echo "$1 differ (left: expected)"; cat /run/daemon.out; return 1; }
}
