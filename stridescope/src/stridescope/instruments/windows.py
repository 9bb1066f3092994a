"""`windows`: a window over an image, its short runs of bytes, and the sum it makes with a kernel."""

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
"""Most rows and columns of a kernel that is drawn."""
SENT = 16
"""Most rows and columns of an image that the browser gets."""


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
    """Draw a window over an image, the runs of bytes it reads, and its sum with a kernel.

    Parameters
    ----------
    image
        A 2-d array of numbers.
    kernel
        A 2-d array or nested list of numbers, at most 7 × 7, that fits into the padded image.
    at
        Row and column of the window among all windows; the middle one by default.
    flip
        Turn the kernel by 180° before it is laid on: that is convolution. Without it is
        correlation.
    pad
        Zeros put around the image first, by `np.pad`: a new array.
    step
        Rows and columns from one window to the next.
    name
        What the image is called.
    caption
        A sentence above the picture.

    Returns
    -------
    Instrument
        Image, kernel and sums, and the strip of the image's bytes.

    Raises
    ------
    TypeError
        If the image is no array, or one of the two holds no real numbers.
    ValueError
        If one is not 2-d or is empty, the kernel does not fit, or a number is out of range.
    IndexError
        If there is no window `at`.

    Examples
    --------
    >>> import numpy as np, stridescope as ss
    >>> image = np.arange(16, dtype=np.int64).reshape(4, 4)
    >>> print(ss.windows(image, [[0, 1], [1, 0]], at=(0, 1)).text.splitlines()[1])
    Window [0, 1]: 1·0 + 2·1 + 5·1 + 6·0 = 7.
    """
    given, laid = (
        _numbers(as_array(image, "windows"), "image"),
        _numbers(np.asarray(kernel), "kernel"),
    )
    _check(given, laid, pad, step)
    whole = np.pad(given, pad) if pad else given
    turned = laid[::-1, ::-1] if flip else laid
    made = Windowed(whole, turned, (0, 0), pad, step, bool(flip))
    made = Windowed(whole, turned, _place(at, made.many()), pad, step, bool(flip))
    memory = describe(made.window)
    words = [_head(made, name), sum_line(made), runs_line(memory, name, pad), shape_line(made)]
    body = f"<p>{esc(words[0])}</p>"
    drawn = [pictures(made, name, width) for width in (WIDE, NARROW)]
    body += '<div class="ss-row">'
    body += "".join(forms(wide, narrow) for wide, narrow in zip(*drawn, strict=True))
    body += f'</div><p class="ss-sum">{_sum_html(made)}</p>'
    body += forms(*(runs(made, memory, name, width) for width in (WIDE, NARROW)))
    body += f'<p>{esc(words[2])}</p><p class="ss-read">{esc(words[3])}</p>'
    state = _state(given, laid, made) | {"name": name, "caption": caption}
    return Instrument(figure("windows", body, caption), "\n".join(words), "windows", state)


def _numbers(a: NDArray[Any], what: str) -> NDArray[Any]:
    """Return a 2-d array of real numbers, or say why it is none."""
    if a.dtype.kind not in "biuf":
        msg = f"ss.windows adds real numbers, and the {what} holds {dtype_words(a.dtype)}"
        raise TypeError(msg)
    if a.ndim != 2:  # noqa: PLR2004 - rows and columns
        one = ": take one channel, image[:, :, 0]" if a.ndim == 3 else ""  # noqa: PLR2004
        msg = f"ss.windows takes a 2-d {what}, not one of shape {a.shape}{one}"
        raise ValueError(msg)
    if a.size == 0:
        msg = f"the {what} has shape {a.shape}, so no elements: there is no window"
        raise ValueError(msg)
    return a


def _check(image: NDArray[Any], kernel: NDArray[Any], pad: int, step: int) -> None:
    if max(kernel.shape) > KERNEL:
        msg = f"ss.windows draws kernels up to {KERNEL} × {KERNEL}, not {kernel.shape}"
        raise ValueError(msg)
    for word, number, least in (("pad", pad, 0), ("step", step, 1)):
        if isinstance(number, bool) or not isinstance(number, int) or number < least:
            msg = f"{word} is a whole number from {least} on, not {number!r}"
            raise ValueError(msg)
    if pad > KERNEL:
        msg = f"pad is {KERNEL} at most here, not {pad}"
        raise ValueError(msg)
    padded = tuple(n + 2 * pad for n in image.shape)
    if any(k > n for k, n in zip(kernel.shape, padded, strict=True)):
        msg = (
            f"a kernel of shape {kernel.shape} does not fit into an image of shape {padded}"
            f"{' with its border' if pad else ''}: take a smaller kernel or more pad"
        )
        raise ValueError(msg)


