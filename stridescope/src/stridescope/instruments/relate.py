"""`relate`: which arrays share which bytes, and who owns them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from stridescope.drawing.array_picture import default_focus, is_hexed, shown_bytes
from stridescope.drawing.figure import NARROW, WIDE, box, figure, forms, prose
from stridescope.drawing.grid import Grid
from stridescope.drawing.side_by_side import HALF, are_beside, table_rooms
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import esc
from stridescope.model.array_state import DECODED, LIVE_AXES, base_of, elements_state, layout_state
from stridescope.model.memory import Memory, as_array, describe, dtype_code, dtype_words
from stridescope.model.reading_rows import byte_hues
from stridescope.model.strides import Layout, is_aligned
from stridescope.model.value_text import clip
from stridescope.model.visit_order import visits, walk_words
from stridescope.runtime.instrument import Instrument

NUMERALS = "In an array's row, 1st, 2nd and so on show the order in which it visits its elements."
VALUES = "If a second array reads the same bytes with another dtype, its row shows its values."
Named = list[tuple[str, NDArray[Any], Memory]]

LABEL = 39
"""Most characters of a label that has room on a phone."""
WORK = 100_000
"""Most candidates that NumPy may try to find out whether two arrays share an element."""


def relate(
    *arrays: object,
    names: Sequence[str] | None = None,
    bytes: Literal["hex"] | None = None,  # noqa: A002 - the word for what is shown
    caption: str | None = None,
    **named: object,
) -> Instrument:
    """Draw which arrays use which bytes: one strip for each owner, one bracket for each array.

    Parameters
    ----------
    arrays
        Arrays, named by `names` or else ``a``, ``b``, ``c`` …
    names
        One name for each of `arrays`.
    bytes
        ``"hex"`` writes each byte in hexadecimal under the values.
    caption
        A sentence above the picture; put `` `code` `` in backticks.
    named
        More arrays, named by their keywords.

    Returns
    -------
    Instrument
        Arrays with the same owner are drawn together; a copy is drawn under its own owner.

    Raises
    ------
    TypeError
        If an argument is not an array, or there are no arrays.
    ValueError
        If the number of `names` is not the number of `arrays`, a name is used twice, or `bytes` is
        neither ``"hex"`` nor None.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> a = np.zeros((2, 3), np.int64)
    >>> print(ss.relate(a=a, t=a.T, c=a.copy()))
    Owner 1: a, int64 array of shape (2, 3), 48 bytes
      a (2, 3) strides (24, 8) offset 0, visits bytes 0, 8, 16, 24, 32, 40
      t (3, 2) strides (8, 24) offset 0, visits bytes 0, 24, 8, 32, 16, 40
    Owner 2: c, int64 array of shape (2, 3), 48 bytes
      c (2, 3) strides (24, 8) offset 0, visits bytes 0, 8, 16, 24, 32, 40
    In an array's row, 1st, 2nd and so on show the order in which it visits its elements.
    a and t share bytes.
    c shares no bytes with the other arrays.
    """
    hexed = is_hexed(bytes, "relate")
    groups = _by_owner(_named(arrays, names, named))
    parts: list[str] = []
    words = []
    beside = not hexed and are_beside([_size(group) for group in groups])
    widths = (HALF,) if beside else (WIDE, NARROW)
    owners = [f"Owner {k}" for k in range(1, len(groups) + 1)] if groups[1:] else ["Owner"]
    for owner, group in zip(owners, groups, strict=True):
        title = _title(owner, group)
        words += [title, *(f"  {_label(name, m)}{_walk(m)}" for name, _, m in group)]
        strips = [_strip(group, width, title, hexed=hexed) for width in widths]
        strip = forms(*strips) if strips[1:] else box(strips[0], HALF)
        parts.append(f'<p class="ss-head">{esc(title)}</p>{_grids(group, widths)}{strip}')
    sentences = [*_numbers(groups), *sharing(groups)]
    body = "".join(f"<div>{part}</div>" for part in parts)
    body = f'<div class="ss-owners">{body}</div>' if beside else "".join(parts)
    body += f"<p>{prose(' '.join(sentences))}</p>"
    said = [sentence.replace("`", "") for sentence in sentences]
    static = figure("relate", body, caption), "\n".join([*words, *said])
    if any(m.layout.ndim > LIVE_AXES for group in groups for _, _, m in group):
        return Instrument(*static)
    states, data = zip(*map(_state, owners, groups), strict=True)
    state: dict[str, Any] = {
        "groups": [*states],
        "said": sentences,
        "caption": caption,
        "label": "Which arrays share bytes",
    }
    if beside:
        state["half"] = HALF
    for group, own in zip(groups, states, strict=True):
        rooms = [table_rooms([m.layout for _, _, m in group], width) for width in widths]
        for array, *room in zip(own["arrays"], *rooms, strict=True):
            if room != [*widths]:
                array["tables"] = [room[0], room[-1]]
    if hexed:
        state["bytes"] = "hex"
    return Instrument(*static, "relate", state, b"".join(data))


def _size(group: Named) -> tuple[int, list[Layout]]:
    """Return how many boxes the strip of an owner has, and the layouts of its arrays."""
    layouts = [m.layout for _, _, m in group]
    ends = [lay.extent() for lay in layouts if lay.size]
    low = min([0, *(low for low, _ in ends)])
    high = max([group[0][2].owner.nbytes, *(high for _, high in ends)])
    boxes = _boxes([m for _, _, m in group]).layout
    return -(-(high - low) // (boxes.itemsize if is_aligned(boxes) else 1)), layouts


def _state(owner: str, group: Named) -> tuple[dict[str, Any], bytes]:
    """Return what the browser needs to know about one owner and its arrays."""
    boxes = _boxes([m for _, _, m in group])
    elements = [p for _, _, m in group for p in shown_bytes(m, default_focus(m.layout))]
    # An element of one array can cover several boxes of the strip.
    units = {q for p in elements for q in range(p, p + 16)} if elements else set()
    size = boxes.dtype.itemsize or 1
    wanted = {p - (p - boxes.layout.offset) % size for p in units}
    state, data = elements_state(boxes, wanted)
    unit = size if is_aligned(boxes.layout) else 1
    state |= {"title": _title(owner, group), "unit": unit, "phase": boxes.layout.offset % unit}
    if (base := _base(group)) != boxes.layout:
        state["base"] = layout_state(base)
    state |= {"sent": len(data), "arrays": [_array(name, m) for name, _, m in group]}
    return state, data


def _array(name: str, m: Memory) -> dict[str, Any]:
    """Return what the browser needs to know about one array, except for its bytes."""
    state, _ = elements_state(m, shown_bytes(m, default_focus(m.layout)))
    description = {key: state[key] for key in ("layout", "dtype", "texts") if key in state}
    return description | {
        "name": name,
        "label": _brief(name, m),
        "solid": m.owns,
        "readonly": not m.writeable,
        "code": dtype_code(m.dtype),
    }


def _named(
    arrays: tuple[object, ...], names: Sequence[str] | None, named: dict[str, object]
) -> list[tuple[str, object]]:
    """Pair every array with its name."""
    first = list(names) if names is not None else [chr(97 + k) for k in range(len(arrays))]
    if len(first) != len(arrays):
        msg = f"ss.relate got {len(arrays)} arrays and {len(first)} names: give one name for each"
        raise ValueError(msg)
    pairs = [*zip(first, arrays, strict=True), *named.items()]
    duplicates = sorted({n for n, _ in pairs if sum(n == m for m, _ in pairs) > 1})
    if duplicates:
        msg = f"ss.relate got the name {duplicates[0]!r} twice: give each array its own name"
        raise ValueError(msg)
    if not pairs:
        msg = "ss.relate takes at least one array: ss.relate(a=a, t=a.T)"
        raise TypeError(msg)
    return pairs


def _by_owner(pairs: list[tuple[str, object]]) -> list[Named]:
    """Describe the arrays and group them by owner, in order of appearance."""
    groups: dict[tuple[int, int, int], Named] = {}
    for name, a in pairs:
        array = as_array(a, "relate")
        memory = describe(array)
        owner = memory.owner
        key = (owner.key, owner.address, owner.nbytes)
        groups.setdefault(key, []).append((name, array, memory))
    return list(groups.values())


def _title(word: str, group: Named) -> str:
    """Return what an owner is: one of the named arrays, or something else."""
    owner = group[0][2].owner
    own = next((f"{name}, " for name, _, m in group if m.owns), "")
    hidden = ", not named here" if owner.array is not None and not own else ""
    return f"{word}: {own}{owner.words}{hidden}, {owner.nbytes} bytes"


def _label(name: str, m: Memory) -> str:
    """Return an array's name with what NumPy knows about it."""
    lay = m.layout
    kind = (
        ""
        if m.owner.array is not None and m.dtype == m.owner.array.dtype
        else f" {dtype_words(m.dtype)}"
    )
    flag = "" if m.writeable else " ro"
    return f"{name}{flag}{kind} {lay.shape} strides {lay.strides} offset {lay.offset}"


