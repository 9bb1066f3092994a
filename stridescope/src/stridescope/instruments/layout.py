"""`layout`: an array's elements, the bytes that hold them, and the formula that links the two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from stridescope.drawing.array_picture import (
    array_picture,
    bar_words,
    default_focus,
    fact_html,
    is_hexed,
    shown_bytes,
)
from stridescope.drawing.figure import figure
from stridescope.drawing.svg import esc
from stridescope.model.array_state import LIVE_AXES, base_of, elements_state, layout_state
from stridescope.model.memory import Memory, describe, dtype_code, dtype_words
from stridescope.model.reading_rows import byte_hues
from stridescope.model.strides import Index
from stridescope.model.value_text import full
from stridescope.runtime.instrument import Instrument


def layout(
    a: object,
    *,
    focus: Sequence[int] | int | None = None,
    name: str = "a",
    bytes: Literal["hex"] | None = None,  # noqa: A002 - the word for what is shown
    caption: str | None = None,
) -> Instrument:
    """Draw an array's elements and the bytes of its owner, with the address formula between them.

    Parameters
    ----------
    a
        Any NumPy array. A huge array is drawn in part and never read as a whole.
    focus
        Index of the element whose address is computed. By default, an element with a step along
        every axis is chosen.
    name
        The name of the array in the picture.
    bytes
        ``"hex"`` writes each byte in hexadecimal under the values; the live form has a button for
        it.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        HTML with static SVG in two widths, and words.

    Raises
    ------
    TypeError
        If `a` is not an array.
    IndexError
        If `focus` is out of bounds.
    ValueError
        If `bytes` is neither ``"hex"`` nor None.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> print(ss.layout(np.arange(1, 4, dtype=np.int16), focus=(1,)))
    a: int16 array, shape (3,), strides (2,), itemsize 2, C and F contiguous, owns its 6 bytes.
    [1] → 0 + 1·2 = byte 2, value 2.
    Elements: 1, 2, 3.
    Bytes: 1 at 0, 2 at 2, 3 at 4.
    """
    hexed = is_hexed(bytes, "layout")
    memory = describe(a)
    index = _focus(memory, focus)
    facts = readout(memory)
    words = [
        f"{name}: {dtype_words(memory.dtype)} array, " + ", ".join(_flat(f) for f in facts) + "."
    ]
    base = base_of(memory)
    hues = byte_hues(base, memory.owner.nbytes)
    body = array_picture(memory, index, name, words, arcs=True, hexed=hexed, hues=hues)
    read = " · ".join(fact_html(*fact) for fact in [("dtype", dtype_words(memory.dtype)), *facts])
    remarks = notes(a, memory)
    body += "".join(f"<p>{esc(note)}</p>" for note in remarks)
    body += f'<p class="ss-read">{read}</p>'
    static = figure("layout", body, caption), "\n".join([*words, *remarks])
    if memory.layout.ndim > LIVE_AXES:
        return Instrument(*static)
    state, data = elements_state(memory, shown_bytes(memory, index))
    state |= {
        "name": name,
        "label": name if memory.writeable else f"{name} ro",
        "bar": bar_words(memory, name),
        "owns": memory.owns,
        "code": dtype_code(memory.dtype),
        "focus": None if index is None else [*index],
        "facts": [("dtype", dtype_words(memory.dtype)), *facts],
        "notes": remarks,
        "caption": caption,
    }
    if base != memory.layout:
        state["base"] = layout_state(base)
    if hexed:
        state["bytes"] = "hex"
    return Instrument(*static, "layout", state, data)


def _flat(fact: tuple[str, str]) -> str:
    return " ".join(part for part in fact if part)


def _focus(memory: Memory, focus: Sequence[int] | int | None) -> Index | None:
    """Return the index in focus: the given one, or the default."""
    if focus is None:
        return default_focus(memory.layout)
    given = (focus,) if isinstance(focus, int) else tuple(int(i) for i in focus)
    return memory.layout.normal(given)


def readout(memory: Memory) -> list[tuple[str, str]]:
    """Return what NumPy knows about the array, as (word, value)."""
    lay = memory.layout
    c, f = lay.is_c_contiguous, lay.is_f_contiguous
    order = "C and F" if c and f else "C" if c else "F" if f else "neither C nor F"
    ownership = f"owns its {memory.owner.nbytes} bytes"
    if not memory.owns:
        ownership = f"view; owner: {memory.owner.words}, {memory.owner.nbytes} bytes"
    facts = [
        ("shape", full(lay.shape)),
        ("strides", full(lay.strides)),
        ("itemsize", str(lay.itemsize)),
        ("", f"{order} contiguous"),
        ("", ownership),
    ]
    return facts if memory.writeable else [*facts, ("", "read-only")]


def notes(a: object, memory: Memory) -> list[str]:
    """Return sentences about what the picture cannot show."""
    sentences = []
    if memory.dtype == object:
        sentences.append(
            "The array stores pointers; each box names the type of the object it points to."
        )
    elif memory.dtype.hasobject:
        sentences.append(
            "The elements contain pointers to data elsewhere, so their values are not shown."
        )
    if isinstance(a, np.ma.MaskedArray):
        sentences.append("The mask is a separate array; this picture shows the data under it.")
    return sentences
