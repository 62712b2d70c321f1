"""Runs in the guest, as its only program: attaches the same LUN by all contenders, and gives their devices the load."""

import glob
import json
import os
import sys
import time
from types import SimpleNamespace

import contenders as c
import measures
import workloads
from fio import Fio
from runs import Runs
from scratch import BenchError, Scratch, say
from target import Tgt

LUNS = 16
RUN_SECONDS = 2
# Of 4 KiB requests, for the JVM's compiler: it shares the guest's one CPU with the load.
FIRST_LOAD_SECONDS = 30
FIRST_LOAD = workloads.Workload("uml", "randread", "4k", 16), workloads.Workload("uml", "randwrite", "4k", 16)
COMMAND_SECONDS = 60
RECORDS = "/etc/iscsi"
NBD_CLIENT_DEVICE = "/dev/nbd40"


class Devices:
    """What Runs has for servers: each contender's device and the process behind it, if there is one."""

    def __init__(self, scratch, target, launcher):
        self._scratch, self._target, self._launcher = scratch, target, launcher
        self._fio = Fio(scratch, None)
        self._attached = {}

    def missing(self, _contender):
        """None: the host has looked."""
        return None

    def start(self, contender, _lun):
        """Its device is there when this returns."""
        if contender not in self._attached:
            self._attached[contender] = {"lunbridge": self._ours, "peer": self._qemu, "kernel": self._kernel}[
                contender.program]()

    def stop_all(self):
        """Nothing: starting them again would take as long as the runs."""

    def detach_all(self):
        """For the end: a kernel that is shut down wants to write back to its disks."""
        if c.KERNEL in self._attached:
            self._command(*self._record(), "--logout")
        if c.QEMU in self._attached:
            self._command("nbd-client", "-d", NBD_CLIENT_DEVICE)
        for process, _ in self._attached.values():
            if process:
                self._scratch.stop(process)
        self._attached.clear()

    def run(self, contender, workload, seconds, name):
        """One run, with what the process used for it; the kernel's own has none."""
        process, device = self._attached[contender]
        before = measures.cpu_seconds(process.pid) if process else 0
        outcome = self._fio.run_on_devices([device], workload, seconds, name)
        if process:
            used = measures.cpu_seconds(process.pid) - before
            outcome["cpu_seconds_per_million"] = used / max(outcome["requests"], 1) * 1e6
            outcome["peak_rss_mib"] = measures.peak_rss_mib(process.pid)
        return outcome

    def sixteen(self, names):
        """A new daemon with 16 LUNs of one session, all busy; its peak memory is that of all runs so far."""
        process = self._daemon(LUNS)
        devices = [f"/dev/nbd{number}" for number in range(LUNS)]
        results = {}
        for shape in ("write", "1m", 8), ("read", "1m", 8):
            workload = workloads.Workload("uml", *shape, (c.OURS,), "16-luns")
            say("  " + workload.name)
            outcome = self._fio.run_on_devices(devices, workload, RUN_SECONDS, workload.name)
            outcome["peak_rss_mib"] = measures.peak_rss_mib(process.pid)
            if workload.name in names:
                results[workload.name] = {c.OURS.name: [outcome]}
        self._scratch.stop(process)
        return results

    def _ours(self):
        process = self._daemon(1)
        for workload in FIRST_LOAD:
            self._fio.run_on_devices(["/dev/nbd0"], workload, FIRST_LOAD_SECONDS / len(FIRST_LOAD), "first-load")
        return process, "/dev/nbd0"

    def _daemon(self, luns):
        directory = os.path.join(os.environ["LUNBRIDGE_ROOT"], "etc/lunbridge/devices")
        os.makedirs(directory, exist_ok=True)
        for number in range(luns):
            with open(f"{directory}/{number}.conf", "w", encoding="utf-8") as device:
                device.write(f"url = {self._url(2 + number)}\ndevice = /dev/nbd{number}\nstartup = automatic\n")
        return self._scratch.start("daemon", [self._launcher, "daemon"],
                                   lambda: all(map(_is_attached, range(luns))), seconds=COMMAND_SECONDS)

    def _qemu(self):
        socket = self._scratch.path("qemu.sock")
        process = self._scratch.start(
            "qemu-nbd", ["qemu-nbd", "--persistent", "--cache=none", "--discard=unmap", "--socket", socket,
                         "--format=raw", self._url(2)], lambda: os.path.exists(socket))
        self._command("nbd-client", "-unix", socket, NBD_CLIENT_DEVICE)
        return process, NBD_CLIENT_DEVICE

    def _kernel(self):
        # Debian's settings; the records are the guest's own.
        with open(f"{RECORDS}/iscsid.conf", encoding="utf-8") as file:
            settings = file.read()
        self._command("mount", "-t", "tmpfs", "tmpfs", RECORDS)
        initiator = "InitiatorName=iqn.2026-11.io.lunbridge:kernel\n"
        for name, text in ("iscsid.conf", settings), ("initiatorname.iscsi", initiator):
            with open(f"{RECORDS}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        self._command("modprobe", "-a", "sd_mod", "iscsi_tcp")
        self._scratch.start("iscsid", ["iscsid", "--foreground"], _iscsid_answers)
        self._command(*self._record(), "-o", "new")
        self._command(*self._record(), "--login")
        deadline = time.monotonic() + COMMAND_SECONDS
        while not (found := glob.glob("/sys/class/scsi_disk/*:2/device/block/*")):
            if time.monotonic() > deadline:
                raise BenchError("the kernel initiator logged in, but there is no disk")
            time.sleep(0.1)
        return None, "/dev/" + os.path.basename(found[0])

    def _record(self):
        return "iscsiadm", "-m", "node", "-T", self._target.name, "-p", self._target.portal

    def _url(self, lun):
        return f"iscsi://{self._target.portal}/{self._target.name}/{lun}"

    def _command(self, *command):
        return self._scratch.run(command, COMMAND_SECONDS)


def _is_attached(number):
    try:
        with open(f"/sys/block/nbd{number}/size", encoding="utf-8") as size:
            return os.path.exists(f"/sys/block/nbd{number}/pid") and int(size.read()) > 0
    except FileNotFoundError:
        return False


def _iscsid_answers():
    with open("/proc/net/unix", encoding="utf-8") as sockets:
        return "ISCSIADM_ABSTRACT_NAMESPACE" in sockets.read()


def main(file):
    """Does what the file says, and ends with a status."""
    with open(file, encoding="utf-8") as text:
        order = json.load(text)
    with Scratch() as scratch:
        try:
            results = _results(scratch, order)
            with open(order["outcome"], "w", encoding="utf-8") as outcome:
                json.dump(results, outcome)
            status = 0
        except (BenchError, OSError) as e:
            say(f"in the guest: {e}")
            status = 1
        # All that runs here ends with the guest; to stop one after the other would take a minute.
        os._exit(status)


def _results(scratch, order):
    options = SimpleNamespace(seconds=RUN_SECONDS, warm_seconds=1, again_warm_seconds=1,
                              pairs=order["pairs"], against=None, strace=False)
    picked = [workload for workload in workloads.OWN_TARGET if workload.name in order["names"]]
    target = Tgt(scratch)
    target.start_with_null_luns(LUNS)
    devices = Devices(scratch, target, order["lunbridge"])
    runs = Runs(devices, options)
    runs.measure_all([workload for workload in picked if c.QEMU in workload.contenders])
    devices.detach_all()
    if not any(workload.contenders == (c.OURS,) for workload in picked):
        return runs.results
    return {**runs.results, **devices.sixteen(order["names"])}


if __name__ == "__main__":
    main(sys.argv[1])
