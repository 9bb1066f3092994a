"""What the live forms of `why`, `why_reshape` and `broadcast` know of a real array."""

from __future__ import annotations

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
