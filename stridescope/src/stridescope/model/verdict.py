"""Whether NumPy makes an array of a description, and what of it lies outside the buffer."""

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
"""Most rows of positions that are counted one by one."""


def ndarray_line(lay: Layout, kind: np.dtype[Any]) -> str:
    """Return the line of NumPy that makes this reading of a buffer `b`."""
    name = dtype_code(kind)
    shape, strides = (str(t).replace(" ", "") for t in (lay.shape, lay.strides))
    line = f"np.ndarray({shape}, {name}, buffer=b"
    line += f", offset={lay.offset}" if lay.offset else ""
    return f"{line}, strides={strides})"


def numpy_verdict(raw: NDArray[np.uint8], lay: Layout, kind: np.dtype[Any]) -> str:
    """Return whether NumPy makes this array, in its own words if it refuses.

    `np.ndarray` is really called, always with strides: without them NumPy (2.5) does not check a
    negative offset. No element is read.
    """
    try:
        np.ndarray(lay.shape, kind, buffer=raw, offset=lay.offset, strides=lay.strides)
    except (ValueError, TypeError, OverflowError) as error:
        return f"→ NumPy refuses. {type(error).__name__}: {error}"
    if not lay.fits(raw.size):
        return "→ NumPy accepts this without a check, and would read outside the buffer."
    return "→ NumPy accepts: every position lies inside."


def outside_words(lay: Layout, nbytes: int) -> str:
    """Return how many positions lie outside the buffer, counted if there are few enough."""
    if lay.size == 0:
        return "There is no element, so no position."
    if lay.fits(nbytes):
        which = "The one position lies" if lay.size == 1 else f"All {lay.size:,} positions lie"
        return f"{which} inside the {nbytes} bytes."
    long = max(range(lay.ndim), key=lay.shape.__getitem__, default=None)
    others = [k for k in range(lay.ndim) if k != long]
    if math.prod(lay.shape[k] for k in others) > COUNTED:
        return f"Some of {lay.size:,} positions lie outside, never read."
    starts = [lay.offset]
    for k in others:
        starts = [at + i * lay.strides[k] for at in starts for i in range(lay.shape[k])]
    step, n = (0, 1) if long is None else (lay.strides[long], lay.shape[long])
    missed = sum(_steps_outside(at, n, step, nbytes - lay.itemsize) for at in starts)
    return f"{missed:,} of {lay.size:,} positions outside, never read."


def reach_words(lay: Layout, nbytes: int) -> str:
    """Return how far `as_strided` would reach beyond the buffer; nothing if it would not.

    Without ``check_bounds=True`` (NumPy 2.5) it does not ask whose bytes those are.
    """
    if lay.size == 0 or lay.fits(nbytes) or lay.offset < 0:
        return ""
    low, high = lay.extent()
    ends = [f"back to byte {MINUS}{-low:,}"] if low < 0 else []
    ends += [f"on to byte {high - 1:,}"] if high > nbytes else []
    held = f"bytes 0 to {nbytes - 1}" if nbytes else "no bytes"
    return f"as_strided does not check. It would read {' and '.join(ends)}; the buffer has {held}."


def _steps_outside(at: int, n: int, step: int, last: int) -> int:
    """Return how many of `n` steps of `step` bytes from `at` start outside 0 to `last`."""
    if last < 0 or step == 0:
        return n if last < 0 or not 0 <= at <= last else 0
    inside = range(-at, last - at + 1) if step > 0 else range(at - last, at + 1)
    first, end = -(-inside.start // abs(step)), -(-inside.stop // abs(step))
    return n - max(0, min(n, end) - max(0, first))
