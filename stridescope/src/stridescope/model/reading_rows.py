"""Which row of a reading an element belongs to, and the hue that table and strip share for it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import product

from stridescope.model.strides import Index, Layout

HUES = 6
"""Hues of the ramp."""
HUE_OF_ROW = (0, 3, 5, 1, 4, 2)
"""The hue of each of the first rows. Rows that follow each other are far apart on the ramp."""
BANDS = 3
"""Most hues of one box, whose bytes several rows read."""
MOST = 4096
"""Most elements that are looked at one by one."""

HuesAt = Callable[[int], list[int]]
"""From a byte to the hues of the elements that start there."""


def hue(row: int, rows: int) -> int:
    """Return the hue of a row: up to six rows, the number of the row decides alone.

    So a row has the same hue in tables with different numbers of rows. With more rows, each hue of
    the ramp stands for several rows that follow each other.
    """
    return HUE_OF_ROW[row] if rows <= HUES else row * HUES // rows


def row_hue(layout: Layout, index: Index) -> int:
    """Return the hue of an element: that of its row, or of its position on a single axis.

    Where several axes make more rows than there are hues, rows with the same first indices share
    one.
    """
    shape = layout.shape
    lead = len(shape) - 1 if len(shape) > 1 else len(shape)
    while lead > 1 and math.prod(shape[:lead]) > HUES:
        lead -= 1
    row = 0
    for i, n in zip(index[:lead], shape[:lead], strict=True):
        row = row * n + i
    return hue(row, math.prod(shape[:lead]))


def hues_of(layout: Layout) -> HuesAt:
    """Return a function from a byte to the hues of the elements that start there.

    Of a large array, elements that overlap are not all found.
    """
    if layout.size > MOST:
        return lambda byte: _found(layout, byte)
    hues: dict[int, list[int]] = {}
    for index in product(*map(range, layout.shape)):
        here = hues.setdefault(layout.byte(index), [])
        one = row_hue(layout, index)
        if one not in here and len(here) < BANDS:
            here.append(one)
    return lambda byte: hues.get(byte, [])


def byte_hues(layout: Layout, nbytes: int) -> HuesAt:
    """Return a function from a byte to its hue for good, whatever reads it later.

    If the layout reads each of the `nbytes` bytes of a buffer once, its rows decide, else the
    position in the buffer.
    """
    size = layout.itemsize or 1
    count = nbytes // size
    rows = hues_of(layout) if reads_all(layout, nbytes) else None

    def at(byte: int) -> list[int]:
        if not 0 <= byte < count * size:
            return []
        return rows(byte - byte % size) if rows else [hue(byte // size, count)]

    return at


def reads_all(layout: Layout, nbytes: int) -> bool:
    """Whether a layout reads each of the `nbytes` bytes of a buffer once."""
    step = layout.itemsize or 1
    for k in reversed(_by_stride(layout)):
        n = layout.shape[k]
        if n != 1 and abs(layout.strides[k]) != step:
            return False
        step *= n
    return step == nbytes and layout.extent()[0] == 0


def base_layout(layouts: Sequence[Layout], owner: Layout | None, nbytes: int) -> Layout:
    """Return the layout whose rows give the bytes of an owner their hues in every figure.

    Parameters
    ----------
    layouts
        Those of the arrays in a figure.
    owner
        That of the owner, if the owner is an array.
    nbytes
        How many bytes the owner has.

    Returns
    -------
    Layout
        The owner's if it has rows; else that of the first array that has rows and reads each byte
        once, with its axes in the order of their strides, so that a table and its transpose give
        the same.
    """
    tables = [lay for lay in layouts if lay.ndim > 1 and reads_all(lay, nbytes)]
    if owner is not None and (owner.ndim > 1 or not tables):
        return owner
    if not tables:
        return layouts[0]
    table, order = tables[0], _by_stride(tables[0])
    shape, strides = (tuple(axes[k] for k in order) for axes in (table.shape, table.strides))
    return Layout(table.offset, shape, strides, table.itemsize)


def box_hues(
    hues: HuesAt, byte: int, unit: int, itemsize: int, *, apart: bool = False
) -> list[int]:
    """Return the hues of a box of `unit` bytes, whose elements may start before it.

    If `apart`, the hues are those of bytes, not of elements that start there.
    """
    if unit == itemsize and not apart:
        return hues(byte)
    starts = range(byte if apart else byte - itemsize + 1, byte + unit)
    return list(dict.fromkeys(one for start in starts for one in hues(start)))[:BANDS]


def _by_stride(layout: Layout) -> list[int]:
    """Return the axes, from the longest stride to the shortest."""
    return sorted(range(layout.ndim), key=lambda k: -abs(layout.strides[k]))


def _found(layout: Layout, byte: int) -> list[int]:
    """Return the hue of one element that starts at a byte, found axis by axis."""
    index = [0] * layout.ndim
    rest = byte - layout.extent()[0]
    for k in _by_stride(layout):
        step, n = layout.strides[k], layout.shape[k]
        if step:
            i = min(rest // abs(step), n - 1)
            rest -= i * abs(step)
            index[k] = i if step > 0 else n - 1 - i
    return [row_hue(layout, tuple(index))] if rest == 0 and byte >= layout.extent()[0] else []
