"""The geometry of a strip of bytes: which rows are drawn, and where each byte is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.model.memory import Memory
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.units import count_words
from stridescope.model.value_text import clip

ROWS = {WIDE: 6, NARROW: 9}
"""Most rows of a strip, by width; the rows on a phone are shorter."""


@dataclass(frozen=True)
class Piece:
    """The part of a run of bytes that is in one row.

    Parameters
    ----------
    row
        Number of the row.
    x, width
        Left edge and width, px.
    first, last
        Whether the run starts, or ends, in this row.
    """

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
    """The geometry of a strip: which rows are drawn, and where each byte is in them.

    Parameters
    ----------
    memory
        The array whose elements are the boxes; it determines their size, position and values.
    width
        Width of the picture in px: 704 or 358.
    wanted
        Bytes that should be visible, the most important one first.
    span
        Half-open range of bytes to draw; by default, those of the owner and of the layout.
    layouts
        Several layouts over these bytes. A box then counts as read if any of them reads part of it;
        reads are not counted.
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
        self.byte_width = self._byte_width(width)

    def _rows(self, wanted: list[int], most: int) -> list[int]:
        first, last = self.low // self.per_row, (self.high - 1) // self.per_row
        if last - first <= most:
            return list(range(first, last + 1))
        ends = [self.low, self.high - 1, 0, self.memory.owner.nbytes - 1]
        shown_rows: dict[int, None] = {}
        for byte in [*wanted, *ends]:
            if self.low <= byte < self.high:
                shown_rows[byte // self.per_row] = None
        start = next(iter(shown_rows))
        more = (r for r in range(start, min(start + most, last + 1)) if r not in shown_rows)
        rows = list(shown_rows)[:most]
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
        """Whether the box could show part of an address, which would differ from run to run."""
        owner, dtype = self.memory.owner.array, self.memory.dtype
        if dtype.hasobject:
            return self.unit != dtype.itemsize
        return owner is not None and owner.dtype.hasobject and not self.is_read(p)

    def _times(self, p: int) -> int | None:
        """Return how many elements read the box at byte p; None if too many to count."""
        layout = self.memory.layout
        if self.layouts:
            return int(any(_reads(lay, p, p + self.unit) for lay in self.layouts))
        if layout.size == 0:
            return 0
        if self.unit == layout.itemsize:
            return layout.times_read(p)
        counts = [layout.times_read(q) for q in range(p - layout.itemsize + 1, p + 1)]
        return None if None in counts else sum(n for n in counts if n)

    def _byte_width(self, width: int) -> int:
        """Return the width of a byte, px: wider if the values need it and the row has room."""
        least = max(11, -(-24 // self.unit))
        longest = max((len(t) for t in self.units.values()), default=1)
        needed = -(-(longest * 7 + 6) // self.unit)
        return max(least, min(needed, width // self.per_row))

    def x(self, byte: int) -> int:
        """Return the left edge of a byte in its row, px."""
        return byte % self.per_row * self.byte_width

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """Cut a run of bytes at the ends of rows; omit the parts in rows that are not drawn."""
        pieces = []
        for row in self.rows:
            low, high = row * self.per_row, (row + 1) * self.per_row
            a, b = max(start, low), min(stop, high)
            if a < b:
                x = (a - low) * self.byte_width
                pieces.append(Piece(row, x, (b - a) * self.byte_width, a == start, b == stop))
        return pieces

    def is_read(self, p: int) -> bool:
        """Whether any element reads the box at byte p."""
        return self.times[p] != 0

    def holds(self, p: int) -> bool:
        """Whether the box at byte p is inside the owner."""
        return p >= 0 and p + self.unit <= self.memory.owner.nbytes

    def words(self) -> str:
        """Return the boxes in words: value, byte, and how often each is read."""
        boxes = []
        for p, text in self.units.items():
            if not self.is_read(p):
                continue
            n = self.times[p]
            often = "" if n == 1 else f" (read {count_words(n)} times)"
            boxes.append(f"{clip(text) if self.holds(p) else 'outside (never read)'} at {p}{often}")
        hidden = (self.high - self.low) > len(self.rows) * self.per_row
        return ", ".join(boxes) + (", ⋯" if hidden else "")
