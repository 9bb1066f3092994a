"""Draw the grid of elements: axis 0 down, axis 1 to the right, further axes as boards."""

from __future__ import annotations

import math
from itertools import product

from stridescope.drawing.board_layout import board_lines
from stridescope.drawing.figure import WIDE
from stridescope.drawing.grid_window import Slots, window
from stridescope.drawing.svg import Svg, bands, hatch, rect
from stridescope.model.memory import Memory
from stridescope.model.reading_rows import HuesAt, box_hues, row_hue
from stridescope.model.strides import Index
from stridescope.model.value_text import clip, short

CELL_W, CELL_H = 44, 32
"""The smallest cell, px."""
CELLS = (72, 52), (60, 44), (52, 38), (CELL_W, CELL_H)
"""Sizes of cells, px; the largest that fits is taken."""
TALL = 400
"""Height, px, up to which rows may have larger cells."""
BESIDE = 5 / 8
"""Part of the width that elements with rows may fill, so that the formula fits beside them."""
GAP_W, GAP_H = 28, 22
STACKED = 4
"""Most boards that are stacked on a phone."""
ROOM = 5
"""Most characters in a cell."""


def _apart(way: str, start: tuple[int, int], middle: int, stop: int) -> str:
    """Return an axis line with a gap of 48 px in the middle for the axis name."""
    x, y = start
    first, end = (x, f"M{stop} {y}") if way == "H" else (y, f"M{x} {stop}")
    near = f"M{x} {y}{way}{middle - 24}" if middle - 24 > first else ""
    return near + (f"{end}{way}{middle + 24}" if middle + 24 < stop else "")


def _blocks(cells: list[tuple[int, int]], size: tuple[int, int]) -> list[tuple[int, int, int, int]]:
    """Join cells into rows, and equal rows into blocks, so that they are hatched together."""
    cell_w, cell_h = size
    rows: list[tuple[int, int, int]] = []
    for x, y in cells:
        if rows and rows[-1][1] == y and rows[-1][0] + rows[-1][2] == x:
            rows[-1] = (rows[-1][0], y, rows[-1][2] + cell_w)
        else:
            rows.append((x, y, cell_w))
    blocks: list[tuple[int, int, int, int]] = []
    for x, y, w in rows:
        above = (b for b in range(len(blocks)) if blocks[b][::2] == (x, w))
        same = next((b for b in above if blocks[b][1] + blocks[b][3] == y), None)
        if same is None:
            blocks.append((x, y, w, cell_h))
        else:
            blocks[same] = (x, blocks[same][1], w, blocks[same][3] + cell_h)
    return blocks


