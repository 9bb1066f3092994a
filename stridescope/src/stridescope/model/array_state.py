"""What the live forms of `why`, `why_reshape` and `broadcast` know of a real array."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stridescope.model.memory import Memory, dtype_words
from stridescope.model.strides import Layout
from stridescope.model.value_text import clip

LIVE_AXES = 6
"""Most axes of a live picture; beyond, the static form stays."""
BYTES = 2048
"""Most bytes of an owner that a page keeps."""
TEXTS = 128
"""Most values that a page keeps as text, where the browser cannot decode the dtype."""


def layout_state(layout: Layout) -> dict[str, Any]:
    """Return a layout as JSON: offset, shape, strides, itemsize, in bytes."""
    return {
        "offset": layout.offset,
        "shape": list(layout.shape),
        "strides": list(layout.strides),
        "itemsize": layout.itemsize,
    }


def array_state(memory: Memory, name: str) -> tuple[dict[str, Any], bytes]:
    """Return an array's description as JSON, and the window of its owner's bytes.

    The window starts at ``start`` and holds at most `BYTES` bytes; what lies outside it is unknown
    to the page. Dtypes other than plain numbers carry the texts of their values by byte, too.
    """
    dtype, nbytes = memory.dtype, memory.owner.nbytes
    low = max(0, min(memory.layout.extent()[0], nbytes - BYTES))
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
        "start": low,
    }
    if dtype.kind not in "iufbc" or dtype.itemsize > 16 or dtype.char in "gG":  # noqa: PLR2004
        state["texts"] = _texts(memory)
        return state, b""
    return state, memory.owner.raw[low : low + BYTES].tobytes()


def _texts(memory: Memory) -> dict[str, str]:
    """Return the values of the first elements, by the byte at which they start."""
    size = memory.dtype.itemsize
    first = memory.layout.offset % size if size else 0
    places = range(first, memory.owner.nbytes - size + 1, size or 1)[:TEXTS]
    return {str(p): clip(memory.text(p), 12) for p in places}


PAGE = 2048
"""Most bytes of an owner that a page keeps whole; of more, those of the elements on the picture."""
DECODED = {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8), "c": (8, 16)}
"""Kinds of dtype, and their itemsizes, whose values the browser reads from bytes."""


def elements_state(memory: Memory, wanted: Iterable[int]) -> tuple[dict[str, Any], bytes]:
    """Return what the browser needs of an array: its description, and bytes of its owner.

    Parameters
    ----------
    wanted
        First bytes of the elements that the picture shows.

    Returns
    -------
    dict
        ``layout``, ``nbytes`` of the owner, ``dtype``, ``runs`` of bytes sent as [start, stop], and
        ``texts`` by byte for dtypes that the browser cannot read.
    bytes
        The runs, one after the other. No pointer is ever among them.
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
        "layout": {
            "offset": lay.offset,
            "shape": [*lay.shape],
            "strides": [*lay.strides],
            "itemsize": lay.itemsize,
        },
        "nbytes": nbytes,
        "dtype": {
            "kind": dtype.kind,
            "itemsize": size,
            "little": dtype.str[0] != ">",
            "name": dtype_words(dtype),
        },
        "runs": [list(run) for run in sent],
    }
    data = b"".join(memory.owner.raw[low:high].tobytes() for low, high in sent)
    return (state if texts is None else {**state, "texts": texts}), data


def _joined_runs(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join sorted runs that touch or overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in runs:
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined
