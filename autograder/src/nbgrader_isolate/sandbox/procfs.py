"""What /proc says about processes: who descends from whom, and the memory they hold."""

from __future__ import annotations

import os

PAGE = os.sysconf("SC_PAGE_SIZE")


def children(pid: int) -> list[int]:
    """Return the processes that a process, whichever of its threads, has started and that live."""
    found: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return found
    for thread in threads:
        found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants, from the root down."""
    found = [pid]
    for member in found:  # grows while we walk
        found += children(member)
    return found


def resident(pid: int) -> int:
    """Return the bytes of a process that are in memory, those it shares with others included; 0 if it is gone.

    Anyone may ask, and it costs 10 µs: an upper bound of `proportional`.
    """
    words = _read(f"/proc/{pid}/statm").split()
    return int(words[1]) * PAGE if words else 0


def proportional(pid: int) -> int:
    """Return the bytes of a process, each page divided by the number of processes that share it (PSS)."""
    text = _read(f"/proc/{pid}/smaps_rollup")
    if not text:  # not ours to read, or gone
        return resident(pid)
    return next((int(row.split()[1]) << 10 for row in text.splitlines() if row[:4] == "Pss:"), 0)


def threads(pid: int) -> int:
    """Return the number of threads of a process; 0 if it is gone."""
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:
        return 0


def _read(path: str) -> str:
    """Return the text of a file of /proc; nothing if its process is gone."""
    try:
        with open(path, encoding="ascii") as stream:
            return stream.read()
    except OSError:
        return ""
