"""End what takes too much memory, too many processes, too much disk, or too long.

One thread looks at all process trees it was told of, ten times a second. It needs no privilege and no cgroup. Between two looks a
tree can grow by what the machine allocates in 0.1 s; above that stand the limits of each process (`rlimits`) times the
number of processes. Not seen are buffers of pipes and sockets and files in memory, which the sandbox caps.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import procfs

INTERVAL = 0.1
"""Seconds between two looks."""

SLACK = 8
"""Processes and threads of the sandbox itself, beyond those of the student."""

_DISK_EVERY = 3  # looks: to add up a folder costs more than to look at processes
MIB = 1 << 20


@dataclass
class Watched:
    """One process tree under watch.

    Parameters
    ----------
    pid : int
        The root of the tree, as this process sees it: its end must end the tree (`bwrap`, the first process of a
        namespace), or `kill` must.
    limits : Limits
    folders : sequence of Path
        On the host's disk, and writable for the tree.
    kill : callable
        Ends the tree; by default SIGKILL to the root, by pidfd, so that no process that came later to the number is hit.

    Attributes
    ----------
    killed_by : str
        Which limit ended it: "memory limit 1024 MiB"; empty: none.
    peak : int
        The most memory that was seen, in bytes; pages that processes share may count twice below the limit.
    """

    pid: int
    limits: Limits
    folders: Sequence[Path] = ()
    kill: Callable[[], None] | None = None
    started: float = field(default_factory=time.monotonic)
    killed_by: str = ""
    peak: int = 0
    descriptor: int = -1
    looks: int = 0

    def look(self) -> None:
        """Measure, and end the tree if a limit is passed."""
        self.looks += 1
        reason = self._reason()
        if reason and not self.killed_by:
            self.killed_by = reason
            self.end()

    def end(self) -> None:
        """End the tree now."""
        with contextlib.suppress(OSError):
            if self.kill:
                self.kill()
            else:
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)

    def _reason(self) -> str:
        """Return which limit is passed; the cheap questions come first."""
        limits = self.limits
        if time.monotonic() - self.started > limits.notebook_seconds:
            return f"time limit {limits.notebook_seconds:g} s"
        pids = procfs.tree(self.pid)
        if sum(map(procfs.threads, pids)) > limits.processes + SLACK:
            return f"process limit {limits.processes}"
        if self._memory(pids) > limits.memory_mb * MIB:
            return f"memory limit {limits.memory_mb} MiB"
        if self.folders and self.looks % _DISK_EVERY == 0 and self._disk() > limits.disk_mb * MIB:
            return f"disk limit {limits.disk_mb} MiB"
        return ""

    def _memory(self, pids: Sequence[int]) -> int:
        """Return the bytes of the tree; what they share is divided only where it matters, for that is dear."""
        total = sum(map(procfs.resident, pids))
        if total > self.limits.memory_mb * MIB:
            total = sum(map(procfs.proportional, pids))
        self.peak = max(self.peak, total)
        return total

    def _disk(self) -> int:
        return sum(size(folder) for folder in self.folders)


def size(folder: Path) -> int:
    """Return the bytes that a folder's files take on the disk; links are not followed, each entry counts 1 KiB at least."""
    total = 0
    for where, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with contextlib.suppress(OSError):
                total += max(Path(where, name).lstat().st_blocks * 512, 1024)
    return total


class Watch:
    """The thread that looks. One for each worker process; it starts with the first tree and is no obstacle to ending."""

    def __init__(self) -> None:
        self._trees: dict[int, Watched] = {}
        self._lock = threading.Lock()
        self._news = threading.Event()
        self._thread: threading.Thread | None = None

    def add(
        self,
        pid: int,
        limits: Limits,
        *,
        folders: Sequence[Path] = (),
        kill: Callable[[], None] | None = None,
    ) -> Watched:
        """Watch a tree from now on.

        Parameters
        ----------
        pid, limits, folders, kill
            As in `Watched`.

        Raises
        ------
        ProcessLookupError
            The process is gone already.
        """
        watched = Watched(pid, limits, folders, kill, descriptor=os.pidfd_open(pid))
        with self._lock:
            self._trees[id(watched)] = watched
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
        self._news.set()
        return watched

    def remove(self, watched: Watched) -> None:
        """Watch it no longer; `killed_by` and `peak` stay."""
        with self._lock:
            if self._trees.pop(id(watched), None):
                os.close(watched.descriptor)

    def _run(self) -> None:
        while True:
            if not self._trees:
                self._news.wait()
            self._news.clear()
            with self._lock:
                for watched in self._trees.values():
                    watched.look()
            time.sleep(INTERVAL)


WATCH = Watch()
"""This process's own."""
