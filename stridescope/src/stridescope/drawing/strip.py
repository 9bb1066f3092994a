"""Draw a strip of bytes: boxes, values, addresses, brackets, the offset and the focus."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stridescope.drawing.arcs import LEVEL, draw_arc, levels
from stridescope.drawing.reading_path import (
    FEET,
    GLYPH,
    ROOM,
    draw_reading,
    has_path,
    numerals,
    ordinals,
    start_dot,
)
from stridescope.drawing.strip_geometry import Piece, Strip
from stridescope.drawing.svg import Svg, bands, hatch, rect
from stridescope.model.reading_rows import HuesAt, box_hues, hues_of
from stridescope.model.stride_steps import StrideStep
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.units import count_words
from stridescope.model.value_text import MINUS, TIMES, short

BOX = 36
"""Height of a box, px."""
HEX = 18
"""Height that the bytes of a box in hexadecimal add, px."""
FOOT = 30
"""Height below the boxes, px, for the owner's bracket and the addresses."""
DROP, LANE_FOOT = 30, 40
"""From the feet of the boxes down to the bar of a single lane, and its room, px."""
LANE = 66
"""Height of one of several lanes, px: a line of text, tiles with numerals, and a bracket."""
TILE, BAR = 22, 8
"""Height of the tiles of a lane, px: with a text in each, and without."""
LABEL = 9.1
"""Width of a character of a lane's label, 15 px, px."""
STRIDES = re.compile(r"(?<=strides )\([^)]*\)")
BARS = 14
"""Height of the line for counts, px, if elements are read more than once."""
GAP = 24
"""Height of the line that replaces rows left out, px."""
TIGHT, LARGE = 36, 56
"""Widths of a box, px, below which its type is 12 px, and from which it is 15 px."""
GLYPHS = {"n": 7.1, "": 7.9, "v": 9.1}
"""Width of a character in a box, px, by the class of its type."""
TICK = 4
"""Least width of a byte, px, for a tick at each byte."""


