"""The order of runs: alternating pairs of warm servers, so that a machine that gets slower is so for both."""

from itertools import groupby

import contenders as c
import workloads as w
from scratch import say

MOST_WARM_UPS = 4
# A request that costs this much of what it did costs the same: the ticks of /proc and other programs are not finer.
SETTLED = 0.85


class Runs:
    """Runs workloads and holds what came out: outcomes by workload's and contender's name, a list over the pairs."""

    def __init__(self, servers, options):
        self._servers, self._options = servers, options
        self.results = {}
        self.warm_ups = {}
        self.left_out = []

    def warm_up(self):
        """How long fresh servers take to reach their speed."""
        say("  warm-up")
        self.warm_ups = {contender.name: [] for contender in (c.OURS, c.QEMU)}
        for _ in range(self._options.starts):
            for contender in (c.OURS, c.QEMU):
                samples, seconds = self._servers.warm_up(contender, w.WARM_UP, self._options.warm_up_seconds)
                self.warm_ups[contender.name].append({"seconds": seconds, "samples": samples})

    def measure_all(self, workloads):
        """All of them, in their order."""
        for _, group in groupby(workloads, key=lambda one: (one.lun, one.contenders)):
            warm = set()
            try:
                for workload in group:
                    self._measure(workload, warm)
            finally:
                self._servers.stop_all()

    def outcomes(self):
        """What the goals are held against."""
        return {**self.results, "warm-up": self.warm_ups}

    def _measure(self, workload, warm):
        taking_part = [contender for contender in workload.contenders if self._takes_part(contender, workload)]
        if not taking_part:
            return
        say("  " + workload.name)
        for contender in taking_part:
            self._servers.start(contender, workload.lun)
        # In a quick run only the first warm-up of a server is whole.
        for contender in taking_part:
            self._warm(contender, workload,
                       self._options.again_warm_seconds if contender in warm else self._options.warm_seconds)
            warm.add(contender)
        runs = {contender.name: [] for contender in taking_part}
        for pair in range(self._options.pairs):
            # Each goes first every other time.
            for contender in taking_part if pair % 2 == 0 else reversed(taking_part):
                file = f"{workload.name}.{contender.name.replace(' ', '-').replace(',', '')}.{pair + 1}"
                runs[contender.name].append(
                    self._servers.run(contender, workload, self._options.seconds, file))
        if workload.name in w.COUNTED and self._options.strace:
            for contender in taking_part:
                runs[contender.name][0]["system_calls"] = self._servers.system_calls(contender, workload)
        self.results[workload.name] = runs

    def _warm(self, contender, workload, seconds):
        """Runs that are not measured, until a request costs no less than before: the JVM compiles meanwhile.

        On a busy machine its compiler gets little time, and a fixed warm-up would measure the interpreter.
        """
        compiles = contender.program == "lunbridge" or (contender.program == "peer" and self._options.against)
        before = float("inf")
        for _ in range(MOST_WARM_UPS):
            outcome = self._servers.run(contender, workload, seconds, f"warm-{workload.name}")
            cost = outcome.get("cpu_seconds_per_million", before)
            if not compiles or SETTLED * before <= cost < float("inf"):
                return
            before = cost

    def _takes_part(self, contender, workload):
        reason = self._servers.missing(contender)
        if reason:
            self.left_out.append(f"{workload.name}: {contender.name} left out, {reason}")
        return reason is None
