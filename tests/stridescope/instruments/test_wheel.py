"""`ss.wheel` steps past the ends of an integer dtype as NumPy does."""

from __future__ import annotations

import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stridescope as ss
from support.in_node import in_node
from support.svg_reading import parse, svgs, texts

INTEGERS = ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"]


def test_stepping_past_127() -> None:
    lines = ss.wheel("int8").text.splitlines()
    assert lines[0] == "int8: 256 values from −128 to 127, at 127. One step up: −128."
    assert "→ array([-128], dtype=int8), no warning" in lines[4]
    assert "→ np.int8(-128), RuntimeWarning: overflow encountered in scalar add" in lines[5]
    assert "→ OverflowError: Python integer 128 out of bounds for int8" in lines[6]


@given(st.data())
def test_the_step_up_is_numpys(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(INTEGERS))
    info = np.iinfo(name)
    value = data.draw(st.integers(int(info.min), int(info.max)) | st.just(int(info.max)))
    after = (np.array([value], name) + np.array([1], name))[0]
    said = ss.wheel(name, value).text
    assert f"One step up: {str(after).replace('-', '−')}." in said
    bits = np.array(value, name).view(f"u{np.dtype(name).itemsize}")
    assert f"bits: {int(bits):0{info.bits}b}" in said
    assert f"as uint{info.bits}: {int(bits)}" in said


def test_the_lines_of_code_do_what_is_said() -> None:
    for line in ss.wheel("int16", 32767).text.splitlines()[-3:]:
        code, outcome = (part.strip() for part in line.split("  → "))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                said = repr(eval(code, {"np": np}))  # noqa: S307 - lines of our own
            except OverflowError as error:
                said = f"OverflowError: {error}"
        assert outcome.startswith(said)
        assert ("RuntimeWarning" in outcome) == bool(caught)


def test_the_ring_has_a_tick_for_each_of_256_values_and_a_seam() -> None:
    (ring,) = svgs(ss.wheel("int8", 5).html, "The values")
    (ticks,) = [p for p in ring.iter("path") if p.get("class") == "e"]
    assert len(re.findall("M", ticks.get("d") or "")) == 256
    bold = {t: (x, y) for x, y, t in texts(ring, "i")}
    assert set(bold) == {"−128", "127", "5"}
    assert bold["−128"][0] < bold["127"][0], "clockwise, at the bottom"
    assert bold["127"][1] > 300


def test_wider_dtypes_are_an_odometer() -> None:
    (column,) = svgs(ss.wheel("int32").html, "The values")
    shown = [t for _, y, t in sorted(texts(column), key=lambda one: one[1])]
    assert shown[3:5] == ["2147483647", "−2147483648"]


@pytest.mark.parametrize("dtype", ["float32", "bool", "complex64", "U3", "M8[s]", object])
def test_only_integers_have_a_wheel(dtype: object) -> None:
    with pytest.raises(TypeError, match="takes an integer dtype"):
        ss.wheel(dtype)


def test_bad_values_are_refused() -> None:
    with pytest.raises(OverflowError, match="Python integer 128 out of bounds for int8"):
        ss.wheel("int8", 128)
    with pytest.raises(TypeError, match="is not an integer"):
        ss.wheel("int8", 1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="data type"):
        ss.wheel("int7")


def test_byte_order_changes_nothing() -> None:
    swapped, own = ss.wheel(">i2", 258), ss.wheel("i2", 258)
    assert swapped.text == own.text
    parse(swapped.html)


def test_the_live_form_says_the_same_at_every_end() -> None:
    near = range(-2, 3)
    ones = []
    for name in INTEGERS:
        info = np.iinfo(name)
        span = int(info.max) - int(info.min) + 1
        ones += [(name, (int(info.max) + k - int(info.min)) % span + int(info.min)) for k in near]
    found = in_node(
        {"model/bit_pattern.js": ["stepLines", "wrappedInteger"]},
        "(c) => stepLines(wrappedInteger(c[0], BigInt(c[1])))",
        [(name, str(value)) for name, value in ones],
    )
    for (name, value), got in zip(ones, found, strict=True):
        lines = [f"  {step['line']}  → {step['outcome']}" for step in got]
        assert lines == ss.wheel(name, value).text.splitlines()[-3:]