def _place(at: Sequence[int] | None, many: tuple[int, int]) -> tuple[int, int]:
    """Return the window in focus: the one asked for, else one near the start, not at an edge."""
    if at is None:
        return min(1, many[0] - 1), min(1, many[1] - 1)
    i, j = (int(k) for k in at)
    if not (0 <= i < many[0] and 0 <= j < many[1]):
        msg = f"there is no window {[i, j]}: there are {many[0]} × {many[1]}"
        raise IndexError(msg)
    return i, j


def _head(made: Windowed, name: str) -> str:
    border = f" with {made.pad} zero{'s' * (made.pad > 1)} around it, a new array by np.pad" * bool(
        made.pad
    )
    how = (
        "convolution, the kernel turned by 180°"
        if made.flip
        else "correlation, the kernel as it is"
    )
    return f"{name}: {dtype_words(made.image.dtype)}, shape {made.image.shape}{border}. {how.capitalize()}."


def _terms(made: Windowed) -> list[tuple[str, str]]:
    pairs = zip(made.window.ravel(), made.kernel.ravel(), strict=True)
    return [(brief(v), brief(k)) for v, k in pairs]


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def sum_line(made: Windowed) -> str:
    """Return ``Window [1, 2]: 4·1 + … = 12.`` with what NumPy's dtype makes of it."""
    terms = " + ".join(f"{_bracketed(v)}·{_bracketed(k)}" for v, k in _terms(made))
    return f"Window {list(made.at)}: {terms} = {brief(made.total(made.at))}.{_wraps(made)}"


def _wraps(made: Windowed) -> str:
    """Say so if NumPy's products or sum are not the ones of arithmetic."""
    if made.image.dtype.kind == "f" or made.kernel.dtype.kind == "f":
        return ""
    pairs = zip(made.window.ravel().tolist(), made.kernel.ravel().tolist(), strict=True)
    exact = sum(int(v) * int(k) for v, k in pairs)
    if exact == int(made.total(made.at)):
        return ""
    kind = np.result_type(made.image, made.kernel)
    return f" The products wrap in {kind}; the true sum is {brief(exact)}."


def _sum_html(made: Windowed) -> str:
    """Return the sum, each product a span that may not break."""
    spans = " + ".join(
        f"<span>{esc(_bracketed(v))}·<i>{esc(_bracketed(k))}</i></span>" for v, k in _terms(made)
    )
    total = f"<span>= <b>{esc(brief(made.total(made.at)))}</b></span>{esc(_wraps(made))}"
    return f"<b>[{made.at[0]},{made.at[1]}]</b> {spans} {total}"


def runs_line(memory: Memory, name: str, pad: int) -> str:
    """Say which runs of bytes the window reads."""
    (rows, cols), (down, right) = memory.layout.shape, memory.layout.strides
    size = memory.layout.itemsize
    whose = f"np.pad({name}, {pad})" if pad else name
    starts = ", ".join(str(memory.layout.byte((i, 0))) for i in range(rows))
    touching = right == size or cols == 1
    each = f"{cols * size} bytes" if touching else f"{cols} elements, {right} bytes apart"
    runs = f"{rows} runs of {each}" if rows > 1 else f"one run of {each}"
    apart = f", {down} bytes from one to the next" if rows > 1 else ""
    return f"The window reads {runs} of {whose}, at byte {starts}{apart}. It is a view."


def shape_line(made: Windowed) -> str:
    """Say what all windows together are: a view of four axes."""
    all_ = sliding_window_view(made.image, made.kernel.shape)[:: made.step, :: made.step]
    return (
        f"All {made.many()[0]} × {made.many()[1]} windows are one view of shape {all_.shape}, "
        f"strides {all_.strides}."
    )


def _state(image: NDArray[Any], kernel: NDArray[Any], made: Windowed) -> dict[str, Any]:
    """Return what the browser needs: a part of the image around the window, as numbers."""
    (i, j), (m, n), pad = made.corner, kernel.shape, made.pad
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
        "at": list(made.at),
        "pad": pad,
        "step": made.step,
        "flip": made.flip,
    }


def _json(value: Any) -> float | int | str:  # noqa: ANN401 - a NumPy scalar of any dtype
    """Return a number as JSON knows it; integers too large for a browser's number, NaN and inf as text."""
    number = value.item()
    if isinstance(number, bool | int):
        return int(number) if abs(int(number)) < 2**53 else str(number)
    return float(number) if np.isfinite(number) else str(number)
