"""`traverse`: the order in which elements are visited, and the cache lines that it loads."""

from __future__ import annotations

import math
from typing import Any

from stridescope.drawing.cell_table import Table
from stridescope.drawing.figure import NARROW, WIDE, figure, forms
from stridescope.drawing.grid import CELL_H, CELL_W, Slots, window
from stridescope.drawing.svg import Svg, esc, rect
from stridescope.model.cache_lines import LIMIT, LINE, ORDERS, Visit, is_cut, loads, walk
from stridescope.model.memory import as_array, describe, dtype_words
from stridescope.model.strides import Index, Layout
from stridescope.runtime.instrument import Instrument

PLOT_LINES, PLOT_PITCH = 16, 14
"""Most lines in the plot over time, and the height of each, px."""
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
    """Draw in which order elements are visited, and which visits load a cache line.

    The loads are those of a model: a cache of `lines` lines of 64 bytes, of which the least recently
    used leaves first.

    Parameters
    ----------
    a
        Any NumPy array; no element is read.
    order
        ``"C"`` (last axis fastest), ``"F"`` (first axis fastest) or ``"blocks"`` (square blocks,
        each in C order).
    lines
        Lines that the model's cache holds.
    block
        Rows and columns of a block.
    name
        What the array is called.
    caption
        A sentence above the picture.

    Returns
    -------
    Instrument
        Visits as numerals on the grid, loads marked; below, the lines read over time.

    Raises
    ------
    TypeError
        If `a` is no array.
    ValueError
        If `order` is another word, or `lines` or `block` is less than one.

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
    head = (
        f"{name}: {dtype_words(memory.dtype)} array, shape {lay.shape}, strides {lay.strides}, "
        f"visited in {NAMES[order] if order != 'blocks' else _blocks(block)}."
    )
    said = [head, counts(walks, order, block), *_cost(lay, walks[order]), model(lines)]
    if memory.dtype.hasobject:
        said.append("The elements are pointers; the objects they point to cost loads of their own.")
    visits = walks[order]
    body = "".join(f"<p>{esc(line)}</p>" for line in said[:1])
    if visits:
        body += forms(*(grid(lay, visits, name, width) for width in (WIDE, NARROW)))
    body += _counts_html(walks, order, block)
    if visits:
        body += forms(*(plot(visits, width) for width in (WIDE, NARROW)))
    body += f'<p class="ss-read">{esc(" ".join(said[2:]))}</p>'
    state = _state(lay, order, lines, block) | {"name": name, "caption": caption, "head": said}
    html = figure("traverse", body, caption)
    return Instrument(html, "\n".join(said), "traverse" if visits else "", state)


def _check(order: object, lines: int, block: int) -> None:
    if order not in ORDERS:
        msg = f"order is 'C', 'F' or 'blocks', not {order!r}"
        raise ValueError(msg)
    for word, number in (("lines", lines), ("block", block)):
        if isinstance(number, bool) or not isinstance(number, int) or number < 1:
            msg = f"{word} is a whole number from 1 on, not {number!r}"
            raise ValueError(msg)


def _state(lay: Layout, order: str, lines: int, block: int) -> dict[str, Any]:
    """Return what the browser needs to walk by itself."""
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
    """Return the loads of each order, the chosen one first."""
    said = []
    for kind in _first(order):
        label = _blocks(block).capitalize() if kind == "blocks" else NAMES[kind]
        number = f"{loads(walks[kind]):,}"
        first = kind == order
        said.append(
            f"{label}: {len(walks[kind]):,} visits load {number} lines"
            if first
            else f"{label}: {number}"
        )
    return ". ".join(said) + "."


def _counts_html(walks: dict[str, list[Visit]], order: str, block: int) -> str:
    """Return the same with the numbers under each other."""
    cells = []
    for kind in ("C", "blocks", "F"):
        label = _blocks(block) if kind == "blocks" else NAMES[kind]
        mark = ' class="ss-on"' if kind == order else ""
        cells.append(
            f"<span{mark}><b>{loads(walks[kind]):,}</b> <small>{esc(label)}</small></span>"
        )
    return f'<p class="ss-loads"><span>lines loaded</span> {" ".join(cells)}</p>'


def _cost(lay: Layout, visits: list[Visit]) -> list[str]:
    """Say what the loads carry, against what was asked for."""
    if not visits:
        return ["No elements, so nothing is loaded."]
    carried, used = loads(visits) * LINE, len(visits) * lay.itemsize
    said = [f"{loads(visits):,} lines carry {carried:,} bytes, to read {used:,}."]
    if is_cut(lay):
        said.append(f"Counted on the first {LIMIT:,} of {math.prod(lay.shape):,} visits.")
    return said


def model(lines: int) -> str:
    """Say what the counts are counts of."""
    many = f"{lines} lines" if lines > 1 else "one line"
    return (
        f"A model: a cache of {many} of {LINE} bytes, the least recently used leaves first, byte 0 "
        "begins a line. A real one holds thousands of lines and fetches ahead."
    )


def folded(shape: Index) -> tuple[int, int]:
    """Return rows and columns of a shape whose leading axes are folded into rows."""
    return math.prod(shape[:-1]), shape[-1] if shape else 1


def grid(lay: Layout, visits: list[Visit], name: str, width: int) -> str:
    """Draw the numerals; a visit that loads has a filled corner."""
    rows, cols = folded(lay.shape)
    shown = window((rows, cols), (0, 0), width).axes
    labels = [_label(lay.shape, i) for i in shown[0] if i is not None]
    svg = Svg(f"Order of visits to {name}", "")
    table = Table(svg, shown[0], shown[1], labels, width=cell_width(width))
    seen = _numbered(lay.shape, visits, shown)
    for (i, j), (number, visit) in seen.items():
        if visit.loaded:
            x, y = table.xs[j], table.ys[i]
            svg.path("n", rect(x + 1, y + 1, table.width - 1, CELL_H - 1))
            svg.path("f", f"M{x + 1} {y + 1}h11l-11 11z")
        table.write(i, j, str(number), "i" if visit.loaded else "")
    _emphasise(svg)
    first = ", ".join(f"{list(v.index)}" for v in visits[:6])
    loading = ", ".join(str(n) for n, v in list(enumerate(visits, 1)) if v.loaded)
    svg.desc = f"First visits: {first}. Visits that load a line: {_cut(loading)}."
    return str(svg)


def cell_width(width: int) -> int:
    """Return the width of a cell: on a phone eight of them fit, a cache line of float64."""
    return CELL_W if width >= WIDE else 42


def _emphasise(svg: Svg) -> None:
    """Let tints lie below edges: paths are drawn in the order in which their classes came."""
    svg.paths = {cls: svg.paths[cls] for cls in sorted(svg.paths, key="nef".find)}


def _cut(text: str, room: int = 160) -> str:
    return text if len(text) <= room else text[:room].rsplit(",", 1)[0] + ", …"


def _label(shape: Index, row: int) -> str:
    """Return the index of a row: of all axes but the last."""
    if len(shape) <= 1:
        return ""
    found: list[int] = []
    for n in reversed(shape[:-1]):
        found.append(row % n)
        row //= n
    return ",".join(map(str, reversed(found)))


def _numbered(
    shape: Index, visits: list[Visit], shown: tuple[Slots, ...]
) -> dict[tuple[int, int], tuple[int, Visit]]:
    """Return number and visit of each cell that is drawn."""
    rows, cols = set(shown[0]), set(shown[1])
    found = {}
    for number, visit in enumerate(visits, 1):
        *lead, last = visit.index or (0,)
        row = 0
        for n, i in zip(shape[:-1], lead, strict=True):
            row = row * n + i
        if row in rows and last in cols:
            found[row, last] = (number, visit)
    return found


def plot(visits: list[Visit], width: int) -> str:
    """Draw which line each visit reads: a full bar for a load, a dot for a line already there."""
    room = width - 92
    part = _prefix(visits, room // 4)
    lines = sorted({line for v in part for line in v.lines})
    step = max(4, min(14, room // max(len(part), 1)))
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
        + _cut(", ".join(f"{n} of bytes from {line * LINE}" for line, n in times.items()))
        + "."
    )
    return str(svg)


def _prefix(visits: list[Visit], most: int) -> list[Visit]:
    """Return the visits up to `most`, or until they have read more lines than are drawn."""
    lines: set[int] = set()
    for k, visit in enumerate(visits[:most]):
        lines.update(visit.lines)
        if len(lines) > PLOT_LINES:
            return visits[:k]
    return visits[:most]