@dataclass(frozen=True)
class Lane:
    """A bracket under the bytes: of the owner (solid) or of a view (dashed).

    Parameters
    ----------
    name, label
        Short name, and the text at its first row, or on the bar of a single lane if it has room.
    layout
        What the view reads.
    solid
        Whether it is the owner's bracket.
    texts
        What its tiles say, by byte, instead of the order in which elements are read.
    hues
        The hues of a byte; by default, those of the rows of the layout.
    """

    name: str
    label: str
    layout: Layout
    solid: bool
    texts: Mapping[int, str] | None = None
    hues: HuesAt | None = None


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
    path
        Whether the order of reading is drawn as a path above the boxes; None if there is no room
        for one, either.
    offset
        Whether a dot marks where the array starts if there are no steps and no path.
    """

    def __init__(  # noqa: PLR0913 - what is drawn, and how
        self,
        strip: Strip,
        lanes: Sequence[Lane],
        arcs: Sequence[StrideStep] = (),
        focus: int | None = None,
        *,
        path: bool | None = None,
        offset: bool = True,
    ) -> None:
        self.strip, self.lanes, self.focus = strip, lanes, focus
        self.svg = Svg()
        self.box = BOX + HEX * strip.hexed
        aliased = any(n != 1 and strip.is_read(p) for p, n in strip.times.items())
        self.lift = BARS if aliased else 0
        heights = levels(strip, arcs)
        above = (max(heights, default=0) + 1) * LEVEL
        has_room = path is not None and has_path(strip.memory.layout)
        self.tops = self._stack(self.lift + (0 if strip.layouts else max(above, ROOM * has_room)))
        self._fills()
        self._boxes()
        self._feet()
        self._ring()
        self._values()
        self._addresses()
        self._brackets()
        if path and has_room:
            draw_reading(self.svg, strip, self.tops, self.lift)
        elif arcs or (offset and not strip.layouts):
            self._start(arcs[0].start if arcs else strip.memory.layout.offset)
        for arc, level in zip(arcs, heights, strict=True):
            draw_arc(self.svg, strip, self.tops, arc, self.lift + level * LEVEL)

    def _stack(self, above: int) -> dict[int, int]:
        """Return the top of the boxes in each row, px, and set the size of the drawing."""
        strip, y, tops = self.strip, 0, {}
        for row, before in zip(strip.rows, [None, *strip.rows], strict=False):
            if before is not None and row != before + 1:
                left_out = (row - before - 1) * strip.per_row
                self.svg.text("z", 1, y + 17, f"⋯ {left_out:,} bytes")
                y += GAP
            tops[row] = y + above
            y += above + self.box + self._below(row)
        ends = [4, *(piece.x + piece.width for piece in strip.pieces(strip.low, strip.high))]
        # The name of a bracket needs room, even below a single byte.
        label_width = (
            max((len(lane.label) for lane in self.lanes), default=0) * LABEL * bool(strip.layouts)
        )
        self.svg.width = max(ends) + 1
        self.svg.width = max(self.svg.width, min(round(label_width), strip.width))
        self.svg.height = y + 3
        return tops

    def _below(self, row: int) -> int:
        """Return the height below the boxes of a row, px; lanes that end above it take none."""
        if not self.strip.layouts:
            return LANE_FOOT
        spans = [self.strip.pieces(*lane.layout.extent()) for lane in self.lanes]
        lanes = [k + 1 for k, span in enumerate(spans) if any(p.row == row for p in span)]
        return FOOT + LANE * max(lanes, default=int(row == self.strip.rows[0]))

    def _fills(self) -> None:
        """Fill the boxes that are read in the hues of their rows, and the others with the page."""
        strip = self.strip
        for p in strip.units:
            if not strip.holds(p):
                continue
            hues = self._hues(p)
            for piece in strip.pieces(p, p + strip.unit):
                box = (piece.x + 1, self.tops[piece.row], piece.width - 2, self.box)
                bands(self.svg, hues, box)

    def _hues(self, p: int) -> list[int]:
        """Return the hues of a box; none if it is not read."""
        return self.strip.hues.get(p, []) if self.strip.is_read(p) else []

    def _boxes(self) -> None:
        """Draw the edges of boxes; mark those outside, or read more than once."""
        strip, outside = self.strip, []
        for p in strip.units:
            is_read, holds = strip.is_read(p), strip.holds(p)
            for piece in strip.pieces(p, p + strip.unit) if is_read or holds else ():
                x, top, w = piece.x + 1, self.tops[piece.row], piece.width - 2
                if not holds:
                    outside.append((x, top + 1, w, self.box - 2))
                elif not self._hues(p):
                    self.svg.path("ei", _open_box(piece, top, self.box))
                if holds and is_read:
                    self.svg.path("eb", _open_box(piece, top, self.box))
                if holds and is_read and strip.times[p] != 1:
                    self.svg.path("u", f"M{x + 1} {top - 4}h{w - 2}")
        self.svg.path("h", "".join(hatch(*box) for box in _joined(outside)))
        self.svg.path("q", "".join(rect(*box) for box in outside))
        self.svg.path("u2", self.svg.paths.get("u", ""))

    def _feet(self) -> None:
        """Draw a tick at each of the owner's bytes."""
        strip = self.strip
        if strip.unit == 1 or strip.box_width < TICK * strip.unit:
            return
        dashes = f'stroke-dasharray="1 {round(strip.box_width / strip.unit - 1, 3)}"'
        for piece in strip.pieces(0, strip.memory.owner.nbytes):
            foot = self.tops[piece.row] + self.box
            self.svg.path("t", f"M{piece.x} {foot - 2}h{piece.width}", dashes)

    def _ring(self) -> None:
        if self.focus is not None:
            stop = self.focus + self.strip.memory.dtype.itemsize
            for piece in self.strip.pieces(self.focus, stop):
                top = self.tops[piece.row] + 1
                self.svg.path("r", rect(piece.x + 2, top, piece.width - 4, self.box - 2))

    def _values(self) -> None:
        """Write the value of each box, and how often it is read if more than once."""
        strip = self.strip
        for p, text in strip.units.items():
            pieces = strip.pieces(p, p + strip.unit)
            if not pieces or not (strip.holds(p) or strip.is_read(p)):
                continue
            widest = max(pieces, key=lambda piece: piece.width)
            mid, top = widest.x + widest.width // 2, self.tops[widest.row]
            size = type_class(widest.width)
            space = max(1, int((widest.width - 3) / GLYPHS[size]))
            cls = f"{self._role(p)} {size}".strip()
            self.svg.text(cls, mid, top + 23, short(text, space))
            if strip.hexed and strip.holds(p):
                for k in range(strip.unit):
                    x = strip.x(p) + strip.box_width * (2 * k + 1) // (2 * strip.unit)
                    self.svg.text("hx", x, top + 46, strip.hex_at(p + k))
            if strip.holds(p) and strip.is_read(p) and strip.times[p] != 1:
                self.svg.text("d", mid, top - 8, f"{TIMES}{count_words(strip.times[p])}")

    def _role(self, p: int) -> str:
        """Return the class of a value: outside, in focus, read, or not read."""
        size = self.strip.memory.dtype.itemsize
        if not self.strip.holds(p):
            return "o"
        if self.focus is not None and self.focus <= p < self.focus + size:
            return "i y"
        return "" if self.strip.is_read(p) else "s"

    def _addresses(self) -> None:
        """Write the address of each box, or of every second, fourth … if there is little room."""
        strip = self.strip
        most = max((len(str(p)) for p in strip.units), default=1)
        every = 1
        while every * strip.box_width < most * 7.9 + 5:
            every *= 2
        for p in strip.units:
            drawn_rows = strip.is_read(p) or 0 <= p < strip.memory.owner.nbytes
            row = strip.row(p)
            place = (p - strip.origin) % strip.per_row
            if row in self.tops and drawn_rows and place // strip.unit % every == 0:
                label = str(p).replace("-", MINUS)
                self.svg.text("a", strip.x(p) + 1, self.tops[row] + self.box + 16, label)

    def _brackets(self) -> None:
        """Draw the owner's bracket above several lanes, and their brackets or the bar of one."""
        strip = self.strip
        if strip.layouts:
            owner = strip.pieces(0, strip.memory.owner.nbytes)
            path = "".join(self._bracket(piece, self.box + 3, -3) for piece in owner)
            self.svg.path("b", path)
        for k, lane in enumerate(self.lanes):
            drop = self.box + 18 + LANE * (k + 1) - 5 if strip.layouts else self.box + DROP
            (low, high), size = lane.layout.extent(), strip.memory.owner.nbytes
            pieces = strip.pieces(low, high)
            if not strip.layouts:
                pieces = strip.pieces(max(low, 0), min(high, size))
                beyond = strip.pieces(low, min(high, 0)) + strip.pieces(max(low, size), high)
                self.svg.path("q", "".join(self._bracket(one, drop, 0) for one in beyond))
            cap = -5 if strip.layouts else 0
            lines = "".join(self._bracket(piece, drop, cap) for piece in pieces)
            self.svg.path("b" if lane.solid else "w", lines)
            if strip.layouts:
                self._tiles(lane, drop)
            elif pieces:
                widest = max(pieces, key=lambda piece: piece.width)
                most = max(1, int(self.svg.width / 7.9) - 2)
                name = lane.label if len(lane.label) <= most else short(lane.name, most)
                half = int(3.95 * len(name))
                mid = max(min(widest.x + 1 + half, self.svg.width - half), half)
                y = self.tops[widest.row] + drop
                self.svg.path("bg", rect(mid - half - 2, y - 9, 2 * half + 8, 18))
                self.svg.text("w", mid, y + 4, name)

    def _bracket(self, piece: Piece, drop: int, cap: int) -> str:
        """Return a bracket under one row, with a cap where the bytes start or end."""
        x, y = piece.x + 1, self.tops[piece.row] + drop
        left = f"M{x} {y + cap}v{-cap}" if piece.first else f"M{x} {y}"
        return f"{left}h{piece.width - 2}" + (f"v{cap}" if piece.last else "")

    def _tiles(self, lane: Lane, drop: int) -> None:
        """Draw a tile under each element, in its hues but pale: its value, or when it is read."""
        layout, strip = lane.layout, self.strip
        texts = tile_texts(lane, self._tile_width(layout))
        at, apart = lane.hues or hues_of(layout), lane.hues is not None
        size = layout.itemsize
        low, high = layout.extent()
        cls = "ord in" if lane.texts is None else "y in"
        tall = TILE if texts else BAR
        for p in texts or self._starts(layout):
            pieces = strip.pieces(p, p + layout.itemsize)
            hues = box_hues(at, p, size, size, apart=apart)
            for piece in pieces:
                x, top = piece.x + 1, self.tops[piece.row] + drop - 6 - tall
                bands(self.svg, hues, (x, top, piece.width - 2, tall), " p" if texts else "")
            if pieces and texts:
                widest = max(pieces, key=lambda piece: piece.width)
                y = self.tops[widest.row] + drop - 12
                self.svg.text(cls, widest.x + widest.width // 2, y, texts[p])
        space = int(self.svg.width / LABEL)
        drawn_rows = {piece.row for piece in strip.pieces(low, high)} or set(strip.rows[:1])
        for k, row in enumerate(sorted(drawn_rows)):
            label = lane.name if k else lane.label
            words = short(label, space)
            found = STRIDES.search(words)
            place = (1, self.tops[row] + drop - 35)
            self.svg.text("lb", *place, words, marked=found[0] if found else "")

    def _starts(self, layout: Layout) -> dict[int, None]:
        """Return the first bytes of the elements that touch a drawn row."""
        strip, (low, high) = self.strip, layout.extent()
        step = layout.itemsize if is_aligned(layout) and layout.itemsize else 1
        starts: dict[int, None] = {}
        for row in strip.rows:
            begin = strip.origin + row * strip.per_row
            first = max(begin, low)
            first -= (first - layout.offset) % step
            tried = range(first, min(begin + strip.per_row, high), step)
            starts |= {p: None for p in tried if layout.size and layout.times_read(p) != 0}
        return starts

    def _tile_width(self, layout: Layout) -> int:
        return layout.itemsize * self.strip.box_width // self.strip.unit

    def _start(self, byte: int) -> None:
        """Draw a dot above the byte where the array, or the way to an element, starts."""
        row = self.strip.row(byte)
        if row in self.tops:
            self.svg.path("f", start_dot(self.strip.middle(byte), self.tops[row] - FEET))


def tile_texts(lane: Lane, space: int) -> Mapping[int, str]:
    """Return what the tiles of a lane say, by byte; empty if one text is wider than `space` px."""
    if lane.texts is None:
        return ordinals(numerals(lane.layout, space), space)
    return lane.texts if all(len(t) * GLYPH <= space for t in lane.texts.values()) else {}


def type_class(width: int) -> str:
    """Return the class of the type in a box, by its width in px."""
    return "n" if width < TIGHT else "v" if width >= LARGE else ""


def _open_box(piece: Piece, top: int, height: int) -> str:
    """Return a box, open on the side where it continues in another row."""
    x, w = piece.x + piece.first, piece.width - piece.first - piece.last
    if piece.first and piece.last:
        return rect(x, top, w, height)
    left = f"M{x} {top}v{height}" if piece.first else ""
    right = f"M{x + w} {top}v{height}" if piece.last else ""
    return f"{left}M{x} {top}h{w}M{x} {top + height}h{w}{right}"


def _joined(boxes: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Join neighbors in a row, so that they are hatched together."""
    runs: list[tuple[int, int, int, int]] = []
    for x, y, w, h in boxes:
        if runs and runs[-1][1] == y and 0 <= x - runs[-1][0] - runs[-1][2] <= 2:  # noqa: PLR2004
            runs[-1] = (runs[-1][0], y, x + w - runs[-1][0], h)
        else:
            runs.append((x, y, w, h))
    return runs
