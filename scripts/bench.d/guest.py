"""Devices of a kernel, in a User Mode Linux guest: ours, the kernel initiator's, and qemu-nbd's by nbd-client.

The host's half: guest_main runs in the guest, with the host's file system, and leaves its outcome in a file.
"""

import json
import os
import shutil
import sys

from scratch import BenchError

HERE = os.path.dirname(os.path.realpath(__file__))
# The program that starts a guest, and ends it when it is ended itself.
STARTER = os.path.join(os.path.dirname(HERE), "uml")
TOOLS = ("linux.uml", "tgtd", "tgtadm", "iscsid", "iscsiadm", "qemu-nbd", "nbd-client", "fio")
SECONDS = 360
# Sixteen times the buffers of fio, of a target and of ours.
MEMORY = "3G"


def missing(options):
    """Why no guest can be had here; None if one can."""
    if options.against:
        return "another Lunbridge has no place in it"
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if absent:
        return f"{' and '.join(absent)} missing; scripts/test installs what is needed"
    return None if os.getuid() == 0 else "the program that starts a guest wants to be root"


def measured(scratch, options, names):
    """Results of the workloads of these names, as Runs has them, and what was left out."""
    outcome = scratch.path("guest.json")
    order = scratch.path("guest-order.json")
    with open(order, "w", encoding="utf-8") as file:
        json.dump({"names": names, "pairs": min(options.pairs, 3), "lunbridge": os.path.abspath(options.lunbridge),
                   "outcome": outcome}, file)
    scratch.run_guest([STARTER, "--mem", MEMORY, "--seconds", str(SECONDS), "--", sys.executable, "-B",
                       os.path.join(HERE, "guest_main.py"), order], SECONDS + 30)
    if not os.path.exists(outcome):
        raise BenchError("the guest ended without an outcome")
    with open(outcome, encoding="utf-8") as file:
        return json.load(file)
