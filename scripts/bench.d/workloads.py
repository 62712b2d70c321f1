"""The workloads, as data: what is read or written, how, on which LUN, and by whom."""

from dataclasses import dataclass

import contenders as c


@dataclass(frozen=True)
class Workload:
    """One line of the tables. area is how much of the LUN fio uses, all of it if empty."""

    lun: str
    rw: str
    block_size: str
    depth: int
    contenders: tuple = (c.OURS, c.QEMU)
    variant: str = ""
    area: str = "1g"
    quick: bool = False

    @property
    def name(self):
        """As --only and the goals call it."""
        variant = "." + self.variant if self.variant else ""
        return f"{self.lun}.{self.rw}-{self.block_size}-{self.depth}{variant}"

    @property
    def writes(self):
        """Whether it destroys what is on the LUN."""
        return "write" in self.rw


SHAPES = (("randread", "4k", 1), ("randwrite", "4k", 1), ("randread", "4k", 32), ("randwrite", "4k", 32),
          ("read", "128k", 16), ("write", "128k", 16), ("read", "1m", 8), ("write", "1m", 8))

# "uml" is the null LUN as a device of the kernel in a User Mode Linux guest.
DEVICE_SHAPES = (("randread", "4k", 16), ("randwrite", "4k", 16), ("read", "128k", 8), ("write", "128k", 8),
                 ("randread", "4k", 1))
# Those that share a LUN and contenders stand together: servers live from the first of them to the last.
OWN_TARGET = (
    *(Workload("null", *shape, quick=True) for shape in SHAPES),
    *(Workload("ram", *shape) for shape in SHAPES),
    Workload("null", "randread", "4k", 32, (c.OURS, c.ISCSI_PERF), "libiscsi", quick=True),
    Workload("null", "randread", "4k", 32, (c.HEADER, c.QEMU_HEADER, c.BOTH, c.OURS), "digests", quick=True),
    Workload("ram", "randread", "4k", 32, (c.CACHED, c.QEMU, c.NBDKIT), "cached", area="64m", quick=True),
    Workload("null", "read", "4k", 1, (c.READAHEAD, c.QEMU), "readahead", quick=True),
    Workload("null", "randread", "4k", 32, (c.MISSING, c.OURS), "misses"),
    *(Workload("uml", *shape, (c.OURS, c.QEMU, c.KERNEL)) for shape in DEVICE_SHAPES),
    Workload("uml", "write", "1m", 8, (c.OURS,), "16-luns"),
    Workload("uml", "read", "1m", 8, (c.OURS,), "16-luns"),
)
# "lun" is that of the URL; the whole of it is used.
USERS_TARGET = tuple(Workload("lun", *shape, area="", quick=True) for shape in SHAPES)
# What a server that has just started is given, and where system calls are counted.
WARM_UP = Workload("null", "randread", "4k", 32)
COUNTED = ("null.randread-4k-1", "null.randread-4k-32", "null.randwrite-4k-32")


def chosen(options, pattern):
    """Those that the options ask for. A pattern finds also what --quick leaves out."""
    all_of_them = USERS_TARGET if options.url else OWN_TARGET
    picked = [w for w in all_of_them if pattern.search(w.name)]
    if options.quick and options.only is None:
        picked = [w for w in picked if w.quick]
    if options.url and not options.write:
        picked = [w for w in picked if not w.writes]
    return picked
