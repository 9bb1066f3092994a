"""`wheel`: the values of an integer dtype as a ring, and what a step past its end does."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from stridescope.drawing.bit_fields import bits_html, facts_html
from stridescope.drawing.figure import figure
from stridescope.drawing.svg import Svg, esc
from stridescope.model.bit_pattern import (
    Number,
    as_number,
    bit_fields,
    dtype_and_value,
    integer_readings,
    number_state,
)
from stridescope.model.reading_rows import HUES
from stridescope.model.value_text import minus
from stridescope.runtime.instrument import Instrument

RING = 8
"""Most bits of a dtype that is drawn as a ring; a wider one is drawn as an odometer."""
SIZE, RADIUS = 352, 132
"""Width and height of the ring's drawing, and its radius, px."""
NEAR = 3
"""Values shown on each side of the current one in an odometer."""


def wheel(
    dtype: object = "int8", value: int | None = None, *, caption: str | None = None
) -> Instrument:
    """Draw the 2ⁿ values of an integer dtype as a ring, or as an odometer above 8 bits.

    Parameters
    ----------
    dtype
        Any NumPy integer dtype, or a NumPy scalar.
    value
        The current value; by default the largest one.
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        The bits, their value as a signed and an unsigned integer, and what NumPy does at the next
        step.

    Raises
    ------
    TypeError
        If the dtype is not an integer dtype, or the value is not an integer.
    OverflowError
        If the value does not fit; the message is NumPy's.

    Examples
    --------
    >>> import stridescope as ss
    >>> print(str(ss.wheel("int8")).splitlines()[0])
    int8: 256 values from −128 to 127, at 127. One step up: −128.
    """
    kind, given_value = dtype_and_value(dtype, value)
    if kind.kind not in "iu":
        msg = f"ss.wheel takes an integer dtype, not {kind.name}: try ss.bits for floats"
        raise TypeError(msg)
    info = np.iinfo(kind)
    one = as_number(kind, int(info.max) if given_value is None else given_value, "wheel")
    current, low, high = int(one.value), int(info.min), int(info.max)
    after = current + 1 if current < high else low
    count = f"{high - low + 1:,} values from {minus(low)} to {minus(high)}"
    words = [f"{one.dtype.name}: {count}, at {minus(current)}. One step up: {minus(after)}."]
    readings = integer_readings(one)
    outcomes = steps(one)
    words += [f"bits: {one.bits}", *(f"{word}: {text}" for word, text in readings)]
    words += [f"  {line}  → {outcome}" for line, outcome in outcomes]
    drawing = ring(one, low, high) if one.width <= RING else odometer(one, low, high)
    drawing.title, drawing.desc = f"The values of {one.dtype.name}", words[0]
    side = bits_html(bit_fields(one), words[1]) + facts_html(readings)
    body = f"<p>{esc(words[0])}</p>"
    body += (
        f'<div class="ss-row ss-wheel-row">{drawing}<div>{side}</div></div>{steps_html(outcomes)}'
    )
    state = number_state(one, "Values", caption)
    return Instrument(figure("wheel", body, caption), "\n".join(words), kind="wheel", state=state)


def steps(one: Number) -> list[tuple[str, str]]:
    """Return three ways to add one, as (line of code, what NumPy does when it runs)."""
    kind, current = one.dtype.type, int(one.value)
    name = one.dtype.name
    array = np.array([current], kind)
    return [
        (f"np.array([{current}], '{name}') + np.{name}(1)", _outcome(lambda: array + kind(1))),
        (f"np.{name}({current}) + np.{name}(1)", _outcome(lambda: one.value + kind(1))),
        (f"np.{name}({current + 1})", _outcome(lambda: kind(current + 1))),
    ]


