"""The shared memory: nobody changes its size, and what is read from it stays."""

from __future__ import annotations

import os
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import UngradableError
from nbgrader_isolate.bridge.memory import (
    PART_BYTES,
    SharedMemory,
    extent,
    mark,
    sealed_file,
    spans_of,
)
from support.bridged import forged

pytestmark = pytest.mark.slow


def test_the_memory_file_cannot_be_resized_or_unsealed() -> None:
    code = """
import fcntl
for size in (0, 1 << 30):
    try:
        os.ftruncate(memory, size)
    except OSError:
        continue
    os._exit(1)
try:
    fcntl.fcntl(memory, fcntl.F_ADD_SEALS, 0)
except OSError:
    send(answer("sealed"))
"""
    with forged(code) as there:
        assert there.anything() == "sealed"


def test_memory_that_changes_after_the_answer_changes_nothing_here() -> None:
    code = """
os.pwrite(memory, b"\\1" * 8, 0)
send(array("|b1", [8], [1], [0, 8]))
while True:
    os.pwrite(memory, b"\\7" * 8, 0)
"""
    with forged(code) as there:
        try:
            got = there.anything()
        except UngradableError:
            return
        time.sleep(0.05)
        assert got.tolist() == [True] * 8
        assert got.view(np.uint8).tolist() == [1] * 8


@given(
    st.lists(st.tuples(st.integers(1, 6), st.integers(-5, 5)), min_size=1, max_size=4),
    st.integers(1, 3),
)
def test_the_bytes_that_an_array_reaches_are_those_of_its_elements(
    axes: list[tuple[int, int]], itemsize: int
) -> None:
    shape, strides = zip(*axes, strict=True)
    low, high = extent(0, shape, strides, itemsize)
    expected = np.zeros(high - low, bool)
    for index in np.ndindex(*shape):
        start = int(np.dot(index, strides)) - low
        expected[start : start + itemsize] = True
    mask = np.zeros(high - low, bool)
    mark(mask, -low, shape, strides, itemsize)
    assert np.array_equal(mask, expected)


def test_only_the_bytes_of_an_argument_cross_unless_the_owner_is_asked_for() -> None:
    table = np.arange(12, dtype=np.int16).reshape(3, 4)
    column = table[:, 1]
    (span,) = spans_of([column], with_owners=False)
    assert span.crossing().view(np.int16).tolist() == [1, 0, 0, 0, 5, 0, 0, 0, 9]
    (whole,) = spans_of([column], with_owners=True)
    assert whole.crossing().view(np.int16).tolist() == list(range(12))
    (row,) = spans_of([table[1]], with_owners=False)
    assert row.mask is None
    assert row.flat.view(np.int16).tolist() == [4, 5, 6, 7]


@pytest.mark.parametrize("size", [0, 1, PART_BYTES, PART_BYTES + 1])
@pytest.mark.parametrize("inline", [True, False])
def test_bytes_in_memory_are_compared_with_those_of_an_array(size: int, *, inline: bool) -> None:
    fd = sealed_file(4 * PART_BYTES)
    memory = InlineMemory(4 * PART_BYTES) if inline else SharedMemory(fd)
    flat = np.arange(size).astype(np.uint8)
    _, location = memory.write([np.ones(3, np.uint8), flat])
    assert memory.holds(location, flat.copy())
    assert not memory.holds(location, np.append(flat, np.uint8(0)))
    if size:
        assert not memory.holds(location, flat[:-1])
        flat[-1] ^= 1
        assert not memory.holds(location, flat)
    os.close(fd)
