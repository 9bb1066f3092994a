"""Memory of a tree is counted once, whichever kinds of shared memory it has."""

from __future__ import annotations

import pytest

from nbgrader_isolate.sandbox import mappings, procfs, tree_memory
from support.started import start

pytestmark = pytest.mark.slow
MIB = 1 << 20
BOTH = """
import mmap, tempfile, time
file = tempfile.TemporaryFile(dir="/dev/shm")
file.truncate(40 << 20)
mapped = mmap.mmap(file.fileno(), 0)
mapped[:] = b"x" * (40 << 20)
kept = mmap.mmap(-1, 40 << 20)
kept[:] = b"x" * (40 << 20)
kept.madvise(mmap.MADV_DONTNEED)
print(1, flush=True); time.sleep(30)
"""
ONE = """
import mmap, time
kept = mmap.mmap(-1, 40 << 20)
kept[:] = b"x" * (40 << 20)
print(1, flush=True); time.sleep(30)
"""


def used(code: str, enough: int) -> int:
    """Return the memory of a program, in MiB, if `enough` MiB are too much."""
    with start(code) as process:
        mapped = mappings.Mappings()
        mapped.look([process.pid], 0)
        assert mapped.shared_bytes == 40 * MIB
        result = tree_memory.used_bytes([process.pid], mapped, enough * MIB)
        process.kill()
    return result // MIB


def test_a_file_in_memory_hides_no_memory_without_a_file() -> None:
    assert used(BOTH, 75) >= 80, "what the program itself takes depends on who shares it"


def test_shared_memory_without_a_file_counts_once() -> None:
    assert 40 <= used(ONE, 70) <= 70


def test_so_many_mappings_that_it_is_not_looked_at_count_in_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tree_memory, "FEW_MAPPINGS", 0)
    assert used(ONE, 70) >= 80


def test_mappings_are_told_apart_only_near_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(procfs, "shared_in_tables", lambda *_: pytest.fail("not needed"))
    assert used(BOTH, 1000) < 80
    assert used(ONE, 20) > 20
