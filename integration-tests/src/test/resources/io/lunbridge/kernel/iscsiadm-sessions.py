"""iscsiadm-sessions.py MADE ROOT CALL...: compares what /run/real and /run/ours hold of these calls, prints a TAP line for each,
and the count of these and of MADE others."""
import difflib
import os
import re
import sys

# What may differ, in each line of output, messages and files.
ALLOWED = [
    # Names of disks: the kernel's initiator has sdX.
    (r"disk (sd[a-z]+|nbd\d+)", "disk DISK"),
    # Numbers of SCSI hosts: the kernel counts them all, we have those of the sids.
    (r"Host Number: \d+", "Host Number: N"),
    (r"scsi\d+ Channel", "scsiN Channel"),
    (r"^tcp: \[\d+\] (.*)\[<empty>\]", r"tcp: [N] \1[<empty>]"),
    # The kernel gives a sid to a login that fails, too, and of logins at once each gets the next.
    (r"(sid|SID): ([2-9]|\d\d+)\b", r"\1: N"),
    (r"^tcp: \[([2-9]|\d\d+)\]", "tcp: [N]"),
    # How many octets and PDUs it took.
    (r"^(\t[a-z_]+: )\d+$", r"\1COUNT"),
]
# Several records or sessions: their order is the directory's, with open-iscsi. A target's tree has one order.
ONE = ("session -P", "host -P", " -T ", " -r ")


def alike(line):
    for pattern, instead in ALLOWED:
        line = re.sub(pattern, instead, line)
    return line


def text(path):
    with open(path, errors="replace") as file:
        return [alike(line.rstrip("\n")) for line in file]


def database(top, root):
    lines = []
    for directory, names, files in os.walk(top):
        for name in names + files:
            path = os.path.join(directory, name)
            short = os.path.relpath(path, top)
            if os.path.islink(path):
                lines.append(short + " -> " + os.readlink(path).replace(root, ""))
            elif os.path.isfile(path):
                lines += [short + ": " + line for line in text(path)]
    return sorted(lines)


def outcome(side, number, call, root):
    path = "/run/%s/%d" % (side, number)
    out, err = text(path + ".out"), ["stderr: " + line for line in text(path + ".err")]
    if not any(word in call for word in ONE):
        out.sort()
        err.sort()
    return out + err + ["exit code " + text(path + ".code")[0]] + database(path + ".etc", root)


made, root, calls = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
for number, call in enumerate(calls):
    real, ours = outcome("real", number, call, "\0"), outcome("ours", number, call, root)
    print("ok" if real == ours else "not ok", "iscsiadm", call)
    if real != ours:
        for line in difflib.unified_diff(real, ours, "real", "ours", lineterm="", n=0):
            print("# " + line)
print("ok" if len(calls) >= 150 else "not ok", "%d calls" % len(calls))
seconds = [open("/run/%s.seconds" % side).read().strip() for side in ("real", "ours")]
print("figure iscsiadm beside Debian's: %d calls, in the guest %s s and %s s" % (len(calls), *seconds))
print("1..%d" % (made + len(calls) + 1))
