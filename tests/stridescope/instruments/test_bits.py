"""`ss.bits` takes a number apart exactly."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stridescope as ss
from support.svg_reading import parse

FLOATS = {"float16": (5, 10), "float32": (8, 23), "float64": (11, 52)}


def facts(figure: ss.Instrument) -> dict[str, str]:
    pairs = (line.split(": ", 1) for line in figure.text.splitlines()[1:])
    return {pair[0]: pair[1].replace("−", "-") for pair in pairs}


def test_a_tenth_in_float32() -> None:
    figure = ss.bits("float32", 0.1)
    first, *_ = figure.text.splitlines()
    assert first == "float32(0.1) is 0 01111011 10011001100110011001101."
    said = facts(figure)
    assert said["exactly"] == "0.100000001490116119384765625"
    assert said["reads"] == "1.fraction · 2⁻⁴, exponent 123 - 127"
    assert said["equals"] == "13,421,773 · 2⁻²⁷"


@given(st.data())
def test_the_fields_and_the_exact_value_are_the_numbers_own(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(FLOATS)))
    width = np.dtype(name).itemsize * 8
    pattern = data.draw(st.integers(0, 2**width - 1))
    value: Any = np.array(pattern, f"u{width // 8}").view(name)[()]
    figure = ss.bits(name, value)
    shown = "".join(b.text or "" for b in parse(figure.html).iter("b"))
    said = facts(figure)
    if np.isnan(value):
        assert "not a number" in said["reads"]
        return
    assert shown == f"{pattern:0{width}b}"
    if np.isinf(value):
        assert "infinity" in said["reads"]
        return
    assert Fraction(Decimal(said["exactly"])) == Fraction(float(value))
    with np.errstate(all="ignore"):
        assert said["above"] == str(np.nextafter(value, value.dtype.type(np.inf)))
        assert said["below"] == str(np.nextafter(value, value.dtype.type(-np.inf)))
    steps = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+$", "", said["equals"])
    assert steps.endswith(" · 2")


def test_special_values() -> None:
    assert facts(ss.bits("float32", float("inf")))["reads"] == "infinity"
    assert facts(ss.bits("float32", -float("inf")))["reads"] == "-infinity"
    assert "not a number" in facts(ss.bits("float64", float("nan")))["reads"]
    assert "subnormal" in facts(ss.bits("float64", 5e-324))["reads"]
    assert ss.bits("float32", -0.0).text.startswith("float32(-0.0) is 1 00000000 ")
    assert facts(ss.bits("float16", 1e6))["reads"] == "infinity"


def test_integers_show_both_readings() -> None:
    figure = ss.bits("int16", -2)
    assert figure.text.startswith("int16(-2) is 11111111 11111110.")
    assert facts(figure) == {"as int16": "-2", "as uint16": "65534"}


def test_a_scalar_says_its_own_dtype() -> None:
    assert ss.bits(np.float16(0.1)).text == ss.bits("float16", 0.1).text
    assert ss.bits(np.uint64(2**64 - 1)).text.startswith("uint64(18446744073709551615) is 1111")


@pytest.mark.parametrize("dtype", ["bool", "complex64", "longdouble", "U3", "M8[s]", object])
def test_other_dtypes_are_refused(dtype: object) -> None:
    with pytest.raises(TypeError, match="integer or float dtype of at most 64 bits"):
        ss.bits(dtype, 1)


def test_bad_values_are_refused() -> None:
    with pytest.raises(OverflowError, match="Python integer 300 out of bounds for uint8"):
        ss.bits("uint8", 300)
    with pytest.raises(TypeError, match="is not an integer"):
        ss.bits("int8", 0.5)
    with pytest.raises(TypeError, match="takes a number, not str"):
        ss.bits("float32", "0.1")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes a number, not bool"):
        ss.bits("int8", value=True)


def test_a_value_of_very_many_digits_scrolls() -> None:
    (long,) = parse(ss.bits("float64", 5e-324).html).findall(".//dd/div[@tabindex='0']")
    assert long.get("role") == "group"
    assert len(long.text or "") > 1000
