"""Processor time and memory of a command and of all that it starts, for the benches."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from pathlib import Path

CPUACCT = Path("/sys/fs/cgroup/cpuacct")
EVERY = 1.0
"""Seconds from one look at the memory to the next."""


class Meter:
    """Processor time and memory of a command and all it starts.

    Processor time is that of a cgroup where one may be made, else what the kernel counts for
    children that were waited for. Memory is the sum over the processes of their proportional share
    (PSS).
    """

    def __init__(self) -> None:
        self.group: Path | None = CPUACCT / f"bench-{os.getpid()}-{time.monotonic_ns()}"
        try:
            self.group.mkdir()
        except OSError:
            self.group = None
        self.peak = 0

    def enter(self) -> None:
        """Put the calling process (a child before it starts its program) into the group."""
        if self.group:
            (self.group / "cgroup.procs").write_text("0")

    def cpu(self) -> float:
        """Return the processor time so far, in s."""
        if self.group:
            return int((self.group / "cpuacct.usage").read_text()) / 1e9
        used = os.times()
        return used.children_user + used.children_system

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Look at the memory until the command ends."""
        while process.poll() is None:
            self.peak = max(self.peak, sum(map(share, self.members(process.pid))))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(EVERY)  # returns as soon as the command has ended

    def members(self, pid: int) -> list[int]:
        """Return the processes of the command."""
        if self.group:
            return [int(line) for line in (self.group / "cgroup.procs").read_text().split()]
        return [pid, *descendants(pid)]

    def close(self) -> None:
        """Remove the group."""
        if self.group:
            for _ in range(50):
                try:
                    self.group.rmdir()
                except OSError:
                    time.sleep(0.1)
                else:
                    return


def share(pid: int) -> int:
    """Return the proportional share of the memory of a process, in bytes."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def descendants(pid: int) -> list[int]:
    """Return the processes below a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(word) for word in task.read_text().split()]
        except OSError:
            continue
        found += [one for child in children for one in (child, *descendants(child))]
    return found
