"""`windows`: a window over an image, the runs of bytes that it reads, and its sum with a kernel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from stridescope.drawing.figure import NARROW, WIDE, figure, forms
from stridescope.drawing.svg import esc
from stridescope.drawing.windows import Windowed, around, brief, pictures, runs
from stridescope.model.memory import Memory, as_array, describe, dtype_words
from stridescope.model.value_text import MINUS
from stridescope.runtime.instrument import Instrument

if TYPE_CHECKING:
    from numpy.typing import NDArray

KERNEL = 7
"""Most rows and columns of a kernel."""
SENT = 16
"""Most rows and columns of an image that are sent to the browser."""


def windows(  # noqa: PLR0913 - the image, the kernel and how it is laid on
    image: object,
    kernel: object,
    *,
    at: Sequence[int] | None = None,
    flip: bool = False,
    pad: int = 0,
    step: int = 1,
    name: str = "image",
    caption: str | None = None,
) -> Instrument:
    """Draw a window over an image, the runs of bytes that it reads, and its sum with a kernel.

    Parameters
    ----------
    image
        A 2-d array of numbers.
    kernel
        A 2-d array or nested list of numbers, at most 7 × 7, that fits into the padded image.
    at
        Row and column of the window, counted in windows; by default, a window near the start.
    flip
        Whether to rotate the kernel by 180° before it is applied, which gives a convolution.
        Without it, the result is a correlation.
    pad
        Width of a border of zeros that `np.pad` adds to the image first, in a new array.
    step
        Rows and columns of the image from one window to the next.
    name
        The name of the image.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        Image, kernel and sums, and the bytes of the image that the window reads.

    Raises
    ------
    TypeError
        If the image is not an array, or image or kernel does not contain real numbers.
    ValueError
        If image or kernel is not 2-d or is empty, the kernel does not fit, or a number is out of
        range.
    IndexError
        If there is no window at `at`.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> image = np.arange(16, dtype=np.int64).reshape(4, 4)
    >>> print(ss.windows(image, [[0, 1], [1, 0]], at=(0, 1)).text.splitlines()[1])
    Window [0, 1]: 1·0 + 2·1 + 5·1 + 6·0 = 7.
    """
    pixels, weights = (
        _numbers(as_array(image, "windows"), "image"),
        _numbers(np.asarray(kernel), "kernel"),
    )
    _check(pixels, weights, pad, step)
    padded = np.pad(pixels, pad) if pad else pixels
    applied = weights[::-1, ::-1] if flip else weights
    windowed = Windowed(padded, applied, (0, 0), pad, step, bool(flip))
    windowed = Windowed(padded, applied, _place(at, windowed.counts()), pad, step, bool(flip))
    memory = describe(windowed.window)
    words = [
        _head(windowed, name),
        sum_line(windowed),
        runs_line(memory, name, pad),
        shape_line(windowed),
    ]
    body = f"<p>{esc(words[0])}</p>"
    drawings = [pictures(windowed, name, width) for width in (WIDE, NARROW)]
    body += '<div class="ss-row">'
    body += "".join(forms(wide, narrow) for wide, narrow in zip(*drawings, strict=True))
    body += f'</div><p class="ss-sum">{_sum_html(windowed)}</p>'
    body += forms(*(runs(windowed, memory, name, width) for width in (WIDE, NARROW)))
    body += f'<p>{esc(words[2])}</p><p class="ss-read">{esc(words[3])}</p>'
    state = _state(pixels, weights, windowed) | {"name": name, "caption": caption}
    return Instrument(figure("windows", body, caption), "\n".join(words), "windows", state)


def _numbers(a: NDArray[Any], what: str) -> NDArray[Any]:
    """Return a 2-d array of real numbers, or raise an error that says what is wrong."""
    if a.dtype.kind not in "biuf":
        msg = f"ss.windows adds real numbers, but the {what} contains {dtype_words(a.dtype)}"
        raise TypeError(msg)
    if a.ndim != 2:  # noqa: PLR2004 - rows and columns
        one = ": take one channel, image[:, :, 0]" if a.ndim == 3 else ""  # noqa: PLR2004
        msg = f"ss.windows takes a 2-d {what}, not one of shape {a.shape}{one}"
        raise ValueError(msg)
    if a.size == 0:
        msg = f"the {what} has shape {a.shape} and no elements, so there is no window"
        raise ValueError(msg)
    return a


def _check(image: NDArray[Any], kernel: NDArray[Any], pad: int, step: int) -> None:
    if max(kernel.shape) > KERNEL:
        msg = f"ss.windows draws kernels up to {KERNEL} × {KERNEL}, not {kernel.shape}"
        raise ValueError(msg)
    for word, number, least in (("pad", pad, 0), ("step", step, 1)):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            msg = f"{word} must be an integer of at least {least}, not {number!r}"
            raise ValueError(msg)
    if pad > KERNEL:
        msg = f"pad must be at most {KERNEL}, not {pad}"
        raise ValueError(msg)
    padded = tuple(n + 2 * pad for n in image.shape)
    if any(k > n for k, n in zip(kernel.shape, padded, strict=True)):
        msg = (
            f"a kernel of shape {kernel.shape} does not fit into an image of shape {padded}"
            f"{' with its border' if pad else ''}: use a smaller kernel or a larger pad"
        )
        raise ValueError(msg)


def _place(at: Sequence[int] | None, counts: tuple[int, int]) -> tuple[int, int]:
    """Return the window in focus: the given one, or one near the start but not at an edge."""
    if at is None:
        return min(1, counts[0] - 1), min(1, counts[1] - 1)
    i, j = (int(k) for k in at)
    if not (0 <= i < counts[0] and 0 <= j < counts[1]):
        msg = f"there is no window {[i, j]}: there are {counts[0]} × {counts[1]} windows"
        raise IndexError(msg)
    return i, j


def _head(windowed: Windowed, name: str) -> str:
    array = f"{dtype_words(windowed.image.dtype)}, shape {windowed.image.shape}"
    if windowed.pad:
        zeros = "1 zero" if windowed.pad == 1 else f"{windowed.pad} zeros"
        array += f" with {zeros} around it, a new array from np.pad"
    kernel = "rotated by 180°" if windowed.flip else "as it is"
    method = "Convolution" if windowed.flip else "Correlation"
    return f"{name}: {array}. {method}, with the kernel {kernel}."


def _terms(windowed: Windowed) -> list[tuple[str, str]]:
    pairs = zip(windowed.window.ravel(), windowed.kernel.ravel(), strict=True)
    return [(brief(v), brief(k)) for v, k in pairs]


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def sum_line(windowed: Windowed) -> str:
    """Return ``Window [1, 2]: 4·1 + … = 12.`` with what NumPy's dtype makes of it."""
    terms = " + ".join(f"{_bracketed(v)}·{_bracketed(k)}" for v, k in _terms(windowed))
    total = brief(windowed.total(windowed.at))
    return f"Window {list(windowed.at)}: {terms} = {total}.{_wraps(windowed)}"


