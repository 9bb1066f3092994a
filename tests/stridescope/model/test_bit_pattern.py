"""The browser decodes and rounds numbers as NumPy does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import stridescope as ss
from support.in_node import in_node

FLOATS = {"float16": (5, 10), "float32": (8, 23), "float64": (11, 52)}


@pytest.mark.slow
def test_the_live_form_says_the_same_of_2500_patterns() -> None:
    rng = np.random.default_rng(11)
    names = [*FLOATS, "int8", "uint16", "int32", "int64", "uint64"]
    ones = []
    for _ in range(2500):
        name = names[rng.integers(len(names))]
        size = np.dtype(name).itemsize
        pattern = int.from_bytes(rng.bytes(size), "little")
        if name in FLOATS and rng.random() < 0.3:
            long = FLOATS[name][1]
            pattern = int(rng.choice([0, 1, 2, 2 ** FLOATS[name][0] - 2])) << long
            pattern += int(rng.integers(-2, 3))
        ones.append((name, pattern % 2 ** (8 * size)))
    found = in_node(
        {"model/bit_pattern.js": ["numberFacts", "numberText", "fieldsOf"]},
        """(c) => { const one = { dtype: c[0], pattern: BigInt(c[1]) };
          return { text: numberText(one), fields: fieldsOf(one), facts: numberFacts(one) }; }""",
        [(name, str(pattern)) for name, pattern in ones],
    )
    for (name, pattern), got in zip(ones, found, strict=True):
        size = np.dtype(name).itemsize
        value: Any = np.array(pattern, f"u{size}").view(name)[()]
        figure = ss.bits(name, value)
        if value == value:  # noqa: PLR0124 - a nan keeps no pattern on its way
            fields = " ".join(bits for _, bits in got["fields"])
            assert f" is {fields}." in figure.text
            assert reads_as(got["text"], str(value), name)
        for (word, text), line in zip(got["facts"], figure.text.splitlines()[1:], strict=True):
            same = f"{word}: {text}" == line
            assert same or reads_as(text, line.removeprefix(f"{word}: "), name)


def reads_as(text: str, numpys: str, name: str) -> bool:
    """Tell whether two texts read as one number: NumPy may print fewer digits of a power of 2."""
    return text == numpys or bool(np.dtype(name).type(text) == np.dtype(name).type(numpys))


def test_the_live_form_rounds_as_numpy_does() -> None:
    rng = np.random.default_rng(13)
    ones = [(name, float(x)) for name in FLOATS for x in special(rng)]
    found = in_node(
        {"model/bit_pattern.js": ["nearestFloat"]},
        "(c) => String(nearestFloat(c[0], c[1]).pattern)",
        ones,
    )
    for (name, x), got in zip(ones, found, strict=True):
        with np.errstate(all="ignore"):
            want = np.array(x).astype(name).view(f"u{np.dtype(name).itemsize}")
        assert int(got) == int(want), (name, x)


def special(rng: np.random.Generator) -> list[float]:
    """Numbers of every size, and those halfway between two of float16 or float32."""
    ends = [65504.0, 65519.99, 65520.0, 3.4028236e38, 0.0, -0.0]
    halves = (np.arange(1, 200) * 2.0**-25).tolist()
    return [*ends, *halves, *(rng.standard_normal(300) * 10.0 ** rng.integers(-48, 48, 300))]
