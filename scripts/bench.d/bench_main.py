"""Puts the parts together: options, target, servers, runs, report."""

import os
import shlex
import shutil
import sys

import guest
import options as command_line
import report
import workloads
from contenders import Servers
from fio import Fio
from runs import Runs
from scratch import BenchError, Scratch, say
from target import Tgt, Url

SYSTEM_PYTHON = "/usr/bin/python3"


class Kept:
    """Copies of fio's JSON for --keep, made at once: a run that is interrupted leaves those of what it did."""

    def __init__(self, directory):
        self._directory = directory
        os.makedirs(directory, exist_ok=True)

    def keep(self, file):
        """Copies it."""
        shutil.copy(file, self._directory)


def main(arguments):
    """The exit status."""
    options = command_line.parsed(arguments)
    if options.iscsiadm:
        program = os.path.join(command_line.ROOT, "scripts", "bench-iscsiadm")
        os.execv(program, [program, options.iscsiadm])
    try:
        command_line.check_tools(options)
        plots = _plots(options)
        result = _measured(options, " ".join(["scripts/bench", *map(shlex.quote, arguments)]))
        print(report.markdown(result))
        if options.json:
            report.write_json(result, options.json)
        if plots:
            plots.write(result, options.html)
        if options.readme:
            report.write_readme(result, os.path.join(command_line.ROOT, "README.md"))
    except (BenchError, OSError) as e:
        say(f"scripts/bench: {e}")
        return 1
    return 0


def _plots(options):
    """The module that needs matplotlib, found missing before the runs rather than after them."""
    if not options.html:
        return None
    try:
        import page  # pylint: disable=import-outside-toplevel
    except ImportError as e:
        # A Python of the machine's owner comes first in the PATH, and the distribution's package is not for it.
        if os.access(SYSTEM_PYTHON, os.X_OK) and not os.path.samefile(sys.executable, SYSTEM_PYTHON):
            os.execv(SYSTEM_PYTHON, [SYSTEM_PYTHON, *sys.argv])
        raise BenchError(f"--html needs matplotlib ({e}); run: apt-get install python3-matplotlib") from e
    return page


def _measured(options, command):
    picked = workloads.chosen(options, options.only or command_line.EVERY)
    if not picked:
        raise BenchError("no run has such a name; names are " +
                         ", ".join(one.name for one in workloads.chosen(options, command_line.EVERY)))
    if options.write:
        say(f"writing to {options.url}: the data on it are destroyed")
    with Scratch() as scratch:
        target = Url(options.url) if options.url else Tgt(scratch)
        servers = Servers(scratch, target, Fio(scratch, Kept(options.keep) if options.keep else None), options)
        runs = Runs(servers, options)
        try:
            if not options.url:
                target.start()
            say(f"running ({options.seconds} s per run, {options.pairs} pairs):")
            if not options.url and options.only is None:
                runs.warm_up()
            runs.measure_all([workload for workload in picked if workload.lun != "uml"])
        finally:
            servers.stop_all()
            target.stop()
        _measure_in_guest(scratch, options, runs, [workload.name for workload in picked if workload.lun == "uml"])
        return report.collected(options, runs, command)


def _measure_in_guest(scratch, options, runs, names):
    """Where it cannot be had or fails, a sentence stands for its rows: the others took long to get."""
    reason = guest.missing(options) if names else None
    if names and not reason:
        say("  in a guest:")
        try:
            runs.results.update(guest.measured(scratch, options, names))
        except BenchError as e:
            reason = str(e)
    if reason:
        runs.left_out.append(f"uml (devices of a kernel in a guest): left out, {reason}")
