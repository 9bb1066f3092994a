"""Which processors the work stays on: the thread that grades a submission and the two processes of its notebook, on one.

These three take turns. On one processor none of them has to be woken on another, and a page that is copied after a fork
need not be made known elsewhere. Only where as many submissions are graded at a time as there are processors: with
fewer, the system finds the better places.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection


def usable_cpus() -> list[int]:
    """Return the numbers of the processors that this thread may use."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def cpus_for_jobs(jobs: int) -> list[int]:
    """Return a processor for each of so many jobs at a time; none where the system is to choose."""
    there = usable_cpus()
    if len(there) == 1 or jobs < len(there):
        return []
    return [there[number % len(there)] for number in range(jobs)]


def pin_to(numbers: Collection[int]) -> None:
    """Keep this thread, and what it starts, on some processors; where they are gone, it stays where it is."""
    if hasattr(os, "sched_setaffinity"):
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, numbers)
