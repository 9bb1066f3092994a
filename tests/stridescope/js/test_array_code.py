"""`Copy as NumPy`: the shortest line that makes the array, and NumPy makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stridescope as ss
from support.in_node import NODE, in_node

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
    ),
]
A = np.arange(12)
LINES: list[tuple[NDArray[Any], str]] = [
    (A, "a = np.arange(12)"),
    (A.reshape(3, 4), "a = np.arange(12).reshape(3, 4)"),
    (A.reshape(3, 4).T, "a = np.arange(12).reshape(3, 4).T"),
    (np.arange(1, 10).reshape(3, 3), "a = np.arange(1, 10).reshape(3, 3)"),
    (np.arange(6, dtype=np.int16), "a = np.arange(6, dtype='i2')"),
    (np.arange(3, dtype=">i4"), "a = np.arange(3, dtype='>i4')"),
    (np.arange(5.0), "a = np.arange(5.0)"),
    (np.arange(10, 0, -2), "a = np.arange(10, 0, -2)"),
    (np.zeros((2, 3)), "a = np.zeros(6).reshape(2, 3)"),
    (np.ones(4, np.int8), "a = np.ones(4, 'i1')"),
    (np.full(3, 7), "a = np.full(3, 7)"),
    (np.array([0.1, 1e300, -0.0]), "a = np.array([0.1, 1e+300, -0.0])"),
    (np.array([1, 5, 2], np.uint8), "a = np.array([1, 5, 2], 'u1')"),
    (np.array([True, False]), "a = np.array([True, False])"),
    (np.array([3]), "a = np.array([3])"),
]
ODD: list[NDArray[Any]] = [
    A[::-1],
    A.reshape(3, 4)[1:, ::2],
    np.broadcast_to(A[:3], (4, 3)),
    np.array([np.nan, np.inf]),
    np.array([1 + 2j, -1j]),
    np.array(["ab", "c"]),
    np.array(7),
    np.frombuffer(bytes(range(16)), "<i4", offset=0)[::2],
    np.arange(12, dtype=np.int64).view(np.uint8)[3:20].view("u1"),
]
BODY = """({ state, data }) => {
  const bytes = Uint8Array.from(data);
  return arrayLines(state, sentValues(state, bytes), hexReader(bytes, state));
}"""


def copied(arrays: list[NDArray[Any]]) -> list[str]:
    """Return what is copied of the layout of each array."""
    cases = [
        {"state": shown.state, "data": [*shown.data]} for shown in (ss.layout(a) for a in arrays)
    ]
    modules = {
        "model/array_code.js": ["arrayLines"],
        "model/value_text.js": ["sentValues", "hexReader"],
    }
    return in_node(modules, BODY, cases)


def made(lines: str) -> NDArray[Any]:
    """Return the array that the lines make."""
    names: dict[str, Any] = {"np": np}
    exec(lines, names)  # noqa: S102 - the promise itself
    array: NDArray[Any] = names["a"]
    return array


def test_the_line_is_the_one_that_a_person_would_write() -> None:
    found = copied([array for array, _ in LINES])
    assert found == [line for _, line in LINES]


def test_numpy_makes_the_same_array_bit_by_bit() -> None:
    arrays = [*(array for array, _ in LINES), *ODD]
    for array, lines in zip(arrays, copied(arrays), strict=True):
        again = made(lines)
        assert again.dtype == array.dtype
        assert again.shape == array.shape
        assert again.strides == array.strides
        assert again.tobytes() == array.tobytes()


def test_bytes_that_a_page_does_not_have_are_not_made_up() -> None:
    (lines,) = copied([np.arange(10_000)])
    assert lines.startswith("# b: the owner's 80000 bytes\na = np.ndarray((10000,)")