def _outcome(call: Any) -> str:  # noqa: ANN401 - any function without arguments
    """Return the value of a call and its warning, or its error, as text."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = call()
        except OverflowError as error:
            return f"OverflowError: {error}"
    text = repr(value)
    if not caught:
        return f"{text}, no warning"
    return f"{text}, {caught[0].category.__name__}: {caught[0].message}"


def steps_html(outcomes: list[tuple[str, str]]) -> str:
    """Return lines of code with their outcomes as HTML."""
    names = ("Arrays", "Scalars", "A Python int")
    rows = ""
    for name, (line, text) in zip(names, outcomes, strict=True):
        outcome = f"<code>{esc(line)}</code><br/>→ <code>{esc(text)}</code>"
        rows += f"<div><dt>{name}</dt><dd>{outcome}</dd></div>"
    return f'<dl class="ss-facts ss-wheel-steps">{rows}</dl>'


def place(k: float, count: int, radius: float) -> tuple[int, int]:
    """Return the point of pattern k on the ring, px; pattern 0 is at the top, then clockwise."""
    angle = 2 * math.pi * k / count
    middle = SIZE / 2
    return round(middle + radius * math.sin(angle)), round(middle - radius * math.cos(angle))


def ring(one: Number, low: int, high: int) -> Svg:
    """Draw a tick for each value, the seam where the ends meet, and a hand at the current value."""
    svg, count = Svg(width=SIZE, height=SIZE), high - low + 1
    for k in range(HUES):
        svg.path(f"c{k}", _band(high + 0.5 + k * count / HUES, count / HUES, count))
    for k in range(count):
        inner = RADIUS - (14 if k % 16 == 0 else 7)
        (x, y), (u, v) = place(k, count, RADIUS), place(k, count, inner)
        svg.path("e", f"M{x} {y}L{u} {v}")
    for k in range(0, count, count // 8):
        value = k if k <= high else k - count
        if (k - high - 1) % count > 1:
            svg.text("s", *_label(k, count, RADIUS + 20), minus(value))
    _seam(svg, low, high, count)
    x, y = place(one.pattern, count, RADIUS - 20)
    u, v = place(one.pattern, count, 40)
    svg.path("r", f"M{u} {v}L{x} {y}")
    svg.text("i", SIZE // 2, SIZE // 2 + 5, minus(int(one.value)))
    dot_x, dot_y = place(one.pattern, count, RADIUS - 3)
    svg.path("r", f"M{dot_x - 6} {dot_y}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0")
    return svg


def _band(start: float, length: float, count: int) -> str:
    """Return a part of the ring, as wide as the ticks: from the smallest value to the largest."""
    inner, outer = RADIUS - 17, RADIUS + 2
    (a, b), (c, d) = (place(start + part, count, outer) for part in (0, length))
    (e, f), (g, h) = (place(start + part, count, inner) for part in (length, 0))
    out, back = f"A{outer} {outer} 0 0 1 {c} {d}", f"A{inner} {inner} 0 0 0 {g} {h}"
    return f"M{a} {b}{out}L{e} {f}{back}z"


def _label(k: float, count: int, radius: int) -> tuple[int, int]:
    """Return the anchor of a label: its middle is on a circle, its baseline a little lower."""
    angle = 2 * math.pi * k / count
    return (
        round(SIZE / 2 + radius * math.sin(angle)),
        round(SIZE / 2 - radius * math.cos(angle)) + 5,
    )


def _seam(svg: Svg, low: int, high: int, count: int) -> None:
    """Draw the seam between the largest and the smallest value, and write both."""
    cut = high + 0.5
    angle = 2 * math.pi * cut / count
    ends = [
        (round(SIZE / 2 + r * math.sin(angle)), round(SIZE / 2 - r * math.cos(angle)))
        for r in (RADIUS + 4, RADIUS + 28)
    ]
    svg.path("q", "M{} {}L{} {}".format(*ends[0], *ends[1]))
    for value in (high, low):
        # Clockwise is to the right at the top of the ring, and to the left at its bottom.
        side = 24 if (value == high) == (low < 0) else -24
        x, y = _label(cut, count, RADIUS + 20)
        svg.text("i", x + side, y, minus(value))


def odometer(one: Number, low: int, high: int) -> Svg:
    """Draw the values around the current one as a column, with the seam between the ends."""
    current, count = int(one.value), high - low + 1
    svg = Svg(width=240, height=(2 * NEAR + 1) * 32 + 20)
    for row, step in enumerate(range(-NEAR, NEAR + 1)):
        value = (current + step - low) % count + low
        y = 10 + row * 32
        svg.path("e", f"M20 {y}h200v32h-200z")
        svg.text("i" if step == 0 else "", 120, y + 21, minus(value))
        if value == low:
            svg.path("q", f"M4 {y}h232")
        if step == 0:
            svg.path("r", f"M21 {y + 1}h198v30h-198z")
    return svg
