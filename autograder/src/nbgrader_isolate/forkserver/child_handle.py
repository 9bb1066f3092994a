"""Handles for the children of a fork server, on our side."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbgrader_isolate.core import strange_folders
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import channel
from nbgrader_isolate.sandbox import procfs, watchdog

_END_SECONDS = 5.0


class ForkServerError(RuntimeError):
    """The warm process did not start, or died, or could not create a child; the text says which."""


@dataclass(frozen=True)
class Usage:
    """The resources used by a child and the processes it waited for; zero until it has ended.

    Parameters
    ----------
    cpu_seconds : float
    peak_bytes : int
        The largest resident size of one process, including pages shared with the warm process.
    """

    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class ChildHandle:
    """A process that was forked from the warm process and runs in its own sandbox.

    Attributes
    ----------
    pid : int
        The process id on our side.
    killed_by : str
        Why we killed it, such as "memory limit 1024 MiB"; empty if we did not.
    usage : Usage
    """

    def __init__(self, number: int, socket_dir: Path) -> None:
        self.number = number
        self.socket_dir = socket_dir
        self.pid = 0
        self.killed_by = ""
        self.usage = Usage()
        self.scratch_dir: Path | None = None
        self._watched: watchdog.Watched | None = None
        self._report = -1
        self._pidfd = -1
        self._status: int | None = None
        self._ended = threading.Event()
        self._answered = threading.Event()
        self._refusal = ""
        self._waited = 0.0

    def waited_seconds(self) -> float:
        """Return how long its processes have waited for a processor, in s; it does not decrease."""
        if self._status is None and self.pid:
            now = sum(map(procfs.waited_seconds, procfs.tree(self.pid)))
            self._waited = max(self._waited, now)
        return self._waited

    def poll(self) -> int | None:
        """Return None while it runs, then its exit status, or minus the signal that killed it."""
        return self._status

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for it to end, at most `timeout` seconds, and return the same as `poll`."""
        self._ended.wait(timeout)
        return self._status

    def interrupt(self) -> None:
        """Send it SIGINT."""
        self._signal(signal.SIGINT)

    def kill(self, reason: str = "") -> None:
        """Kill it and all of its processes, without waiting; `reason` becomes `killed_by`."""
        if self._status is None:
            self.waited_seconds()
            watched = self._watched.killed_by if self._watched else ""
            self.killed_by = self.killed_by or watched or reason
            self._signal(signal.SIGKILL)

    def failure(self) -> str:
        """Return the traceback of an error before student code ran, or in the function; or ""."""
        if self._report < 0 or not select.select([self._report], [], [], 0)[0]:
            return ""
        return os.read(self._report, channel.PACKET_BYTES).decode(errors="replace")

    def close(self) -> None:
        """Kill it if it runs, close its descriptors and remove its folders."""
        self.kill()
        for fd in (self._report, self._pidfd):
            if fd >= 0:
                os.close(fd)
        self._report = self._pidfd = -1
        for path in self.socket_dir.iterdir() if self.socket_dir.is_dir() else ():
            with contextlib.suppress(OSError):
                path.unlink()
        with contextlib.suppress(OSError):
            self.socket_dir.rmdir()
        if self.scratch_dir:
            self.wait(_END_SECONDS)
            strange_folders.remove(self.scratch_dir)

    def _signal(self, number: int) -> None:
        if self._pidfd >= 0 and self._status is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, number)

    def attach_report(self, report: int) -> None:
        """Take the read end of the pipe on which the child reports errors."""
        self._report = report

    def attach_scratch_dir(self, scratch_dir: Path) -> None:
        """Take the folder that it writes into; it is removed together with the child."""
        self.scratch_dir = scratch_dir

    def watch(self, limits: Limits) -> None:
        """Have the watchdog kill it when it exceeds the limits."""
        folders = [self.scratch_dir] if self.scratch_dir else []
        with contextlib.suppress(ProcessLookupError, OSError):
            self._watched = watchdog.WATCHDOG.add(self.pid, limits, folders=folders, kill=self.kill)
        if self._status is not None:
            self._unwatch()

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, None
        if watched:
            watchdog.WATCHDOG.remove(watched)
            self.killed_by = self.killed_by or watched.killed_by

    def started(self, pidfd: int) -> None:
        """Take the pidfd of its process."""
        self._pidfd = pidfd
        self.pid = _pid_of(pidfd)
        self._answered.set()

    def refused(self, why: str) -> None:
        """Take the reason why the process could not be created."""
        self._refusal = why
        self._answered.set()
        self._ended.set()

    def ended(self, status: int, usage: Usage) -> None:
        """Take its exit status and resource usage."""
        self._unwatch()
        self._status, self.usage = status, usage
        self._ended.set()

    def server_lost(self) -> None:
        """Record that the warm process is dead, and the child with it."""
        self.killed_by = self.killed_by or "the warm process ended"
        self._refusal = self.killed_by
        self.ended(-signal.SIGKILL, Usage())
        self._answered.set()

    def wait_started(self, timeout: float) -> None:
        """Wait until the process exists.

        Raises
        ------
        ForkServerError
            If the process cannot be created.
        """
        if not self._answered.wait(timeout):
            raise ForkServerError(f"the warm process did not answer within {timeout:.0f} s")
        if self._pidfd < 0:
            raise ForkServerError(f"the warm process created no child: {self._refusal}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Kernel(ChildHandle):
    """A Jupyter kernel.

    Attributes
    ----------
    connection_info : dict
        In the format of `jupyter_client`. The sockets are already listening.
    """

    connection_info: dict[str, Any]


def _pid_of(pidfd: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return 0
