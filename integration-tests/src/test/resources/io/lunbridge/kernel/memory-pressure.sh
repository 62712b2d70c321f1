#!/bin/bash
# Runs inside the guest: a disk that is served on the host that uses it, while that host has no memory left but what it
# gets by writing to the disk. The target runs here too and is part of the loop, so it has the same protections.
# Prints a TAP line per check. The arguments are the command that starts lunbridge.
lunbridge=("$@")
unset LUNBRIDGE_JAVA_OPTIONS # memory is as users have it
portal=127.0.0.1:3260
iqn=iqn.2026-11.io.lunbridge.test:memory
url=iscsi://$portal/$iqn/1
# On the host's disk: the guest's memory shall be the limit, not the room for the LUN.
disk=$(mktemp -p "$([ -d target ] && echo "$PWD/target" || echo /var/tmp)" memory.XXXXXX)
trap 'rm -f "$disk"' EXIT
mnt=/run/mnt
. "$(dirname "$0")/tap.sh"
LIMIT=120
DIRTY_MIB=2200
FREE_MIB=280
DATA_MIB=380

# flusher COMMAND...: with what the kernel offers to daemons that serve disks
flusher() {
  perl -e 'syscall(157, 57, 1, 0, 0, 0) == 0 or die "prctl: $!"; exec @ARGV or die' "$@"
}

start_target() {
  modprobe nbd nbds_max=0
  mkdir -p "$mnt"
  truncate -s 8G "$disk"
  flusher tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  for pid in $(pidof tgtd); do echo -1000 >"/proc/$pid/oom_score_adj"; done
  tgtadm --lld iscsi --op new --mode target --tid 1 --targetname "$iqn"
  tgtadm --lld iscsi --op new --mode logicalunit --tid 1 --lun 1 --backing-store "$disk"
  tgtadm --lld iscsi --op bind --mode target --tid 1 --initiator-address ALL
}

# What /proc shows of the process, all its threads, and what it said of itself.
protected() {
  LUNBRIDGE_ROOT_STORAGE=1 "${lunbridge[@]}" daemon >/run/daemon.out 2>&1 &
  pid=$!
  echo "$pid" >/run/pid
  await "the daemon" test -S "${LUNBRIDGE_ROOT:-}/run/lunbridge/control" || { cat /run/daemon.out; return 1; }
  "${lunbridge[@]}" attach "$url" >/run/attach.out
  cat /run/daemon.out
  ! grep -E "WARN|ERROR" /run/daemon.out
  [ "$(cat "/proc/$pid/oom_score_adj")" = -1000 ]
  [ "$(readlink "/proc/$pid/cwd")" = / ]
  grep -q '^Max core file size *0 ' "/proc/$pid/limits"
  head -z -n 1 "/proc/$pid/cmdline" | tr -d '\0' | grep -qx '@lunbridge'
  # PF_MEMALLOC_NOIO, which IO_FLUSHER sets, of each thread; a thread's name has no blanks here but may have in general
  threads=0
  for stat in "/proc/$pid"/task/*/stat; do
    flags=$(sed 's/.*) //' "$stat" | cut -d' ' -f7)
    [ $((flags & 0x80000)) != 0 ] || { echo "not an IO_FLUSHER: $(cat "$stat")"; return 1; }
    threads=$((threads + 1))
  done
  echo "$threads threads"
  [ "$threads" -gt 10 ]
  locked=$(sed -n 's/^VmLck:[^0-9]*\([0-9]*\) kB/\1/p' "/proc/$pid/status")
  echo "$locked KiB locked"
  [ "$locked" -gt 100000 ]
  kill -USR1 "$pid"
  kill -TSTP "$pid"
  kill -HUP "$pid"
  ! grep -E '/tmp/|hsperfdata' "/proc/$pid/maps"
}

available_mib() { awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo; }
# Whether a tenth of what could be given up has been written already. Who asks faster than the disk writes is stopped by the
# kernel as out of memory, on any disk.
some_written() {
  awk '/^(MemFree|Active\(file\)|Inactive\(file\)):/ { all += $2 } /^(Dirty|Writeback):/ { dirty += $2 } END { exit 10 * dirty > 9 * all }' /proc/meminfo
}
dirty_mib() { awk '/^(Dirty|Writeback):/ { sum += $2 } END { print int(sum / 1024) }' /proc/meminfo; }

# first_file OPTION...: blocks that say where they belong
first_file() {
  timeout $LIMIT fio --name=first --filename="$mnt/first" --rw=write --bs=1M --size="${DIRTY_MIB}M" --verify=crc32c \
    --verify_state_save=0 --fallocate=none "$@" >/run/fio.out 2>&1 || { cat /run/fio.out; return 1; }
}

# There is no limit on dirty pages but memory itself, and nobody is in a hurry to write them. Then somebody else wants
# all memory, bit by bit, and gets it only by what is written.
pages_given_up() {
  device=$(cat /run/attach.out)
  # ext4 begins to write when half of what is free is spoken for, so there is plenty.
  mkfs.ext4 -q -T largefile4 -E lazy_itable_init=0,lazy_journal_init=0 "$device"
  mount "$device" "$mnt"
  echo 90 >/proc/sys/vm/dirty_ratio
  echo 85 >/proc/sys/vm/dirty_background_ratio
  echo 60000 >/proc/sys/vm/dirty_expire_centisecs
  sync
  echo 3 >/proc/sys/vm/drop_caches
  first_file --do_verify=0
  dirty=$(dirty_mib)
  fill=$(($(available_mib) - FREE_MIB))
  echo "$dirty MiB dirty, $fill MiB to be filled, $SECONDS s"
  [ "$dirty" -gt 2048 ]
  mkdir /run/hog
  mount -t tmpfs -o size=95% tmpfs /run/hog
  started=$SECONDS
  filled=0
  while [ $filled -lt "$fill" ]; do
    timeout $LIMIT dd if=/dev/zero bs=1M count=16 status=none >>/run/hog/filled || { stuck; return 1; }
    filled=$((filled + 16))
    [ $((filled + DIRTY_MIB)) -lt "$fill" ] || sleep 0.2
    for ((waited = 0; waited < 5 * LIMIT; waited++)); do
      if some_written; then break; fi
      sleep 0.2
    done
    some_written || { stuck; return 1; }
  done
  figure "memory pressure: with $dirty MiB dirty, $fill MiB were asked for and had within $((SECONDS - started)) s"
  echo "$(dirty_mib) MiB dirty, $(available_mib) MiB left"
  [ "$(dirty_mib)" -lt "$FREE_MIB" ]
}

# Now a file larger than what is left of memory is written, while somebody asks for memory again and again.
written_without_memory() {
  started=$SECONDS
  head -c $((DATA_MIB << 20)) /dev/urandom | tee >(sha256sum >/run/sum) >"$mnt/second" &
  writer=$!
  ask_for_memory $writer &
  asking=$!
  dirty=0
  while kill -0 $writer 2>/dev/null; do
    now=$(dirty_mib)
    [ "$now" -le "$dirty" ] || dirty=$now
    size=$(stat -c %s "$mnt/second")
    echo "$((SECONDS - started)) s: $((size >> 20)) MiB, $now dirty, $(available_mib) available"
    [ $((SECONDS - started)) -lt $LIMIT ] || { stuck; return 1; }
    sleep 2
  done
  wait $writer
  wait $asking
  timeout $LIMIT sync "$mnt/second"
  figure "memory pressure: $DATA_MIB MiB in $((SECONDS - started)) s with $FREE_MIB MiB of memory left, at most $dirty MiB dirty"
  [ "$dirty" -gt $((FREE_MIB / 3)) ]
  kill -0 "$(cat /run/pid)"
}

# Takes and gives back a fifth of what was left, again and again, as long as the process lives.
ask_for_memory() {
  mkdir /run/asked
  mount -t tmpfs -o size=90% tmpfs /run/asked
  while kill -0 "$1" 2>/dev/null; do
    dd if=/dev/zero of=/run/asked/file bs=1M count=$((FREE_MIB / 5)) status=none
    rm /run/asked/file
    sleep 0.2
  done
}

# Who waits for what.
stuck() {
  echo "not done after $LIMIT s"
  grep -E '^(Mem|Dirty|Write|Mlocked|Shmem:|AnonPages)' /proc/meminfo
  for stat in /proc/[0-9]*/task/[0-9]*/stat; do
    case $(sed 's/.*) //' "$stat" 2>/dev/null) in
      D*) echo "$(cut -d' ' -f1,2 "$stat"): $(tr '\n' ' ' <"${stat%stat}stack")" ;;
    esac
  done
}

