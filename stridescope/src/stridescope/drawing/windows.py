"""Draw a window over an image: image, kernel, sums, and the runs of bytes that the window reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.cell_table import Table
from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.grid import CELL_W
from stridescope.drawing.grid_window import Slots
from stridescope.drawing.strip import BOX
from stridescope.drawing.svg import Svg, rect
from stridescope.model.memory import Memory
from stridescope.model.reading_rows import hue
from stridescope.model.value_text import MINUS, full, short, signed

if TYPE_CHECKING:
    from numpy.typing import NDArray

VIEW = {WIDE: (8, 8), NARROW: (7, 7)}
"""Most rows and columns of an image that are drawn, by width."""
ROOM = 5
"""Characters of a value in a cell."""
MARGIN, RUN, APART = 64, 62, 10
"""Width for strides left of the runs, height of a run, gap between elements apart in memory, px."""


@dataclass(frozen=True)
class Windowed:
    """An image with its border, a kernel, and the position of the window.

    Parameters
    ----------
    image
        The array that the window moves over; a new, padded one if `pad` is not 0.
    kernel
        The kernel as it is applied: rotated by 180° if `flip`.
    at
        Row and column of the window, counted in windows.
    pad
        Width of the border of zeros.
    step
        Rows and columns of the image from one window to the next.
    flip
        Whether the kernel is rotated.
    """

    image: NDArray[Any]
    kernel: NDArray[Any]
    at: tuple[int, int]
    pad: int
    step: int
    flip: bool

    @property
    def corner(self) -> tuple[int, int]:
        """Row and column of the image at the upper left corner of the window."""
        return self.at[0] * self.step, self.at[1] * self.step

    @property
    def window(self) -> NDArray[Any]:
        """The window: a view of the image."""
        (i, j), (m, n) = self.corner, self.kernel.shape
        return self.image[i : i + m, j : j + n]

    def counts(self) -> tuple[int, int]:
        """Return the number of windows down and across."""
        (h, w), (m, n) = self.image.shape, self.kernel.shape
        return (h - m) // self.step + 1, (w - n) // self.step + 1

    def total(self, at: tuple[int, int]) -> Any:  # noqa: ANN401 - a NumPy scalar of any dtype
        """Return the sum of the products in a window, as NumPy computes it."""
        (i, j), (m, n) = (at[0] * self.step, at[1] * self.step), self.kernel.shape
        with np.errstate(all="ignore"):
            return (self.image[i : i + m, j : j + n] * self.kernel).sum()


def brief(value: object) -> str:
    """Return a number with at most six significant digits and a true minus sign."""
    text = f"{value:.6g}" if isinstance(value, float | np.floating) else full(value)
    return {"True": "1", "False": "0"}.get(text, text).replace("-", MINUS)


def around(start: int, length: int, total: int, most: int) -> range:
    """Return at most `most` indices below `total` around start … start + length."""
    most = max(most, length)
    first = max(0, min(start + length // 2 - most // 2, total - most))
    return range(first, min(total, first + most))


def _slots(shown: range, total: int) -> Slots:
    """Return the indices that are drawn, with None at an end where there are more."""
    before: Slots = [None] if shown.start else []
    return [*before, *shown, *([None] if shown.stop < total else [])]


def pictures(windowed: Windowed, name: str, width: int) -> tuple[str, str, str]:
    """Draw image, kernel and sums."""
    return _image(windowed, name, width), _kernel(windowed), _sums(windowed, width)


def _titled(title: str) -> Svg:
    svg = Svg(title)
    svg.text("z", 1, 13, title)
    svg.width = 10 + round(7 * len(title))
    return svg


def _image(windowed: Windowed, name: str, width: int) -> str:
    """Draw the part of the image around the window; the border of zeros has a secondary color."""
    (i, j), (m, n), (h, w) = windowed.corner, windowed.kernel.shape, windowed.image.shape
    most = VIEW[width]
    rows, cols = around(i, m, h, most[0]), around(j, n, w, most[1])
    svg = _titled(f"np.pad({name}, {windowed.pad})" if windowed.pad else name)
    table = Table(svg, _slots(rows, h), _slots(cols, w), y=18)
    for r in rows:
        for c in cols:
            border = not (
                windowed.pad <= r < h - windowed.pad and windowed.pad <= c < w - windowed.pad
            )
            inside = i <= r < i + m and j <= c < j + n
            cls = "i y" if inside else "s" if border else ""
            table.write(r, c, short(brief(windowed.image[r, c]), ROOM), cls)
            if inside:
                table.fill(r, c, hue(r - i, m))
    table.ring(range(i, i + m), range(j, j + n))
    svg.desc = f"Rows {rows.start} to {rows[-1]}, columns {cols.start} to {cols[-1]}. "
    svg.desc += f"The window covers rows {i} to {i + m - 1}, columns {j} to {j + n - 1}."
    return str(svg)


def _kernel(windowed: Windowed) -> str:
    m, n = windowed.kernel.shape
    svg = _titled("kernel, rotated" if windowed.flip else "kernel")
    table = Table(svg, list(range(m)), list(range(n)), y=18)
    for r in range(m):
        for c in range(n):
            table.write(r, c, short(brief(windowed.kernel[r, c]), ROOM), "k")
            table.fill(r, c, hue(r, m))
    rows = "; ".join(", ".join(brief(v) for v in row) for row in windowed.kernel)
    svg.desc = f"The kernel as it is applied: {rows}."
    return str(svg)


def _sums(windowed: Windowed, width: int) -> str:
    """Draw the sums around the window in focus."""
    (i, j), counts, most = windowed.at, windowed.counts(), VIEW[width]
    rows, cols = around(i, 1, counts[0], most[0] - 2), around(j, 1, counts[1], most[1] - 2)
    svg = _titled("sums")
    table = Table(svg, _slots(rows, counts[0]), _slots(cols, counts[1]), y=18)
    texts = {(r, c): short(brief(windowed.total((r, c))), ROOM) for r in rows for c in cols}
    for (r, c), text in texts.items():
        table.write(r, c, text, "i" if (r, c) == windowed.at else "")
    table.ring(range(i, i + 1), range(j, j + 1))
    lines = "; ".join(", ".join(texts[r, c] for c in cols) for r in rows)
    svg.desc = f"{counts[0]} by {counts[1]} sums; shown: {lines}."
    return str(svg)


def runs(windowed: Windowed, memory: Memory, name: str, width: int) -> str:
    """Draw each row of the window as a run of bytes, with its neighbors in memory."""
    (m, n), lay = windowed.kernel.shape, memory.layout
    touching = lay.strides[1] == lay.itemsize
    beside = 2 if touching and MARGIN + (n + 4) * CELL_W <= width else 0
    step = CELL_W + (0 if touching or n == 1 else APART)
    svg = Svg(f"Bytes of {name} that the window reads", "", MARGIN + (n + 2 * beside) * step + 12)
    svg.height = RUN * m - 5
    (i, j), columns = windowed.corner, windowed.image.shape[1]
    for r in range(m):
        top, first = RUN * r + 1, MARGIN + beside * step
        for c in range(max(-beside, -j), min(n + beside, columns - j)):
            x, inside = first + c * step, 0 <= c < n
            value = short(brief(windowed.image[i + r, j + c]), ROOM)
            svg.text("i y" if inside else "s", x + CELL_W // 2, top + 23, value)
            svg.path("e", f"M{x} {top + BOX}h{CELL_W}")
            if inside:
                svg.below(f"c{hue(r, m)}", rect(x + 1, top, CELL_W - 2, BOX))
                svg.path("e", rect(x + 1, top, CELL_W - 2, BOX))
                _address(svg, lay.byte((r, c)), x, top, first=c == 0)
        if r:
            _jump(svg, top, signed(lay.strides[0]))
    seen = "; ".join(f"bytes from {lay.byte((r, 0))}" for r in range(m))
    svg.desc = f"{m} runs of {n} elements: {seen}."
    return str(svg)


def _address(svg: Svg, byte: int, x: int, top: int, *, first: bool) -> None:
    """Write an element's address; if addresses do not fit, only the first of a run."""
    text = str(byte)
    if first or len(text) <= ROOM:
        svg.text("a", x + 1, top + BOX + 15, text)


def _jump(svg: Svg, top: int, stride: str) -> None:
    """Draw the step from the previous run, along axis 0: a solid line with its stride."""
    x = MARGIN - 8
    svg.path("l0", f"M{x} {top - RUN + 14}h-6v{RUN - 2}h6")
    svg.path("f", f"M{x} {top + 8}v8l6 -4z")
    svg.text("j x", x - 12, top - 10, stride)
