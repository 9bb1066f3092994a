"""`traverse`: the order in which elements are visited, and the cache lines that this loads."""

from __future__ import annotations

import math
from typing import Any

from stridescope.drawing.cell_table import Table
from stridescope.drawing.figure import NARROW, WIDE, figure, forms
from stridescope.drawing.grid import CELL_H, CELL_W
from stridescope.drawing.grid_window import Slots, window
from stridescope.drawing.svg import Svg, esc, rect
from stridescope.model.cache_lines import LIMIT, LINE, ORDERS, Visit, is_cut, loads, walk
from stridescope.model.memory import as_array, describe, dtype_words
from stridescope.model.strides import Index, Layout
from stridescope.runtime.instrument import Instrument

PLOT_LINES, PLOT_PITCH = 16, 14
"""Most cache lines in the plot over time, and the height of each, px."""
NAMES = {"C": "C order", "F": "F order", "blocks": "blocks"}


def traverse(  # noqa: PLR0913 - the walk, the model's two numbers, and the words
    a: object,
    order: str = "C",
    *,
    lines: int = 4,
    block: int = 4,
    name: str = "a",
    caption: str | None = None,
) -> Instrument:
    """Draw the order in which elements are visited, and which visits load a cache line.

    The loads are those of a model: a cache of `lines` lines of 64 bytes that evicts the least
    recently used line.

    Parameters
    ----------
    a
        Any NumPy array; no element is read.
    order
        ``"C"`` (last axis fastest), ``"F"`` (first axis fastest) or ``"blocks"`` (square blocks,
        each in C order).
    lines
        Number of lines that the modeled cache holds.
    block
        Rows and columns of a block.
    name
        The name of the array.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        The visits as numbers on the grid, with loads marked; below it, the lines over time.

    Raises
    ------
    TypeError
        If `a` is not an array.
    ValueError
        If `order` is not one of the three, or `lines` or `block` is not a positive integer.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.zeros((8, 8))
    >>> print(ss.traverse(a).text.splitlines()[1])
    C order: 64 visits load 8 lines. Blocks of 4 × 4: 8. F order: 64.
    """
    memory = describe(as_array(a, "traverse"))
    lay = memory.layout
    _check(order, lines, block)
    walks = {kind: walk(lay, kind, lines, block) for kind in ORDERS}
    title = (
        f"{name}: {dtype_words(memory.dtype)} array, shape {lay.shape}, strides {lay.strides}, "
        f"visited in {NAMES[order] if order != 'blocks' else _blocks(block)}."
    )
    sentences = [title, counts(walks, order, block), *_cost(lay, walks[order]), model(lines)]
    if memory.dtype.hasobject:
        sentences.append(
            "The elements are pointers; reading the objects they point to loads more lines."
        )
    visits = walks[order]
    body = "".join(f"<p>{esc(line)}</p>" for line in sentences[:1])
    if visits:
        body += forms(*(grid(lay, visits, name, width) for width in (WIDE, NARROW)))
    body += _counts_html(walks, order, block)
    if visits:
        body += forms(*(plot(visits, width) for width in (WIDE, NARROW)))
    body += f'<p class="ss-read">{esc(" ".join(sentences[2:]))}</p>'
    state = _state(lay, order, lines, block) | {"name": name, "caption": caption, "head": sentences}
    html = figure("traverse", body, caption)
    return Instrument(html, "\n".join(sentences), "traverse" if visits else "", state)


