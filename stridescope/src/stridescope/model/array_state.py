"""What the live forms know about a real array: its description, and some bytes of its owner."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from stridescope.model.memory import Memory, describe, dtype_words
from stridescope.model.reading_rows import base_layout
from stridescope.model.strides import Layout
from stridescope.model.value_text import clip

LIVE_AXES = 6
"""Most axes of a live picture; an array with more axes has the static form only."""
BYTES = 2048
"""Most bytes of an owner that a page stores."""
TEXTS = 128
"""Most values that a page stores as text, for a dtype that the browser cannot decode."""


def layout_state(layout: Layout) -> dict[str, Any]:
    """Return a layout for JSON: offset, shape, strides and itemsize, in bytes."""
    return {
        "offset": layout.offset,
        "shape": list(layout.shape),
        "strides": list(layout.strides),
        "itemsize": layout.itemsize,
    }


def base_of(memory: Memory, others: Sequence[Layout] = ()) -> Layout:
    """Return the layout whose rows give the bytes of an array's owner their hues.

    Parameters
    ----------
    others
        The layouts of other arrays over the same owner.
    """
    owner = memory.owner
    whole = None if owner.array is None else describe(owner.array).layout
    return base_layout([memory.layout, *others], whole, owner.nbytes)


def array_state(memory: Memory, name: str) -> tuple[dict[str, Any], bytes]:
    """Return an array's description for JSON, and a window of its owner's bytes.

    The window starts at byte ``start`` of the owner and holds at most `BYTES` bytes; the page knows
    nothing of the bytes outside it. For a dtype that is not a plain number, the description also
    holds the texts of the values, by byte.
    """
    dtype, nbytes = memory.dtype, memory.owner.nbytes
    start = max(0, min(memory.layout.extent()[0], nbytes - BYTES))
    state: dict[str, Any] = {
        "name": name,
        "layout": layout_state(memory.layout),
        "nbytes": nbytes,
        "owner": memory.owner.words,
        "owns": memory.owns,
        "dtype": {
            "kind": dtype.kind,
            "itemsize": dtype.itemsize,
            "little": dtype.newbyteorder("=").str[0] != ">"
            if dtype.isnative
            else dtype.str[0] == "<",
            "name": dtype_words(dtype),
        },
        "start": start,
    }
    if dtype.kind not in "iufbc" or dtype.itemsize > 16 or dtype.char in "gG":  # noqa: PLR2004
        state["texts"] = _texts(memory)
        return state, b""
    return state, memory.owner.raw[start : start + BYTES].tobytes()


def _texts(memory: Memory) -> dict[str, str]:
    """Return the values of the first elements, by the byte where they start."""
    size = memory.dtype.itemsize
    first = memory.layout.offset % size if size else 0
    starts = range(first, memory.owner.nbytes - size + 1, size or 1)[:TEXTS]
    return {str(p): clip(memory.text(p), 12) for p in starts}


PAGE = 2048
"""Largest owner, in bytes, that a page stores whole; of a larger one it stores what is shown."""
DECODED = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8), "c": (8, 16)}
"""Kinds of dtype, and their itemsizes, whose values the browser can read from bytes."""


def elements_state(memory: Memory, wanted: Iterable[int]) -> tuple[dict[str, Any], bytes]:
    """Return what the browser needs to show some elements: a description, and bytes of the owner.

    Parameters
    ----------
    wanted
        First bytes of the elements that the picture shows.

    Returns
    -------
    dict
        ``layout``, ``nbytes`` of the owner, ``dtype``, the ``runs`` of bytes that are sent as
        [start, stop], and ``texts`` by byte for a dtype that the browser cannot read.
    bytes
        The runs, one after the other. They never include a pointer.
    """
    lay, dtype, nbytes = memory.layout, memory.dtype, memory.owner.nbytes
    size = dtype.itemsize
    held = sorted({p for p in wanted if memory.holds(p)})
    sent = [(0, nbytes)] if nbytes <= PAGE else _joined_runs([(p, p + size) for p in held][:PAGE])
    owned = memory.owner.array
    texts = None
    if size not in DECODED.get(dtype.kind, ()):
        texts = {str(p): clip(memory.text(p), 24) for p in held[:PAGE]}
    if dtype.hasobject or (owned is not None and owned.dtype.hasobject):
        sent = []
    state: dict[str, Any] = {
        "layout": layout_state(lay),
        "nbytes": nbytes,
        "dtype": {
            "kind": dtype.kind,
            "itemsize": size,
            "little": dtype.str[0] != ">",
            "name": dtype_words(dtype),
        },
        "runs": [list(run) for run in sent],
    }
    data = b"".join(memory.owner.raw[start:high].tobytes() for start, high in sent)
    return (state if texts is None else {**state, "texts": texts}), data


def _joined_runs(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sorted runs that touch or overlap."""
    joined: list[tuple[int, int]] = []
    for start, high in runs:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((start, high))
    return joined
