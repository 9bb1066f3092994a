"""`layout`: an array's elements, the bytes they lie in, and the formula between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stridescope.drawing.figure import NARROW, WIDE, figure, forms
from stridescope.drawing.grid import Grid, window
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import esc
from stridescope.model.memory import Memory, describe, dtype_code, dtype_words, saved
from stridescope.model.stride_steps import steps_to
from stridescope.model.strides import Index, Layout
from stridescope.model.value_text import clip, full, plain
from stridescope.runtime.instrument import Instrument

LIVE_AXES = 6
"""Most axes of a live picture; beyond, the static form stays."""
NEAR = 5
"""A longest last axis of which the last element is the default focus; else one whose arcs show."""


def layout(
    a: object,
    *,
    focus: Sequence[int] | int | None = None,
    name: str = "a",
    caption: str | None = None,
) -> Instrument:
    """Draw an array's elements and the bytes of its owner, with the formula in the middle.

    Parameters
    ----------
    a
        Any NumPy array; huge ones are drawn in part and never read as a whole.
    focus
        Index of the element whose address is worked out; the most telling one by default.
    name
        What the array is called in the drawing.
    caption
        A sentence above the picture; `` `code` `` in backticks.

    Returns
    -------
    Instrument
        HTML with static SVG in two widths, and words.

    Raises
    ------
    TypeError
        If `a` is no array.
    IndexError
        If `focus` is outside the shape.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> print(ss.layout(np.arange(1, 4, dtype=np.int16), focus=(1,)))
    a: int16 array, shape (3,), strides (2,), itemsize 2, C and F contiguous, owner of its 6 bytes.
    [1] → 0 + 1·2 = byte 2, value 2.
    Elements: 1, 2, 3.
    Bytes: 1 at 0, 2 at 2, 3 at 4.
    """
    memory = describe(a)
    index = _focus(memory, focus)
    facts = readout(memory)
    words = [
        f"{name}: {dtype_words(memory.dtype)} array, " + ", ".join(_flat(f) for f in facts) + "."
    ]
    body = picture(memory, index, name, words, arcs=True)
    read = " · ".join(fact_html(*fact) for fact in [("dtype", dtype_words(memory.dtype)), *facts])
    body += "".join(f"<p>{esc(note)}</p>" for note in notes(a, memory))
    body += f'<p class="ss-read">{read}</p>'
    said = notes(a, memory)
    static = figure("layout", body, caption), "\n".join([*words, *said])
    if memory.layout.ndim > LIVE_AXES:
        return Instrument(*static)
    state, data = saved(memory, seen_at(memory, index))
    state |= {
        "name": name,
        "label": name if memory.writeable else f"{name} ro",
        "owns": memory.owns,
        "code": dtype_code(memory.dtype),
        "focus": None if index is None else [*index],
        "facts": [("dtype", dtype_words(memory.dtype)), *facts],
        "notes": said,
        "caption": caption,
    }
    return Instrument(*static, "layout", state, data)


def seen_at(memory: Memory, index: Index | None) -> list[int]:
    """Return the first bytes of the elements that the live picture shows first."""
    lay = memory.layout
    if index is None:
        return []
    low, high = lay.extent()
    size = memory.layout.itemsize or 1
    wanted = [lay.byte(index), lay.offset, low, high - 1]
    strips = [Strip(memory, width, wanted) for width in (WIDE, NARROW)]
    boxes = {p for strip in strips for p in strip.units if p % size == lay.offset % size}
    return [*(lay.byte(i) for i in window(lay.shape, index, WIDE).indices()), *boxes]


def fact_html(word: str, value: str) -> str:
    """Return one fact of a readout: a word and its value, or a phrase."""
    return f"{word} <b>{esc(value)}</b>" if word else f"<em>{esc(value)}</em>"


def _flat(fact: tuple[str, str]) -> str:
    return " ".join(part for part in fact if part)


def _focus(memory: Memory, focus: Sequence[int] | int | None) -> Index | None:
    """Return the index in focus: the one asked for, else the most telling one."""
    if focus is None:
        return telling(memory.layout)
    given = (focus,) if isinstance(focus, int) else tuple(int(i) for i in focus)
    return memory.layout.normal(given)


def telling(lay: Layout) -> Index | None:
    """Return an index with a step along every axis: row 1, and its last or a near column."""
    if lay.size == 0:
        return None
    last = [n - 1 if n <= NEAR else 2 for n in lay.shape[-1:]]
    return (*(min(1, n - 1) for n in lay.shape[:-1]), *last)


def picture(memory: Memory, index: Index | None, name: str, words: list[str], *, arcs: bool) -> str:
    """Return grid, formula and strip as HTML, and add what they say to `words`."""
    shape = memory.layout.shape
    body = grid = ""
    if index is None:
        empty = [k for k, n in enumerate(shape) if n == 0]
        why = f"No elements: axis {empty[0]} has length 0."
        words.append(why)
        body += f"<p>{why}</p>"
    else:
        wide = Grid(memory, index, WIDE)
        grid = forms(wide.draw(name), Grid(memory, index, NARROW).draw(name))
        html, line = formula(memory, index)
        words += [line, f"Elements: {wide.words()}."]
        body += f'<div class="ss-row">{grid}{html}</div>'
    if memory.owner.nbytes == 0 and memory.layout.size == 0:
        return body
    drawn = [_strip(memory, index, name, width, arcs=arcs) for width in (WIDE, NARROW)]
    if drawn[0][1]:
        words.append(f"Bytes: {drawn[0][1]}.")
    return body + forms(drawn[0][0], drawn[1][0])


def _strip(
    memory: Memory, index: Index | None, name: str, width: int, *, arcs: bool
) -> tuple[str, str]:
    """Draw the strip for one width; return it and its words."""
    lay = memory.layout
    byte = None if index is None else lay.byte(index)
    low, high = lay.extent()
    strip = Strip(memory, width, [lay.offset, *([] if byte is None else [byte]), low, high - 1])
    label = name if memory.writeable else f"{name} ro"
    lanes = [Lane(label, label, lay, memory.owns)] if lay.size else []
    path = steps_to(lay, index) if arcs and index is not None else []
    svg = StripDrawing(strip, lanes, path, byte).svg
    svg.title = f"Bytes of the owner of {name}"
    n = memory.owner.nbytes
    rows = f" in rows of {strip.per_row}" if len(strip.rows) > 1 else ""
    svg.desc = f"{n} bytes{rows}. "
    if lay.size:
        svg.desc += f"{label} starts at byte {lay.offset} and spans bytes {low} to {high - 1}. "
        svg.desc += f"It sees: {strip.words()}."
    return str(svg), strip.words()


def formula(memory: Memory, index: Index) -> tuple[str, str]:
    """Return ``[1,2] → 0 + 1·24 + 2·8 = byte 40`` as HTML and as a line of text."""
    lay = memory.layout
    byte = lay.byte(index)
    head = f"[{','.join(map(str, index))}]" if index else "[()]"
    start = plain(lay.offset)
    html = f'<p class="ss-sum"><b>{head}</b> <span>→ {start}<small>offset</small></span>'
    text = f"{head} → {start}"
    for k, (i, s) in enumerate(zip(index, lay.strides, strict=True)):
        html += f" <span>+ {i}·<i>{plain(s)}</i><small>axis {k}</small></span>"
        text += f" + {i}·{plain(s)}"
    ends = f" <span>= byte <b>{plain(byte)}</b>"
    value = f"value {clip(memory.text(byte))}"
    if not memory.holds(byte):
        value = "outside, never read"
    html += f"{ends}<small>{esc(value)}</small></span></p>"
    return html, f"{text} = byte {plain(byte)}, {value}."


def readout(memory: Memory) -> list[tuple[str, str]]:
    """Return what NumPy knows of the array, as (word, value)."""
    lay = memory.layout
    c, f = lay.is_c_contiguous, lay.is_f_contiguous
    order = "C and F" if c and f else "C" if c else "F" if f else "neither C nor F"
    whose = f"owner of its {memory.owner.nbytes} bytes"
    if not memory.owns:
        whose = f"view; owner: {memory.owner.words}, {memory.owner.nbytes} bytes"
    facts = [
        ("shape", full(lay.shape)),
        ("strides", full(lay.strides)),
        ("itemsize", str(lay.itemsize)),
        ("", f"{order} contiguous"),
        ("", whose),
    ]
    return facts if memory.writeable else [*facts, ("", "read-only")]


def notes(a: object, memory: Memory) -> list[str]:
    """Return a sentence for what the picture cannot show."""
    said = []
    if memory.dtype == object:
        said.append(
            "The array stores pointers; each box names the type of the object it points to."
        )
    elif memory.dtype.hasobject:
        said.append("The elements hold pointers to data elsewhere, so their values are not shown.")
    if isinstance(a, np.ma.MaskedArray):
        said.append("The mask lies in an array of its own; this is the data under it.")
    return said