def _check(order: object, lines: int, block: int) -> None:
    if order not in ORDERS:
        msg = f"order must be 'C', 'F' or 'blocks', not {order!r}"
        raise ValueError(msg)
    for word, number in (("lines", lines), ("block", block)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            msg = f"{word} must be a positive integer, not {number!r}"
            raise ValueError(msg)


def _state(lay: Layout, order: str, lines: int, block: int) -> dict[str, Any]:
    """Return what the browser needs to compute the visits itself."""
    layout = {
        "offset": lay.offset,
        "shape": list(lay.shape),
        "strides": list(lay.strides),
        "itemsize": lay.itemsize,
    }
    return {"layout": layout, "order": order, "lines": lines, "block": block}


def _blocks(block: int) -> str:
    return f"blocks of {block} × {block}"


def _first(order: str) -> list[str]:
    return [order, *(other for other in ("C", "blocks", "F") if other != order)]


def counts(walks: dict[str, list[Visit]], order: str, block: int) -> str:
    """Return the number of loads in each order, the chosen order first, in words."""
    sentences = []
    for kind in _first(order):
        label = _blocks(block).capitalize() if kind == "blocks" else NAMES[kind]
        number = f"{loads(walks[kind]):,}"
        is_first = kind == order
        sentences.append(
            f"{label}: {len(walks[kind]):,} visits load {number} lines"
            if is_first
            else f"{label}: {number}"
        )
    return ". ".join(sentences) + "."


def _counts_html(walks: dict[str, list[Visit]], order: str, block: int) -> str:
    """Return the number of loads in each order as HTML."""
    cells = []
    for kind in ("C", "blocks", "F"):
        label = _blocks(block) if kind == "blocks" else NAMES[kind]
        mark = ' class="ss-on"' if kind == order else ""
        cells.append(
            f"<span{mark}><b>{loads(walks[kind]):,}</b> <small>{esc(label)}</small></span>"
        )
    return f'<p class="ss-loads"><span>lines loaded</span> {" ".join(cells)}</p>'


def _cost(lay: Layout, visits: list[Visit]) -> list[str]:
    """Return sentences that compare the bytes loaded with the bytes read."""
    if not visits:
        return ["No elements, so nothing is loaded."]
    loaded_bytes, read_bytes = loads(visits) * LINE, len(visits) * lay.itemsize
    sentences = [
        f"{loads(visits):,} lines are {loaded_bytes:,} bytes, loaded to read {read_bytes:,}."
    ]
    if is_cut(lay):
        sentences.append(f"Counted over the first {LIMIT:,} of {math.prod(lay.shape):,} visits.")
    return sentences


def model(lines: int) -> str:
    """Return a sentence that describes the model."""
    many = f"{lines} lines" if lines > 1 else "one line"
    return (
        f"This is a model: a cache of {many} of {LINE} bytes that drops the line that has gone "
        "unused the longest, with byte 0 at the start of a line. A real cache holds hundreds of "
        "lines, or many thousands, and loads some in advance."
    )


def folded(shape: Index) -> tuple[int, int]:
    """Return the rows and columns of a shape, with all axes but the last folded into rows."""
    return math.prod(shape[:-1]), shape[-1] if shape else 1


def grid(lay: Layout, visits: list[Visit], name: str, width: int) -> str:
    """Draw the number of each visit; a visit that loads a line has a filled corner."""
    rows, cols = folded(lay.shape)
    shown = window((rows, cols), (0, 0), width).axes
    labels = [_label(lay.shape, i) for i in shown[0] if i is not None]
    svg = Svg(f"Order of visits to {name}", "")
    table = Table(svg, shown[0], shown[1], labels, width=cell_width(width))
    numbered = _numbered(lay.shape, visits, shown)
    for (i, j), (number, visit) in numbered.items():
        if visit.loaded:
            x, y = table.xs[j], table.ys[i]
            svg.path("n", rect(x + 1, y + 1, table.width - 1, CELL_H - 1))
            svg.path("f", f"M{x + 1} {y + 1}h11l-11 11z")
        table.write(i, j, str(number), "i" if visit.loaded else "")
    _tints_first(svg)
    first_visits = ", ".join(f"{list(v.index)}" for v in visits[:6])
    loading = ", ".join(str(n) for n, v in list(enumerate(visits, 1)) if v.loaded)
    svg.desc = f"First visits: {first_visits}. Visits that load a line: {_cut(loading)}."
    return str(svg)


def cell_width(width: int) -> int:
    """Return the width of a cell, px; on a phone, eight cells fit, a cache line of float64."""
    return CELL_W if width >= WIDE else 42


def _tints_first(svg: Svg) -> None:
    """Draw tints below edges, because paths are drawn in the order of their classes."""
    svg.paths = {cls: svg.paths[cls] for cls in sorted(svg.paths, key="nef".find)}


def _cut(text: str, space: int = 160) -> str:
    return text if len(text) <= space else text[:space].rsplit(",", 1)[0] + ", …"


def _label(shape: Index, row: int) -> str:
    """Return the label of a row: its index on all axes but the last."""
    if len(shape) <= 1:
        return ""
    index: list[int] = []
    for n in reversed(shape[:-1]):
        index.append(row % n)
        row //= n
    return ",".join(map(str, reversed(index)))


def _numbered(
    shape: Index, visits: list[Visit], shown: tuple[Slots, ...]
) -> dict[tuple[int, int], tuple[int, Visit]]:
    """Return the number and the visit of each cell that is drawn."""
    rows, cols = set(shown[0]), set(shown[1])
    cells = {}
    for number, visit in enumerate(visits, 1):
        *lead, last = visit.index or (0,)
        row = 0
        for n, i in zip(shape[:-1], lead, strict=True):
            row = row * n + i
        if row in rows and last in cols:
            cells[row, last] = (number, visit)
    return cells


def plot(visits: list[Visit], width: int) -> str:
    """Draw which line each visit reads: a bar if it loads the line, a dot if it is cached."""
    space = width - 92
    part = _prefix(visits, space // 4)
    lines = sorted({line for v in part for line in v.lines})
    step = max(4, min(14, space // max(len(part), 1)))
    left = 12 + round(7.3 * max(len(str(line * LINE)) for line in lines))
    end = left + step * len(part)
    svg = Svg("Cache lines over time", "", max(end + 50, 230), 44 + PLOT_PITCH * len(lines))
    svg.text("z", 1, 12, "bytes from")
    svg.text("z", left + 76 if left < 60 else left, 12, "visit by visit →")  # noqa: PLR2004
    times = {line: sum(line in v.loaded for v in visits) for line in lines}
    for k, line in enumerate(lines):
        y = 20 + PLOT_PITCH * k
        svg.path("g", f"M{left} {y + PLOT_PITCH}H{end}")
        svg.text("a", 1, y + 12, str(line * LINE).replace("-", "−"))
        svg.text("b", end + 6, y + 12, f"×{times[line]}")
    for k, visit in enumerate(part):
        for line in visit.lines:
            x, y = left + step * k, 20 + PLOT_PITCH * lines.index(line)
            if line in visit.loaded:
                svg.path("m", rect(x, y + 2, step - 1, PLOT_PITCH - 3))
            else:
                svg.path("d", rect(x + step // 2 - 1, y + 7, 2, 3))
    more = f"the first {len(part):,} of {len(visits):,} visits" if len(part) < len(visits) else ""
    svg.text("z", left, svg.height - 6, more or f"{len(visits):,} visits")
    svg.desc = (
        "Loads of each line: "
        + _cut(", ".join(f"{n} of the line at byte {line * LINE}" for line, n in times.items()))
        + "."
    )
    return str(svg)


def _prefix(visits: list[Visit], most: int) -> list[Visit]:
    """Return the first visits: at most `most`, and no more lines than are drawn."""
    lines: set[int] = set()
    for k, visit in enumerate(visits[:most]):
        lines.update(visit.lines)
        if len(lines) > PLOT_LINES:
            return visits[:k]
    return visits[:most]
