"""Pin the work on one submission to one CPU.

The thread that grades a submission and the two processes of its notebook take turns. On one CPU,
none of them has to be woken up on another CPU, and a page copied after a fork need not be made
known to other CPUs. This is done only if at least as many submissions are graded at a time as there
are CPUs. With fewer, the system finds better places.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection


def usable_cpus() -> list[int]:
    """Return the numbers of the CPUs that this thread may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def cpus_for_jobs(jobs: int) -> list[int]:
    """Return a CPU for each of `jobs` parallel jobs; an empty list if the system should choose."""
    cpus = usable_cpus()
    if len(cpus) == 1 or jobs < len(cpus):
        return []
    return [cpus[number % len(cpus)] for number in range(jobs)]


def pin_to(numbers: Collection[int]) -> None:
    """Pin this thread and its children to some CPUs; change nothing if they are not available."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, numbers)
