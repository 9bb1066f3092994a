"""Geometry of a strip of bytes: which rows are drawn, and where a byte lies in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.model.memory import Memory
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.units import count_words
from stridescope.model.value_text import clip

ROWS = {WIDE: 6, NARROW: 9}
"""Most rows of a strip; a phone's rows are shorter."""


@dataclass(frozen=True)
class Piece:
    """The part of a run of bytes that lies in one row, px."""

    row: int
    x: int
    width: int
    first: bool
    last: bool


def bytes_per_row(itemsize: int, width: int) -> int:
    """Return the largest power of two of bytes that fits in `width` px, at most 64."""
    least = max(11, -(-24 // itemsize))
    return min(64, 1 << ((width // least).bit_length() - 1))


def _reads(layout: Layout, start: int, stop: int) -> bool:
    """Whether any element has a byte in [start, stop)."""
    low, high = layout.extent()
    starts = range(max(low, start - layout.itemsize + 1), min(high, stop))
    return layout.size > 0 and any(layout.times_read(q) != 0 for q in starts)


class Strip:
    """Geometry of a strip: which rows are drawn, and where a byte lies in them.

    Parameters
    ----------
    memory
        The array that gives the boxes: their size, phase and values.
    width
        Room in px: 704 or 358.
    wanted
        Bytes that should be visible, most wanted first.
    span
        Half-open range of bytes to draw; the owner's and the layout's by default.
    layouts
        Several layouts over these bytes: a box is seen if any reads of it; readings are not counted.
    """

    def __init__(
        self,
        memory: Memory,
        width: int,
        wanted: list[int],
        span: tuple[int, int] | None = None,
        layouts: Sequence[Layout] = (),
    ) -> None:
        layout = memory.layout
        low, high = span or layout.extent()
        self.memory, self.layouts, self.width = memory, layouts, width
        self.low, self.high = min(0, low), max(memory.owner.nbytes, high)
        self.unit = layout.itemsize if is_aligned(layout) and layout.itemsize else 1
        self.phase = layout.offset % self.unit
        self.per_row = bytes_per_row(self.unit, width)
        self.rows = self._rows(wanted, ROWS[width])
        self.times = {p: self._times(p) for p in self._units()}
        self.units = {p: self._text(p) for p in self.times}
        self.u = self._u(width)

    def _rows(self, wanted: list[int], most: int) -> list[int]:
        first, last = self.low // self.per_row, (self.high - 1) // self.per_row
        if last - first <= most:
            return list(range(first, last + 1))
        ends = [self.low, self.high - 1, 0, self.memory.owner.nbytes - 1]
        kept: dict[int, None] = {}
        for byte in [*wanted, *ends]:
            if self.low <= byte < self.high:
                kept[byte // self.per_row] = None
        start = next(iter(kept))
        more = (r for r in range(start, min(start + most, last + 1)) if r not in kept)
        rows = list(kept)[:most]
        return sorted([*rows, *list(more)[: most - len(rows)]])

    def _units(self) -> Iterator[int]:
        """Yield the first bytes of the boxes that touch a drawn row."""
        done: int | None = None
        for row in self.rows:
            start = max(row * self.per_row, self.low)
            p = start - (start - self.phase) % self.unit
            while p < min((row + 1) * self.per_row, self.high):
                if done is None or p > done:
                    yield p
                    done = p
                p += self.unit

    def _text(self, p: int) -> str:
        nbytes = self.memory.owner.nbytes
        if not (p >= 0 and p + self.unit <= nbytes):
            return "?"
        if self._is_pointer(p):
            return "·"
        if self.unit == self.memory.dtype.itemsize:
            return self.memory.text(p)
        return f"{self.memory.owner.raw[p]:02x}"

    def _is_pointer(self, p: int) -> bool:
        """Whether the box may show part of an address: it would differ from run to run."""
        owner, dtype = self.memory.owner.array, self.memory.dtype
        if dtype.hasobject:
            return self.unit != dtype.itemsize
        return owner is not None and owner.dtype.hasobject and not self.is_seen(p)

    def _times(self, p: int) -> int | None:
        """Return how many elements read the box at p; None if too many to count."""
        layout = self.memory.layout
        if self.layouts:
            return int(any(_reads(lay, p, p + self.unit) for lay in self.layouts))
        if layout.size == 0:
            return 0
        if self.unit == layout.itemsize:
            return layout.times_read(p)
        counts = [layout.times_read(q) for q in range(p - layout.itemsize + 1, p + 1)]
        return None if None in counts else sum(n for n in counts if n)

    def _u(self, width: int) -> int:
        """Return the width of a byte: the least, or more where values need and the row has it."""
        least = max(11, -(-24 // self.unit))
        longest = max((len(t) for t in self.units.values()), default=1)
        needed = -(-(longest * 7 + 6) // self.unit)
        return max(least, min(needed, width // self.per_row))

    def x(self, byte: int) -> int:
        """Return the left edge of a byte in its row, px."""
        return byte % self.per_row * self.u

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """Cut a run of bytes at the ends of rows; parts in rows not drawn are left out."""
        found = []
        for row in self.rows:
            low, high = row * self.per_row, (row + 1) * self.per_row
            a, b = max(start, low), min(stop, high)
            if a < b:
                x = (a - low) * self.u
                found.append(Piece(row, x, (b - a) * self.u, a == start, b == stop))
        return found

    def is_seen(self, p: int) -> bool:
        """Whether any element reads the box at p."""
        return self.times[p] != 0

    def holds(self, p: int) -> bool:
        """Whether the box at p lies within the owner."""
        return p >= 0 and p + self.unit <= self.memory.owner.nbytes

    def words(self) -> str:
        """Return what the boxes show: value, byte, times read."""
        seen = []
        for p, text in self.units.items():
            if not self.is_seen(p):
                continue
            n = self.times[p]
            often = "" if n == 1 else f" (read {count_words(n)} times)"
            seen.append(f"{clip(text) if self.holds(p) else 'outside (never read)'} at {p}{often}")
        hidden = (self.high - self.low) > len(self.rows) * self.per_row
        return ", ".join(seen) + (", ⋯" if hidden else "")