def _brief(name: str, m: Memory) -> str:
    """Return the label in a picture: without an offset of 0, with the role if there is room."""
    label = _label(name, m).removesuffix(" offset 0")
    role = f"{label}, {'owner' if m.owns else 'view'}"
    return role if len(role) <= LABEL else label


def _walk(m: Memory) -> str:
    """Return a comma and, in words, the bytes that an array visits."""
    walk = walk_words(m.layout)
    return f", {walk}" if walk else ""


def _grids(group: Named, widths: Sequence[int]) -> str:
    """Draw the elements of each array, side by side."""
    grids = ""
    layouts = [m.layout for _, _, m in group]
    rooms = [table_rooms(layouts, width) for width in widths]
    hues = byte_hues(_base(group), group[0][2].owner.nbytes)
    for k, (name, _, m) in enumerate(group):
        if m.layout.size:
            drawn = [Grid(m, None, room[k], hues).draw(name) for room in rooms]
            shown = forms(drawn[0], drawn[-1])
            grids += f'<div><p class="ss-read"><b>{esc(name)}</b></p>{shown}</div>'
        else:
            grids += f'<div><p class="ss-read">{esc(name)}: no elements</p></div>'
    return f'<div class="ss-row">{grids}</div>'


def _values(m: Memory, boxes: Memory) -> dict[int, str] | None:
    """Return what an array reads, by byte, if that is not what the boxes show."""
    size = m.dtype.itemsize
    if m.dtype == boxes.dtype or m.dtype.kind not in DECODED or size not in DECODED[m.dtype.kind]:
        return None
    return {byte: clip(m.text(byte)) for byte in visits(m.layout) if m.holds(byte)}