read_back() {
  echo 3 >/proc/sys/vm/drop_caches
  sha256sum <"$mnt/second" | cmp - /run/sum
  first_file --verify_only --verify_fatal=1
  rm /run/hog/filled
  umount "$mnt"
  fsck.ext4 -f -n "$(cat /run/attach.out)"
}

# The kernel asks nobody; so it is told.
swapped_on() {
  device=$(cat /run/attach.out)
  mkswap "$device"
  swapon "$device"
  "${lunbridge[@]}" list 2>/run/list.err
  cat /run/list.err
  grep -q "swaps to $device" /run/list.err
  if "${lunbridge[@]}" detach "$device"; then return 1; fi
  swapoff "$device"
}

# A daemon that died and does not return: the request that it had in hand ends when it is given up, and not before.
given_up() {
  device=$(cat /run/attach.out)
  name=${device#/dev/}
  kill -STOP $(pidof tgtd)
  dd if="$device" of=/dev/null bs=4k count=1 iflag=direct 2>/run/reader &
  reader=$!
  await "a request" in_flight "$name"
  kill -KILL "$(cat /run/pid)"
  await "the daemon's end" test ! -d "/proc/$(cat /run/pid)"
  in_flight "$name"
  mkdir /run/bin
  printf '#!/bin/sh\nexit 1\n' >/run/bin/systemctl
  chmod +x /run/bin/systemctl
  PATH=/run/bin:$PATH LUNBRIDGE_GIVEUP_SECONDS=2 LUNBRIDGE_GIVEUP_PAUSE=1 "$(dirname "${lunbridge[0]}")/systemd/giveup"
  await "the device's end" test ! -e "/sys/block/$name/pid"
  if wait $reader; then return 1; fi
  grep 'Input/output error' /run/reader
  kill -KILL $(pidof tgtd)
}

in_flight() { [ "$(cat "/sys/block/$1/inflight" | xargs)" != "0 0" ]; }

need "tgt serves a LUN" start_target
need "every thread of the process is protected, its memory locked, and it says that nothing is missing" protected
need "gigabytes of dirty pages are written to its own disk when their memory is wanted" pages_given_up
need "with no memory left, what is written to its own disk is written" written_without_memory
need "and is what was meant" read_back
check "swap on such a disk is told of, and keeps it from being detached" swapped_on
check "a daemon that does not return is given up: what it had in hand fails" given_up
echo "1..$made"
