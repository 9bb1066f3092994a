"""Which row of a reading an element belongs to, and the hue that table and strip share for it."""

from __future__ import annotations

import math
from collections.abc import Callable
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
    if layout.size * size == nbytes and layout.size <= MOST:
        starts = {layout.byte(index) for index in product(*map(range, layout.shape))}
        if len(starts) == layout.size and all(0 <= start < nbytes for start in starts):
            return hues_of(layout)
    count = nbytes // size

    def at(byte: int) -> list[int]:
        is_start = byte % size == 0 and 0 <= byte < count * size
        return [hue(byte // size, count)] if is_start else []

    return at


def box_hues(
    hues: HuesAt, byte: int, unit: int, itemsize: int, *, apart: bool = False
) -> list[int]:
    """Return the hues of a box of `unit` bytes, whose elements may start before it.

    If `apart`, the hues are not those of a layout, so the box may start inside an element.
    """
    if unit == itemsize and not apart:
        return hues(byte)
    starts = range(byte - itemsize + 1, byte + unit)
    return list(dict.fromkeys(one for start in starts for one in hues(start)))[:BANDS]


def _found(layout: Layout, byte: int) -> list[int]:
    """Return the hue of one element that starts at a byte, found axis by axis."""
    index = [0] * layout.ndim
    rest = byte - layout.extent()[0]
    order = sorted(range(layout.ndim), key=lambda k: -abs(layout.strides[k]))
    for k in order:
        step, n = layout.strides[k], layout.shape[k]
        if step:
            i = min(rest // abs(step), n - 1)
            rest -= i * abs(step)
            index[k] = i if step > 0 else n - 1 - i
    return [row_hue(layout, tuple(index))] if rest == 0 and byte >= layout.extent()[0] else []
