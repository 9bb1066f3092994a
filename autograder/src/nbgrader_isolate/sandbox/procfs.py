"""Read from /proc which processes descend from one, and what memory and processors they use."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # not imported at run time, because the supervisor has to start fast
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
_PART = 1 << 16
_LISTINGS = 3


def children(pid: int) -> list[int]:
    """Return the living children of a process, whichever of its threads started them."""
    pids: list[int] = []
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return pids
    for thread in threads:
        pids += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return pids


def tree(pid: int) -> list[int]:
    """Return a process and all its descendants, from the root down."""
    pids = [pid]
    for member in pids:  # grows while we iterate
        pids += children(member)
    return pids


def resident(pid: int) -> tuple[int, int]:
    """Return what memory a process uses, in bytes; 0 and 0 if it is gone.

    The first number is its pages, including those that it shares with others, those in swap, huge
    pages, and its page tables. The second is how much of that is in shared memory, such as files
    in `/dev/shm`. They are upper bounds of `proportional`. Any user may read them, and it takes
    20 µs.
    """
    text = _of_any_thread(pid, "status", "\nVmRSS:")
    pages = _kib(text, "\nVmRSS:") + _kib(text, "\nVmSwap:")
    return pages + _uncounted(text), _kib(text, "\nRssShmem:")


def proportional(pid: int) -> tuple[int, int]:
    """Return the same as `resident`, with each page divided by how many processes share it."""
    text = _of_any_thread(pid, "smaps_rollup", "\nPss:")
    if not text:  # we may not read it, or the process is gone
        return resident(pid)
    pages = _kib(text, "\nPss:") + _kib(text, "\nSwapPss:")
    status = _of_any_thread(pid, "status", "\nVmRSS:")
    return pages + _uncounted(status), _kib(text, "\nPss_Shmem:")


def shared_in_tables(pid: int, names: Sequence[str]) -> int:
    """Return how many bytes of some mappings a process has in its page table.

    Each page is divided by how many processes share it. It is 0 if the process is gone or we may
    not read this, and it takes 25 µs for each mapping.

    Parameters
    ----------
    pid : int
    names : sequence of str
        What the lines of those mappings contain.
    """
    total, counts = 0, False
    for line in _of_any_thread(pid, "smaps", "\nPss:").splitlines():
        field, _, value = line.partition(":")
        if " " in field:  # the first line of a mapping begins with its addresses
            counts = any(name in line for name in names)
        elif counts and field == "Pss":
            total += int(value.split()[0]) << 10
    return total


def shared_on_machine() -> int:
    """Return how many bytes of shared memory the whole machine has, in RAM."""
    return _kib(_read("/proc/meminfo"), "\nShmem:")


def maps(pid: int) -> str:
    """Return the list of a process's mappings; empty if it is gone or we may not read it."""
    return _of_any_thread(pid, "maps", "-")