def _wraps(windowed: Windowed) -> str:
    """Return a sentence if an integer product or sum overflows; empty if none does."""
    if windowed.image.dtype.kind == "f" or windowed.kernel.dtype.kind == "f":
        return ""
    pairs = zip(windowed.window.ravel().tolist(), windowed.kernel.ravel().tolist(), strict=True)
    exact = sum(int(v) * int(k) for v, k in pairs)
    if exact == int(windowed.total(windowed.at)):
        return ""
    kind = np.result_type(windowed.image, windowed.kernel)
    return f" The products overflow {kind}; the exact sum is {brief(exact)}."


def _sum_html(windowed: Windowed) -> str:
    """Return the sum as HTML; each product is a span without line breaks."""
    spans = " + ".join(
        f"<span>{esc(_bracketed(v))}·<i>{esc(_bracketed(k))}</i></span>"
        for v, k in _terms(windowed)
    )
    total = (
        f"<span>= <b>{esc(brief(windowed.total(windowed.at)))}</b></span>{esc(_wraps(windowed))}"
    )
    return f"<b>[{windowed.at[0]},{windowed.at[1]}]</b> {spans} {total}"


def runs_line(memory: Memory, name: str, pad: int) -> str:
    """Return a sentence about the runs of bytes that the window reads."""
    (rows, cols), (down, right) = memory.layout.shape, memory.layout.strides
    size = memory.layout.itemsize
    whose = f"np.pad({name}, {pad})" if pad else name
    starts = [str(memory.layout.byte((i, 0))) for i in range(rows)]
    touching = right == size or cols == 1
    each = f"{cols * size} bytes" if touching else f"{cols} elements, {right} bytes apart"
    if rows == 1:
        return f"The window, a view, reads one run of {each} of {whose}, at byte {starts[0]}."
    where = f"at bytes {', '.join(starts[:-1])} and {starts[-1]}, {abs(down)} bytes apart"
    return f"The window, a view, reads {rows} runs of {each} of {whose}. They start {where}."


def shape_line(windowed: Windowed) -> str:
    """Return a sentence about all windows together, which are one view of four axes."""
    all_ = sliding_window_view(windowed.image, windowed.kernel.shape)[
        :: windowed.step, :: windowed.step
    ]
    down, across = windowed.counts()
    return (
        f"All {down} × {across} windows are one view of shape {all_.shape}, strides {all_.strides}."
    )


def _state(image: NDArray[Any], kernel: NDArray[Any], windowed: Windowed) -> dict[str, Any]:
    """Return the state for the browser, with the part of the image around the window."""
    (i, j), (m, n), pad = windowed.corner, kernel.shape, windowed.pad
    rows = around(max(0, i - pad), min(m, image.shape[0]), image.shape[0], SENT)
    cols = around(max(0, j - pad), min(n, image.shape[1]), image.shape[1], SENT)
    part = image[rows.start : rows.stop, cols.start : cols.stop]
    return {
        "image": [[_json(v) for v in row] for row in part],
        "first": [rows.start, cols.start],
        "whole": list(image.shape),
        "strides": list(image.strides),
        "offset": describe(image).layout.offset,
        "nbytes": describe(image).owner.nbytes,
        "itemsize": image.itemsize,
        "dtype": image.dtype.str[1:],
        "dtype_words": dtype_words(image.dtype),
        "kernel": [[_json(v) for v in row] for row in kernel],
        "kernel_dtype": kernel.dtype.str[1:],
        "product_words": np.result_type(image, kernel).name,
        "product": np.result_type(image, kernel).str[1:],
        "sum": (image[:1, :1] * kernel[:1, :1]).sum().dtype.str[1:],
        "at": list(windowed.at),
        "pad": pad,
        "step": windowed.step,
        "flip": windowed.flip,
    }


def _json(value: Any) -> float | int | str:  # noqa: ANN401 - a NumPy scalar of any dtype
    """Return a number for JSON; as text if it is NaN, inf or too large for the browser."""
    number = value.item()
    if isinstance(number, bool | int):
        return int(number) if abs(int(number)) < 2**53 else str(number)
    return float(number) if np.isfinite(number) else str(number)
