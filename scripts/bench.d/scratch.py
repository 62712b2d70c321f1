"""What a run leaves on the machine while it lasts: processes, a directory, signals. All of it goes in Scratch's end."""

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_PDEATHSIG = 1
START_SECONDS = 30
STOP_SECONDS = 20
# Loaded before any fork: a child between fork and exec must not import.
_prctl = ctypes.CDLL(None).prctl


class BenchError(Exception):
    """Ends the program with one sentence and status 1."""


def say(text):
    """Progress goes to standard error: standard output is the table alone."""
    print(text, file=sys.stderr, flush=True)


def _die_with_parent(number=signal.SIGKILL):
    """Even kill -9 of the benchmark ends its servers."""
    _prctl(PR_SET_PDEATHSIG, number)
    # A shell's background job has inherited SIGINT as ignored, and would pass that on.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _guest_with_parent():
    """SIGTERM, as its starter has something to clear away; and one CPU for the one that the guest has.

    Each system call in there goes to and fro between two processes out here, and to wake one on another CPU takes several
    times as long, or not, as the scheduler pleases.
    """
    _die_with_parent(signal.SIGTERM)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


class Scratch:
    """A directory and the processes that were started, gone at the end of the with block, however it ends."""

    def __init__(self):
        self.directory = None
        self._processes = []

    def __enter__(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._interrupted)
        self.directory = tempfile.mkdtemp(prefix="lunbridge-bench-")
        return self

    def __exit__(self, *_):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        # The target last: servers log out of it.
        for process in reversed(self._processes):
            self.stop(process)
        shutil.rmtree(self.directory, ignore_errors=True)

    @staticmethod
    def _interrupted(number, _frame):
        sys.exit(128 + number)

    def path(self, name):
        """A file name in the directory."""
        return os.path.join(self.directory, name)

    def start(self, name, command, ready, environment=None, seconds=START_SECONDS):
        """Starts a process and waits until ready() is true; its output is the message if it ends before."""
        log = self.path(name + ".log")
        with open(log, "wb") as output:
            # pylint: disable-next=subprocess-popen-preexec-fn
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       env=environment, preexec_fn=_die_with_parent)
        self._processes.append(process)
        deadline = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                with open(log, encoding="utf-8", errors="replace") as output:
                    raise BenchError(f"{name} did not come up: {output.read().strip()}")
            time.sleep(0.05)
        return process

    def run(self, command, seconds, environment=None):
        """Runs a command to its end, at most so many seconds; what it printed, on standard output."""
        try:
            # pylint: disable-next=subprocess-popen-preexec-fn
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False,
                                  env=environment, preexec_fn=_die_with_parent, text=True, errors="replace")
        except subprocess.TimeoutExpired as e:
            raise BenchError(f"no end after {seconds} s: {' '.join(command)}") from e
        if done.returncode != 0:
            raise BenchError(f"{' '.join(command)}: status {done.returncode}: {(done.stderr + done.stdout).strip()}")
        return done.stdout

    def run_guest(self, command, seconds):
        """Runs what starts a guest, and prints its output; SIGTERM, the one signal that it passes on, ends both."""
        # pylint: disable-next=subprocess-popen-preexec-fn
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, preexec_fn=_guest_with_parent)
        self._processes.append(process)
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired as e:
            raise BenchError(f"no end after {seconds} s: {' '.join(command)}") from e
        finally:
            self.stop(process)

    def stop(self, process, number=signal.SIGTERM):
        """Ends a process: by the signal, by SIGKILL when that is not heeded."""
        if process.poll() is None:
            process.send_signal(number)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._processes:
            self._processes.remove(process)
