"""A table of cells with numbered rows and columns, as `traverse` and `windows` draw it."""

from __future__ import annotations

from collections.abc import Sequence

from stridescope.drawing.grid import CELL_H, CELL_W, GAP_H, GAP_W
from stridescope.drawing.grid_window import Slots
from stridescope.drawing.svg import Svg, rect

HEAD = 20
"""Height of the column numbers, px."""


def _places(slots: Slots, size: int, gap: int, start: int) -> tuple[dict[int, int], list[int], int]:
    """Return the position of each slot, the positions of gaps, and the end, px."""
    at, places, gaps = start, {}, []
    for slot in slots:
        if slot is None:
            gaps.append(at)
            at += gap
        else:
            places[slot] = at
            at += size
    return places, gaps, at


def _runs(places: dict[int, int], size: int) -> list[tuple[int, int]]:
    """Return (start in px, number of cells) of each run of cells that touch."""
    runs: list[tuple[int, int]] = []
    for at in places.values():
        if runs and runs[-1][0] + runs[-1][1] * size == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((at, 1))
    return runs


class Table:
    """A table of cells, each 44 × 32 px by default.

    Parameters
    ----------
    svg
        The drawing that it is added to, which grows to hold the table.
    rows, cols
        The rows and columns that are drawn; None marks those left out.
    labels
        The label of each row that is drawn; its number by default.
    y
        Top of the table, px.
    width
        Width of a cell, px.
    """

    def __init__(  # noqa: PLR0913 - what is drawn, and where
        self,
        svg: Svg,
        rows: Slots,
        cols: Slots,
        labels: Sequence[str] | None = None,
        *,
        y: int = 0,
        width: int = CELL_W,
    ) -> None:
        self.svg, self.width = svg, width
        shown = [i for i in rows if i is not None]
        self.labels = dict(zip(shown, labels or [str(i) for i in shown], strict=True))
        self.left = 10 + round(7.9 * max((len(t) for t in self.labels.values()), default=0))
        self.xs, x_gaps, self.right = _places(cols, width, GAP_W, self.left + 1)
        self.ys, y_gaps, self.bottom = _places(rows, CELL_H, GAP_H, y + HEAD)
        svg.width, svg.height = max(svg.width, self.right + 1), max(svg.height, self.bottom + 2)
        self._edges()
        for i, top in self.ys.items():
            svg.text("s x", self.left - 5, top + 21, self.labels[i])
        for j, left in self.xs.items():
            svg.text("s", left + width // 2, y + 14, str(j))
        for top in y_gaps:
            for left in self.xs.values():
                svg.text("s", left + width // 2, top + 15, "⋮")
        for left in x_gaps:
            for top in self.ys.values():
                svg.text("s", left + GAP_W // 2, top + 20, "⋯")

    def _edges(self) -> None:
        """Draw the edges of the cells, for each run of columns in each run of rows."""
        for top, rows in _runs(self.ys, CELL_H):
            for left, columns in _runs(self.xs, self.width):
                w, h = columns * self.width, rows * CELL_H
                data = rect(left, top, w, h)
                data += "".join(f"M{left + k * self.width} {top}v{h}" for k in range(1, columns))
                data += "".join(f"M{left} {top + k * CELL_H}h{w}" for k in range(1, rows))
                self.svg.path("e", data)

    def write(self, i: int, j: int, text: str, cls: str = "") -> None:
        """Write text in the cell of row i and column j."""
        self.svg.text(cls, self.xs[j] + self.width // 2, self.ys[i] + 21, text)

    def fill(self, i: int, j: int, hue: int) -> None:
        """Fill the cell of row i and column j in a hue of the ramp, below the edges."""
        box = rect(self.xs[j], self.ys[i], self.width, CELL_H)
        self.svg.below(f"c{hue}", box)

    def ring(self, rows: range, cols: range) -> None:
        """Draw the ring of the focus around those cells of rows and columns that are drawn."""
        ys = [self.ys[i] for i in rows if i in self.ys]
        xs = [self.xs[j] for j in cols if j in self.xs]
        if xs and ys:
            w, h = max(xs) - min(xs) + self.width - 2, max(ys) - min(ys) + CELL_H - 2
            self.svg.path("r", rect(min(xs) + 1, min(ys) + 1, w, h))
