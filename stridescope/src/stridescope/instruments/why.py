"""`why`: view or copy, entry by entry of an index."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import figure, inner, prose, verdict_html
from stridescope.drawing.svg import esc
from stridescope.instruments.relate import relate
from stridescope.model.array_state import LIVE_AXES, array_state
from stridescope.model.indexing import Chip, Entry, chips, entry_json, index_code, normal, takes
from stridescope.model.memory import Memory, as_array, describe
from stridescope.model.strides import Index
from stridescope.model.value_text import clip, full
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray


DRAWN = 10_000
"""Most elements of a copy that is made and drawn."""
LIVE_ITEMS = 64
"""Most numbers of a list or mask for which there are controls."""
RULE = (
    "Integers, slices and `None` give a view: a new offset, shape and strides over the same bytes. "
    "One list or mask makes a copy."
)


def why(a: object, *index: object, name: str = "a", caption: str | None = None) -> Instrument:
    """Show whether indexing gives a view or a copy, and what each entry of the index does.

    Parameters
    ----------
    a
        Any NumPy array.
    index
        The entries of the index, or one ``np.s_[…]``: integers, slices, ``None``, ``...``, lists of
        integers, masks.
    name
        The name of the array.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        The line of code, the effects of each entry, and the bytes of each owner.

    Raises
    ------
    TypeError
        If `a` is not an array, or an entry is not of one of the kinds above.
    IndexError
        If NumPy refuses the index; the message is NumPy's.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.arange(6, dtype=np.int64).reshape(2, 3)
    >>> print(str(ss.why(a, np.s_[1:, 0])).splitlines()[0])
    a[1:, 0] is a view: offset 24, shape (1,), strides (24,).
    """
    array = as_array(a, "why")
    memory = describe(array, "why")
    entries = normal(array, index)
    chip_list = chips(memory.layout, entries)
    line = index_code(name, entries)
    result = _result(array, entries)
    verdict = _verdict(line, memory, entries, result)
    words = [verdict, *(_chip_words(chip) for chip in chip_list)]
    body = verdict_html(line, verdict)
    body += f'<ol class="ss-chips">{"".join(map(_chip_html, chip_list))}</ol>'
    if isinstance(result, np.ndarray):
        other = line if len(line) <= 40 else "result"  # noqa: PLR2004 - characters of a label
        related = relate(array, result, names=[name, other])
        body += inner(related.html)
        words.append(related.text)
    body += f'<p class="ss-read">{prose(RULE)}</p>'
    state, data = _state(memory, entries, name)
    if state:
        state |= {"caption": caption, "label": f"Index of {name}: view or copy"}
    html = figure("why", body, caption)
    return Instrument(html, "\n".join(words), kind="why" if state else "", state=state, data=data)


def _result(a: NDArray[Any], entries: list[Entry]) -> object:
    """Return the result of the index; None if that would be a large copy."""
    lists = [k for k in entries if isinstance(k, np.ndarray)]
    if lists:
        picked = math.prod(int(k.sum()) if k.dtype == bool else k.size for k in lists)
        lengths = [n for k, n in _sliced(a.shape, entries) if isinstance(k, slice)]
        if picked * math.prod(lengths) > DRAWN:
            return None
    return a[tuple(entries)]


def _sliced(shape: Index, entries: list[Entry]) -> list[tuple[Entry, int]]:
    """Return each slice with the length that it leaves of its axis."""
    slices: list[tuple[Entry, int]] = []
    axis = 0
    for k in entries:
        if isinstance(k, slice):
            slices.append((k, len(range(*k.indices(shape[axis])))))
        axis += takes(k)
    return slices


def _verdict(line: str, memory: Memory, entries: list[Entry], result: object) -> str:
    """Return a sentence that says whether the result is a view, a copy or a scalar, and why."""
    lists = [n for n, k in enumerate(entries) if isinstance(k, np.ndarray)]
    if lists:
        kind = "mask" if entries[lists[0]].dtype == bool else "list"  # type: ignore[union-attr]
        size = ""
        if isinstance(result, np.ndarray):
            size = f": shape {result.shape}, strides {result.strides}, bytes of its own"
        more = "" if size else " It is too large to make here."
        if any(isinstance(k, int) for k in entries):
            more += " Next to it, an integer counts as a list of one."
        return f"{line} is a copy{size}. Entry {lists[0]} is a {kind}.{more}"
    if isinstance(result, np.ndarray):
        view = describe(result).layout
        where = f"offset {view.offset}, shape {view.shape}, strides {view.strides}"
        return f"{line} is a view: {where}."
    element = memory.layout.take(*(k for k in entries if not isinstance(k, np.ndarray)))
    # A structured scalar still points into the array; any other scalar is a copy.
    kind = "view of one record" if isinstance(result, np.void) else "scalar, a copy of the value"
    return f"{line} is a {kind} {clip(full(result))} at byte {element.offset}."


def _chip_html(chip: Chip) -> str:
    where = _where(chip)
    rows = "".join(
        f"<div><dt>{word}</dt><dd>{esc(value)}</dd></div>" for word, value in chip.effects
    )
    return (
        f'<li class="ss-chips-{"copy" if chip.kind in ("list", "mask") else "view"}">'
        f"<b>{esc(chip.text)}</b><small>{where}{_kind_words(chip)}</small>"
        f"<dl>{rows}</dl></li>"
    )


def _where(chip: Chip) -> str:
    if not chip.axes:
        return ""
    ends = (
        f"axes {chip.axes[0]} to {chip.axes[-1]}" if len(chip.axes) > 1 else f"axis {chip.axes[0]}"
    )
    return f"{ends}, "


def _kind_words(chip: Chip) -> str:
    return {":": "all", "None": "new axis", "…": "keeps an array"}.get(chip.kind, chip.kind)


def _chip_words(chip: Chip) -> str:
    effects = ", ".join(f"{word} {value}" for word, value in chip.effects)
    return f"  {chip.text} ({_where(chip)}{_kind_words(chip)}): {effects}"


def _state(memory: Memory, entries: list[Entry], name: str) -> tuple[dict[str, Any], bytes]:
    """Return the state of the live form; empty if there is too much for controls."""
    arrays = [k for k in entries if isinstance(k, np.ndarray)]
    if memory.layout.ndim > LIVE_AXES or any(k.size > LIVE_ITEMS for k in arrays):
        return {}, b""
    state, data = array_state(memory, name)
    return {**state, "index": [entry_json(k) for k in entries]}, data
