"""Limit the memory of the grader's own processes, so that no submission can fill the machine.

The limit counts what a process has allocated, as `RLIMIT_DATA` does. Beyond it, an allocation
raises `MemoryError`, which ends one submission and not the run. Programs that the process starts
must lift it again, since limits are inherited; `sandbox.supervisor` does.
"""

from __future__ import annotations

import contextlib
import resource
from collections.abc import Iterator
from pathlib import Path

MIB = 1 << 20


def allocated() -> int:
    """Return how many bytes this process has allocated; 0 if the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) << 10
    return 0


@contextlib.contextmanager
def memory_limit(mebibytes: int) -> Iterator[None]:
    """Allow this process to allocate so much more, as long as the context lasts."""
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limit = allocated() + mebibytes * MIB
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
