"""`workbench`: one buffer, read as any offset, shape, strides and dtype say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import figure
from stridescope.drawing.svg import esc
from stridescope.instruments.layout import LIVE_AXES, fact_html, picture, seen_at, telling
from stridescope.model.memory import (
    Memory,
    Owner,
    buffer_of,
    dtype_code,
    dtype_words,
    saved,
    spanned,
)
from stridescope.model.strides import Index, Layout, c_strides
from stridescope.model.value_text import MINUS, plain
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

COUNTED = 10_000
"""Most rows of positions that are counted one by one."""


def workbench(  # noqa: PLR0913 - the arguments of np.ndarray, and a caption
    buffer: object,
    *,
    offset: int = 0,
    shape: Sequence[int] | int | None = None,
    strides: Sequence[int] | int | None = None,
    dtype: DTypeLike | None = None,
    caption: str | None = None,
) -> Instrument:
    """Draw the bytes of a buffer, read as a description says, and ask NumPy whether it would.

    Parameters
    ----------
    buffer
        A contiguous array, or bytes, bytearray, memoryview.
    offset
        Bytes from the buffer's start to the first element.
    shape
        Lengths; by default the array's, or as many elements as fit in one axis.
    strides
        Steps in bytes; by default those of C order.
    dtype
        How to read an element; by default the array's, or ``uint8``.
    caption
        A sentence above the picture.

    Returns
    -------
    Instrument
        Positions outside the buffer are hatched and never read.

    Raises
    ------
    TypeError
        If `buffer` has no bytes to show, or the dtype holds pointers.
    ValueError
        If shape and strides do not go together, or the buffer is not contiguous.
    """
    owner, kind = _bytes(buffer), _dtype(buffer, dtype)
    nbytes = owner.nbytes
    lay = _description(buffer, nbytes, kind, (int(offset), _tuple(shape), _tuple(strides)))
    memory = Memory(lay, kind, owner, owns=False, writeable=True)
    index = telling(lay)
    line = code(lay, kind)
    verdict = ask(owner.raw, lay, kind)
    settings = [
        ("offset", plain(lay.offset)),
        ("shape", str(lay.shape)),
        ("strides", str(lay.strides)),
    ]
    head = " · ".join(fact_html(*fact) for fact in [*settings, ("dtype", dtype_words(kind))])
    said = ", ".join(f"{word} {value}" for word, value in settings)
    words = [f"{nbytes} bytes, read as {dtype_words(kind)}: {said}."]
    body = f'<p class="ss-read">{head}</p>' + picture(
        memory, index, "the reading", words, arcs=False
    )
    outside = f"{outside_words(lay, nbytes)} {reach_words(lay, nbytes)}".strip()
    body += f"<p>{outside}</p><p><code>{esc(line)}</code></p><p>{esc(verdict)}</p>"
    static = figure("workbench", body, caption), "\n".join([*words, outside, line, verdict])
    if lay.ndim > LIVE_AXES:
        return Instrument(*static)
    state, data = saved(memory, seen_at(memory, index))
    state |= {
        "code": dtype_code(kind),
        "focus": None if index is None else [*index],
        "label": "Workbench",
        "caption": caption,
    }
    return Instrument(*static, "workbench", state, data)


def _tuple(value: Sequence[int] | int | None) -> Index | None:
    if value is None:
        return None
    return (int(value),) if isinstance(value, int | np.integer) else tuple(int(n) for n in value)


def _bytes(buffer: object) -> Owner:
    """Return the bytes that ``np.ndarray(buffer=…)`` would read."""
    if isinstance(buffer, np.ndarray):
        if not buffer.flags.forc:
            msg = (
                "ss.workbench takes one unbroken run of bytes, and this array is not contiguous: "
                "pass np.ascontiguousarray(...) or its owner"
            )
            raise ValueError(msg)
        return spanned(buffer)
    found = buffer_of(buffer)
    if found is None:
        kind = type(buffer).__name__
        msg = f"ss.workbench takes an array or bytes, not {kind}: make one first with np.array(...)"
        raise TypeError(msg)
    return found


def _dtype(buffer: object, dtype: DTypeLike | None) -> np.dtype[Any]:
    """Return how an element is read; refuses dtypes that hold pointers."""
    kind: np.dtype[Any] = np.dtype(np.uint8)
    if dtype is not None:
        kind = np.dtype(dtype)
    elif isinstance(buffer, np.ndarray):
        kind = buffer.dtype
    if kind.hasobject:
        # NumPy itself would follow whatever the bytes happen to hold, and crash.
        msg = f"ss.workbench cannot read bytes as {kind.name}: its elements are pointers"
        raise TypeError(msg)
    if kind.itemsize == 0:
        msg = f"ss.workbench cannot read {kind.str!r}: its elements have no bytes"
        raise ValueError(msg)
    return kind


def _description(
    buffer: object,
    nbytes: int,
    kind: np.dtype[Any],
    given: tuple[int, Index | None, Index | None],
) -> Layout:
    """Fill in what was left out: the array's own shape, else one axis of what fits; C strides."""
    offset, shape, strides = given
    own = buffer.shape if isinstance(buffer, np.ndarray) and buffer.dtype == kind else None
    if shape is None and own is not None and not offset:
        shape = own
    if shape is None:
        shape = (max(nbytes - offset, 0) // kind.itemsize,)
    if strides is None:
        same = isinstance(buffer, np.ndarray) and shape == own
        strides = buffer.strides if same else c_strides(shape, kind.itemsize)  # type: ignore[attr-defined]
    return Layout(offset, shape, strides, kind.itemsize)


def code(lay: Layout, kind: np.dtype[Any]) -> str:
    """Return the line of NumPy that makes this reading of a buffer `b`."""
    name = dtype_code(kind)
    shape, strides = (str(t).replace(" ", "") for t in (lay.shape, lay.strides))
    line = f"np.ndarray({shape}, {name}, buffer=b"
    line += f", offset={lay.offset}" if lay.offset else ""
    return f"{line}, strides={strides})"


def ask(raw: NDArray[np.uint8], lay: Layout, kind: np.dtype[Any]) -> str:
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
