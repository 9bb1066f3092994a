"""Kill process trees that take too much memory, disk or time, or start too many processes.

A tree in which many threads want a processor at once is not killed, but it gets processors only
when nobody else wants them: other submissions are graded on the same ones.

One thread checks all registered process trees ten times a second. It needs no privilege and no
cgroup. Between two checks a tree can grow by as much as the machine can allocate in 0.1 s; beyond
that, it is bounded by the limits of each process (`rlimits`) times the number of processes. The
watchdog does not see the bytes in pipes and sockets, nor files in memory, which the sandbox caps.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from nbgrader_isolate.core import strange_folders
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import mappings, procfs, rlimits, tree_memory

INTERVAL = 0.1
"""Seconds between two checks."""

SLACK = 8
"""Allowance for the processes and threads of the sandbox itself."""

MANY_RUNNABLE = 4
"""Threads that want a processor at the same time; so many of one tree take it from others."""
PATIENCE = 3
"""Checks in a row that find so many threads, before the tree has to stand back."""

MAX_LOCKS = 10_000
"""Parts of files that a tree may have locked; each takes 190 bytes of kernel memory."""
MAX_SOCKETS = 1000
"""Sockets of a tree; what was sent to one and not received yet counts for no process, up to 416 KiB
each."""
_DISK_EVERY = 3  # checks: adding up a folder costs more than looking at processes
MIB = 1 << 20


class Look:
    """What one look at all trees reads once.

    Attributes
    ----------
    locks : dict of str to int
        How many parts of files each process has locked.
    shared : int
        How many bytes of shared memory the machine has.
    network : str
        The name of the network of this process.
    """

    @cached_property
    def locks(self) -> dict[str, int]:
        """Read when the first tree needs it."""
        return procfs.held_locks()

    @cached_property
    def shared(self) -> int:
        """Read when the first tree needs it."""
        return procfs.shared_on_machine()

    @cached_property
    def network(self) -> str:
        """Read when the first tree needs it."""
        return procfs.network(os.getpid())


@dataclass
class Watched:
    """One process tree that the watchdog checks.

    Parameters
    ----------
    pid : int
        The root of the tree, as this process sees it. The whole tree must end when the root ends
        (as with `bwrap`, or the first process of a namespace), or else `kill` must end it.
    limits : Limits
    folders : sequence of Path
        The folders on the host's disk that the tree can write to.
    kill : callable
        Ends the tree. By default it sends SIGKILL to the root, through a pidfd so that it cannot
        hit another process that got the same number later.

    Attributes
    ----------
    killed_by : str
        The limit for which it was killed, such as "memory limit 1024 MiB"; empty if it was not.
    peak : int
        The largest amount of memory seen, in bytes. As long as it is below the limit, pages that
        processes share may count more than once.
    """

    pid: int
    limits: Limits
    folders: Sequence[Path] = ()
    kill: Callable[[], None] | None = None
    started: float = field(default_factory=time.monotonic)
    killed_by: str = ""
    peak: int = 0
    descriptor: int = -1
    checks: int = 0
    crowded: int = 0
    demoted: set[int] = field(default_factory=set)
    spent: dict[tuple[int, str], float] = field(default_factory=dict)
    mapped: mappings.Mappings = field(default_factory=mappings.Mappings)

    def check(self, look: Look) -> None:
        """Measure the tree, and kill it if it exceeds a limit or cannot be measured."""
        self.checks += 1
        try:
            reason = self._reason(look)
        except tree_memory.TooSlowError:
            reason = "it takes too long to measure its processes"
        except Exception as error:  # noqa: BLE001 (the thread has to go on for other trees)
            reason = f"the watchdog could not measure it: {type(error).__name__}"
        if reason and not self.killed_by:
            self.killed_by = reason
            self.end()

    def share_processors(self, pids: Sequence[int]) -> None:
        """Let a tree stand back if it wants many processors at once.

        Whatever it starts later inherits this.
        """
        threads = [(pid, task) for pid in pids for task in procfs.tasks(pid)]
        if len(threads) <= SLACK + MANY_RUNNABLE:
            self.crowded = 0
            return
        runnable = sum(procfs.is_runnable(*thread) for thread in threads)
        self.crowded = self.crowded + 1 if runnable >= MANY_RUNNABLE else 0
        if self.crowded >= PATIENCE or self.demoted:
            for pid, task in threads:
                if task not in self.demoted:
                    self.demoted.add(task)
                    stand_back(pid, task)

    def end(self) -> None:
        """Kill the tree now."""
        with contextlib.suppress(OSError):
            if self.kill:
                self.kill()
            else:
                signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)

    def _reason(self, look: Look) -> str:
        """Return which limit is exceeded, or nothing; the cheap checks come first."""
        limits = self.limits
        if time.monotonic() - self.started > limits.notebook_seconds:
            return f"time limit {limits.notebook_seconds:g} s"
        pids = procfs.tree(self.pid)
        if self._cpu_seconds(pids) > limits.cpu_seconds:
            return f"processor limit {limits.cpu_seconds} s"
        self.share_processors(pids)
        if sum(map(procfs.threads, pids)) > limits.processes + SLACK:
            return f"process limit {limits.processes}"
        if self.checks % _DISK_EVERY == 1:
            rlimits.make_room(pids, limits.processes)
        measured = tree_memory.InTime(pids)
        if reason := self._kernel_reason(measured, look):
            return reason
        used = tree_memory.used_bytes(measured, self.mapped, limits.memory_mb * MIB)
        self.peak = max(self.peak, used)
        if used > limits.memory_mb * MIB:
            return f"memory limit {limits.memory_mb} MiB"
        return self._disk_reason(measured, look) if self.checks % _DISK_EVERY == 0 else ""

    def _kernel_reason(self, pids: Iterable[int], look: Look) -> str:
        """Return why the tree may have no more of what the kernel keeps for it, or nothing."""
        if procfs.sockets(pids, look.network) > MAX_SOCKETS:
            return f"limit of {MAX_SOCKETS} sockets"
        self.mapped.look(pids, look.shared)
        if self.mapped.count > mappings.MAX_MAPPINGS:
            return f"limit of {mappings.MAX_MAPPINGS} mappings"
        return ""

    def _cpu_seconds(self, pids: Sequence[int]) -> float:
        """Return the processor time of the tree so far, in s.

        The kernel adds the time of ended processes to that of their parents, but not if these
        ignore SIGCHLD. So it is also added up here, as far as each process was seen.
        """
        total = 0.0
        for pid in pids:
            started, own, with_children = procfs.processor_seconds(pid)
            total += with_children
            if started:
                self.spent[pid, started] = own
        return max(total, sum(self.spent.values()))

    def _disk_reason(self, pids: Iterable[int], look: Look) -> str:
        """Return why the tree may not go on writing or locking files, or nothing."""
        if sum(look.locks.get(str(pid), 0) for pid in pids) > MAX_LOCKS:
            return f"limit of {MAX_LOCKS} locked parts of files"
        if not self.folders:
            return ""
        enough, total = self.limits.disk_mb * MIB, 0
        try:
            for folder in self.folders:
                total += strange_folders.size(folder, enough)
        except strange_folders.TooDeepError:
            return f"more than {strange_folders.MAX_LEVELS} folders inside each other"
        total += procfs.deleted_bytes(pids, self.folders)
        return f"disk limit {self.limits.disk_mb} MiB" if total > enough else ""


def stand_back(pid: int, task: int) -> None:
    """Give a thread, and the group of its session, a processor only when nobody else wants it."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(task, os.SCHED_IDLE, os.sched_param(0))
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text("19", "ascii")


class Watchdog:
    """The thread that checks process trees; each worker process has one.

    The thread starts with the first tree, and does not keep the process from exiting.
    """

    def __init__(self) -> None:
        self._trees: dict[int, Watched] = {}
        self._lock = threading.Lock()
        self._added = threading.Event()
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
            See `Watched`.

        Raises
        ------
        ProcessLookupError
            If the process is already gone.
        """
        watched = Watched(pid, limits, folders, kill, descriptor=os.pidfd_open(pid))
        with self._lock:
            self._trees[id(watched)] = watched
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()
        self._added.set()
        return watched

    def remove(self, watched: Watched) -> None:
        """Stop watching a tree; its `killed_by` and `peak` remain."""
        with self._lock:
            if self._trees.pop(id(watched), None):
                os.close(watched.descriptor)

    def _run(self) -> None:
        while True:
            if not self._trees:
                self._added.wait()
            self._added.clear()
            look = Look()
            for number in list(self._trees):
                with self._lock:  # for one tree at a time: whoever adds another has to wait
                    if watched := self._trees.get(number):
                        watched.check(look)
            time.sleep(INTERVAL)


WATCHDOG = Watchdog()
"""The watchdog of this process."""
