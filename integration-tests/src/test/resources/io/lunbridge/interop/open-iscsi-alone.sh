#!/bin/bash
# open-iscsi-alone.sh ETC COMMAND...: runs COMMAND where the real iscsiadm has ETC for /etc/iscsi, a lock and a network
# of its own, a kernel that seems to have the tcp transport, and a daemon that tells where its iscsid.conf is and no more.
set -eu
if [ "${1:-}" != inside ]; then
  exec unshare --mount --net bash "$0" inside "$@"
fi
shift
mount --bind "$1" /etc/iscsi
shift
mount -t tmpfs none /run/lock
mkdir /run/lock/iscsi
mount -t tmpfs none /sys/class
mkdir -p /sys/class/iscsi_transport/tcp
echo 1234 >/sys/class/iscsi_transport/tcp/handle
echo 57 >/sys/class/iscsi_transport/tcp/caps
coproc stub { exec python3 "$(dirname "$0")/iscsid-stub.py"; }
pid=$stub_PID
read -r -u "${stub[0]}" _
status=0
"$@" || status=$?
kill "$pid"
exit "$status"
