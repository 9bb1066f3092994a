"""The geometry of a strip of bytes: which rows are drawn, and where each byte is in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.model.memory import Memory
from stridescope.model.reading_rows import HuesAt, box_hues, hues_of
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.units import count_words
from stridescope.model.value_text import clip

ROWS = {WIDE: 6, NARROW: 9}
"""Most rows of a strip, by width; the rows on a phone are shorter."""
ONE_LINE = 128
"""Most boxes that are drawn as one line, which scrolls sideways where it does not fit."""
LEAST, ROOMY, MOST = 24, 32, 117
"""Width of a box, px: the least, the least in a line that scrolls, and the most without need."""
GLYPH = 8
"""Width of a character of a value, px."""
HEX_BYTE = 19
"""Least width of a byte whose two hexadecimal digits are written, px."""
MOST_HEX = 16
"""Most bytes of a box that are written in hexadecimal."""
LEGIBLE = 44
"""Width of a box, px, with which long values have to make do before the line scrolls."""


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


def units_per_row(least: int, width: int) -> int:
    """Return the largest power of two of boxes that fits in `width` px, at most 64."""
    most: int = 1 << (max(1, width // least).bit_length() - 1)
    return min(64, most)


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
    hexed
        Whether each byte is written in hexadecimal, too.
    longest
        Characters of the longest value, where a line is cut into rows instead of scrolled.
    hues
        The hues of a byte; by default, those of the rows that read it, or none where `layouts` do.
    """

    def __init__(  # noqa: PLR0913 - what is drawn, and how
        self,
        memory: Memory,
        width: int,
        wanted: list[int],
        span: tuple[int, int] | None = None,
        layouts: Sequence[Layout] = (),
        *,
        hexed: bool = False,
        longest: int | None = None,
        hues: HuesAt | None = None,
    ) -> None:
        layout = memory.layout
        low, high = span or layout.extent()
        self.memory, self.layouts, self.width = memory, layouts, width
        self.low, self.high = min(0, low), max(memory.owner.nbytes, high)
        self.unit = layout.itemsize if is_aligned(layout) and layout.itemsize else 1
        self.hexed = hexed and self.unit <= MOST_HEX
        self.phase = layout.offset % self.unit
        boxes = -(-(self.high - self.low) // self.unit)
        self.in_line = boxes <= ONE_LINE
        least = max(LEAST, self.unit * HEX_BYTE * self.hexed)
        # A row starts at byte 0 if there are several, else with the first byte that is drawn.
        self.origin = self.low - (self.low - self.phase) % self.unit if self.in_line else 0
        self.per_row = (
            max(self.high - self.origin, 1)
            if self.in_line
            else units_per_row(least, width) * self.unit
        )
        cut = self._cut(least, longest) if self.in_line and longest is not None else 0
        self.is_cut = bool(cut)
        if cut:
            self.in_line, self.per_row = False, cut
        self.rows = self._rows(wanted, ROWS.get(width, ROWS[NARROW]))
        self.times = {p: self._times(p) for p in self._units()}
        self.units = {p: self._text(p) for p in self.times}
        self.box_width = self._box_width(least)
        self.hues = {} if layouts and hues is None else self._hues(hues)

    def _cut(self, least: int, longest: int) -> int:
        """Return the bytes of a row of a line that would scroll, cut evenly; 0 if it fits."""
        needed = max(least, longest * GLYPH + 8)
        if self.width * self.unit // self.per_row >= max(least, min(needed, LEGIBLE)):
            return 0
        most = max(1, self.width // min(needed, max(least, MOST)))
        boxes = -(-self.per_row // self.unit)
        return -(-boxes // -(-boxes // most)) * self.unit

    def _rows(self, wanted: list[int], most: int) -> list[int]:
        first, last = self.row(self.low), self.row(self.high - 1)
        if last - first <= most:
            return list(range(first, last + 1))
        ends = [self.low, self.high - 1, 0, self.memory.owner.nbytes - 1]
        shown_rows: dict[int, None] = {}
        for byte in [*wanted, *ends]:
            if self.low <= byte < self.high:
                shown_rows[self.row(byte)] = None
        start = next(iter(shown_rows))
        more = (r for r in range(start, min(start + most, last + 1)) if r not in shown_rows)
        rows = list(shown_rows)[:most]
        return sorted([*rows, *list(more)[: most - len(rows)]])

    def _units(self) -> Iterator[int]:
        """Yield the first bytes of the boxes that touch a drawn row."""
        done: int | None = None
        for row in self.rows:
            begin = self.origin + row * self.per_row
            start = max(begin, self.low)
            p = start - (start - self.phase) % self.unit
            while p < min(begin + self.per_row, self.high):
                if done is None or p > done:
                    yield p
                    done = p
                p += self.unit

    def _text(self, p: int) -> str:
        if not self.holds(p):
            return "?"
        if self._is_pointer(p):
            return "·"
        if self.unit == self.memory.dtype.itemsize:
            return self.memory.text(p)
        return f"{self.memory.owner.raw[p]:02x}"

    def hex_at(self, byte: int) -> str:
        """Return a byte as two hexadecimal digits; ``·`` where it may be part of an address."""
        owner = self.memory.owner.array
        if self.memory.dtype.hasobject or (owner is not None and owner.dtype.hasobject):
            return "·"
        return f"{self.memory.owner.raw[byte]:02x}"

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

    def _hues(self, hues: HuesAt | None) -> dict[int, list[int]]:
        """Return the hues of each box: by default, those of the rows that read it."""
        at, apart = hues or hues_of(self.memory.layout), hues is not None
        size = self.memory.layout.itemsize
        return {p: box_hues(at, p, self.unit, size, apart=apart) for p in self.units}

    def _box_width(self, least: int) -> int:
        """Return the width of a box, px: one line fills the room, or scrolls if it is too long."""
        longest = max((len(t) for t in self.units.values()), default=1)
        needed = max(longest * GLYPH + 8, least)
        fit = self.width * self.unit // self.per_row
        if self.is_cut:
            return min(fit, max(least, MOST))
        if not self.in_line:
            return max(least, min(needed, fit))
        if fit >= max(least, min(needed, LEGIBLE)):
            return min(fit, max(MOST, needed))
        return max(ROOMY, least, min(needed, MOST))

    def row(self, byte: int) -> int:
        """Return the row of a byte."""
        return (byte - self.origin) // self.per_row

    def x(self, byte: int) -> int:
        """Return the left edge of a byte in its row, px."""
        place = (byte - self.origin) % self.per_row
        return self._px(place)

    def _px(self, nbytes: int) -> int:
        """Return the width of some bytes, px."""
        return (nbytes * self.box_width + self.unit // 2) // self.unit

    @property
    def row_width(self) -> int:
        """Width of a whole row, px."""
        return self._px(self.per_row)

    def pieces(self, start: int, stop: int) -> list[Piece]:
        """Cut a run of bytes at the ends of rows; omit the parts in rows that are not drawn."""
        pieces = []
        for row in self.rows:
            low = self.origin + row * self.per_row
            a, b = max(start, low), min(stop, low + self.per_row)
            if a < b:
                x = self._px(a - low)
                pieces.append(Piece(row, x, self._px(b - low) - x, a == start, b == stop))
        return pieces

    def middle(self, byte: int) -> int:
        """Return the middle of the box that starts at a byte, in its row, px."""
        return self.x(byte) + self.box_width // 2

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
