# discovery-peers.sh DIRECTORY: whom discovery-calls.txt asks, in this network namespace, until this shell ends. Sourced.
resources=$(dirname "${BASH_SOURCE[0]}")
pids=()
stop_peers() { kill -KILL "${pids[@]}" 2>/dev/null || true; }
trap stop_peers EXIT
await() {
  for ((i = 0; i < 200; i++)); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.05; done
  echo "not within 10 s: $*"; exit 1
}
ip link set lo up
ip address add 10.9.0.1/24 dev lo
ip address add fd00::5/128 dev lo
peers=$1/peers
mkdir "$peers" "$peers/isns"

one="TargetName=iqn.2001-04.com.example:a;TargetAddress=10.0.0.1:3260,1;"
two="TargetName=iqn.2001-04.com.example:b;TargetAddress=[fd00::1]:3261,2;TargetAddress=10.0.0.3:3260,7;"
python3 "$resources/portals.py" 4001=reset 4002=silent 4003=login-hangup 4004=garbage 4010=02/01 4011=02/02 4012=02/03 \
  4013=02/00 4014=03/01 4015=03/00 4016=01/01=127.0.0.1:4030 4017=text-hangup 4018=text-silent "4030=$one$two" 4031= \
  "4032=TargetName=iqn.2001-04.com.example:c;" 4033=02/07 4034=02/06 4035=01/02=127.0.0.1:4030 4036=04/00 "4038=$one" \
  4040=chap=joe:secret12secret 4041=chap=joe:secret12secret:disk:disk12secret 4042=chap=joe:secret12secret:disk:wrong12wrong \
  >"$peers/portals.log" 2>&1 &
pids+=($!)
await grep listening "$peers/portals.log"

cat >"$peers/isns.conf" <<END
Database = $peers/isns
ServerAddress = 127.0.0.1:3205
BindAddress = 0.0.0.0:3205
ControlSocket = $peers/isns-control
PIDFile = $peers/isns-pid
Security = 0
SLPRegister = 0
SourceName = iqn.2001-04.com.example:administrator
END
isnsd -f -c "$peers/isns.conf" >"$peers/isns.log" 2>&1 &
pids+=($!)
await test -S "$peers/isns-control"
register() { isnsadm --local -c "$peers/isns.conf" --register "$@" >"$peers/isnsadm.log" 2>&1 || { cat "$peers/isnsadm.log"; exit 1; }; }
register entity=one target=iqn.2001-04.com.example:one,alias=first portal=10.9.0.1:3260 pg
register entity=two target=iqn.2001-04.com.example:two portal=10.9.0.1:3261 pg portal='[fd00::5]:3262' pg,pg-tag=6
register entity=three target=iqn.2001-04.com.example:without-a-portal
register entity=four initiator=iqn.2001-04.com.example:initiator
