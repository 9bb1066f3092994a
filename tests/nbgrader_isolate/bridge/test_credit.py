"""The number of points that a test ends with: one reader for values and for what cells display."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from IPython.lib.pretty import pretty

from nbgrader_isolate.bridge.credit import credit_of, shown_credit
from nbgrader_isolate.core.models import INVALID, Credit

VALUES: list[tuple[Any, Credit]] = [
    (3, 3.0),
    (-0.5, -0.5),
    (1e-7, 1e-7),
    (np.float64(2.5), 2.5),
    (np.float32(2), 2.0),
    (np.int64(3), 3.0),
    (np.uint8(3), 3.0),
    (np.longdouble(1.5), 1.5),
    (Decimal("0.5"), 0.5),
    (Fraction(1, 4), 0.25),
    (math.nan, INVALID),
    (-math.inf, INVALID),
    (np.float64("nan"), INVALID),
    (np.float64("-inf"), INVALID),
    (Decimal("NaN"), INVALID),
    (1 + 0j, INVALID),
    (np.complex128(2), INVALID),
    (np.array([3.0]), INVALID),
    (np.array(3.0), INVALID),
    (np.array([]), INVALID),
    (np.arange(3) > 1, INVALID),
    (np.ma.array([1, 2], mask=[True, False]), INVALID),
    (np.ma.array(0, mask=True), INVALID),
    (True, None),
    (np.True_, None),
    (None, None),
    ("3", None),
    ([3], None),
    (range(3), None),
    ({"a": 1}, None),
]


@pytest.mark.parametrize(("value", "credit"), VALUES, ids=repr)
def test_a_value_and_its_display_declare_the_same(value: object, credit: Credit) -> None:
    assert credit_of(value) == credit
    assert shown_credit(pretty(value)) == credit


def test_an_object_that_looks_like_a_number_declares_nothing() -> None:
    assert shown_credit("Points(3)") is None
    assert shown_credit("np.str_('3')") is None
    assert credit_of(10**400) == shown_credit("1e400") == INVALID


FORGED: list[tuple[str, Credit]] = [
    ("Fraction(1, 0)", INVALID),
    ("Fraction(1.5, 2)", INVALID),
    (f"Fraction({'9' * 600}, 1)", INVALID),
    ("np.float64(1e999)", INVALID),
    ("Decimal('sNaN')", INVALID),
    ("\N{ARABIC-INDIC DIGIT THREE}", None),
    ("Fraction(\N{ARABIC-INDIC DIGIT THREE}, 1)", None),
    ("1_0", None),
    ("9" * 5000, INVALID),
]


@pytest.mark.parametrize(("text", "credit"), FORGED, ids=[text[:20] for text, _ in FORGED])
def test_a_forged_display_is_read_without_an_error(text: str, credit: Credit) -> None:
    assert shown_credit(text) == credit
