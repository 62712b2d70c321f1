# Sourced by scripts that run inside the guest: a TAP line per check.
made=0
failed=0
# Where it keeps what it has to remember; /run is the guest's own.
TAP_DIR=${TAP_DIR:-/run}
LIMIT=60

# check NAME FUNCTION: one TAP line, and what the function printed where it failed
# In a smoke run only the first three checks are made.
check() {
  if [ "${LUNBRIDGE_KERNEL:-}" = smoke ] && [ "$made" = 3 ]; then return; fi
  made=$((made + 1))
  # Not as a condition: bash would not stop at the first failed command there.
  (set -eE; trap 'echo "failed: $BASH_COMMAND (line $LINENO)"' ERR; "$2") >"$TAP_DIR/check.out" 2>&1 </dev/null
  if [ $? = 0 ]; then
    echo "ok $1"
  else
    echo "not ok $1"
    failed=1
    sed 's/^/# /' "$TAP_DIR/check.out"
  fi
  [ ! -e "$TAP_DIR/figures" ] || sed 's/^/figure /' "$TAP_DIR/figures"
  rm -f "$TAP_DIR/figures"
}

# need NAME FUNCTION: a check without which those after it make no sense, or would wait for ever
need() {
  check "$@"
  [ $failed = 0 ] || { echo "1..$made"; exit 1; }
}

# figure TEXT...: a line for people, which scripts/test prints at its end
figure() { echo "$*" >>"$TAP_DIR/figures"; }

# A wait without a process: what is waited for needs the same CPU. Nobody ever writes to this.
[ -p "$TAP_DIR/never" ] || mkfifo "$TAP_DIR/never"
nap() { read -r -t "$1" _ <>"$TAP_DIR/never" || true; }

# await WHAT COMMAND...: until the command succeeds, for at most LIMIT seconds; asked less often the longer it takes
await() {
  local what=$1 end=$((SECONDS + LIMIT)) naps=(0.05 0.1 0.1 0.2 0.2 0.3 0.4)
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "$what: not within $LIMIT s"; return 1; }
    nap "${naps[0]}"
    [ ${#naps[@]} = 1 ] || naps=("${naps[@]:1}")
  done
}

# listening DIRECTORY: whether a daemon listens in there, where its control socket is made before it has its name. Cheaper
# than to ask; one who was killed left a socket too
listening() {
  local line
  while read -r line; do
    [[ $line != *" 00010000 "*" $1/."* ]] || return 0
  done </proc/net/unix
  return 1
}