def processor_seconds(pid: int) -> tuple[str, float, float]:
    """Return when a process started, in ticks, and its processor time in s; 0 if it is gone.

    The first time is its own. The second includes its ended children, whose time is lost if it
    ignores how they end.
    """
    fields = _read(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if not fields:
        return "", 0.0, 0.0
    own, children = (sum(map(int, fields[k : k + 2])) / TICKS for k in (11, 13))
    return fields[19], own, own + children


def network(pid: int) -> str:
    """Return the name of a process's network; empty if it is gone or we may not know it."""
    try:
        return os.readlink(f"/proc/{pid}/ns/net")
    except OSError:
        return ""


def sockets(pids: Iterable[int], own_network: str) -> int:
    """Return how many sockets a process tree has in a network of its own; 0 if it has none.

    Those of connections that nobody has accepted count, although no process has a descriptor of
    them. So do those that are closed, as long as the kernel keeps what was sent.
    """
    for pid in pids:
        if (name := network(pid)) and name != own_network:
            used = _read(f"/proc/{pid}/net/sockstat").partition("sockets: used ")[2].split(None, 1)
            return int(used[0]) if used else 0
    return 0


def held_locks() -> dict[str, int]:
    """Return how many ranges of files each process has locked, by its id.

    Each takes kernel memory. The system lists the locks of all processes at once.
    """
    held: dict[str, int] = {}
    for line in _read("/proc/locks").splitlines():
        pid = line.split()[-4]
        held[pid] = held.get(pid, 0) + 1
    return held


def tasks(pid: int) -> list[int]:
    """Return the threads of a process; none if it is gone."""
    try:
        return [int(name) for name in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def is_runnable(pid: int, task: int) -> bool:
    """Return whether a thread runs or waits for a processor."""
    return _read(f"/proc/{pid}/task/{task}/stat").rpartition(")")[2][:2] == " R"


def waited_seconds(pid: int) -> float:
    """Return how long the threads of a process have waited for a processor, in s.

    It is 0 if the process is gone, or if the kernel does not count this.
    """
    fields = [_read(f"/proc/{pid}/task/{task}/schedstat").split() for task in tasks(pid)]
    return sum(int(counts[1]) for counts in fields if len(counts) > 1) / 1e9


def threads(pid: int) -> int:
    """Return the number of threads of a process; 0 if it is gone."""
    return len(tasks(pid))


def deleted_bytes(pids: Iterable[int], folders: Sequence[Path]) -> int:
    """Return the bytes of files that processes still hold after deleting them from some folders.

    A file that is only mapped counts with the size of its mapping.
    """
    devices = {status.st_dev for folder in folders if (status := _status(str(folder)))}
    sizes: dict[int, int] = {}  # by inode
    for pid in pids:
        for line in maps(pid).splitlines():
            if line.endswith(" (deleted)") and any(f" {folder}/" in line for folder in folders):
                addresses, _, _, _, inode, *_ = line.split()
                begin, end = (int(part, 16) for part in addresses.split("-"))
                sizes[int(inode)] = max(sizes.get(int(inode), 0), end - begin)
    for status in _open_files(pids):
        if not status.st_nlink and status.st_dev in devices:
            sizes[status.st_ino] = status.st_blocks * 512
    return sum(sizes.values())


def _open_files(pids: Iterable[int]) -> Iterator[os.stat_result]:
    """Yield what is known about each open file of some processes."""
    for pid in pids:
        for name in _listed(f"/proc/{pid}/fd"):
            if status := _status(f"/proc/{pid}/fd/{name}"):
                yield status
        for task in _others_of_ended(pid):
            for name in _listed(f"/proc/{pid}/task/{task}/fd"):
                if status := _status(f"/proc/{pid}/task/{task}/fd/{name}"):
                    yield status


def _others_of_ended(pid: int) -> list[int]:
    """Return the other threads of a process whose first thread has ended."""
    others = [task for task in tasks(pid) if task != pid]
    return others if others and "\nVmRSS:" not in _read(f"/proc/{pid}/status") else []


def _of_any_thread(pid: int, name: str, part: str) -> str:
    """Return a file of a process in /proc that contains `part`; empty if no thread has it.

    All threads have the same memory, but when the first one has ended, its own files show none.
    The others may take turns in ending, so that one listing can be out of date.
    """
    text = _read(f"/proc/{pid}/{name}")
    for _ in range(_LISTINGS):
        if part in text:
            return text
        others = [task for task in tasks(pid) if task != pid]
        if not others:
            break
        for task in others:
            text = _read(f"/proc/{pid}/task/{task}/{name}")
            if part in text:
                return text
    return ""


def _uncounted(status: str) -> int:
    """Return the bytes of page tables and huge pages, which no count of pages includes."""
    return _kib(status, "\nVmPTE:") + _kib(status, "\nHugetlbPages:")


def _kib(text: str, field: str) -> int:
    """Return a field of a file in /proc whose unit is kB, in bytes; 0 if it is not there."""
    begin = text.find(field)
    return int(text[begin + len(field) :].split(None, 1)[0]) << 10 if begin >= 0 else 0


def _listed(path: str) -> list[str]:
    """Return the names in a folder of /proc; none if its process is gone."""
    try:
        return os.listdir(path)
    except OSError:
        return []


def _status(path: str) -> os.stat_result | None:
    """Return what is known about a file; None if it is gone or we may not see it."""
    try:
        return os.stat(path)
    except OSError:
        return None


def _read(path: str) -> str:
    """Return the text of a file in /proc; empty if its process is gone."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)  # half the time of `open`
    except OSError:
        return ""
    try:
        parts = []
        while part := os.read(descriptor, _PART):
            parts.append(part)
    except OSError:
        return ""
    finally:
        os.close(descriptor)
    return b"".join(parts).decode("ascii", "replace")