class Grid:
    """The drawing of one array's elements.

    Parameters
    ----------
    memory
        The description of the array.
    focus
        Index of the element in focus; None if there is none.
    width
        Width in px that the boards may fill.
    hues
        The hues of a byte; by default, those of the rows.
    """

    def __init__(
        self, memory: Memory, focus: Index | None, width: int, hues: HuesAt | None = None
    ) -> None:
        self.memory, self.focus, self.width, self.hues = memory, focus, width, hues
        shape = memory.layout.shape
        self.window = window(shape, focus or (0,) * len(shape), width)
        axes = self.window.axes
        zero: Slots = [0]
        self.lead = axes[:-2]
        self.rows, self.cols = ([zero, zero, *axes])[-2:] if len(axes) != 1 else (zero, axes[0])
        self.flat = len(axes) < 2  # noqa: PLR2004 - no axis goes down
        self.left = (
            0 if self.flat else 24 + 8 * max(len(str(i)) for i in self.rows if i is not None)
        )
        self.top = 36 if axes else 2
        self.cell = self._cell_size()
        self.value = {CELL_W: "", CELLS[0][0]: "vl"}.get(self.cell[0], "v")
        self.svg = Svg()
        self.ring = self.again = ""
        self.drawn: set[int] = set()
        self.outside: list[tuple[int, int]] = []
        self.texts: list[tuple[str, int, int, str]] = []

    def _cell_size(self) -> tuple[int, int]:
        """Return the width and height of a cell, px."""
        room = self.width
        if self.width == WIDE and not self.flat and not self.lead:
            room = int(room * BESIDE)
        lengths = [sum(k is not None for k in slots) for slots in self.lead]
        is_stacked = self.width < WIDE and math.prod(lengths) <= STACKED
        across = lengths[-1] if lengths and not is_stacked else 1
        for w, h in CELLS:
            self.cell = (w, h)
            wide, tall = self._board_size()
            wide = (wide + 20) * across - 20
            tall *= math.prod(lengths) if is_stacked else 1
            if wide <= room and (tall <= TALL or h == CELL_H):
                return w, h
        return CELLS[-1]

    def draw(self, name: str) -> str:
        """Return the drawing as SVG text."""
        boards = [board for board in product(*self.lead) if None not in board]
        step_x, step_y = self._board_size()
        fit = max(1, (self.width + 20) // (step_x + 20))
        if self.width < WIDE and len(boards) <= STACKED:
            fit = 1
        lengths = [sum(k is not None for k in slots) for slots in self.lead]
        per_line, places = board_lines(lengths, fit)
        for board, (line, column) in zip(boards, places, strict=True):
            self._board(board, column * (step_x + 20) + 1, line * (step_y + 8) + 1)
        lines = places[-1][0] + 1
        self.svg.width = per_line * (step_x + 20) - 18
        self.svg.height = lines * (step_y + 8) - 6
        self._emit(name)
        return str(self.svg)

    def words(self) -> str:
        """Return the elements that are drawn in words, row by row."""
        lines = []
        for lead in product(*self.lead):
            for i in self.rows:
                if None in lead or i is None:
                    continue
                index = tuple(k for k in lead if k is not None)
                row = [
                    "⋯" if j is None else self._text((*index, *self._last(i, j))) for j in self.cols
                ]
                where = (*index, *(() if self.flat else (i,)))
                place = f"[{', '.join(map(str, (*where, '…')))}] " if where else ""
                lines.append(f"{place}{', '.join(row)}")
        more = ["⋯ (only the first and last are shown)"] if self.window.cut else []
        return "; ".join(lines + more)

    def _last(self, i: int, j: int) -> Index:
        """Return the last entries of an index: none if 0-d, j if 1-d, else i and j."""
        return (i, j)[2 - min(self.memory.layout.ndim, 2) :]

    def _text(self, index: Index) -> str:
        return clip(self.memory.text(self.memory.layout.byte(index)))

    def _board_size(self) -> tuple[int, int]:
        cell_w, cell_h = self.cell
        width = sum(GAP_W if j is None else cell_w for j in self.cols) + self.left
        height = sum(GAP_H if i is None else cell_h for i in self.rows) + self.top
        if not self.lead:
            return width, height
        title = max(len(self._title(board)) for board in product(*self.lead))
        return max(width, self.left + 8 * title), height + 20

    def _board(self, board: tuple[int | None, ...], x0: int, y0: int) -> None:
        """Draw one board with its title, axis lines and cells."""
        if self.lead:
            is_focus = bool(self.focus and board == self.focus[: len(board)])
            self.texts.append(
                ("i b" if is_focus else "z", x0 + self.left, y0 + 14, self._title(board))
            )
            y0 += 20
        lead = tuple(k for k in board if k is not None)
        self._axes(x0, y0)
        y = y0 + self.top
        for i in self.rows:
            if i is None:
                self.texts.append(("s", x0 + self.left + self.cell[0] // 2, y + 15, "⋮"))
                y += GAP_H
                continue
            if not self.flat:
                is_focus = self._in_focus(len(lead), i, lead)
                self.texts.append(
                    ("i x" if is_focus else "s x", x0 + self.left - 6, y + self.base, str(i))
                )
            self._row((lead, i), x0 + self.left, y)
            y += self.cell[1]

    def _title(self, board: tuple[int | None, ...]) -> str:
        """Return the title of a board, ``[0,1, …]``; ``⋯`` first if boards before are left out."""
        before = [slots[slots.index(k) - 1] for slots, k in zip(self.lead, board, strict=True) if k]
        dots = "⋯ " if None in before else ""
        return f"{dots}[{','.join(map(str, board))}, …]"

    @property
    def base(self) -> int:
        """Distance of the baseline of a text from the top of its cell, px."""
        return self.cell[1] // 2 + 5 + (self.cell == CELLS[0])

    def _in_focus(self, axis: int, i: int, lead: Index) -> bool:
        return bool(self.focus and self.focus[: len(self.lead)] == lead and self.focus[axis] == i)

    def _row(self, where: tuple[Index, int], x: int, y: int) -> None:
        lead, i = where
        for j in self.cols:
            if j is None:
                self.texts.append(("s", x + GAP_W // 2, y + self.base - 1, "⋯"))
                x += GAP_W
                continue
            index = (*lead, *self._last(i, j))
            self._cell(index, (x, y))
            x += self.cell[0]

    def _cell(self, index: Index, place: tuple[int, int]) -> None:
        """Draw one element: fill (pale if its bytes were drawn before), value, ring, hatching."""
        (x, y), (w, h), layout = place, self.cell, self.memory.layout
        byte, focused = layout.byte(index), index == self.focus
        if focused:
            self.ring = rect(x + 1, y + 1, w - 2, h - 2)
        if not self.memory.holds(byte):
            self.outside.append((x, y))
            self.texts.append(("o", x + w // 2, y + self.base, "?"))
            return
        is_again = byte in self.drawn and layout.times_read(byte) != 1
        hues = [row_hue(layout, index)]
        if self.hues is not None:
            hues = box_hues(self.hues, byte, layout.itemsize, layout.itemsize, apart=True)
        bands(self.svg, hues, (x + 1, y + 1, w - 2, h - 2), " p" if is_again else "")
        self.again += rect(x + 3, y + 3, w - 6, h - 6) if is_again else ""
        self.drawn.add(byte)
        text = short(self.memory.text(byte), ROOM)
        cls = f"{'i y' if focused else ''} {self.value}".strip()
        self.texts.append((cls, x + w // 2, y + self.base, text))

    def _axes(self, x0: int, y0: int) -> None:
        """Draw the line of each axis in its style, its name, and the column numbers."""
        ndim = self.memory.layout.ndim
        if not ndim:
            return
        cell_w, cell_h = self.cell
        x, first = x0 + self.left, x0 + self.left
        for j in self.cols:
            if j is not None:
                is_focus = bool(self.focus and self.focus[-1] == j)
                label = str(j) if len(str(j)) <= ROOM else ""
                self.texts.append(("i" if is_focus else "s", x + cell_w // 2, y0 + 31, label))
            x += GAP_W if j is None else cell_w
        if len(str(self.cols[-1])) > ROOM:
            is_focus = bool(self.focus and self.focus[-1] == self.cols[-1])
            self.texts.append(("i" if is_focus else "s", x - cell_w // 2, y0 + 31, "last"))
        middle = max((first + x) // 2, first + 22)
        self.svg.path(f"l{min(ndim - 1, 3)}", _apart("H", (first, y0 + 8), middle, x))
        self.texts.append(("j", middle, y0 + 12, f"axis {ndim - 1}"))
        height = sum(GAP_H if i is None else cell_h for i in self.rows)
        if not self.flat and len(self.rows) > 1:
            top = y0 + self.top
            middle = top + height // 2
            self.svg.path(f"l{min(ndim - 2, 3)}", _apart("V", (x0 + 7, top), middle, top + height))
            turn = f"rotate(-90 {x0 + 11} {middle})"
            self.svg.text("j", x0 + 11, middle, f"axis {ndim - 2}", turn)

    def _emit(self, name: str) -> None:
        svg, layout, (w, h) = self.svg, self.memory.layout, self.cell
        svg.path("h", "".join(hatch(*box) for box in _blocks(self.outside, self.cell)))
        svg.path("q", "".join(rect(x + 1, y + 1, w - 2, h - 2) for x, y in self.outside))
        svg.path("ag", self.again)
        svg.path("r", self.ring)
        for cls, x, y, text in self.texts:
            svg.text(cls, x, y, text)
        svg.title = f"Elements of {name}"
        svg.desc = f"Shape {layout.shape}. {self.words()}."
        if self.focus is not None:
            byte = layout.byte(self.focus)
            index = ",".join(map(str, self.focus))
            svg.desc += f" In focus: [{index}], value {clip(self.memory.text(byte))}, byte {byte}."
        if self.outside:
            svg.desc += " A question mark marks an element outside the buffer, which is never read."
        if self.again:
            svg.desc += " A pale cell shows an element that an earlier cell has shown."
