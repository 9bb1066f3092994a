"""The memory of a process tree: its pages, what is in no page table, and what the kernel keeps."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from nbgrader_isolate.sandbox import mappings, procfs

FEW_MAPPINGS = 5_000
"""Mappings of a tree that are listed one by one; it takes 25 µs for each."""

MAX_SECONDS = 1.0
"""Processor time that one look at a tree may take, in s. The other trees wait for it."""


class TooSlowError(Exception):
    """It takes too long to measure a tree."""


class InTime:
    """Processes that can be gone through as long as that does not take too long in all.

    A program can make it slow to measure its processes; each of them alone takes at most 20 ms.
    """

    def __init__(self, pids: Sequence[int]) -> None:
        self.pids = pids
        self.end = time.thread_time() + MAX_SECONDS

    def __iter__(self) -> Iterator[int]:
        """Yield their ids.

        Raises
        ------
        TooSlowError
        """
        for pid in self.pids:
            if time.thread_time() > self.end:
                raise TooSlowError
            yield pid


def used_bytes(pids: Iterable[int], mapped: mappings.Mappings, enough: int) -> int:
    """Return the memory of a process tree in bytes.

    As long as it is below `enough`, pages that processes share may count more than once, and pages
    of other shared memory may be taken for those of shared memory without a file. Both are told
    apart only if that matters, because it is slow.

    Parameters
    ----------
    pids : iterable of int
    mapped : Mappings
        What is known about its mappings.
    enough : int
        The number of bytes from which on it matters.
    """
    least = 0
    for measure in (procfs.resident, procfs.proportional):
        used, in_tables = added_up(map(measure, pids))
        used += mapped.kernel_bytes
        least = used + max(0, mapped.shared_bytes - in_tables)
        if used + mapped.shared_bytes <= enough:
            return least
    if least > enough or not mapped.shared_bytes:
        return least
    in_tables = 0
    if mapped.count <= FEW_MAPPINGS:
        in_tables = sum(procfs.shared_in_tables(pid, mappings.NAMES) for pid in pids)
    return used + max(0, mapped.shared_bytes - in_tables)


def added_up(processes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the sums of two columns."""
    each = list(processes)
    return sum(used for used, _ in each), sum(shared for _, shared in each)
