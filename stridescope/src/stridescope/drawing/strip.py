"""Draw a strip of bytes: boxes, values, addresses, brackets, the offset and the focus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stridescope.drawing.arcs import LEVEL, draw_arc, levels
from stridescope.drawing.strip_geometry import Piece, Strip
from stridescope.drawing.svg import Svg, hatch, rect
from stridescope.model.stride_steps import StrideStep
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.units import count_words
from stridescope.model.value_text import MINUS, TIMES, short
from stridescope.model.visit_order import visits

BOX = 28
"""Height of a box, px."""
FOOT = 30
"""Height below the boxes, px, for the owner's bracket, the addresses and one lane."""
LANE = 46
"""Height of one of several lanes, px: a line of text, numerals or bars, and a bracket."""
BARS = 14
"""Height of the line for counts, px, if elements are read more than once."""
GAP = 24
"""Height of the line that replaces rows left out, px."""
GLYPH = 8
"""Width of a numeral, px."""
TIGHT = 60
"""Width of a box, px, below which its type is 12 px."""


@dataclass(frozen=True)
class Lane:
    """A bracket under the bytes: of the owner (solid) or of a view (dashed).

    Parameters
    ----------
    name, label
        Short name, and the text at its first row.
    layout
        What the view reads.
    solid
        Whether it is the owner's bracket.
    """

    name: str
    label: str
    layout: Layout
    solid: bool


