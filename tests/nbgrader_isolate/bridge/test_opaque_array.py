"""An array that reaches outside what was sent keeps its description, and is never read."""

# ruff: noqa: PLR0124, PLW0108

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge.failures import UngradableError
from nbgrader_isolate.bridge.opaque_array import OpaqueArray, guard
from support.bridged import Bridge, forged

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("strides", [(16,), (-8,), (1 << 40,), (9,)])
def test_an_array_that_reaches_outside_is_opaque(there: Bridge, strides: tuple[int, ...]) -> None:
    array = np.arange(5.0)
    got = there.outside(array, strides)
    assert isinstance(got, np.ndarray)
    assert (got.shape, got.strides, got.dtype, got.ndim) == ((5,), strides, array.dtype, 1)
    low, high = np.lib.array_utils.byte_bounds(got)
    first, last = np.lib.array_utils.byte_bounds(array)
    assert low < first or high > last
    assert np.may_share_memory(got, array)
    for read in READS:
        with pytest.raises(UngradableError, match="no element was read"):
            read(got)


READS: list[Callable[[Any], Any]] = [
    lambda a: a[0], lambda a: a + 1, lambda a: np.array_equal(a, a), lambda a: a.tolist(),
    lambda a: list(a), repr, lambda a: a.sum(), lambda a: np.sum(a), lambda a: a.copy(),
    lambda a: a.tobytes(), lambda a: a == a, bool,
    lambda a: np.testing.assert_array_equal(a, np.arange(5.0)), lambda a: a.view(np.int64),
    lambda a: a.T, lambda a: a.data,
]  # fmt: skip


def test_code_that_reads_an_opaque_array_anyway_finds_poison(there: Bridge) -> None:
    got = there.outside(np.zeros(5, np.uint8), (1 << 30,))
    assert np.ndarray.tolist(np.asarray(got)) == [0xA5] * 5


def test_an_array_that_claims_to_be_writeable_in_read_only_memory_cannot_be_read() -> None:
    code = 'send(answer(["r", 1], [["a", "|u1", [3], [1], True, False, 0, 0]]))'
    with forged(code) as other:
        got = other.anything(np.frombuffer(b"abc", np.uint8))
        assert isinstance(got, OpaqueArray)
        assert got.flags.writeable
        with pytest.raises(UngradableError, match="read-only"):
            got.tolist()


def test_the_guard_reaches_whoever_has_taken_the_function_before(
    monkeypatch: pytest.MonkeyPatch, there: Bridge
) -> None:
    taken: Any = np.lib.stride_tricks.as_strided
    signature = inspect.signature(taken)
    for name in ("__code__", "__defaults__", "__kwdefaults__"):  # as before at the end
        monkeypatch.setattr(taken, name, getattr(taken, name))
    monkeypatch.setattr(taken, "__wrapped__", None, raising=False)
    guard()
    array = np.arange(6)
    assert taken(array, (2, 3), (24, 8)).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert taken(x=array, shape=(2,), strides=(16,), writeable=False).tolist() == [0, 2]
    assert not taken(array, writeable=False).flags.writeable
    assert inspect.signature(taken) == signature
    opaque = there.outside(np.arange(5.0), (16,))
    for reads in (lambda: taken(opaque), lambda: np.lib.stride_tricks.as_strided(x=opaque)):
        with pytest.raises(UngradableError, match="no element was read"):
            reads()
