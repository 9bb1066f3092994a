"""Whether NumPy accepts a description of an array, and which of its elements are out of bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.model.memory import dtype_code
from stridescope.model.strides import Layout
from stridescope.model.value_text import MINUS

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTED = 10_000
"""Most rows of elements that are counted one by one."""


def ndarray_line(lay: Layout, kind: np.dtype[Any], buffer: str) -> str:
    """Return the line of NumPy code that reads the buffer of that name in this way."""
    code = dtype_code(kind)
    shape, strides = (str(t).replace(" ", "") for t in (lay.shape, lay.strides))
    line = f"np.ndarray({shape}, {code}, buffer={buffer}"
    line += f", offset={lay.offset}" if lay.offset else ""
    return f"{line}, strides={strides})"


def numpy_verdict(raw: NDArray[np.uint8], lay: Layout, kind: np.dtype[Any]) -> str:
    """Return whether NumPy makes this array, with its error message if it refuses.

    This calls `np.ndarray`, always with strides, because NumPy (2.5) does not check a negative
    offset without them. No element is read.
    """
    try:
        np.ndarray(lay.shape, kind, buffer=raw, offset=lay.offset, strides=lay.strides)
    except (ValueError, TypeError, OverflowError) as error:
        return f"→ NumPy refuses. {type(error).__name__}: {error}"
    if not lay.fits(raw.size):
        return "→ NumPy accepts this without a check, and would read outside the buffer."
    return f"→ NumPy accepts. {outside_words(lay, raw.size)}"


def outside_words(lay: Layout, nbytes: int) -> str:
    """Say how many elements are outside the buffer; they are counted if there are few enough."""
    if lay.size == 0:
        return "There are no elements."
    if lay.fits(nbytes):
        which = "The only element is" if lay.size == 1 else f"All {lay.size:,} elements are"
        return f"{which} inside the {nbytes} bytes."
    longest = max(range(lay.ndim), key=lay.shape.__getitem__, default=None)
    others = [k for k in range(lay.ndim) if k != longest]
    if math.prod(lay.shape[k] for k in others) > COUNTED:
        return f"Some of the {lay.size:,} elements are outside the buffer and are never read."
    starts = [lay.offset]
    for k in others:
        starts = [start + i * lay.strides[k] for start in starts for i in range(lay.shape[k])]
    step, n = (0, 1) if longest is None else (lay.strides[longest], lay.shape[longest])
    missed = sum(_steps_outside(start, n, step, nbytes - lay.itemsize) for start in starts)
    return f"Outside the buffer and never read: {missed:,} of {lay.size:,} elements."


def reach_words(lay: Layout, nbytes: int) -> str:
    """Say how far `as_strided` would reach beyond the buffer; empty if it would not.

    Without ``check_bounds=True`` (NumPy 2.5), `as_strided` does not check that the bytes belong to
    the buffer.
    """
    if lay.size == 0 or lay.fits(nbytes) or lay.offset < 0:
        return ""
    low, high = lay.extent()
    ends = [f"back to byte {MINUS}{-low:,}"] if low < 0 else []
    ends += [f"on to byte {high - 1:,}"] if high > nbytes else []
    held = f"bytes 0 to {nbytes - 1}" if nbytes else "no bytes"
    return f"as_strided does not check. It would read {' and '.join(ends)}; the buffer has {held}."


def _steps_outside(start: int, n: int, step: int, last: int) -> int:
    """Return how many of `n` elements, `step` bytes apart from `start`, are not in 0 to `last`."""
    if last < 0 or step == 0:
        return n if last < 0 or not 0 <= start <= last else 0
    inside = range(-start, last - start + 1) if step > 0 else range(start - last, start + 1)
    first, end = -(-inside.start // abs(step)), -(-inside.stop // abs(step))
    return n - max(0, min(n, end) - max(0, first))
