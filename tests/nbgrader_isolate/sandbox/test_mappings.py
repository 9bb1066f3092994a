"""The mappings of a process tree, and the memory that it shares without a file."""

from __future__ import annotations

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import mappings, seccomp, watchdog
from support.patience import patience
from support.started import start

pytestmark = pytest.mark.slow
MIB = 1 << 20
WAIT = "\nprint(1, flush=True)\nimport time; time.sleep(30)"

HIDDEN = {
    "dropped from the page table": """
import mmap
kept = mmap.mmap(-1, 48 << 20)
for at in range(0, 48 << 20, 4 << 20):
    kept[at:at + (4 << 20)] = b"x" * (4 << 20)
    kept.madvise(mmap.MADV_DONTNEED, at, 4 << 20)
""",
    "in a map of the device of zeros": """
import mmap, os
kept = mmap.mmap(os.open("/dev/zero", os.O_RDWR), 48 << 20)
for at in range(0, 48 << 20, 4 << 20):
    kept[at:at + (4 << 20)] = b"x" * (4 << 20)
    kept.madvise(mmap.MADV_DONTNEED, at, 4 << 20)
""",
    "all but its first page unmapped": """
import ctypes, mmap
libc = ctypes.CDLL(None)
kept = [mmap.mmap(-1, 4 << 20) for _ in range(12)]
for one in kept:
    one[:] = b"x" * (4 << 20)
    at = ctypes.addressof(ctypes.c_char.from_buffer(one))
    libc.munmap(ctypes.c_void_p(at + 4096), ctypes.c_size_t((4 << 20) - 4096))
""",
}


@pytest.mark.parametrize("how", HIDDEN)
def test_shared_memory_counts_however_it_is_hidden(how: str) -> None:
    guard = watchdog.Watchdog()
    with start(HIDDEN[how] + WAIT) as process, start(WAIT) as modest:
        watched = [guard.add(one.pid, Limits(memory_mb=48)) for one in (process, modest)]
        assert process.wait(patience(5)) == -9
        assert watched[0].killed_by == "memory limit 48 MiB"
        assert modest.poll() is None
        for one in watched:
            guard.remove(one)
        modest.kill()


def test_memory_that_is_in_page_tables_and_shared_counts_once() -> None:
    code = """
import mmap, os, time
kept = mmap.mmap(-1, 60 << 20)
kept[:] = b"x" * (60 << 20)
"""
    with start(code + WAIT) as process:
        tree = watchdog.Watched(process.pid, Limits(memory_mb=110), kill=list)
        tree.check(watchdog.Look())
        process.kill()
    assert not tree.killed_by
    assert 60 * MIB < tree.peak < 110 * MIB


def test_what_was_seen_of_a_memory_counts_while_part_of_it_is_mapped() -> None:
    code = """
import ctypes, mmap, sys
kept = mmap.mmap(-1, 40 << 20)
print(1, flush=True)
sys.stdin.readline()
at = ctypes.addressof(ctypes.c_char.from_buffer(kept))
ctypes.CDLL(None).munmap(ctypes.c_void_p(at + 4096), ctypes.c_size_t((40 << 20) - 4096))
print(1, flush=True)
sys.stdin.readline()
ctypes.CDLL(None).munmap(ctypes.c_void_p(at), ctypes.c_size_t(4096))
"""
    with start(code + WAIT, stdin=True) as process:
        assert process.stdin
        assert process.stdout
        seen = mappings.Mappings()
        sizes = []
        for _ in range(3):
            seen.checks = 0
            seen.look([process.pid], 0)
            sizes.append(seen.shared_bytes)
            process.stdin.write("\n")
            process.stdin.flush()
            process.stdout.readline()
        process.kill()
    assert sizes == [40 * MIB, 40 * MIB, 0]


NAMED = """\
7f0000000000-7f0000400000 rw-p 00000000 00:00 0 [anon:mine]
7f423b166000-7f423b266000 rw-s 00000000 00:01 77 [anon_shmem:mine]
7f423b366000-7f423b466000 rw-s 00300000 00:01 77 /dev/zero (deleted)
"""


def test_a_shared_memory_can_have_a_name_and_its_parts_count_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The name is given by prctl(PR_SET_VMA), which not every kernel has."""
    monkeypatch.setattr(mappings.procfs, "maps", {1: NAMED, 2: NAMED.splitlines()[1] + "\n"}.get)
    for pids, size, count in (([1, 2], 4 * MIB, 4), ([2], MIB, 1)):
        seen = mappings.Mappings()
        seen.look(pids, 0)
        assert (seen.shared_bytes, seen.count) == (size, count)


def test_of_many_shared_memories_the_further_ones_count_as_large_as_they_can_be() -> None:
    few = {str(inode): 4096 for inode in range(mappings.KNOWN)}
    assert mappings.Mappings(shared=few).shared_bytes == mappings.KNOWN * 4096
    many = {str(inode): 4096 for inode in range(mappings.KNOWN + 2)}
    expected = mappings.KNOWN * 4096 + 2 * seccomp.MAX_SHARED
    assert mappings.Mappings(shared=many).shared_bytes == expected


def test_mappings_are_read_again_when_shared_memory_grows() -> None:
    with start(WAIT) as process:
        seen = mappings.Mappings()
        seen.look([process.pid], 100 * MIB)
        assert seen.count > 10
        for on_machine, read in ((110 * MIB, False), (50 * MIB, False), (70 * MIB, True)):
            seen.count = 0
            seen.look([process.pid], on_machine)
            assert bool(seen.count) == read
        process.kill()


def test_a_tree_with_very_many_mappings_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "MAX_MAPPINGS", 30_000)
    code = """
import ctypes, mmap, os, time
libc, size = ctypes.CDLL(None), ctypes.c_size_t(4096)
kept = mmap.mmap(-1, 20_000 * 4096, flags=mmap.MAP_PRIVATE)
at = ctypes.addressof(ctypes.c_char.from_buffer(kept))
for page in range(0, 20_000, 2): libc.mprotect(ctypes.c_void_p(at + page * 4096), size, 0)
if os.fork() == 0:
    time.sleep(8); os._exit(0)
"""
    guard = watchdog.Watchdog()
    with start(code + WAIT) as process:
        watched = guard.add(process.pid, Limits())
        assert process.wait(patience(10)) == -9
        assert watched.killed_by == "limit of 30000 mappings"
        guard.remove(watched)


def test_the_mappings_themselves_take_memory() -> None:
    assert mappings.Mappings(count=1000).kernel_bytes == 256_000
