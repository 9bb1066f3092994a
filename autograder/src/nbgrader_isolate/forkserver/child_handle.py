"""Handles of the children of a fork server, on our side: what a worker holds of a kernel."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import channel
from nbgrader_isolate.sandbox import watchdog

_END_SECONDS = 5.0


class ForkServerError(RuntimeError):
    """The warm process did not start, died, or could not make a child; the text says which."""


@dataclass(frozen=True)
class Usage:
    """What a child used, with all of its processes that it waited for; zero until it has ended.

    Parameters
    ----------
    cpu_seconds : float
    peak_bytes : int
        The largest resident size of one process, shared pages of the warm process included.
    """

    cpu_seconds: float = 0.0
    peak_bytes: int = 0


class Child:
    """A process in a sandbox of its own, forked from the warm one.

    Attributes
    ----------
    pid : int
        As this side sees it.
    killed_by : str
        Empty, or why it was ended: "memory limit 1024 MiB".
    usage : Usage
    """

    def __init__(self, number: int, folder: Path) -> None:
        self.number = number
        self.folder = folder
        self.pid = 0
        self.killed_by = ""
        self.usage = Usage()
        self.room: Path | None = None
        self._watched: watchdog.Watched | None = None
        self._report = -1
        self._process = -1
        self._status: int | None = None
        self._ended = threading.Event()
        self._answered = threading.Event()
        self._refusal = ""

    def poll(self) -> int | None:
        """Return None while it runs, then its exit status (negative: the signal that ended it)."""
        return self._status

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end, at most `timeout` seconds; return as `poll`."""
        self._ended.wait(timeout)
        return self._status

    def interrupt(self) -> None:
        """Send it SIGINT."""
        self._signal(signal.SIGINT)

    def kill(self, reason: str = "") -> None:
        """End it and all of its processes; does not wait. `reason` becomes `killed_by`."""
        if self._status is None:
            watched = self._watched.killed_by if self._watched else ""
            self.killed_by = self.killed_by or watched or reason
            self._signal(signal.SIGKILL)

    def failure(self) -> str:
        """Return the traceback of what went wrong before student code ran, or in a plain function; or nothing."""
        if self._report < 0 or not select.select([self._report], [], [], 0)[0]:
            return ""
        return os.read(self._report, channel.PACKET_BYTES).decode(errors="replace")

    def close(self) -> None:
        """End it if it runs, and remove what was kept for it."""
        self.kill()
        for fd in (self._report, self._process):
            if fd >= 0:
                os.close(fd)
        self._report = self._process = -1
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            with contextlib.suppress(OSError):
                path.unlink()
        with contextlib.suppress(OSError):
            self.folder.rmdir()
        if self.room:
            self.wait(_END_SECONDS)
            shutil.rmtree(self.room, ignore_errors=True)

    def _signal(self, number: int) -> None:
        if self._process >= 0 and self._status is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._process, number)

    def hears(self, report: int) -> None:
        """Take the read end of the pipe on which the child reports failures."""
        self._report = report

    def keep(self, room: Path | None) -> None:
        """Take the folder that it writes into, where it has no file system of its own; it goes with the child."""
        self.room = room

    def watch(self, limits: Limits) -> None:
        """Have it ended when it takes more than the limits allow."""
        folders = [self.room] if self.room else []
        with contextlib.suppress(ProcessLookupError, OSError):
            self._watched = watchdog.WATCHDOG.add(
                self.pid, limits, folders=folders, kill=partial(self._signal, signal.SIGKILL)
            )
        if self._status is not None:
            self._unwatch()

    def _unwatch(self) -> None:
        watched, self._watched = self._watched, None
        if watched:
            watchdog.WATCHDOG.remove(watched)
            self.killed_by = self.killed_by or watched.killed_by

    def started(self, process: int) -> None:
        """Take the descriptor of its process."""
        self._process = process
        self.pid = _pid_of(process)
        self._answered.set()

    def refused(self, why: str) -> None:
        """Take the reason why there is no process."""
        self._refusal = why
        self._answered.set()
        self._ended.set()

    def ended(self, status: int, usage: Usage) -> None:
        """Take its exit status and what it used."""
        self._unwatch()
        self._status, self.usage = status, usage
        self._ended.set()

    def lost(self) -> None:
        """Take the news that the warm process is dead, and the child with it."""
        self.killed_by = self.killed_by or "the warm process ended"
        self._refusal = self.killed_by
        self.ended(-signal.SIGKILL, Usage())
        self._answered.set()

    def await_start(self, timeout: float) -> None:
        """Wait until the process is there.

        Raises
        ------
        ForkServerError
            When there will be none.
        """
        if not self._answered.wait(timeout):
            raise ForkServerError(f"no answer from the warm process in {timeout:.0f} s")
        if self._process < 0:
            raise ForkServerError(f"no child: {self._refusal}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class Kernel(Child):
    """A Jupyter kernel.

    Attributes
    ----------
    connection_info : dict
        As `jupyter_client` takes it; the sockets listen already.
    """

    connection_info: dict[str, Any]


def _pid_of(process: int) -> int:
    for line in Path(f"/proc/self/fdinfo/{process}").read_text().splitlines():
        if line.startswith("Pid:"):
            return int(line.split()[1])
    return 0
