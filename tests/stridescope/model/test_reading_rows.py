"""Each row of a reading has a hue, the same in Python and in the browser."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from stridescope.model.memory import describe
from stridescope.model.reading_rows import (
    BANDS,
    HUES,
    base_layout,
    box_hues,
    byte_hues,
    hue,
    hues_of,
    reads_all,
    row_hue,
)
from support.in_node import NODE, in_node

if TYPE_CHECKING:
    from numpy.typing import NDArray

A = np.arange(24, dtype=np.int16).reshape(4, 6)


@pytest.mark.parametrize("rows", range(1, HUES + 1))
def test_a_row_has_the_same_hue_whatever_the_number_of_rows(rows: int) -> None:
    hues = [hue(row, rows) for row in range(rows)]
    assert hues == [hue(row, HUES) for row in range(rows)]
    assert len(set(hues)) == rows
    assert all(abs(one - next_one) >= 2 for one, next_one in pairwise(hues))


@pytest.mark.parametrize("rows", range(HUES + 1, 40))
def test_with_many_rows_the_first_and_the_last_are_the_ends_of_the_ramp(rows: int) -> None:
    hues = [hue(row, rows) for row in range(rows)]
    assert hues == sorted(hues)
    assert {*hues} == {*range(HUES)}


def test_an_element_has_the_hue_of_its_row_and_on_one_axis_of_its_place() -> None:
    lay = describe(A).layout
    assert [row_hue(lay, (row, 5)) for row in range(4)] == [hue(row, 4) for row in range(4)]
    line = describe(A[0]).layout
    assert [row_hue(line, (k,)) for k in range(6)] == [hue(k, 6) for k in range(6)]
    boards = describe(A.reshape(2, 2, 6)).layout
    assert row_hue(boards, (1, 0, 3)) == hue(2, 4)


def test_more_rows_than_hues_are_grouped_by_the_axes_that_come_first() -> None:
    boards = describe(np.arange(18).reshape(3, 3, 2)).layout
    for i, j in np.ndindex(3, 3):
        assert row_hue(boards, (i, j, 1)) == hue(i, 3)
    deep = describe(np.arange(48).reshape(2, 3, 2, 4)).layout
    for i, j, k in np.ndindex(2, 3, 2):
        assert row_hue(deep, (i, j, k, 0)) == hue(3 * i + j, 6)
    many = describe(np.arange(40).reshape(10, 2, 2)).layout
    assert row_hue(many, (9, 0, 0)) == hue(9, 10)


def test_a_byte_that_several_rows_read_has_the_hues_of_all() -> None:
    lay = describe(sliding_window_view(np.arange(6, dtype=np.int8), 3)).layout
    hues = hues_of(lay)
    assert hues(0) == [hue(0, 4)]
    assert hues(2) == [hue(0, 4), hue(1, 4), hue(2, 4)]
    assert hues(6) == []
    everywhere = describe(np.broadcast_to(np.int8(1), (9, 2))).layout
    assert len(hues_of(everywhere)(0)) == BANDS


def test_a_box_has_the_hues_of_elements_that_start_before_it() -> None:
    lay = describe(as_strided(np.arange(8, dtype=np.int32), (3,), (3,))).layout
    assert box_hues(hues_of(lay), 3, 1, 4) == [hue(0, 3), hue(1, 3)]


def large(a: NDArray[Any]) -> list[tuple[int, int]]:
    """Return bytes of elements, and the row of each, by NumPy."""
    start = a.__array_interface__["data"][0]
    chosen = [(i, j) for i in (0, 41, 99) for j in (0, 7, 99)]
    return [(a[i, j, ...].__array_interface__["data"][0] - start, i) for i, j in chosen]


def test_of_a_large_array_elements_are_found_without_looking_at_each() -> None:
    a = np.arange(10_000, dtype=np.int64).reshape(100, 100)
    for view in (a, a.T):
        hues = hues_of(describe(view).layout)
        assert [hues(byte) for byte, _ in large(view)] == [
            [hue(row, 100)] for _, row in large(view)
        ]
        assert hues(4) == []
    backwards = describe(a[::-1]).layout
    assert hues_of(backwards)(0) == [hue(99, 100)]


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_the_browser_has_the_same_hues() -> None:
    arrays: list[NDArray[Any]] = [
        A,
        A.T,
        A[::-1, ::2],
        A[1],
        np.broadcast_to(A[0], (7, 6)),
        as_strided(np.arange(40, dtype=np.int32), (3, 4), (6, 3)),
        np.arange(10_000).reshape(100, 100)[::2],
        np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11)),
        np.arange(18, dtype=np.int8).reshape(3, 3, 2),
        np.array(3.5),
    ]
    cases = []
    for a in arrays:
        lay = describe(a).layout
        state = {
            "offset": lay.offset,
            "shape": lay.shape,
            "strides": lay.strides,
            "itemsize": lay.itemsize,
        }
        cases.append({"layout": state, "bytes": list(range(240))})
    body = """({ layout, bytes }) => {
      const hues = huesOf(layout);
      return bytes.map((byte) => [hues(byte), boxHues(hues, byte, 1, layout.itemsize)]);
    }"""
    found = in_node({"model/reading_rows.js": ["boxHues", "huesOf"]}, body, cases)
    for a, case, theirs in zip(arrays, cases, found, strict=True):
        lay = describe(a).layout
        hues = hues_of(lay)
        assert theirs == [[hues(b), box_hues(hues, b, 1, lay.itemsize)] for b in case["bytes"]]


BUFFERS = [
    (A, [0, 3, 5, 1]),
    (A.T, [0, 3, 5, 1, 4, 2]),
    (A[::2], [0, 1, 2, 3, 4, 5]),
    (as_strided(A[0, :5], (3, 3), (2, 2)), [0, 1, 2, 3, 4, 5]),
    (np.broadcast_to(A[0, :5], (9, 5)), [0, 1, 2, 3, 4, 5]),
]


@pytest.mark.parametrize(("a", "expected"), BUFFERS)
def test_a_byte_has_one_hue_for_good(a: NDArray[Any], expected: list[int]) -> None:
    at = byte_hues(describe(a).layout, A.nbytes)
    each = [at(byte) for byte in range(0, A.nbytes, 2)]
    assert all(len(found) == 1 for found in each), "whatever reads it"
    assert list(dict.fromkeys(one for (one,) in each)) == expected
    assert [at(byte) for byte in range(1, A.nbytes, 2)] == each, "all bytes of an element"
    assert at(-2) == at(A.nbytes) == []
    # An element that starts inside two others has the hues of both.
    assert box_hues(at, A.nbytes // 2 - 1, 2, 2, apart=True) == list(
        dict.fromkeys(at(A.nbytes // 2 - 2) + at(A.nbytes // 2))
    )


SPACE = np.zeros((3, 4), np.int16)
DENSE = [
    (SPACE, True),
    (SPACE.T, True),
    (SPACE[::-1, ::-1], True),
    (np.zeros((2, 1, 3)), True),
    (SPACE[1:], False),
    (SPACE[:, ::2], False),
    (SPACE[0], False),
    (np.broadcast_to(SPACE[:1], (3, 4)), False),
    (as_strided(SPACE, (3, 4), (2, 2)), False),
]


@pytest.mark.parametrize(("a", "expected"), DENSE)
def test_an_array_reads_each_byte_of_its_owner_once_or_not(
    a: NDArray[Any], *, expected: bool
) -> None:
    memory = describe(a)
    assert reads_all(memory.layout, memory.owner.nbytes) is expected


def test_the_rows_of_the_owner_give_bytes_their_hues_in_every_figure() -> None:
    own = describe(SPACE).layout
    for arrays in ([SPACE], [SPACE.T], [SPACE[1:, ::2]], [SPACE.T, SPACE]):
        layouts = [describe(a).layout for a in arrays]
        assert base_layout(layouts, own, SPACE.nbytes) == own


def test_an_owner_without_rows_takes_those_of_the_table_that_reads_all_of_it() -> None:
    line = np.zeros(12, np.int16)
    own, table = describe(line).layout, describe(line.reshape(3, 4)).layout
    for a in (line.reshape(3, 4), line.reshape(3, 4).T):
        assert base_layout([describe(a).layout], own, line.nbytes) == table
        assert base_layout([describe(a).layout], None, line.nbytes) == table
    half = describe(line[::2]).layout
    assert base_layout([half], own, line.nbytes) == own
    assert base_layout([half], None, line.nbytes) == half


@pytest.mark.skipif(NODE is None, reason="no node on this machine: apt-get install nodejs")
def test_the_browser_gives_a_byte_the_same_hue() -> None:
    layouts = [describe(a).layout for a, _ in BUFFERS]
    cases = [
        {
            "offset": lay.offset,
            "shape": lay.shape,
            "strides": lay.strides,
            "itemsize": lay.itemsize,
        }
        for lay in layouts
    ]
    body = f"""(layout) => {{
      const at = byteHues(layout, {A.nbytes});
      const bytes = Array.from({{ length: {A.nbytes + 4} }}, (_, k) => k - 2);
      return bytes.map((byte) => [at(byte), boxHues(at, byte, 2, 2, true)]);
    }}"""
    found = in_node({"model/reading_rows.js": ["boxHues", "byteHues"]}, body, cases)
    for lay, theirs in zip(layouts, found, strict=True):
        at = byte_hues(lay, A.nbytes)
        each = range(-2, A.nbytes + 2)
        assert theirs == [[at(byte), box_hues(at, byte, 2, 2, apart=True)] for byte in each]
