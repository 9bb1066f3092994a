"""Beyond its limit, a process gets a MemoryError; afterwards it does not."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from nbgrader_isolate.core.memory_limit import allocated, memory_limit

pytestmark = pytest.mark.slow
LIMITED = """
from nbgrader_isolate.core.memory_limit import memory_limit
try:
    with memory_limit(64):
        kept = bytearray(32 << 20)
        more = bytearray(64 << 20)
except MemoryError:
    print("refused")
print(len(bytearray(64 << 20)) >> 20)
"""


def test_an_allocation_beyond_the_limit_is_refused_and_later_ones_are_not() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIMITED], capture_output=True, text=True, check=True
    )
    assert done.stdout == "refused\n64\n"


def test_the_limit_counts_from_what_is_allocated_already() -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with memory_limit(512):
        soft, _ = resource.getrlimit(resource.RLIMIT_DATA)
        assert abs(soft - allocated() - (512 << 20)) < 16 << 20
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
