"""Read the number of points that a test ends with, from its value or from its display."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any

import numpy as np

from nbgrader_isolate.core.models import INVALID, Credit

_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", re.ASCII)
_WRAPPED = re.compile(
    r"(?:np\.(?:u?int|float|longdouble)\w*|Decimal|Fraction)\('?([^',()]*)'?(?:, *(\d+))?\)"
)
_NUMERIC = re.compile(r"[+-]?(?:s?nan|inf|infinity)|--|masked|(?:np\.\w+)?\(?[+-]?[\d.e+-]+j\)?")
_ARRAY = re.compile(r"(?:masked_)?(?:array|matrix|recarray)\(.*", re.DOTALL)


def credit_of(value: Any) -> Credit:  # noqa: ANN401 (whatever a test ends with)
    """Return the number of points that a value declares; None if it is not like a number.

    A real number of any type, NumPy's included, declares itself. The result is `INVALID` for a
    number that is not finite or not real, and for an array, even of a single number.
    """
    if isinstance(value, bool | np.bool):
        return None
    if isinstance(value, np.ndarray):
        return INVALID
    if not isinstance(value, Number | Decimal | np.number):
        return None
    if isinstance(value, complex | np.complexfloating):
        return INVALID
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError):
        return INVALID
    return number if math.isfinite(number) else INVALID


def shown_credit(text: str) -> Credit:
    """Return what `credit_of` returns for the value that a cell displays as this text."""
    text = text.strip()
    if _PLAIN.fullmatch(text.lower()):
        return finite(text)
    if _NUMERIC.fullmatch(text.lower()) or _ARRAY.fullmatch(text):
        return INVALID
    wrapped = _WRAPPED.fullmatch(text) if text.isascii() else None  # no digits of other scripts
    if wrapped is None:
        return None
    if wrapped[2]:  # a fraction; the text may be forged
        try:
            return float(Fraction(int(wrapped[1]), int(wrapped[2])))
        except (ValueError, ArithmeticError):
            return INVALID
    return shown_credit(wrapped[1])


def finite(text: str) -> Credit:
    """Return a finite number, or `INVALID`."""
    number = float(text)
    return number if math.isfinite(number) else INVALID
