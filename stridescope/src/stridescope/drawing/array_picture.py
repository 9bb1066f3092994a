"""The picture of one array: its grid, the address formula, and the strip of its owner."""

from __future__ import annotations

from stridescope.drawing.figure import NARROW, WIDE, forms
from stridescope.drawing.grid import Grid
from stridescope.drawing.grid_window import window
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import esc
from stridescope.model.memory import Memory
from stridescope.model.reading_rows import HuesAt
from stridescope.model.stride_steps import steps_to
from stridescope.model.strides import Index, Layout
from stridescope.model.value_text import clip, plain

HEX_WORDS = 64
"""Most bytes that a description gives in hexadecimal."""
NEAR = 5
"""Length of a last axis up to which its last element is the default focus."""


def shown_bytes(memory: Memory, index: Index | None) -> list[int]:
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


def is_hexed(shown: object, call: str) -> bool:
    """Whether the bytes are written in hexadecimal.

    Raises
    ------
    ValueError
        If `shown` is neither ``"hex"`` nor None.
    """
    if shown not in ("hex", None):
        msg = f"ss.{call} shows bytes in hexadecimal or not at all: bytes='hex', not {shown!r}"
        raise ValueError(msg)
    return shown == "hex"


def fact_html(word: str, value: str) -> str:
    """Return one fact of a readout: a word and its value, or a phrase."""
    return f"{word} <b>{esc(value)}</b>" if word else f"<em>{esc(value)}</em>"


def default_focus(lay: Layout) -> Index | None:
    """Return an index with a step along every axis, such as the end of row 1; None if empty."""
    if lay.size == 0:
        return None
    last = [n - 1 if n <= NEAR else 2 for n in lay.shape[-1:]]
    return (*(min(1, n - 1) for n in lay.shape[:-1]), *last)


def array_picture(  # noqa: PLR0913 - what is drawn, and how
    memory: Memory,
    index: Index | None,
    name: str,
    words: list[str],
    *,
    arcs: bool,
    hexed: bool = False,
    room: int = WIDE,
    hues: HuesAt | None = None,
) -> str:
    """Return grid, formula and strip as HTML, and append the same in words to `words`.

    Above the strip are the steps to the element in focus if `arcs`, else the order of reading. The
    grid fills at most `room` px; `hues` are those of the bytes, if they do not depend on the rows.
    """
    shape = memory.layout.shape
    body = grid = ""
    if index is None:
        empty = [k for k, n in enumerate(shape) if n == 0]
        why = f"No elements: axis {empty[0]} has length 0."
        words.append(why)
        body += f"<p>{why}</p>"
    else:
        wide = Grid(memory, index, room, hues)
        grid = forms(wide.draw(name), Grid(memory, index, NARROW, hues).draw(name))
        html, line = formula(memory, index)
        words += [line, f"Elements: {wide.words()}."]
        body += f'<div class="ss-row">{grid}{html}</div>'
    if memory.owner.nbytes == 0 and memory.layout.size == 0:
        return body
    strips = [
        _strip(memory, index, name, width, arcs=arcs, hexed=hexed, hues=hues)
        for width in (WIDE, NARROW)
    ]
    if strips[0][1]:
        words.append(f"Bytes: {strips[0][1]}.")
    return body + forms(strips[0][0], strips[1][0])


def _strip(  # noqa: PLR0913 - what is drawn, and how
    memory: Memory,
    index: Index | None,
    name: str,
    width: int,
    *,
    arcs: bool,
    hexed: bool,
    hues: HuesAt | None,
) -> tuple[str, str]:
    """Draw the strip for one width; return it and its words."""
    lay = memory.layout
    byte = None if index is None else lay.byte(index)
    low, high = lay.extent()
    wanted = [lay.offset, *([] if byte is None else [byte]), low, high - 1]
    strip = Strip(memory, width, wanted, hexed=hexed, hues=hues)
    label = name if memory.writeable else f"{name} ro"
    role = bar_words(memory, name) if arcs else "bytes that are read"
    lanes = [Lane(label, role, lay, memory.owns)] if lay.size else []
    path = steps_to(lay, index) if arcs and index is not None else []
    svg = StripDrawing(strip, lanes, path, byte, path=not arcs, offset=not arcs).svg
    svg.title = f"Bytes of the owner of {name}"
    n = memory.owner.nbytes
    rows = f" in rows of {strip.per_row}" if len(strip.rows) > 1 else ""
    svg.desc = f"{n} bytes{rows}. "
    if lay.size:
        svg.desc += f"{label} starts at byte {lay.offset} and spans bytes {low} to {high - 1}. "
        svg.desc += f"It reads: {strip.words()}."
    if strip.hexed and n:
        digits = " ".join(strip.hex_at(p) for p in range(min(n, HEX_WORDS)))
        svg.desc += f" In hexadecimal: {digits}{' ⋯' if n > HEX_WORDS else ''}."
    return str(svg), strip.words()


def bar_words(memory: Memory, name: str) -> str:
    """Return what the bar below the bytes of an array says: its name, and whose the bytes are."""
    if memory.owns:
        return f"{name} owns these bytes{'' if memory.writeable else ', read-only'}"
    return f"{name}, a {'' if memory.writeable else 'read-only '}view"


def formula(memory: Memory, index: Index) -> tuple[str, str]:
    """Return ``[1,2] → 0 + 1·24 + 2·8 = byte 40`` as HTML and as a line of text."""
    lay = memory.layout
    byte = lay.byte(index)
    index_text = f"[{','.join(map(str, index))}]" if index else "[()]"
    start = plain(lay.offset)
    html = f'<p class="ss-sum"><b>{index_text}</b> <span>→ {start}<small>offset</small></span>'
    text = f"{index_text} → {start}"
    for k, (i, s) in enumerate(zip(index, lay.strides, strict=True)):
        html += f" <span>+ {i}·<i>{plain(s)}</i><small>axis {k}</small></span>"
        text += f" + {i}·{plain(s)}"
    ends = f" <span>= byte <b>{plain(byte)}</b>"
    value = f"value {clip(memory.text(byte))}"
    if not memory.holds(byte):
        value = "outside, never read"
    html += f"{ends}<small>{esc(value)}</small></span></p>"
    return html, f"{text} = byte {plain(byte)}, {value}."