def _numbers(groups: list[Named]) -> list[str]:
    """Return sentences about the numbers under the strips: the order of visits, or values."""
    shown = [
        _values(m, _boxes([m for _, _, m in group])) is not None
        for group in groups
        for _, _, m in group
        if visits(m.layout)
    ]
    return [*([NUMERALS] if not all(shown) else []), *([VALUES] if any(shown) else [])]


def _strip(group: Named, width: int, title: str, *, hexed: bool) -> str:
    """Draw the strip of one owner with a lane for each array."""
    memory = _boxes([m for _, _, m in group])
    layouts = [m.layout for _, _, m in group]
    extents = [lay.extent() for lay in layouts if lay.size]
    if not memory.owner.nbytes and not extents:
        return "<p>No bytes.</p>"
    span = (
        min((low for low, _ in extents), default=0),
        max((high for _, high in extents), default=0),
    )
    hues = byte_hues(_base(group), memory.owner.nbytes)
    wanted = [lay.offset for lay in layouts]
    strip = Strip(memory, width, wanted, span, layouts, hexed=hexed, hues=hues)
    lanes = [
        Lane(name, _brief(name, m), m.layout, m.owns, _values(m, memory), hues)
        for name, _, m in group
    ]
    svg = StripDrawing(strip, lanes).svg
    svg.title = title
    svg.desc = (
        (f"Rows of {strip.per_row} bytes. " if len(strip.rows) > 1 else "")
        + ". ".join(
            f"{name} spans bytes {m.layout.extent()[0]} to {m.layout.extent()[1] - 1}{_walk(m)}"
            if m.layout.size
            else f"{name} has no elements"
            for name, _, m in group
        )
        + f". Values: {strip.words()}."
    )
    return str(svg)


def _base(group: Named) -> Layout:
    """Return the layout whose rows give the bytes of an owner their hues."""
    (_, _, first), *others = group
    return base_of(first, [m.layout for _, _, m in others])


def _boxes(arrays: list[Memory]) -> Memory:
    """Return the array whose elements are the boxes: the owner, or the one of smallest itemsize."""
    owner = arrays[0].owner.array
    if owner is not None and owner.size and is_aligned((whole := describe(owner)).layout):
        return whole
    return min(arrays, key=lambda m: (not is_aligned(m.layout), m.dtype.itemsize))


def sharing(groups: list[Named]) -> list[str]:
    """Return sentences that say which arrays share bytes; none for a single array."""
    sentences = []
    count = sum(map(len, groups))
    if [len(group) for group in groups] == [1, 1]:
        return [f"{_list([f'`{name}`' for ((name, *_),) in groups])} share no bytes."]
    for group in groups:
        names = [f"`{name}`" for name, _, _ in group]
        if len(group) == 1:
            sentences.append(f"{names[0]} shares no bytes with the other arrays.")
            continue
        verdicts = {(n, o): _share(a, b) for (n, a, _), (o, b, _) in combinations(group, 2)}
        if all(v == "share" for v in verdicts.values()):
            sentences.append(f"{_list(names)} share bytes.")
            continue
        sentences.append(f"{_list(names)} have the same owner.")
        sentences += [
            f"`{n}` and `{o}` {v} bytes of it." for (n, o), v in verdicts.items() if v != "share"
        ]
    return sentences if count > 1 else []


def _list(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _share(a: NDArray[Any], b: NDArray[Any]) -> str:
    """Ask NumPy whether two arrays share a byte; no element is read."""
    try:
        # The stubs allow only the two named limits, but any number is a limit on the work.
        shared = np.shares_memory(a, b, max_work=WORK)  # type: ignore[arg-type]
    except np.exceptions.TooHardError:
        return "may share"
    return "share" if shared else "share no"
