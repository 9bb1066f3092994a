"""Polynomials of NumPy: they cross as their coefficients, domain and window."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrader_isolate.bridge import library_tags
from nbgrader_isolate.bridge.failures import UngradableError

SERIES = library_tags.SERIES
TAGS = library_tags.POLYNOMIALS


def parts(value: Any, kind: type) -> list[Any] | None:  # noqa: ANN401
    """Return the tag of a polynomial and its parts; None for other values."""
    if kind is np.poly1d:
        return ["poly1d", value.coeffs, value.variable]
    if kind.__name__ in SERIES and kind is getattr(np.polynomial, kind.__name__, None):
        return [kind.__name__, value.coef, value.domain, value.window]
    return None


def rebuild(tag: str, values: list[Any]) -> Any:  # noqa: ANN401
    """Return the polynomial for its parts, which are not trusted.

    Raises
    ------
    UngradableError, TypeError, ValueError
        If the parts are malformed.
    """
    if tag == "poly1d":
        coefficients, variable = values
        if type(variable) is not str or len(variable) > 100:  # noqa: PLR2004
            raise UngradableError("a malformed polynomial")
        return np.poly1d(numbers(coefficients), variable=variable)
    coefficients, domain, window = map(numbers, values)
    return getattr(np.polynomial, tag)(coefficients, domain, window)


def numbers(values: Any) -> np.ndarray:  # noqa: ANN401
    """Return what must be a row of numbers.

    Raises
    ------
    UngradableError
        If it is not.
    """
    if type(values) is not np.ndarray or values.ndim != 1 or values.dtype.kind not in "iufc":
        raise UngradableError("a malformed polynomial")
    return values
