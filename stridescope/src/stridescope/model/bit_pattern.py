"""One number as bits: its fields, what they stand for, and its neighbors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from stridescope.model.value_text import MINUS, clip, minus

FIELDS = {"float16": (5, 10), "float32": (8, 23), "float64": (11, 52)}
"""Number of exponent and fraction bits (IEEE 754-2019, table 3.5)."""
SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True)
class Number:
    """One element of a dtype of 8 to 64 bits, and its bit pattern.

    Parameters
    ----------
    value
        The NumPy scalar.
    pattern
        Its bits, read as an unsigned integer.
    """

    value: Any
    pattern: int

    @property
    def dtype(self) -> np.dtype[Any]:
        """The dtype."""
        kind: np.dtype[Any] = self.value.dtype
        return kind

    @property
    def width(self) -> int:
        """Number of bits."""
        return self.dtype.itemsize * 8

    @property
    def bits(self) -> str:
        """The bits, most significant first."""
        return format(self.pattern, f"0{self.width}b")


def dtype_and_value(dtype: object, value: object) -> tuple[np.dtype[Any], object]:
    """Return the dtype and the value that a caller gives, separately or as one NumPy scalar."""
    if isinstance(dtype, np.generic):
        return dtype.dtype, dtype if value is None else value
    return np.dtype(dtype), value  # type: ignore[call-overload]


def number_state(one: Number, what: str, caption: str | None) -> dict[str, Any]:
    """Return the state for the browser: a dtype and a pattern, which it decodes itself."""
    label = f"{what} of {one.dtype.name}"
    # As text, because a number in JSON cannot hold 64 bits.
    pattern = str(one.pattern)
    return {"dtype": one.dtype.name, "pattern": pattern, "caption": caption, "label": label}


def as_number(dtype: object, value: object, call: str) -> Number:
    """Return `value` as an element of `dtype`.

    Raises
    ------
    TypeError
        If the dtype is not an integer or float of 8 to 64 bits, or the value is not a number that
        it can hold.
    OverflowError
        If an integer is out of range; the message is NumPy's.
    """
    kind: np.dtype[Any] = np.dtype(dtype)  # type: ignore[call-overload]
    if kind.kind not in "iuf" or (kind.kind == "f" and kind.name not in FIELDS):
        msg = f"ss.{call} takes an integer or float dtype of at most 64 bits, not {kind.name}"
        raise TypeError(msg)
    kind = kind.newbyteorder("=")
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        msg = f"ss.{call} takes a number, not {type(value).__name__} {clip(repr(value))}"
        raise TypeError(msg)
    if kind.kind in "iu" and not isinstance(value, int | np.integer):
        msg = f"ss.{call}: {value!r} is not an integer, and {kind.name} can only hold integers"
        raise TypeError(msg)
    plain_ = int(value) if kind.kind in "iu" else value
    with np.errstate(over="ignore"):
        element = np.array(plain_, kind)
    pattern = int(element.view(f"u{kind.itemsize}"))
    return Number(element[()], pattern)


def bit_fields(one: Number) -> list[tuple[str, str]]:
    """Return the fields as (name, bits): sign, exponent, fraction, or the bytes of an integer."""
    text = one.bits
    if one.dtype.name in FIELDS:
        stop = 1 + FIELDS[one.dtype.name][0]
        return [("sign", text[0]), ("exponent", text[1:stop]), ("fraction", text[stop:])]
    byte = range(0, one.width, 8)
    return [(f"bits {one.width - 1 - k} to {one.width - 8 - k}", text[k : k + 8]) for k in byte]


def exact_decimal(value: Any) -> str:  # noqa: ANN401 - a NumPy scalar of any float type
    """Return the value of a float as an exact decimal without an exponent, ``inf`` or ``nan``."""
    from decimal import Decimal

    number_ = float(value)
    if not np.isfinite(number_):
        return str(number_)
    text = format(Decimal(number_), "f")
    return minus(text)


def number_readings(one: Number) -> list[tuple[str, str]]:
    """Return what the fields mean, and the value, as (word, text)."""
    if one.dtype.name not in FIELDS:
        return [*integer_readings(one)]
    wide, long = FIELDS[one.dtype.name]
    sign, exponent, fraction = (int(text, 2) for _, text in bit_fields(one))
    bias, minus = 2 ** (wide - 1) - 1, MINUS if sign else ""
    if exponent == 2**wide - 1:
        kind = "infinity" if fraction == 0 else "not a number: exponent all ones, fraction not 0"
        return [("reads", f"{minus}{kind}" if fraction == 0 else kind)]
    lead, power = (1, exponent - bias) if exponent else (0, 1 - bias)
    formula = f"{minus}{lead}.fraction · {power_of_two(power)}"
    formula += f", exponent {exponent} − {bias}" if exponent else ", exponent 0: subnormal"
    steps = f"{minus}{lead * 2**long + fraction:,} · {power_of_two(power - long)}"
    return [("reads", formula), ("equals", steps), ("exactly", exact_decimal(one.value))]


def integer_readings(one: Number) -> list[tuple[str, str]]:
    """Return the values of the bits read as a signed and as an unsigned integer."""
    signed = one.pattern - (one.pattern >> (one.width - 1) << one.width)
    return [
        (f"as int{one.width}", minus(signed)),
        (f"as uint{one.width}", str(one.pattern)),
    ]


def power_of_two(power: int) -> str:
    """Return a power of two as text: ``2⁻¹²⁷``."""
    return f"2{str(power).translate(SUPERSCRIPTS)}"


def neighbors(one: Number) -> list[tuple[str, str]]:
    """Return the next values below and above, and the distance to the next value above."""
    if one.dtype.name not in FIELDS or np.isnan(one.value):
        return []
    with np.errstate(all="ignore"):
        low, high = (np.nextafter(one.value, one.dtype.type(end)) for end in (-np.inf, np.inf))
        facts = [("below", minus(low)), ("above", minus(high))]
        if np.isfinite(one.value):
            step = np.spacing(size := abs(one.value))
            # Only infinity is above the largest value, so the step is the one to the value below.
            step = step if np.isfinite(step) else size - np.nextafter(size, one.dtype.type(0))
            facts.append(("step", minus(step)))
    return facts
