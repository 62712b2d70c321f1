"""tgt with its LUNs, on a port of its own: what all contenders log in to."""

import os
import signal
import socket
import subprocess
import tempfile

IQN = "iqn.2026-11.io.lunbridge:bench"
IQN_DIGESTS = IQN + ".digests"
PLAIN, DIGESTS = "1", "2"
RAM_BYTES = 1 << 30
ADMIN_SECONDS = 20


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Url:
    """The LUN of an iscsi:// URL that the user gave, which nobody here starts or stops."""

    def __init__(self, url):
        self._url = url

    def url(self, _lun, digests=False):
        """Where the LUN is."""
        return self._url

    def image_options(self, _lun):
        """None: qemu-nbd is given the URL."""
        return None

    def stop(self):
        """Nothing: it is the user's."""


class Tgt:
    """tgtd: LUN 1 is a file in memory ("ram"), LUN 2 throws writes away and reads zeroes ("null").

    The null LUN costs the target next to nothing, so that what is measured is the initiators. Digests are another
    target's, with the null LUN: one that likes them would have them used by whoever leaves it the choice, as we do.
    """

    LUNS = {"ram": 1, "null": 2}

    def __init__(self, scratch):
        self._scratch = scratch
        self.name = IQN
        self._environment = dict(os.environ, TGT_IPC_SOCKET=scratch.path("ipc"))
        self.portal = f"127.0.0.1:{_free_port()}"
        self._process = None

    def start(self):
        """Starts it, with both LUNs."""
        self._start_tgtd()
        for tid, name in (PLAIN, IQN), (DIGESTS, IQN_DIGESTS):
            self._admin(tid, "target", "new", "--targetname", name)
            self._admin(tid, "target", "bind", "--initiator-address", "ALL")
            self._null_lun(tid, self.LUNS["null"])
        for digest in ("HeaderDigest", "DataDigest"):
            self._admin(DIGESTS, "target", "update", "-n", digest, "-v", "CRC32C,None")
        file, name = tempfile.mkstemp(prefix="lunbridge-bench-", dir="/dev/shm")
        try:
            with os.fdopen(file, "wb") as ram:
                # Written, not only sized: a hole would be allocated in the midst of a measurement.
                block = os.urandom(1 << 20)
                for _ in range(RAM_BYTES >> 20):
                    ram.write(block)
            self._admin(PLAIN, "logicalunit", "new", "--lun", "1", "--backing-store", name, "--bstype", "rdwr")
        finally:
            os.unlink(name)  # tgtd has it open: it goes with tgtd

    def start_with_null_luns(self, count):
        """Starts it with null LUNs only, from number 2 on."""
        self._start_tgtd()
        self._admin(PLAIN, "target", "new", "--targetname", IQN)
        self._admin(PLAIN, "target", "bind", "--initiator-address", "ALL")
        for lun in range(2, 2 + count):
            self._null_lun(PLAIN, lun)

    def stop(self):
        """SIGKILL: tgtd does not heed SIGTERM while it has a target."""
        if self._process:
            self._scratch.stop(self._process, signal.SIGKILL)

    def url(self, lun, digests=False):
        """Where the LUN of that name is."""
        return f"iscsi://{self.portal}/{IQN_DIGESTS if digests else IQN}/{self.LUNS[lun]}"

    def image_options(self, lun):
        """The same in QEMU's words, which can ask for digests; its URL cannot."""
        return f"file.transport=tcp,file.portal={self.portal},file.target={IQN_DIGESTS},file.lun={self.LUNS[lun]}"

    def _start_tgtd(self):
        self._process = self._scratch.start(
            "tgtd", ["tgtd", "-f", "-C", "1", "--iscsi", "portal=" + self.portal], self._answers, self._environment)

    def _null_lun(self, tid, number):
        self._admin(tid, "logicalunit", "new", "--lun", str(number), "--backing-store", "/dev/null", "--bstype", "null")

    def _answers(self):
        command = ["tgtadm", "-C", "1", "--lld", "iscsi", "--mode", "sys", "--op", "show"]
        return subprocess.run(command, env=self._environment, capture_output=True, check=False).returncode == 0

    def _admin(self, tid, mode, operation, *more):
        command = ["tgtadm", "-C", "1", "--lld", "iscsi", "--mode", mode, "--op", operation, "--tid", tid, *more]
        self._scratch.run(command, ADMIN_SECONDS, self._environment)
