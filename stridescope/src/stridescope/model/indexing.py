"""An index, entry by entry: what each entry does to the offset, shape and strides.

The rules come from "Indexing on ndarrays" in NumPy's user guide. The tests compare with NumPy.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from stridescope.model.strides import Layout
from stridescope.model.value_text import clip, plain, signed

if TYPE_CHECKING:
    from numpy.typing import NDArray

Entry: TypeAlias = "int | slice | EllipsisType | NDArray[Any] | None"

PROBED = 10_000
"""Most elements that NumPy may index to check an index."""
LONG = 24
"""Longest list, in characters, that is written out."""


@dataclass(frozen=True)
class Chip:
    """One entry of an index, and what it does.

    Parameters
    ----------
    kind
        ``:``, ``int``, ``slice``, ``list``, ``mask``, ``None`` or ``…``.
    text
        The entry as Python code.
    axes
        The axes of the array that the entry indexes.
    effects
        What happens to the offset, the length and the stride, as (word, text).
    """

    kind: str
    text: str
    axes: range
    effects: tuple[tuple[str, str], ...]


def normal(a: NDArray[Any], index: tuple[object, ...]) -> list[Entry]:
    """Return the entries of an index so that every axis has one.

    An Ellipsis is replaced with full slices; it is kept only if it replaces no axis.

    Raises
    ------
    TypeError
        If an entry is not of a kind that an index can contain.
    IndexError
        If NumPy refuses the index; the message is NumPy's.
    """
    if len(index) == 1 and isinstance(index[0], tuple):
        index = index[0]
    entries = [_entry(k) for k in index]
    # NumPy checks the index on an array of the same shape that takes no memory.
    probe = np.broadcast_to(np.uint8(0), a.shape)
    _ask(probe, entries)
    missing = a.ndim - sum(takes(k) for k in entries)
    position = next((n for n, k in enumerate(entries) if k is Ellipsis), None)
    full_: list[Entry] = [slice(None)] * missing
    if position is None:
        return entries + full_
    return entries[:position] + (full_ or [Ellipsis]) + entries[position + 1 :]


def _ask(probe: NDArray[Any], entries: list[Entry]) -> None:
    """Let NumPy check an index; if that would make a large copy, its slices are emptied first."""
    if not any(isinstance(k, np.ndarray) for k in entries):
        probe[tuple(entries)]
        return
    size = math.prod(k.size for k in entries if isinstance(k, np.ndarray))
    if size <= PROBED and probe.size <= PROBED:
        probe[tuple(entries)]
        return
    cut = [slice(0, 0) if isinstance(k, slice) else k for k in entries]
    if Ellipsis not in [k for k in entries if not isinstance(k, np.ndarray)]:
        cut += [slice(0, 0)] * max(probe.ndim - sum(map(takes, entries)), 0)
    probe[tuple(cut)]


def _entry(k: object) -> Entry:
    """Return an entry of an index as an int, slice, None, Ellipsis or array."""
    if k is None or isinstance(k, slice | EllipsisType):
        return k
    if isinstance(k, list | np.ndarray) and not (isinstance(k, np.ndarray) and k.ndim == 0):
        array = np.asarray(k) if len(k) else np.asarray(k, np.intp)
        if array.dtype.kind in "iub":
            return array
    elif not isinstance(k, bool | np.bool_):
        try:
            return operator.index(k)  # type: ignore[arg-type]
        except TypeError:
            pass
    msg = (
        f"ss.why takes integers, slices, None, ..., lists of integers and masks as an index, "
        f"not {clip(repr(k))}"
    )
    raise TypeError(msg)


def takes(k: Entry) -> int:
    """Return how many axes an entry indexes."""
    if k is None or k is Ellipsis:
        return 0
    return k.ndim if isinstance(k, np.ndarray) and k.dtype == bool else 1


def chips(layout: Layout, entries: list[Entry]) -> list[Chip]:
    """Return each entry of an index with what it does to the offset, length and stride."""
    shown, axis = [], 0
    is_copy = any(isinstance(k, np.ndarray) for k in entries)
    for k in entries:
        axes = range(axis, axis + takes(k))
        kind, effects = _effect(k, layout, axes)
        if is_copy and kind == "None":
            effects = (*effects[:2], ("stride", "its own"))
        shown.append(Chip(kind, entry_text(k), axes, effects))
        axis = axes.stop
    return shown


def _effect(k: Entry, layout: Layout, axes: range) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the kind of an entry and its effects."""
    if k is None:
        return "None", (("offset", "+0"), ("length", "new: 1"), ("stride", "0"))
    if isinstance(k, EllipsisType):
        return "…", (("offset", "+0"), ("length", "no axis left"), ("stride", "none"))
    if isinstance(k, np.ndarray):
        old = " × ".join(str(layout.shape[axis]) for axis in axes)
        kind = "mask" if k.dtype == bool else "list"
        count = int(k.sum()) if kind == "mask" else " × ".join(map(str, k.shape))
        picks = f"{old} → {count}"
        return kind, (("offset", "copied"), ("length", picks), ("stride", "its own"))
    n, s = layout.shape[axes[0]], layout.strides[axes[0]]
    if isinstance(k, int):
        i = k % n
        return "int", (
            ("offset", f"+{i}·{plain(s)}"),
            ("length", f"{n} → gone"),
            ("stride", "gone"),
        )
    start, stop, step = k.indices(n)
    length = len(range(start, stop, step))
    moved = "+0" if not (length and start) else f"+{start}·{plain(s)}"
    stride = signed(s) if step == 1 else f"{plain(step)}·{plain(s)} = {signed(step * s)}"
    effects = (("offset", moved), ("length", f"{n} → {length}" if length != n else str(n)))
    return (":" if k == slice(None) else "slice"), (*effects, ("stride", stride))


def entry_text(k: Entry) -> str:
    """Return an entry as Python code; a long list or mask is replaced with a name."""
    if isinstance(k, EllipsisType):
        return "..."
    if isinstance(k, np.ndarray):
        text = str(k.tolist())
        return text if len(text) <= LONG else ("mask" if k.dtype == bool else "indices")
    if not isinstance(k, slice):
        return str(k)
    ends = ["" if end is None else str(end) for end in (k.start, k.stop)]
    return ":".join([*ends, *([str(k.step)] if k.step is not None else [])])


def index_code(name: str, entries: list[Entry]) -> str:
    """Return code such as ``a[1:, [0, 2]]``, without the full slices at its end."""
    texts = [entry_text(k) for k in entries]
    while len(texts) > 1 and texts[-1] == ":":
        texts.pop()
    return f"{name}[{', '.join(texts) or '()'}]"


def entry_json(k: Entry) -> dict[str, Any]:
    """Return an entry for JSON, as the live form needs it."""
    if k is None:
        return {"kind": "None"}
    if isinstance(k, EllipsisType):
        return {"kind": "…"}
    if isinstance(k, np.ndarray):
        kind = "mask" if k.dtype == bool else "list"
        return {"kind": kind, "shape": list(k.shape), "on": [int(v) for v in k.ravel()]}
    if isinstance(k, slice):
        parts: Sequence[int | None] = (k.start, k.stop, k.step)
        ends = [None if v is None else int(v) for v in parts]
        return {"kind": "slice", "at": ends} if k != slice(None) else {"kind": ":"}
    return {"kind": "int", "at": k}
