"""The command line."""

import argparse
import os
import re
import shutil

from scratch import BenchError

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EVERY = re.compile("")
EPILOG = """Needs tgt, fio, qemu-utils, qemu-block-extra and python3, for --html python3-matplotlib, and a built
checkout; nbdkit, libiscsi-bin and strace for some of the rows, and user-mode-linux, open-iscsi, nbd-client and root for
those of devices of a kernel. scripts/test installs them all.
On the machine's own target everything runs over loopback and Unix sockets, and is gone afterwards."""


def _count(text):
    if not re.fullmatch("[1-9][0-9]{0,3}", text):
        raise argparse.ArgumentTypeError("a number of 1 or more, not " + text)
    return int(text)


def _pattern(text):
    try:
        return re.compile(text)
    except re.error as e:
        raise argparse.ArgumentTypeError(f"{text} is no regular expression: {e}")


def _url(text):
    if not re.fullmatch(r"iscsi://[^/]+/[^/]+/\d+", text):
        raise argparse.ArgumentTypeError("iscsi://HOST[:PORT]/TARGET-NAME/LUN, not " + text)
    return text


def _parser():
    parser = argparse.ArgumentParser(
        prog="scripts/bench", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
        description="Lunbridge and qemu-nbd (QEMU's iSCSI driver on libiscsi) side by side: the same LUNs, the same "
                    "fio, in turn.")
    parser.add_argument("url", nargs="?", type=_url, metavar="iscsi://HOST/TARGET-NAME/LUN",
                        help="a LUN of yours instead of a target of this machine's; it is only read")
    parser.add_argument("--write", action="store_true", help="write to that LUN too: the data on it are DESTROYED")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--quick", action="store_true",
                      help="1 second per run, fewer rows: about 3 minutes; for a look, not for a claim")
    kind.add_argument("--full", action="store_true", help="every row, 5 pairs of 3 seconds: about 25 minutes (default)")
    parser.add_argument("--pairs", type=_count, metavar="N",
                        help="so many alternating pairs: many short ones (with --quick) say more on a noisy machine")
    parser.add_argument("--only", type=_pattern, metavar="REGEX",
                        help="only runs whose name matches, as 'null.*randread' (LUN.WORKLOAD-BLOCKSIZE-DEPTH)")
    parser.add_argument("--lunbridge", default=os.path.join(ROOT, "scripts", "lunbridge"), metavar="PATH",
                        help="the launcher to measure, instead of this checkout's")
    parser.add_argument("--against", metavar="PATH",
                        help="another Lunbridge's launcher in qemu-nbd's place: did a change cost speed?")
    parser.add_argument("--keep", metavar="DIRECTORY", help="keep fio's JSON there")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--html", metavar="FILE", help="write a report with plots there, one file")
    parser.add_argument("--readme", action="store_true",
                        help="put the table of goals into README.md of this checkout, between its markers")
    parser.add_argument("--iscsiadm", nargs="?", const="11", metavar="RUNS",
                        help="nothing of that, but how long iscsiadm takes, on each JDK here: median of 11 runs")
    return parser


def parsed(arguments):
    """The options, with the times that follow from --quick; ends with status 2 on bad ones."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.write and not options.url:
        parser.error("--write goes with an iscsi:// URL")
    if options.readme and (options.url or options.only or options.against):
        parser.error("--readme publishes the whole table of goals: not with a URL, --only or --against")
    options.seconds, options.warm_seconds, options.warm_up_seconds = (1, 3, 6) if options.quick else (3, 5, 10)
    options.starts = 1 if options.quick else 3
    options.again_warm_seconds = 1 if options.quick else options.warm_seconds
    options.pairs = options.pairs or (3 if options.quick else 5)
    options.strace = not options.url and shutil.which("strace") is not None
    return options


def check_tools(options):
    """One sentence on what is missing, before anything is started."""
    for tool in (["fio", "qemu-nbd"] if options.url else ["tgtd", "tgtadm", "fio", "qemu-nbd"]):
        if not shutil.which(tool):
            raise BenchError(f"{tool} is missing; scripts/test installs it")
    for launcher in filter(None, (options.lunbridge, options.against)):
        if not os.access(launcher, os.X_OK):
            raise BenchError(f"{launcher} is no program; give the path of a launcher, as scripts/lunbridge")
    for file in filter(None, (options.json, options.html)):
        directory = os.path.dirname(os.path.abspath(file))
        if not os.access(directory, os.W_OK):
            raise BenchError(f"cannot write {file}: make the directory {directory} first")
