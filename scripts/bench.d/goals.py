"""What the project has set itself to reach, as data, and whether a run reached it."""

import statistics
from dataclasses import dataclass

import contenders as c


@dataclass(frozen=True)
class Goal:
    """A bound on a ratio of one measure in one workload: contender / other, pair by pair.

    With no other it is the median of the measure itself. The bound is a lowest value if more is better.
    """

    title: str
    workload: str
    measure: str
    bound: float
    more_is_better: bool = True
    contender: c.Contender = c.OURS
    other: c.Contender = c.QEMU
    unit: str = "×"

    @property
    def bound_text(self):
        """As "≥ 1.9 ×"."""
        return f"{'≥' if self.more_is_better else '≤'} {self.bound:g} {self.unit}".strip()


def _ratios(lun):
    """The goals that hold on either LUN; on the one in memory the target itself has more to do."""
    of = {"null": "null LUN", "ram": "tmpfs LUN", "lun": "this LUN"}[lun]
    return (
        Goal(f"4 KiB random read, depth 1, mean latency, {of}", f"{lun}.randread-4k-1", "mean_us", 0.85, False),
        Goal(f"4 KiB random write, depth 1, mean latency, {of}", f"{lun}.randwrite-4k-1", "mean_us", 0.80, False),
        Goal(f"4 KiB random read, depth 32, IOPS, {of}", f"{lun}.randread-4k-32", "iops", 1.9),
        Goal(f"4 KiB random write, depth 32, IOPS, {of}", f"{lun}.randwrite-4k-32", "iops", 2.0),
        Goal(f"4 KiB random read, depth 32, p99 latency, {of}", f"{lun}.randread-4k-32", "p99_us", 0.7, False),
        Goal(f"4 KiB random write, depth 32, p99 latency, {of}", f"{lun}.randwrite-4k-32", "p99_us", 0.7, False),
        Goal(f"128 KiB sequential read, depth 16, {of}", f"{lun}.read-128k-16", "mb_per_second", 1.1),
        Goal(f"128 KiB sequential write, depth 16, {of}", f"{lun}.write-128k-16", "mb_per_second", 2.8),
        Goal(f"1 MiB sequential read, depth 8, {of}", f"{lun}.read-1m-8", "mb_per_second", 1.5),
        Goal(f"1 MiB sequential write, depth 8, {of}", f"{lun}.write-1m-8", "mb_per_second", 2.3),
        Goal(f"CPU per 4 KiB random read, depth 32, {of}", f"{lun}.randread-4k-32", "cpu_seconds_per_million", 0.45,
             False),
        Goal(f"CPU per 4 KiB random read, depth 1, {of}", f"{lun}.randread-4k-1", "cpu_seconds_per_million", 0.95,
             False),
    )


GOALS = (
    *_ratios("null"),
    Goal("header digest on both sides, 4 KiB random read, depth 32", "null.randread-4k-32.digests", "iops", 1.8,
         contender=c.HEADER, other=c.QEMU_HEADER),
    Goal("both digests against none, ours alone, 4 KiB random read, depth 32", "null.randread-4k-32.digests", "iops",
         0.9, contender=c.BOTH, other=c.OURS),
    Goal("against iscsi-perf (libiscsi without NBD), 4 KiB random read, depth 32", "null.randread-4k-32.libiscsi",
         "iops", 0.95, other=c.ISCSI_PERF),
    Goal("cached 4 KiB random read, depth 32", "ram.randread-4k-32.cached", "iops", 3, contender=c.CACHED),
    Goal("the same against nbdkit memory", "ram.randread-4k-32.cached", "iops", 0.7, contender=c.CACHED,
         other=c.NBDKIT),
    Goal("read-ahead: 4 KiB sequential read, depth 1", "null.read-4k-1.readahead", "iops", 4, contender=c.READAHEAD),
    Goal("a cache that misses against none, ours alone, 4 KiB random read, depth 32", "null.randread-4k-32.misses",
         "iops", 0.95, contender=c.MISSING, other=c.OURS),
    Goal("warm-up: until 90 % of steady IOPS", "warm-up", "seconds", 3, False, other=None, unit="s"),
    Goal("system calls per 4 KiB random read, depth 32", "null.randread-4k-32", "system_calls", 1.0, False, other=None,
         unit=""),
    Goal("system calls per 4 KiB random read, depth 1", "null.randread-4k-1", "system_calls", 6, False, other=None,
         unit=""),
    Goal("memory of a server with 1 LUN, peak RSS", "null.write-1m-8", "peak_rss_mib", 160, False, other=None,
         unit="MiB"),
    Goal("device in a guest, 4 KiB random read, depth 16, against the kernel initiator", "uml.randread-4k-16", "iops",
         1.3, other=c.KERNEL),
    Goal("device in a guest, 4 KiB random write, depth 16, against the kernel initiator", "uml.randwrite-4k-16", "iops",
         1.3, other=c.KERNEL),
    Goal("device in a guest, 128 KiB read, depth 8, against the kernel initiator", "uml.read-128k-8", "mb_per_second",
         0.95, other=c.KERNEL),
    Goal("device in a guest, 128 KiB write, depth 8, against the kernel initiator", "uml.write-128k-8",
         "mb_per_second", 0.95, other=c.KERNEL),
    Goal("device in a guest, 4 KiB random read, depth 1, against the kernel initiator", "uml.randread-4k-1", "iops",
         0.5, other=c.KERNEL),
    Goal("device in a guest, 4 KiB random read, depth 16, against qemu-nbd and nbd-client", "uml.randread-4k-16",
         "iops", 2.3),
    Goal("device in a guest, 4 KiB random write, depth 16, against qemu-nbd and nbd-client", "uml.randwrite-4k-16",
         "iops", 2.3),
    Goal("memory of the daemon with 1 LUN, in a guest, peak RSS", "uml.randread-4k-1", "peak_rss_mib", 160, False,
         other=None, unit="MiB"),
    Goal("memory of the daemon with 16 LUNs, all busy, in a guest, peak RSS", "uml.read-1m-8.16-luns", "peak_rss_mib",
         320, False, other=None, unit="MiB"),
    *_ratios("ram"),
    *_ratios("lun"),
)


def judged(results):
    """A row for each goal that these results say something of, in the goals' order."""
    rows = []
    for goal in GOALS:
        values = sorted(_values(goal, results.get(goal.workload, {})))
        if values:
            median = statistics.median(values)
            met = median >= goal.bound if goal.more_is_better else median <= goal.bound
            rows.append({
                "goal": goal.title, "bound": goal.bound_text, "bound_value": goal.bound, "unit": goal.unit,
                "more_is_better": goal.more_is_better, "workload": goal.workload, "measure": goal.measure,
                "contender": goal.contender.name, "other": goal.other.name if goal.other else None,
                "median": median, "lowest": values[0], "highest": values[-1], "met": met,
            })
    return rows


def _values(goal, outcomes):
    """One for each pair, or for each run where there is no other."""
    own = [run.get(goal.measure) for run in outcomes.get(goal.contender.name, [])]
    if goal.other is None:
        return [value for value in own if value is not None]
    others = [run.get(goal.measure) for run in outcomes.get(goal.other.name, [])]
    return [mine / theirs for mine, theirs in zip(own, others) if mine is not None and theirs]
