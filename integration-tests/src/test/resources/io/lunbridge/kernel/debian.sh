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
# Another target, whose only LUN comes by a node record.
records=iqn.2026-11.io.lunbridge.test:records
records_path=/dev/disk/by-path/ip-127.0.0.1:3260-iscsi-$records

system() {
  "$checkout/scripts/uml-debian" "$root"
  written_by_debian
  jdk
  installed
  chroot "$root" systemctl --quiet enable lunbridge.service
  disks
  settings
  cp "$here/tap.sh" "$here"/debian/* "$root/srv/"
  cp "$here/debian/"*.service "$root/etc/systemd/system/"
  chroot "$root" systemctl --quiet enable target.service witness.service
}

# The host has used Debian's open-iscsi, which is in the package: a record, and units that are enabled. uml-debian masks them.
written_by_debian() {
  rm "$root"/etc/systemd/system/{open-iscsi.service,iscsid.service,iscsid.socket}
  cp "$root/etc/iscsi/iscsid.conf" "$dir/iscsid.conf"
  chroot "$root" iscsiadm -m node -o new -T "$records" -p 127.0.0.1:3260,1
  chroot "$root" iscsiadm -m node -T "$records" -o update -n node.startup -v automatic \
    -n node.session.timeo.replacement_timeout -v 10
  cp -a "$root/etc/iscsi" "$dir/iscsi.before"
}

# A Java at the place of any.
jdk() {
  local home=$root/usr/lib/jvm/java part
  mkdir -p "$home"
  for part in bin conf lib release; do cp -rpL "$java_home/$part" "$home/" 2>/dev/null || true; done
  rm -f "$home/lib/src.zip" "$home/lib/ct.sym"
  ln -s ../lib/jvm/java/bin/java "$root/usr/bin/java"
}

# On the spot, so that there are archives of classes; they halve the JVM's start, which is most of what a guest does.
installed() {
  rm "$root/etc/iscsi/initiatorname.iscsi"
  mkdir -p "$root/mnt/checkout"
  # shellcheck disable=SC2016 # the inner shell's
  unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount --bind "$0" "$1/mnt/checkout" && exec chroot "$@"' "$checkout" \
    "$root" env -u JAVA_HOME -u DESTDIR -u LUNBRIDGE_ROOT PATH=/usr/sbin:/usr/bin /mnt/checkout/scripts/install --divert
  rmdir "$root/mnt/checkout"
}

# LUNs: a file system on the whole, a partition with one, and one of the other target.
disks() {
  truncate -s 96M "$root"/srv/lun{1,2,3}.img
  mkfs.ext4 -q "$root/srv/lun1.img"
  mkfs.ext4 -q "$root/srv/lun3.img"
  # One primary partition of type 83h from sector 2048 to the end, 194560 sectors.
  printf '\0\0\0\0\x83\0\0\0\x00\x08\0\0\x00\xf8\x02\0' | dd of="$root/srv/lun2.img" bs=1 seek=446 conv=notrunc 2>/dev/null
  printf '\x55\xaa' | dd of="$root/srv/lun2.img" bs=1 seek=510 conv=notrunc 2>/dev/null
  mkfs.ext4 -q -E offset=$((2048 * 512)) "$root/srv/lun2.img" 95M
}

settings() {
  echo "LUNBRIDGE_JAVA_OPTIONS=${LUNBRIDGE_JAVA_OPTIONS:-}" >"$root/etc/default/lunbridge"
  mkdir -p "$root"/mnt/{lun,second,records}
  printf 'url = iscsi://127.0.0.1/%s/1\nstartup = automatic\nreplacement-timeout = 10\n' "$iqn" >"$root/etc/lunbridge/devices/first.conf"
  printf 'url = iscsi://127.0.0.1/%s/2\nstartup = manual\n' "$iqn" >"$root/etc/lunbridge/devices/second.conf"
  echo "$by_path-lun-1 /mnt/lun ext4 _netdev 0 0" >"$root/etc/fstab"
  echo "$records_path-lun-1 /mnt/records ext4 _netdev 0 0" >>"$root/etc/fstab"
}

# before STORY: what is different in its boot
before() {
  case $1 in
    reboot)
      echo LUNBRIDGE_SD_NAMES=1 >>"$root/etc/default/lunbridge"
      echo "$by_path-lun-2-part1 /mnt/second ext4 _netdev,x-systemd.requires=lunbridge@second.service 0 0" >>"$root/etc/fstab"
      ;;
    target-down)
      touch "$root/srv/target-is-down"
      echo LUNBRIDGE_STOP_SECONDS=15 >>"$root/etc/default/lunbridge"
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
  [ "$(ends 'Unmounted mnt-lun|Stopped iscsid.service|Stopped witness.service')" = \
    "Unmounted mnt-lun Stopped iscsid.service Stopped witness.service" ]
  [ "$(ends 'Unmounted mnt-records|Stopped (open-iscsi|iscsid).service')" = \
    "Unmounted mnt-records Stopped open-iscsi.service Stopped iscsid.service" ]
  grep -E 'Logout of \[sid: [0-9]+, target: '"$records"', portal: 127.0.0.1,3260\] successful' "$dir/shutdown"
}
ends() { grep -oE "$1" "$dir/shutdown" | xargs; }
# systemd 252: several mounts of credentials share a place, and it takes all of them away at once. The target has its
# files open to the very end.
harmless="run-credentials|no mount point specified|Failed to remount '/' read-only|Failed to finalize file systems"

# The witness stops right after the daemon.
logged_out() {
  cat "$root/srv/witness"
  [ "$(sed -n 's/^sessions //p' "$root/srv/witness")" = "0 0" ]
  [ "$(sed -n 's/^devices //p' "$root/srv/witness")" = 0 ]
}

# Nothing to replay, nothing to mend, and what was written last is there.
on_the_medium() {
  if dumpe2fs -h "$root/srv/lun1.img" 2>/dev/null | grep needs_recovery; then return 1; fi
  e2fsck -f -n "$root/srv/lun1.img"
  debugfs -R "cat /last" "$root/srv/lun1.img" 2>/dev/null | sha256sum | cmp - "$root/srv/last.sum"
  e2fsck -f -n "$root/srv/lun3.img"
  debugfs -R "cat /last" "$root/srv/lun3.img" 2>/dev/null | sha256sum | cmp - "$root/srv/last.sum"
}

# The program goes, and Debian's is back, with its records and settings as they were.
taken_out() {
  DESTDIR=$root "$checkout/scripts/install" --uninstall
  # What uml-debian leaves out is all that may be missing.
  if chroot "$root" dpkg --verify open-iscsi | grep -v ' /usr/share/'; then return 1; fi
  if chroot "$root" dpkg-divert --list | grep iscsi; then return 1; fi
  chroot "$root" iscsiadm -V
  chroot "$root" iscsiadm -m node | grep -F "127.0.0.1:3260,1 $records"
  diff -r --no-dereference -x initiatorname.iscsi "$dir/iscsi.before" "$root/etc/iscsi"
}

# The target went away under a file system that was in use, and did not come back: what was synced is there after a repair.
after_the_loss() {
  cat "$dir/shutdown"
  e2fsck -p "$root/srv/lun1.img" || [ $? = 1 ]
  debugfs -R "cat /synced" "$root/srv/lun1.img" 2>/dev/null | sha256sum | cmp - "$root/srv/last.sum"
}

# What an installation on the spot makes beside its own files.
made_at_install() {
  [ "$(find "$root/usr/lib/lunbridge" -maxdepth 1 -name '*.jsa' | wc -l)" = 2 ]
  [ "$(stat -c %a "$root/etc/iscsi/initiatorname.iscsi")" = 600 ]
  [ "$(grep -c '^InitiatorName=iqn.1993-08.org.debian:01:[0-9a-f]*$' "$root/etc/iscsi/initiatorname.iscsi")" = 1 ]
  [ "$(readlink -f "$root/var/lib/iscsi")" = "$root/etc/iscsi" ]
  cmp "$dir/iscsid.conf" "$root/etc/iscsi/iscsid.conf"
}

left_well() {
  check "$story: unmounted, then stopped, and nothing failed" in_order
  check "$story: no session is left at the target, and no device" logged_out
  check "$story: the file system is clean, with what was written last" on_the_medium
}

(set -eE; system) >"$dir/system" 2>&1 || { cat "$dir/system"; exit 1; }
case $* in *reboot*) check "install: archives, this host's name, a link to the records; settings are left alone" made_at_install ;; esac
for story in "$@"; do
  boot "$story"
  check "$story: it shuts down in bounded time" came_down
  case $story in
    target-down) check "$story: what was synced is on the medium" after_the_loss ;;
    *) left_well ;;
  esac
  [ $failed = 0 ] || cat "$root/var/log/console"
done
case $* in *reboot*) check "--uninstall: Debian's open-iscsi is back, as it was" taken_out ;; esac
echo "1..$made"
