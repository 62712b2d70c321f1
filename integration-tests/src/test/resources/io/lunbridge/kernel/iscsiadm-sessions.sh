#!/bin/bash
# Runs inside the guest: the same calls of iscsiadm by Debian's, with the kernel's initiator, and then by ours, with our
# daemon; the same target, equal databases. Prints a TAP line per call: output, messages, exit code and the database's files
# are alike but for what iscsiadm-sessions.py allows. $LUNBRIDGE_ISCSIADM is ours, $LUNBRIDGE_MANY_ISCSIADM the same for many
# calls: it takes a file's name and a call in a line, and answers with the exit code.
# The arguments are the command that starts lunbridge.
lunbridge=("$@")
iqn=iqn.2026-11.io.lunbridge.test
. "$(dirname "$0")/tap.sh"
LIMIT=120
mapfile -t calls < <(sed "/^#/d; /^\$/d; s/@/$iqn/g" "$(dirname "$0")/iscsiadm-sessions.txt")

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

# settle SIDE: a call with -W does not wait for its logins, and the next one would see some of them, or some that are about to
# fail. Here target two's is always one that succeeds.
settle() {
  local side=$1 same=0 end=$((SECONDS + LIMIT)) look=/run/look/1
  mkdir -p /run/look
  until [ $same = 4 ] || [ $SECONDS -ge $end ]; do
    cp "$look.out" "$look.before" 2>/dev/null || true
    sleep 0.5
    "$side" "$look" "-m session"
    if grep -q "$iqn:two" "$look.out" && [ ! -s "$look.err" ] && cmp -s "$look.out" "$look.before"; then
      same=$((same + 1))
    else
      same=0
    fi
  done
}

# run_all SIDE: what each call does goes to /run/SIDE/NUMBER.*. Few processes are started on the way: they are slow here.
run_all() {
  local side=$1 number started=$SECONDS
  mkdir "/run/$side"
  for number in "${!calls[@]}"; do
    "$side" "/run/$side/$number" "${calls[number]}"
    case ${calls[number]} in *"-L "*" -W") settle "$side" ;; esac
    cp -a /etc/iscsi "/run/$side/$number.etc"
  done
  echo "$((SECONDS - started))" >"/run/$side.seconds"
}

# SIDE FILE CALL: to FILE.out, FILE.err and FILE.code
real() {
  local status=0
  # shellcheck disable=SC2086 # words
  timeout 60 iscsiadm $2 >"$1.out" 2>"$1.err" </dev/null || status=$?
  echo $status >"$1.code"
}

# Every tenth by the launcher, as users start it; the rest by one JVM, as its start takes two seconds here.
ours() {
  local status=0
  if [ $((${1##*/} % 10)) = 0 ]; then
    # shellcheck disable=SC2086 # words
    timeout 60 $LUNBRIDGE_ISCSIADM $2 >"$1.out" 2>"$1.err" </dev/null || status=$?
  else
    echo "$1 $2" >&"${many[1]}"
    read -r -t 60 -u "${many[0]}" status
  fi
  echo "$status" >"$1.code"
}

by_the_kernels() {
  new_database
  iscsid
  await "iscsid" pidof iscsid
  run_all real
  iscsiadm -k 0
  [ "$(cat /run/real/*.out | grep -c successful)" -gt 20 ]
}

by_ours() {
  new_database
  mkdir -p "$LUNBRIDGE_ROOT/etc"
  ln -sfn /etc/iscsi "$LUNBRIDGE_ROOT/etc/iscsi"
  "${lunbridge[@]}" daemon >/run/daemon.log 2>&1 &
  daemon=$!
  await "the daemon" test -S "$LUNBRIDGE_ROOT/run/lunbridge/control"
  coproc many { exec $LUNBRIDGE_MANY_ISCSIADM; }
  run_all ours
}

start_target >/run/target.log 2>&1
by_the_kernels >/run/real.log 2>&1 || { cat /run/real.log; exit 1; }
by_ours >/run/ours.log 2>&1 || { cat /run/ours.log /run/daemon.log; exit 1; }
# Each goes on with the other's records, as they were when all were there.
others_records() {
  local number
  for number in "${!calls[@]}"; do
    [ "${calls[number]}" != "-m node -T $iqn:chap -S" ] || break
  done
  mount -t tmpfs tmpfs /etc/iscsi
  cp -a "/run/$1/$number.etc/." /etc/iscsi
}

# login_by COMMAND...: to the target that wants an account, by the records there are
login_by() {
  "$@" -m node -T "$iqn:chap" -o update -n node.startup -v automatic
  "$@" -m node -L automatic | grep "$iqn:chap.*successful"
  "$@" -m session | grep "$iqn:chap"
  "$@" -m session -u
}

ours_by_its_records() {
  others_records real
  # shellcheck disable=SC2086 # words
  login_by $LUNBRIDGE_ISCSIADM
}

its_by_our_records() {
  others_records ours
  iscsid
  await "iscsid" pidof iscsid
  login_by iscsiadm
  iscsiadm -k 0
}

check "ours logs in by the records that open-iscsi has written" ours_by_its_records
check "open-iscsi logs in by the records that ours has written" its_by_our_records
kill "$daemon" "$many_PID" 2>/dev/null || true
python3 "$(dirname "$0")/iscsiadm-sessions.py" "$made" "$LUNBRIDGE_ROOT" "${calls[@]}"
