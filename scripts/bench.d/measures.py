"""What a process used, from /proc; and its system calls, by strace."""

import os
import re
import signal
import subprocess
import time

STRACE_SECONDS = 2


def cpu_seconds(pid):
    """User and system time of all its threads since it began."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
        # The name, in parentheses, may hold spaces.
        fields = stat.read().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_rss_mib(pid):
    """The most memory that it ever had at once."""
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        return int(re.search(r"^VmHWM:\s*(\d+)", status.read(), re.MULTILINE).group(1)) / 1024


def system_calls(scratch, pid, load):
    """System calls of all threads of the process per request of load(), which returns how many it made.

    strace makes calls slower, so that a server which gathers answers gathers more: a lower bound at depth 32.
    """
    output = scratch.path(f"strace-{pid}")
    tracer = scratch.start("strace", ["strace", "-f", "-c", "-o", output, "-p", str(pid)], lambda: _traced(pid))
    try:
        requests = load()
    finally:
        scratch.stop(tracer, signal.SIGINT)
    with open(output, encoding="utf-8") as table:
        total = [line.split() for line in table if line.rstrip().endswith(" total")]
    # "% time, seconds, usecs/call, calls, errors, total"; without errors that column is empty.
    return int(total[-1][3]) / requests if total and requests else None


def _traced(pid):
    with open(f"/proc/{pid}/status", encoding="utf-8") as status:
        traced = "TracerPid:\t0\n" not in status.read()
    if traced:
        time.sleep(0.2)  # its other threads
    return traced


def versions(tools):
    """The first line that each program says of its version; None where it is not installed."""
    found = {}
    for tool in tools:
        try:
            done = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False, timeout=10)
            found[tool] = ((done.stdout or done.stderr).splitlines() or [""])[0]
        except (OSError, subprocess.TimeoutExpired):
            found[tool] = None
    return found


def machine():
    """What the figures depend on, for who reads them elsewhere."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        models = re.findall(r"^model name\s*:\s*(.*)$", info.read(), re.MULTILINE)
    with open("/proc/meminfo", encoding="utf-8") as info:
        kib = int(re.search(r"^MemTotal:\s*(\d+)", info.read(), re.MULTILINE).group(1))
    return {
        "processor": models[0] if models else os.uname().machine,
        "processors": len(os.sched_getaffinity(0)),
        "memory_gib": round(kib / (1 << 20), 1),
        "kernel": f"{os.uname().sysname} {os.uname().release}",
    }
