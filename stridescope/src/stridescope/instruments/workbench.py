"""`workbench`: one buffer, read with any offset, shape, strides and dtype."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.array_picture import array_picture, default_focus, fact_html, shown_bytes
from stridescope.drawing.figure import figure
from stridescope.drawing.svg import esc
from stridescope.model.array_state import LIVE_AXES, elements_state, layout_state
from stridescope.model.memory import Memory, Owner, buffer_of, dtype_code, dtype_words, spanned
from stridescope.model.reading_rows import byte_hues
from stridescope.model.strides import Index, Layout, c_strides
from stridescope.model.value_text import plain
from stridescope.model.verdict import ndarray_line, numpy_verdict, outside_words, reach_words
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


ROOM = 352
"""Most of the width that the elements fill, px: the numbers are beside them."""


def workbench(  # noqa: PLR0913 - the arguments of np.ndarray, and a caption
    buffer: object,
    *,
    offset: int = 0,
    shape: Sequence[int] | int | None = None,
    strides: Sequence[int] | int | None = None,
    dtype: DTypeLike | None = None,
    name: str = "b",
    caption: str | None = None,
    tasks: Sequence[Mapping[str, Any]] = (),
) -> Instrument:
    """Draw how a description reads the bytes of a buffer, and show whether NumPy accepts it.

    Parameters
    ----------
    buffer
        A contiguous array, or bytes, bytearray, memoryview.
    offset
        Bytes from the start of the buffer to the first element.
    shape
        Lengths; by default the array's own, or one axis with as many elements as fit.
    strides
        Steps in bytes; by default those of C order.
    dtype
        How to read an element; by default the array's own dtype, or ``uint8``.
    name
        What the buffer is called in the line of code below the picture.
    caption
        A sentence above the picture; put `` `code` `` in backticks.
    tasks
        Readings to reach, one after the other: each has ``words`` that ask for it, its ``shape``
        and ``strides`` (and ``offset``, 0 by default), a sentence that says ``how``, and possibly
        ``start``, the shape, strides and offset with which the task starts.

    Returns
    -------
    Instrument
        Elements outside the buffer are hatched and never read.

    Raises
    ------
    TypeError
        If `buffer` has no bytes to show, or the dtype contains pointers.
    ValueError
        If shape and strides do not match, or the buffer is not contiguous.
    KeyError
        If a task has no words, shape, strides or sentence that says how.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> print(ss.workbench(np.arange(5, dtype=np.int64), shape=(2, 3), strides=(8, 8)))
    40 bytes, read as int64: offset 0, shape (2, 3), strides (8, 8).
    [1,2] → 0 + 1·8 + 2·8 = byte 24, value 3.
    Elements: [0, …] 0, 1, 2; [1, …] 1, 2, 3.
    Bytes: 0 at 0, 1 at 8 (read 2 times), 2 at 16 (read 2 times), 3 at 24.
    np.ndarray((2,3), 'i8', buffer=b, strides=(8,8))
    → NumPy accepts. All 6 elements are inside the 40 bytes.
    """
    owner, kind = _bytes(buffer), _dtype(buffer, dtype)
    nbytes = owner.nbytes
    lay = _description(buffer, nbytes, kind, (int(offset), _tuple(shape), _tuple(strides)))
    memory = Memory(lay, kind, owner, owns=False, writeable=True)
    index = default_focus(lay)
    line = ndarray_line(lay, kind, name)
    verdict = numpy_verdict(owner.raw, lay, kind)
    settings = [
        ("offset", plain(lay.offset)),
        ("shape", str(lay.shape)),
        ("strides", str(lay.strides)),
    ]
    head = " · ".join(fact_html(*fact) for fact in [*settings, ("dtype", dtype_words(kind))])
    settings_words = ", ".join(f"{word} {value}" for word, value in settings)
    words = [f"{nbytes} bytes, read as {dtype_words(kind)}: {settings_words}."]
    hues = byte_hues(lay, nbytes)
    body = f'<p class="ss-read">{head}</p>' + array_picture(
        memory, index, "the reading", words, arcs=False, room=ROOM, hues=hues
    )
    outside = f"{outside_words(lay, nbytes)} {reach_words(lay, nbytes)}".strip()
    outside = "" if outside in verdict else outside
    refuses = " ss-refuses" if verdict.startswith("→ NumPy refuses") else ""
    said = [verdict, outside] if outside else [verdict]
    sentence = esc(verdict.removeprefix("→ "))
    asked = [f"Task {k} of {len(tasks)} {task['words']}" for k, task in enumerate(tasks, 1)]
    if tasks:
        first = esc(tasks[0]["words"])
        body = f"<p><b>Task 1 of {len(tasks)}</b> {first}</p>{body}"
    body += f'<div class="ss-wb-state{refuses}"><p class="ss-verdict">{sentence}</p>'
    body += f"<p><code>{esc(line)}</code></p>{f'<p>{esc(outside)}</p>' if outside else ''}</div>"
    static = (
        figure("workbench", body, caption),
        "\n".join([*words, *said[1:], line, verdict, *asked]),
    )
    if lay.ndim > LIVE_AXES:
        return Instrument(*static)
    state, data = elements_state(memory, shown_bytes(memory, index))
    state |= {
        "code": dtype_code(kind),
        "buffer": name,
        "focus": None if index is None else [*index],
        "label": "Workbench",
        "caption": caption,
    }
    if tasks:
        state["tasks"] = [_task(task, lay) for task in tasks]
    return Instrument(*static, "workbench", state, data)


def _task(task: Mapping[str, Any], first: Layout) -> dict[str, Any]:
    """Return a task as the browser wants it; without a start of its own, it starts as the first."""
    start = task.get("start")
    return {
        "words": task["words"],
        "how": task["how"],
        "start": _reading(start, first.itemsize) if start else layout_state(first),
        "target": _reading(task, first.itemsize),
    }


def _reading(given: Mapping[str, Any], itemsize: int) -> dict[str, Any]:
    shape, strides = _tuple(given["shape"]), _tuple(given["strides"])
    lay = Layout(int(given.get("offset", 0)), shape or (), strides or (), itemsize)
    return layout_state(lay)


def _tuple(value: Sequence[int] | int | None) -> Index | None:
    if value is None:
        return None
    return (int(value),) if isinstance(value, int | np.integer) else tuple(int(n) for n in value)


def _bytes(buffer: object) -> Owner:
    """Return the bytes that ``np.ndarray(buffer=…)`` would read."""
    if isinstance(buffer, np.ndarray):
        if not buffer.flags.forc:
            msg = (
                "ss.workbench takes one contiguous run of bytes, but this array is not contiguous: "
                "pass np.ascontiguousarray(...) or its owner"
            )
            raise ValueError(msg)
        return spanned(buffer)
    owner = buffer_of(buffer)
    if owner is None:
        kind = type(buffer).__name__
        msg = f"ss.workbench takes an array or bytes, not {kind}: make one first with np.array(...)"
        raise TypeError(msg)
    return owner


def _dtype(buffer: object, dtype: DTypeLike | None) -> np.dtype[Any]:
    """Return how an element is read; refuse dtypes that contain pointers."""
    kind: np.dtype[Any] = np.dtype(np.uint8)
    if dtype is not None:
        kind = np.dtype(dtype)
    elif isinstance(buffer, np.ndarray):
        kind = buffer.dtype
    if kind.hasobject:
        # NumPy would follow whatever the bytes contain, and crash.
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
    description: tuple[int, Index | None, Index | None],
) -> Layout:
    """Return the layout; a default shape is the array's own, or one axis with all that fits."""
    offset, shape, strides = description
    own = buffer.shape if isinstance(buffer, np.ndarray) and buffer.dtype == kind else None
    if shape is None and own is not None and not offset:
        shape = own
    if shape is None:
        shape = (max(nbytes - offset, 0) // kind.itemsize,)
    if strides is None:
        same = isinstance(buffer, np.ndarray) and shape == own
        strides = buffer.strides if same else c_strides(shape, kind.itemsize)  # type: ignore[attr-defined]
    return Layout(offset, shape, strides, kind.itemsize)
