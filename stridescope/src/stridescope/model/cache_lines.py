"""A model of a cache: which 64-byte lines are loaded when an array is visited.

The cache holds a few lines. When another one is needed, the least recently used line is evicted.
Byte 0 of the owner is assumed to be the start of a line. Real caches hold hundreds or thousands of
lines, can keep each line in a few places only, and prefetch; see U. Drepper, "What Every Programmer
Should Know About Memory" (2007), section 3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from stridescope.model.strides import Index, Layout

LINE = 64
"""Bytes of a cache line."""
LIMIT = 20_000
"""Most visits that are computed."""
ORDERS = ("C", "F", "blocks")


@dataclass(frozen=True)
class Visit:
    """A visit to one element: its index, the lines it is in, and those that had to be loaded."""

    index: Index
    lines: tuple[int, ...]
    loaded: tuple[int, ...]


def indices(shape: Index, order: str, block: int) -> Iterator[Index]:
    """Yield all indices of a shape in an order.

    Parameters
    ----------
    order
        ``"C"`` (last axis fastest), ``"F"`` (first axis fastest) or ``"blocks"`` (square blocks of
        the last two axes, one row of blocks after another, each block in C order).
    block
        Rows and columns of a block.
    """
    if order == "F":
        yield from (index[::-1] for index in _count(shape[::-1]))
    elif order == "C" or len(shape) < 2:  # noqa: PLR2004 - one axis has no blocks
        yield from _count(shape)
    else:
        *lead, rows, cols = shape
        for where in _count(tuple(lead)):
            for a, b in _count((-(-rows // block), -(-cols // block))):
                i, j = a * block, b * block
                inside = (min(block, rows - i), min(block, cols - j))
                yield from ((*where, i + k, j + m) for k, m in _count(inside))


def _count(shape: Index) -> Iterator[Index]:
    """Yield all indices of a shape, last axis fastest.

    `itertools.product` would first make a tuple of each whole axis, and 10¹¹ indices are too many.
    """
    if not shape:
        yield ()
        return
    for first in range(shape[0]):
        for rest in _count(shape[1:]):
            yield (first, *rest)


def walk(layout: Layout, order: str, lines: int, block: int) -> list[Visit]:
    """Return the visits in order, at most `LIMIT`, with the lines that each one loads.

    Parameters
    ----------
    order, block
        See `indices`.
    lines
        How many lines the cache holds.
    """
    held: dict[int, None] = {}  # least recently used first
    visits = []
    for index in islice(indices(layout.shape, order, block), LIMIT):
        byte = layout.byte(index)
        touched = tuple(range(byte // LINE, (byte + max(layout.itemsize, 1) - 1) // LINE + 1))
        loaded = tuple(line for line in touched if not _use(held, line, lines))
        visits.append(Visit(index, touched, loaded))
    return visits


def _use(held: dict[int, None], line: int, most: int) -> bool:
    """Make a line the most recently used one; return whether it was in the cache."""
    hit = line in held
    if hit:
        del held[line]
    elif len(held) == most:
        del held[next(iter(held))]
    held[line] = None
    return hit


def loads(visits: list[Visit]) -> int:
    """Return how many lines the visits load."""
    return sum(len(v.loaded) for v in visits)


def is_cut(layout: Layout) -> bool:
    """Whether there are more elements than visits that are computed."""
    return math.prod(layout.shape) > LIMIT