class StripDrawing:
    """The drawing of a strip.

    Parameters
    ----------
    strip
        What is drawn, and where.
    lanes
        The brackets: one in line with the boxes if the strip shows one layout, else a list below.
    arcs
        The steps drawn above the boxes.
    focus
        First byte of the element in focus.
    """

    def __init__(
        self,
        strip: Strip,
        lanes: Sequence[Lane],
        arcs: Sequence[StrideStep] = (),
        focus: int | None = None,
    ) -> None:
        self.strip, self.lanes, self.focus = strip, lanes, focus
        self.svg = Svg()
        aliased = any(n != 1 and strip.is_read(p) for p, n in strip.times.items())
        self.lift = BARS if aliased else 0
        heights = levels(strip, arcs)
        self.tops = self._stack(
            self.lift + (0 if strip.layouts else (max(heights, default=0) + 1) * LEVEL)
        )
        self._boxes()
        self._feet()
        self._ring()
        self._values()
        self._addresses()
        self._brackets()
        if not strip.layouts:
            self._offset()
        for arc, level in zip(arcs, heights, strict=True):
            draw_arc(self.svg, strip, self.tops, arc, self.lift + level * LEVEL)

    def _stack(self, above: int) -> dict[int, int]:
        """Return the top of the boxes in each row, px, and set the size of the drawing."""
        strip, y, tops = self.strip, 0, {}
        below = 30 + LANE * len(self.lanes) if strip.layouts else FOOT
        for row, before in zip(strip.rows, [None, *strip.rows], strict=False):
            if before is not None and row != before + 1:
                left_out = (row - before - 1) * strip.per_row
                self.svg.text("z", 1, y + 17, f"⋯ {left_out:,} bytes")
                y += GAP
            tops[row] = y + above
            y += above + BOX + below
        ends = [4, *(min(strip.high - row * strip.per_row, strip.per_row) for row in strip.rows)]
        # The name of a bracket needs room, even below a single byte.
        label_width = (
            max((len(lane.label) for lane in self.lanes), default=0) * 7.3 * bool(strip.layouts)
        )
        self.svg.width = max(ends) * strip.byte_width + 1
        self.svg.width = max(self.svg.width, min(round(label_width), strip.width))
        self.svg.height = y + 3
        return tops

    def _boxes(self) -> None:
        """Draw the edges of boxes that are read; mark those outside, or read more than once."""
        strip, outside = self.strip, []
        for p in strip.units:
            if not strip.is_read(p):
                continue
            for piece in strip.pieces(p, p + strip.unit):
                x, top, w = piece.x + 1, self.tops[piece.row], piece.width - 2
                if strip.holds(p):
                    self.svg.path("e", _open_box(piece, top))
                else:
                    outside.append((x, top + 1, w, BOX - 2))
                if strip.times[p] != 1:
                    self.svg.path("u", f"M{x + 1} {top - 4}h{w - 2}")
        self.svg.path("h", "".join(hatch(*box) for box in _joined(outside)))
        self.svg.path("q", "".join(rect(*box) for box in outside))
        self.svg.path("u2", self.svg.paths.get("u", ""))

    def _feet(self) -> None:
        """Draw the line under the owner's bytes, with a tick at each byte."""
        strip = self.strip
        for piece in strip.pieces(0, strip.memory.owner.nbytes):
            foot = self.tops[piece.row] + BOX
            self.svg.path("e", f"M{piece.x} {foot}h{piece.width}")
            if strip.unit > 1:
                dashes = f'stroke-dasharray="1 {strip.byte_width - 1}"'
                self.svg.path("t", f"M{piece.x} {foot - 2}h{piece.width}", dashes)

    def _ring(self) -> None:
        if self.focus is not None:
            stop = self.focus + self.strip.memory.dtype.itemsize
            for piece in self.strip.pieces(self.focus, stop):
                top = self.tops[piece.row] + 1
                self.svg.path("r", rect(piece.x + 2, top, piece.width - 4, BOX - 2))

    def _values(self) -> None:
        """Write the value of each box, and how often it is read if more than once."""
        strip = self.strip
        for p, text in strip.units.items():
            pieces = strip.pieces(p, p + strip.unit)
            if not pieces or not (strip.holds(p) or strip.is_read(p)):
                continue
            widest = max(pieces, key=lambda piece: piece.width)
            mid, top = widest.x + widest.width // 2, self.tops[widest.row]
            tight = widest.width < TIGHT
            space = max(1, int((widest.width - 3) / (6.9 if tight else 7.9)))
            cls = f"{self._role(p)} n".strip() if tight else self._role(p)
            self.svg.text(cls, mid, top + 19, short(text, space))
            if strip.is_read(p) and strip.times[p] != 1:
                self.svg.text("d", mid, top - 8, f"{TIMES}{count_words(strip.times[p])}")

    def _role(self, p: int) -> str:
        """Return the class of a value: outside, in focus, read, or not read."""
        size = self.strip.memory.dtype.itemsize
        if not self.strip.holds(p):
            return "o"
        if self.focus is not None and self.focus <= p < self.focus + size:
            return "i"
        return "" if self.strip.is_read(p) else "s"

    def _addresses(self) -> None:
        """Write the address of each box, or of every second, fourth … if there is little room."""
        strip = self.strip
        most = max((len(str(p)) for p in strip.units), default=1)
        every = 1
        while every * strip.unit * strip.byte_width < most * 7.3 + 5:
            every *= 2
        for p in strip.units:
            drawn_rows = strip.is_read(p) or 0 <= p < strip.memory.owner.nbytes
            row, place = divmod(p, strip.per_row)
            if row in self.tops and drawn_rows and place // strip.unit % every == 0:
                label = str(p).replace("-", MINUS)
                self.svg.text("a", strip.x(p) + 1, self.tops[row] + BOX + 16, label)

    def _brackets(self) -> None:
        """Draw the owner's bracket and those of the lanes."""
        strip = self.strip
        if strip.layouts or not (self.lanes and self.lanes[0].solid):
            owner = strip.pieces(0, strip.memory.owner.nbytes)
            self.svg.path("b", "".join(self._bracket(piece, BOX + 3, -3) for piece in owner))
        for k, lane in enumerate(self.lanes):
            drop = BOX + 18 + LANE * (k + 1) - 5 if strip.layouts else BOX + 25
            pieces = strip.pieces(*lane.layout.extent())
            lines = "".join(self._bracket(piece, drop, -5) for piece in pieces)
            self.svg.path("b" if lane.solid else "w", lines)
            if strip.layouts:
                self._marks(lane, drop)
            elif pieces:
                widest = max(pieces, key=lambda piece: piece.width)
                name = short(lane.name, max(1, int(self.svg.width / 7.3) - 2))
                mid = max(widest.x + widest.width // 2, 4 * len(name))
                self.svg.text("w", mid, self.tops[widest.row] + drop + 4, name)

    def _bracket(self, piece: Piece, drop: int, cap: int) -> str:
        """Return a bracket under one row, with a cap where the bytes start or end."""
        x, y = piece.x + 1, self.tops[piece.row] + drop
        left = f"M{x} {y + cap}v{-cap}" if piece.first else f"M{x} {y}"
        return f"{left}h{piece.width - 2}" + (f"v{cap}" if piece.last else "")

    def _marks(self, lane: Lane, drop: int) -> None:
        """Write the visits of an array in the columns of the boxes, and the array's name."""
        layout, strip = lane.layout, self.strip
        texts = numerals(layout, layout.itemsize * strip.byte_width)
        for p, text in texts.items():
            pieces = strip.pieces(p, p + layout.itemsize)
            if pieces:
                widest = max(pieces, key=lambda piece: piece.width)
                x, y = widest.x + widest.width // 2, self.tops[widest.row] + drop - 9
                self.svg.text("y", x, y, text)
        if not texts:
            self._bars(layout, drop - 6)
        space = int(self.svg.width / 7.3)
        drawn_rows = {piece.row for piece in strip.pieces(*layout.extent())} or set(strip.rows[:1])
        for k, row in enumerate(sorted(drawn_rows)):
            label = lane.name if k else lane.label
            self.svg.text("z", 1, self.tops[row] + drop - 27, short(label, space))

    def _bars(self, layout: Layout, drop: int) -> None:
        """Draw a bar under each element of an array, if numerals have no room."""
        strip = self.strip
        low, high = layout.extent()
        step = layout.itemsize if is_aligned(layout) else 1
        for row in dict.fromkeys(piece.row for piece in strip.pieces(low, high)):
            start = max(row * strip.per_row, low)
            start -= (start - layout.offset) % step
            for p in range(start, min((row + 1) * strip.per_row, high), step):
                if layout.times_read(p) != 0:
                    pieces = strip.pieces(p, p + layout.itemsize)
                    y = self.tops[row] + drop
                    self.svg.path(
                        "k", "".join(_bar(piece, y) for piece in pieces if piece.row == row)
                    )

    def _offset(self) -> None:
        """Draw ▼ above the byte of the offset."""
        strip = self.strip
        offset = strip.memory.layout.offset
        row = offset // strip.per_row
        if row in self.tops:
            x = max(strip.x(offset) + strip.byte_width // 2, 5)
            self.svg.path("f", f"M{x - 5} {self.tops[row] - self.lift - 8}h10l-5 7z")


def numerals(layout: Layout, space: int) -> dict[int, str]:
    """Return the visits by byte, as ``3`` or ``3×2``; empty if one is wider than `space` px."""
    texts = {
        byte: str(first) if count == 1 else f"{first}{TIMES}{count}"
        for byte, (first, count) in visits(layout).items()
    }
    return texts if all(len(text) * GLYPH <= space for text in texts.values()) else {}


def _bar(piece: Piece, y: int) -> str:
    """Return a bar under one element, with a gap to its neighbors."""
    left, right = 3 * piece.first, 3 * piece.last
    return f"M{piece.x + left} {y}h{piece.width - left - right}"


def _open_box(piece: Piece, top: int) -> str:
    """Return a box, open on the side where it continues in another row."""
    x, w = piece.x + piece.first, piece.width - piece.first - piece.last
    if piece.first and piece.last:
        return rect(x, top, w, BOX)
    left = f"M{x} {top}v{BOX}" if piece.first else ""
    right = f"M{x + w} {top}v{BOX}" if piece.last else ""
    return f"{left}M{x} {top}h{w}M{x} {top + BOX}h{w}{right}"


def _joined(boxes: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Join neighbors in a row, so that they are hatched together."""
    runs: list[tuple[int, int, int, int]] = []
    for x, y, w, h in boxes:
        if runs and runs[-1][1] == y and 0 <= x - runs[-1][0] - runs[-1][2] <= 2:  # noqa: PLR2004
            runs[-1] = (runs[-1][0], y, x + w - runs[-1][0], h)
        else:
            runs.append((x, y, w, h))
    return runs
