"""Who is measured: Lunbridge with several options, qemu-nbd, another Lunbridge, nbdkit, iscsi-perf."""

import os
import re
import shutil
from dataclasses import dataclass

import measures
from scratch import BenchError

SPARE_SECONDS = 30


@dataclass(frozen=True)
class Contender:
    """One that answers a workload: its name in tables, which program it is, and the options that it gets."""

    name: str
    program: str
    options: tuple = ()


OURS = Contender("lunbridge", "lunbridge")
QEMU = Contender("qemu-nbd", "peer")
NBDKIT = Contender("nbdkit memory", "nbdkit")
ISCSI_PERF = Contender("iscsi-perf", "iscsi-perf")
HEADER = Contender("lunbridge, header digest", "lunbridge", ("--header-digest=CRC32C", "--data-digest=None"))
BOTH = Contender("lunbridge, both digests", "lunbridge", ("--header-digest=CRC32C", "--data-digest=CRC32C"))
QEMU_HEADER = Contender("qemu-nbd, header digest", "peer", ("header-digest=crc32c",))
CACHED = Contender("lunbridge, cache", "lunbridge", ("--cache=128M",))
MISSING = Contender("lunbridge, cache too small", "lunbridge", ("--cache=16M",))
READAHEAD = Contender("lunbridge, read-ahead", "lunbridge", ("--cache=128M", "--readahead=1M"))
KERNEL = Contender("kernel initiator", "kernel")
NEEDED = {"nbdkit": "nbdkit", "iscsi-perf": "iscsi-perf"}


class Servers:
    """Starts and stops contenders, and drives a load through one."""

    def __init__(self, scratch, target, fio, options):
        self._scratch, self._target, self._fio, self._options = scratch, target, fio, options
        self._running = {}

    def missing(self, contender):
        """Why it cannot take part; None if it can."""
        tool = NEEDED.get(contender.program)
        if tool and not shutil.which(tool):
            return f"{tool} is not installed"
        if contender.program == "peer" and self._options.against and contender.options:
            return "its options are qemu-nbd's"
        return None

    def start(self, contender, lun):
        """It answers when this returns; nothing happens if it does already."""
        if contender.program == "iscsi-perf" or (contender, lun) in self._running:
            return
        socket = self._scratch.path(f"{len(self._running)}-{re.sub('[^a-z0-9]+', '-', contender.name)}.sock")
        if os.path.exists(socket):
            os.unlink(socket)
        process = self._scratch.start(contender.name, self._command(contender, lun, socket),
                                      lambda: os.path.exists(socket))
        self._running[contender, lun] = process, socket

    def stop_all(self):
        """They log out and end."""
        for process, _ in self._running.values():
            self._scratch.stop(process)
        self._running.clear()

    def run(self, contender, workload, seconds, name):
        """One run, with what the server used for it."""
        if contender.program == "iscsi-perf":
            return self._iscsi_perf(workload, seconds)
        process, socket = self._running[contender, workload.lun]
        before = measures.cpu_seconds(process.pid)
        outcome = self._fio.run(socket, workload, seconds, name)
        used = measures.cpu_seconds(process.pid) - before
        outcome["cpu_seconds_per_million"] = used / max(outcome["requests"], 1) * 1e6
        outcome["cpu_seconds_per_gib"] = used / max(outcome["mb_per_second"] * seconds * 1e6 / (1 << 30), 1e-9)
        outcome["peak_rss_mib"] = measures.peak_rss_mib(process.pid)
        return outcome

    def warm_up(self, contender, workload, seconds):
        """What Fio.seconds_to_speed says of a server that is started now."""
        self.start(contender, workload.lun)
        _, socket = self._running[contender, workload.lun]
        try:
            return self._fio.seconds_to_speed(socket, workload, seconds, "start-" + contender.program)
        finally:
            self.stop_all()

    def system_calls(self, contender, workload):
        """System calls per request of a running server; None where they cannot be counted."""
        if contender.program == "iscsi-perf":
            return None
        process, socket = self._running[contender, workload.lun]
        seconds = measures.STRACE_SECONDS
        return measures.system_calls(self._scratch, process.pid, lambda: self._fio.run(
            socket, workload, seconds, "strace-" + contender.program)["requests"])

    def _command(self, contender, lun, socket):
        url = self._target.url(lun, any("digest" in option for option in contender.options))
        if contender.program == "nbdkit":
            return ["nbdkit", "--foreground", "--unix", socket, "memory", "1G"]
        if contender.program == "lunbridge":
            return [self._options.lunbridge, "serve", url, "--socket", socket, *contender.options]
        if self._options.against:
            return [self._options.against, "serve", url, "--socket", socket]
        # Write-back, as ours: a flush reaches the target, a write does not wait for one. --cache=none leaves out the
        # page cache, and has the same meaning for a disk that is no file.
        common = ["qemu-nbd", "--persistent", "--shared=16", "--cache=none", "--discard=unmap", "--socket", socket]
        if not contender.options:
            return [*common, "--format=raw", url]
        image = self._target.image_options(lun)
        options = "".join(",file." + option for option in contender.options)
        return [*common, "--image-opts", f"driver=raw,file.driver=iscsi,{image}{options}"]

    def _iscsi_perf(self, workload, seconds):
        """libiscsi alone, without NBD; it reads only, and tells the IOPS only."""
        blocks = {"4k": 8}[workload.block_size]
        command = ["iscsi-perf", "-b", str(blocks), "-m", str(workload.depth), "-t", str(seconds)]
        random = ["-r"] if workload.rw == "randread" else []
        output = self._scratch.run([*command, *random, self._target.url(workload.lun)], seconds + SPARE_SECONDS)
        said = re.findall(r"iops average (\d+)", output)
        if not said:
            raise BenchError("iscsi-perf did not tell its IOPS: " + output.strip()[-200:])
        return {"iops": float(said[-1]), "mb_per_second": float(said[-1]) * blocks * 512 / 1e6}
