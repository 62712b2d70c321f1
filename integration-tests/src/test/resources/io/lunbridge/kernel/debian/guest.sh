# Sourced by the stories, which run inside the guest.
. /srv/tap.sh
iqn=iqn.2026-11.io.lunbridge.test:debian
by_path=/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$iqn
records=iqn.2026-11.io.lunbridge.test:records
records_path=/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$records
LIMIT=60

nothing_failed() {
  systemctl --failed --no-legend --plain | tee /run/failed
  [ ! -s /run/failed ] || { journalctl -b --no-pager -n 100; return 1; }
  if dmesg | grep -iE 'I/O error|EXT4-fs (error|warning)'; then return 1; fi
}

# monotonic UNIT: tenths of a second from the kernel's start until the unit was active
monotonic() { echo $(($(systemctl show -P ActiveEnterTimestampMonotonic "$1") / 100000)); }

# seconds TENTHS
seconds() { echo "$(($1 / 10)).$(($1 % 10)) s"; }

# last: what is written last and not synced: the shutdown has to bring it to the medium
last() {
  dd if=/dev/urandom of=/mnt/lun/last bs=64k count=100
  cp /mnt/lun/last /mnt/records/last
  sha256sum </mnt/lun/last >/srv/last.sum
}

# load: writes and reads past the page cache until /run/stop is there, and notes each round's end; fails with the first error
load() {
  rm -f /run/stop /run/rounds
  (
    while [ ! -e /run/stop ]; do
      dd if=/srv/pattern of=/mnt/lun/load bs=64k oflag=direct && dd if=/mnt/lun/load of=/run/back bs=64k iflag=direct &&
        cmp /srv/pattern /run/back || exit 1
      echo "$EPOCHREALTIME" >>/run/rounds
    done
  ) >/run/load.out 2>&1 &
  load=$!
  await "rounds of I/O" rounds 3
}

rounds() { [ "$(wc -l </run/rounds)" -ge "$1" ]; }

# load_goes_on WHAT: more rounds, then the end, without an error; the longest pause between two is a figure
load_goes_on() {
  await "rounds of I/O" rounds $(($(wc -l </run/rounds) + 3))
  touch /run/stop
  wait "$load" || { cat /run/load.out; journalctl -b --no-pager -n 60 -u lunbridge; return 1; }
  figure "Debian, $1: longest pause of I/O $(awk 'NR > 1 && $1 - last > max { max = $1 - last } { last = $1 } END { printf "%.1f", max }' /run/rounds) s"
}
