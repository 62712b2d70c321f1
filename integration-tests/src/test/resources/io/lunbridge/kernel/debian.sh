#!/bin/bash
# Runs on the host: a Debian of its own in a directory, with lunbridge installed and configured, is booted in the guest,
# once for each STORY, one after the other; what is left of each is looked at here. Prints TAP lines, the guest's and ours.
#   debian.sh CHECKOUT JAVA_HOME STORY...
# A story is a script in the directory debian, which runs when the boot is complete. Needs root.
checkout=$1 java_home=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d /var/tmp/lunbridge-debian.XXXXXX)
trap 'rm -rf "$dir"' EXIT
root=$dir/root
TAP_DIR=$dir
. "$here/tap.sh"
iqn=iqn.2026-11.io.lunbridge.test:debian
by_path=/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$iqn

system() {
  "$checkout/scripts/uml-debian" "$root"
  DESTDIR=$root "$checkout/scripts/install"
  jdk
  chroot "$root" systemctl --quiet enable lunbridge.service
  disks
  settings
  cp "$here/tap.sh" "$here"/debian/* "$root/srv/"
  cp "$here/debian/"*.service "$root/etc/systemd/system/"
  chroot "$root" systemctl --quiet enable target.service witness.service
}

# A Java at the place of any, and the archive of classes that an installation on the spot would have made; it halves the
# JVM's start, which is most of what a guest does.
jdk() {
  local home=$root/usr/lib/jvm/java part version
  mkdir -p "$home"
  for part in bin conf lib release; do cp -rpL "$java_home/$part" "$home/" 2>/dev/null || true; done
  rm -f "$home/lib/src.zip" "$home/lib/ct.sym"
  ln -s ../lib/jvm/java/bin/java "$root/usr/bin/java"
  version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$home/release")
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount sh -c 'mount -t proc proc "$1/proc" && exec timeout 60 chroot "$@"' sh "$root" env -u JAVA_HOME \
    PATH=/usr/sbin:/usr/bin LUNBRIDGE_JAVA_OPTIONS="-XX:ArchiveClassesAtExit=/usr/lib/lunbridge/lunbridge-$version.jsa" \
    lunbridge demo --kernel nowhere >"$dir/archive" 2>&1 || echo "no archive of classes: $(tail -3 "$dir/archive")"
}

# Two LUNs: a file system on the whole, and a partition with one.
disks() {
  truncate -s 96M "$root/srv/lun1.img" "$root/srv/lun2.img"
  mkfs.ext4 -q "$root/srv/lun1.img"
  # One primary partition of type 83h from sector 2048 to the end, 194560 sectors.
  printf '\0\0\0\0\x83\0\0\0\x00\x08\0\0\x00\xf8\x02\0' | dd of="$root/srv/lun2.img" bs=1 seek=446 conv=notrunc 2>/dev/null
  printf '\x55\xaa' | dd of="$root/srv/lun2.img" bs=1 seek=510 conv=notrunc 2>/dev/null
  mkfs.ext4 -q -E offset=$((2048 * 512)) "$root/srv/lun2.img" 95M
}

settings() {
  mkdir -p "$root/mnt/lun" "$root/mnt/second"
  printf 'url = iscsi://127.0.0.1/%s/1\nstartup = automatic\nreplacement-timeout = 10\n' "$iqn" >"$root/etc/lunbridge/devices/first.conf"
  printf 'url = iscsi://127.0.0.1/%s/2\nstartup = manual\n' "$iqn" >"$root/etc/lunbridge/devices/second.conf"
  echo "$by_path-lun-1 /mnt/lun ext4 _netdev 0 0" >"$root/etc/fstab"
}

# before STORY: what is different in its boot
before() {
  case $1 in
    reboot)
      echo "$by_path-lun-2-part1 /mnt/second ext4 _netdev,x-systemd.requires=lunbridge@second.service 0 0" >>"$root/etc/fstab"
      ;;
    target-down)
      touch "$root/srv/target-is-down"
      echo LUNBRIDGE_STOP_SECONDS=15 >"$root/etc/default/lunbridge"
      sed -i 's/_netdev/_netdev,x-systemd.device-timeout=15s/' "$root/etc/fstab"
      echo "$by_path-lun-2 /mnt/second ext4 _netdev,nofail,x-systemd.device-timeout=15s 0 0" >>"$root/etc/fstab"
      ;;
  esac
}

boot() {
  before "$1"
  "$checkout/scripts/uml" --root "$root" --seconds 150 -- bash "/srv/$1.sh" </dev/null
  status=$?
  ended=$(date +%s)
  sed -n '/Stopped target.*multi-user/,$p' "$root/var/log/console" >"$dir/shutdown"
}

came_down() {
  local seconds
  cat "$dir/shutdown"
  [ "$status" = 0 ]
  seconds=$((ended - $(stat -c %Y "$root/var/lib/uml/status")))
  figure "Debian, $story: shut down within $seconds s"
  [ $seconds -le 45 ]
  grep -q 'Reached target poweroff.target' "$dir/shutdown"
}

# Nothing failed on the way down, and things went in this order.
in_order() {
  cat "$dir/shutdown"
  if grep -iE 'fail|timed out|killing|error|dumped|code=killed' "$dir/shutdown" | grep -vE "$harmless"; then return 1; fi
  [ "$(grep -oE 'Unmounted mnt-lun|Stopped lunbridge.service|Stopped witness.service' "$dir/shutdown" | xargs)" = \
    "Unmounted mnt-lun Stopped lunbridge.service Stopped witness.service" ]
}
# systemd 252: several mounts of credentials share a place, and it takes all of them away at once. The target has its
# files open to the very end.
harmless="run-credentials|no mount point specified|Failed to remount '/' read-only|Failed to finalize file systems"

# The witness stops right after the daemon.
logged_out() {
  cat "$root/srv/witness"
  [ "$(sed -n 's/^sessions //p' "$root/srv/witness")" = 0 ]
  [ "$(sed -n 's/^devices //p' "$root/srv/witness")" = 0 ]
}

# Nothing to replay, nothing to mend, and what was written last is there.
on_the_medium() {
  if dumpe2fs -h "$root/srv/lun1.img" 2>/dev/null | grep needs_recovery; then return 1; fi
  e2fsck -f -n "$root/srv/lun1.img"
  debugfs -R "cat /last" "$root/srv/lun1.img" 2>/dev/null | sha256sum | cmp - "$root/srv/last.sum"
}

# The target went away under a file system that was in use, and did not come back: what was synced is there after a repair.
after_the_loss() {
  cat "$dir/shutdown"
  e2fsck -p "$root/srv/lun1.img" || [ $? = 1 ]
  debugfs -R "cat /synced" "$root/srv/lun1.img" 2>/dev/null | sha256sum | cmp - "$root/srv/last.sum"
}

left_well() {
  check "$story: unmounted, then stopped, and nothing failed" in_order
  check "$story: no session is left at the target, and no device" logged_out
  check "$story: the file system is clean, with what was written last" on_the_medium
}

(set -eE; system) >"$dir/system" 2>&1 || { cat "$dir/system"; exit 1; }
for story in "$@"; do
  boot "$story"
  check "$story: it shuts down in bounded time" came_down
  case $story in
    target-down) check "$story: what was synced is on the medium" after_the_loss ;;
    *) left_well ;;
  esac
  [ $failed = 0 ] || cat "$root/var/log/console"
done
echo "1..$made"
