"""`why_reshape`: view or copy, as a chain of axes linked by equations."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import NARROW, WIDE, figure, forms, verdict_html
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import esc
from stridescope.model.array_state import LIVE_AXES, array_state, base_of, layout_state
from stridescope.model.memory import Memory, as_array, describe
from stridescope.model.reading_rows import byte_hues
from stridescope.model.reshape_chain import Link, chain, walk
from stridescope.model.stride_steps import StrideStep
from stridescope.model.strides import Index, Layout, c_strides, f_strides
from stridescope.model.value_text import signed
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

MARKS = {"merge": "✓", "fail": "✗", "apart": "│", "free": "·"}


def why_reshape(
    a: object,
    shape: Sequence[int] | int,
    order: str = "C",
    *,
    name: str = "a",
    caption: str | None = None,
) -> Instrument:
    """Show whether a reshape is a view or a copy, and which equation decides.

    Two neighboring axes can act as one if the outer stride is the full length of the inner axis in
    bytes.

    Parameters
    ----------
    a
        Any NumPy array.
    shape
        The requested shape; one length may be -1.
    order
        ``"C"``, ``"F"`` or ``"A"``, as in `numpy.reshape`.
    name
        The name of the array.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        The axes as a chain, or NumPy's error message if the elements do not fill the shape.

    Raises
    ------
    TypeError
        If `a` is not an array.
    ValueError
        If `order` is not one of the three.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.zeros((2, 3), np.int64)
    >>> print(ss.why_reshape(a.T, (2, 3), name="a.T"))
    np.reshape(a.T, (2, 3)) is a copy: 8 = 2·24 is false.
    a.T: shape (3, 2), strides (8, 24).
      axes 0 and 1: 8 ≠ 2·24 = 48
    Walk 0 → 24 → 8: steps +24, −16. No single stride fits.
    """
    array = as_array(a, "why_reshape")
    if order not in ("C", "F", "A"):
        msg = f"ss.why_reshape takes order 'C', 'F' or 'A', not {order!r}"
        raise ValueError(msg)
    requested = (
        (int(shape),) if isinstance(shape, int | np.integer) else tuple(int(n) for n in shape)
    )
    memory = describe(array, "why_reshape")
    line = reshape_code(name, requested, order)
    new, refused = _filled_shape(array, requested, order)
    state, data = array_state(memory, name)
    state |= {"shape": list(new or requested), "order": order, "caption": caption}
    if (base := base_of(memory)) != memory.layout:
        state["base"] = layout_state(base)
    state["label"] = f"Reshape of {name}: view or copy"
    if new is None:
        words, body = _refusal(memory, name, line, refused)
    else:
        words, body = _explained(array, memory, (name, line), new, order)
    kind = "why_reshape" if max(array.ndim, len(requested)) <= LIVE_AXES and array.size else ""
    html = figure("why_reshape", body, caption)
    return Instrument(html, "\n".join(words), kind=kind, state=state if kind else {}, data=data)


def reshape_code(name: str, shape: Index, order: str) -> str:
    """Return the line of code that reshapes."""
    return f"np.reshape({name}, {shape}" + (")" if order == "C" else f", {order!r})")


def _filled_shape(a: NDArray[Any], shape: Index, order: str) -> tuple[Index | None, str]:
    """Return the shape with -1 filled in, or NumPy's error message; no element is copied."""
    # NumPy could be asked about another array, but even that needs memory; sizes are enough.
    known = math.prod(n for n in shape if n >= 0)
    filled = shape
    if shape.count(-1) == 1 and known and a.size % known == 0:
        filled = tuple(a.size // known if n == -1 else n for n in shape)
    if all(n >= 0 for n in filled) and math.prod(filled) == a.size:
        return filled, ""
    try:
        np.reshape(a, shape, order=order)  # type: ignore[call-overload]
    except ValueError as error:
        return None, f"ValueError: {error}"
    return None, "NumPy refuses."


def reading(a: NDArray[Any], order: str) -> str:
    """Return ``"C"`` or ``"F"``, whichever `order` means for this array."""
    if order == "A":
        return "F" if a.flags.fnc else "C"
    return order


def _refusal(memory: Memory, name: str, line: str, refused: str) -> tuple[list[str], str]:
    """Return words and HTML for a shape that the elements do not fill."""
    lay = memory.layout
    words = [f"{line} is refused. {refused}.", f"{name}: shape {lay.shape}, {lay.size} elements."]
    return words, f"{verdict_html(line, words[0])}<p>{esc(words[1])}</p>"


def _explained(
    a: NDArray[Any], memory: Memory, named: tuple[str, str], new: Index, order: str
) -> tuple[list[str], str]:
    """Return words and HTML for a reshape that is a view or a copy."""
    (name, line), lay = named, memory.layout
    way = reading(a, order)
    links = chain(lay, new, way)
    failed = next((link for link in _slow_first(links, way) if link.state == "fail"), None)
    strides = _strides(a, new, order)
    verdict = f"{line} is a view: shape {new}, strides {strides}."
    if strides is None:
        why = f"{failed.equation} is false" if failed else "no strides describe it"
        verdict = f"{line} is a copy: {why}."
    words = [verdict, f"{name}: shape {lay.shape}, strides {lay.strides}."]
    words += [f"  {w}" for w in _link_words(links, way)]
    body = verdict_html(line, verdict) + _chain_html(lay, links, way)
    own = (f_strides if way == "F" else c_strides)(new, lay.itemsize)
    body += _asked_html(new, strides or own, copied=strides is None)
    shown_link = failed or next(
        (link for link in _slow_first(links, way) if link.state == "merge"), None
    )
    if shown_link:
        sentence, steps = walk(lay.offset, shown_link)
        words.append(sentence)
        body += f"<p>{esc(sentence)}</p>" + _strips(memory, name, steps)
    return words, body


def _slow_first(links: list[Link], way: str) -> list[Link]:
    return links if way == "C" else links[::-1]


def _strides(a: NDArray[Any], new: Index, order: str) -> Index | None:
    """Return the strides of the view that NumPy makes; None if it would have to copy."""
    try:
        return np.reshape(a, new, order=order, copy=False).strides  # type: ignore[call-overload, no-any-return]
    except ValueError:
        return None


def _link_words(links: list[Link], way: str) -> list[str]:
    lead = "" if way == "C" else "read in F order, "
    return [
        f"{lead}axes {k} and {k + 1}: "
        + {"merge": f"{link.judged}, ", "fail": f"{link.judged} "}.get(link.state, "")
        + link.words
        for k, link in enumerate(links)
    ]


def _chain_html(lay: Layout, links: list[Link], way: str) -> str:
    """Return the axes as boxes with the links between them, as HTML."""
    parts = []
    for k, (n, s) in enumerate(zip(lay.shape, lay.strides, strict=True)):
        parts.append(axis_html(f"axis {k}", n, signed(s)))
        if k < len(links):
            parts.append(_link_html(links[k]))
    if not parts:
        parts = ["<li>no axes: one element</li>"]
    read = "first axis slowest" if way == "C" else "last axis slowest"
    return f'<p class="ss-head">Axes, {read}</p><ol class="ss-chain">{"".join(parts)}</ol>'


def _link_html(link: Link) -> str:
    equation = link.judged if link.state in ("merge", "fail") else ""
    return (
        f'<li class="ss-chain-{link.state}"><b>{MARKS[link.state]}</b>'
        f"<code>{equation}</code><small>{link.words}</small></li>"
    )


def axis_html(title: str, length: int, step: str) -> str:
    """Return one axis as a box: name, length, stride."""
    box = f"<span><b>{length}</b><i>{step}</i></span>"
    return f'<li class="ss-chain-axis"><small>{title}</small>{box}</li>'


def _asked_html(new: Index, strides: Index, *, copied: bool) -> str:
    """Return the requested axes, with strides over the same bytes or over those of the copy."""
    title = (
        "Result: a copy, with its own bytes and strides"
        if copied
        else "Result: a view, with these strides"
    )
    axes = "".join(
        axis_html(f"axis {k}", n, signed(s))
        for k, (n, s) in enumerate(zip(new, strides, strict=True))
    )
    axes = axes or "<li>no axes: one element</li>"
    return f'<p class="ss-head">{title}</p><ol class="ss-chain">{axes}</ol>'


def _strips(memory: Memory, name: str, steps: list[StrideStep]) -> str:
    """Draw the bytes with the steps of a walk above them."""
    pictures = []
    lay, hues = memory.layout, byte_hues(base_of(memory), memory.owner.nbytes)
    wanted = [p for arc in steps for p in (arc.start, arc.stop)]
    for width in (WIDE, NARROW):
        strip = Strip(memory, width, wanted, hues=hues)
        svg = StripDrawing(strip, [Lane(name, name, lay, memory.owns)], steps).svg
        svg.title = f"Bytes of the owner of {name}, and steps between elements"
        step_words = ", ".join(f"from byte {arc.start} to {arc.stop}" for arc in steps)
        svg.desc = f"Steps {step_words}. {name} reads: {strip.words()}."
        pictures.append(str(svg))
    return forms(*pictures)
