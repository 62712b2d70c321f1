#!/bin/bash
# Runs inside the guest: the same calls of iscsiadm by Debian's, with the kernel's initiator, and then by ours, with our
# daemon; the same target, equal databases. Prints a TAP line per call: output, messages and exit code are alike, but for
# the names of disks and the numbers of hosts, and of sids after logins that failed. $LUNBRIDGE_ISCSIADM is ours.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
iqn=iqn.2026-11.io.lunbridge.test
. "$(dirname "$0")/tap.sh"
LIMIT=120
calls=$(dirname "$0")/iscsiadm-sessions.txt

start_target() {
  local tid=0 name
  modprobe -a nbd sd_mod iscsi_tcp
  tgtd
  await "tgtd" tgtadm --lld iscsi --op show --mode target
  for name in one two chap; do
    tid=$((tid + 1))
    truncate -s 64M "/run/$name.img"
    tgtadm --lld iscsi --op new --mode target --tid $tid --targetname "$iqn:$name"
    tgtadm --lld iscsi --op new --mode logicalunit --tid $tid --lun 1 --backing-store "/run/$name.img"
    tgtadm --lld iscsi --op bind --mode target --tid $tid --initiator-address ALL
  done
  tgtadm --lld iscsi --op new --mode account --user joe --password secret12secret
  tgtadm --lld iscsi --op bind --mode account --tid 3 --user joe
}

# In memory: /etc is the host's.
new_database() {
  mount -t tmpfs tmpfs /etc/iscsi
  echo "# nothing is set" >/etc/iscsi/iscsid.conf
  echo "InitiatorName=$iqn:initiator" >/etc/iscsi/initiatorname.iscsi
}

# run_all SIDE COMMAND...: what each call does goes to /run/SIDE.NUMBER
run_all() {
  local side=$1 number=0 call status
  shift
  while read -r call; do
    number=$((number + 1))
    status=0
    # shellcheck disable=SC2086 # words
    timeout 60 "$@" $call >/run/out 2>/run/err </dev/null || status=$?
    { sort_if_many "$call" /run/out; sed 's/^/stderr: /' /run/err; echo "exit code $status"; } |
      sed -E 's/disk (sd[a-z]|nbd[0-9]+)/disk DISK/; s/Host Number: [0-9]+/Host Number: N/; s/scsi[0-9]+ Channel/scsiN Channel/
        s/^tcp: \[[0-9]+\] (.*)\[<empty>\]/tcp: [N] \1[<empty>]/; s/sid: ([4-9]|[1-9][0-9]+),/sid: N,/' >"/run/$side.$number"
  done < <(grep -v '^#' "$calls")
}

# The order of records in a directory is anybody's.
sort_if_many() { case $1 in *" -L "*) sort "$2" ;; *) cat "$2" ;; esac; }

by_the_kernels() {
  new_database
  iscsid
  await "iscsid" pidof iscsid
  run_all real iscsiadm
  iscsiadm -k 0
  [ "$(grep -c successful /run/real.* | grep -vc ':0')" -gt 5 ]
}

by_ours() {
  new_database
  mkdir -p "$LUNBRIDGE_ROOT/etc"
  ln -sfn /etc/iscsi "$LUNBRIDGE_ROOT/etc/iscsi"
  LUNBRIDGE_JAVA_OPTIONS="-XX:TieredStopAtLevel=1 -XX:-AlwaysPreTouch" "${lunbridge[@]}" daemon >/run/daemon.log 2>&1 &
  await "the daemon" test -S "$LUNBRIDGE_ROOT/run/lunbridge/control"
  # shellcheck disable=SC2086 # words
  run_all ours $LUNBRIDGE_ISCSIADM
}

alike() { diff "/run/real.$made" "/run/ours.$made"; }

start_target >/run/target.log 2>&1
by_the_kernels >/run/real.log 2>&1 || { cat /run/real.log; exit 1; }
by_ours >/run/ours.log 2>&1 || { cat /run/ours.log /run/daemon.log; exit 1; }
while read -r call; do check "iscsiadm $call" alike; done < <(grep -v '^#' "$calls")
kill %% 2>/dev/null || true
echo "1..$made"
