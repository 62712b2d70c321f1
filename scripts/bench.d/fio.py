"""Runs fio on an NBD socket or on devices, and takes from its JSON what the tables and plots show."""

import json
import os

# Until fio has connected and printed.
SPARE_SECONDS = 30
PERCENTILES = {"p50_us": "50.000000", "p90_us": "90.000000", "p99_us": "99.000000", "p999_us": "99.900000"}


class Fio:
    """The load. Random offsets differ from run to run; each contender sees as many, of the same kind."""

    def __init__(self, scratch, kept):
        self._scratch = scratch
        self._kept = kept

    def run(self, socket, workload, seconds, name, *more):
        """One run: what fio says of it, and its JSON in a file of that name."""
        return self._run([*more, "--name=bench", "--ioengine=nbd", f"--uri=nbd+unix:///?socket={socket}"],
                         workload, seconds, name)

    def run_on_devices(self, devices, workload, seconds, name):
        """The same on devices of the kernel, all at once, past its page cache; the depth is each one's."""
        jobs = [word for device in devices for word in ("--name=" + os.path.basename(device), "--filename=" + device)]
        return self._run(["--ioengine=libaio", "--direct=1", "--thread", "--group_reporting", *jobs],
                         workload, seconds, name)

    def _run(self, jobs, workload, seconds, name):
        output = self._scratch.path(name + ".json")
        area = ["--size=" + workload.area] if workload.area else []
        self._scratch.run(
            ["fio", "--rw=" + workload.rw, "--bs=" + workload.block_size, f"--iodepth={workload.depth}", *area,
             "--time_based", f"--runtime={seconds}", "--randrepeat=0", "--norandommap",
             "--percentile_list=50:90:99:99.9", "--output-format=json", "--output=" + output, *jobs],
            seconds + SPARE_SECONDS)
        with open(output, encoding="utf-8") as file:
            text = file.read()
        # A warning may stand before the JSON.
        job = json.loads(text[text.index("{"):])["jobs"][0]
        if self._kept:
            self._kept.keep(output)
        return self._outcome(job)

    @staticmethod
    def _outcome(job):
        side = job["read"] if job["read"]["total_ios"] else job["write"]
        outcome = {
            "iops": side["iops"],
            "mb_per_second": side["bw_bytes"] / 1e6,
            "mean_us": side["lat_ns"]["mean"] / 1e3,
            "requests": side["total_ios"],
        }
        for name, percentile in PERCENTILES.items():
            outcome[name] = side["clat_ns"]["percentile"][percentile] / 1e3
        return outcome

    def seconds_to_speed(self, socket, workload, seconds, name):
        """Of a server that has just started: samples of (milliseconds, IOPS), and the second at which it is at 90 %."""
        prefix = self._scratch.path(name)
        self.run(socket, workload, seconds, name, "--write_iops_log=" + prefix, "--log_avg_msec=100",
                 "--per_job_logs=0")
        with open(prefix + "_iops.log", encoding="utf-8") as log:
            samples = [tuple(int(part) for part in line.split(",")[:2]) for line in log]
        half = sorted(iops for _, iops in samples[len(samples) // 2:])
        steady = half[len(half) // 2]
        return samples, next(millis for millis, iops in samples if iops >= 0.9 * steady) / 1000
