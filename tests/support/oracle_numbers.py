"""What tasks about numbers and dtypes must return: by whole numbers and fractions."""

from __future__ import annotations

import itertools
import math
import struct
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from support.awkward_data import RNG, close, exact, layouts, root

COLUMNS = [
    [0.1] * 3,
    [0.7] * 7,
    [1e300] * 6,
    [-1e-300] * 5,
    [1 / 3] * 10,
    [5.0, 5.0, 5.0],
    [1e8 + k for k in range(9)],
    [0.1, 0.2, 0.3, 0.1],
    [-3.5],
    [1e150, -1e150, 3.0],
]


def standardize(space: dict[str, Any]) -> None:
    for column in COLUMNS:
        for table in layouts(np.array([column, column[::-1]]).T):
            given = table.copy() if not table.flags.writeable else table
            before = given.T.tolist()
            space["standardize"](given)
            for numbers, got in zip(before, given.T.tolist(), strict=True):
                values = exact(numbers)
                off = [value - sum(values) / len(values) for value in values]
                spread = root(sum(one**2 for one in off) / len(off))
                right = [float(one) / spread if spread else 0.0 for one in off]
                assert all(abs(a - b) < 1e-7 for a, b in zip(got, right, strict=True)), numbers


def norm(space: dict[str, Any]) -> None:
    for code in "bhilqBHILQfdFD":
        for length in [0, 1, 5, 9000]:
            whole = [RNG.randint(0, 120) for _ in range(length)]
            values = np.array(whole).astype(code)
            values = values + values.dtype.type(1j) * values[::-1] if code in "FD" else values
            for a in layouts(values):
                parts = [(Fraction(z.real), Fraction(z.imag)) for z in a.astype("D").tolist()]
                right = root(Fraction(sum(x * x + y * y for x, y in parts)))
                assert close(space["norm"](a), right) or right == 0 == space["norm"](a)


def mean_and_variance(space: dict[str, Any]) -> None:
    small = [column for column in COLUMNS if max(map(abs, column)) < 1e150]
    cases = [*small, [100, -100, 90], [200, 255, 0]]
    for numbers in cases:
        for cut in range(len(numbers)):
            whole = all(isinstance(one, int) for one in numbers)
            a = np.array(numbers, dtype=np.int16 if whole else np.float64)
            chunks = [a[:cut], a[cut:], a[:0]]
            values = exact(numbers)
            mean = sum(values) / len(values)
            variance = sum((one - mean) ** 2 for one in values) / len(values)
            got = space["mean_and_variance"](iter(chunks))
            assert close(got[0], float(mean), 1e-14)
            assert abs(got[1] - variance) <= 1e-9 * variance + Fraction(1e-30) * mean**2


def random_sum(space: dict[str, Any]) -> None:
    for seed, n in [(7, 0), (7, 1), (7, 5), (3, 49_999), (3, 50_000), (3, 50_001), (10**30, 123)]:
        right = math.fsum(np.random.default_rng(seed).random(n).tolist())
        assert close(space["random_sum"](seed, n), right, 1e-12) or n == 0


def mean_image(space: dict[str, Any]) -> None:
    for count, shape in [(1, (2, 3)), (3, (0, 4)), (7, (3, 2)), (300, (2, 2)), (2, (2, 2, 3))]:
        size = math.prod(shape)
        flat = [
            [RNG.choice([0, 255, RNG.randint(0, 255)]) for _ in range(size)] for _ in range(count)
        ]
        images = [np.array(one, dtype=np.uint8).reshape(shape) for one in flat]
        right = [float(Fraction(sum(pixel), count)) for pixel in zip(*flat, strict=True)]
        for given in zip(*(layouts(image) for image in images), strict=True):
            got = space["mean_image"](list(given))
            assert (got.shape, got.dtype, got.ravel().tolist()) == (shape, np.float64, right)


def moving_average(space: dict[str, Any]) -> None:
    for code in "bBhHiI":
        info = np.iinfo(code)
        numbers = [RNG.choice([info.min, info.max, 1, 0]) for _ in range(9)]
        for x in layouts(np.array(numbers, dtype=code)):
            for n in range(1, 10):
                right = [float(Fraction(sum(numbers[k : k + n]), n)) for k in range(10 - n)]
                assert space["moving_average"](x, n).tolist() == right
    floats = [0.1, 0.1, 0.1, 1e16, 1.0, math.nan, 2.0, 3.0]
    got = space["moving_average"](np.array(floats), 2).tolist()
    for k, mean in enumerate(got):
        pair = floats[k : k + 2]
        assert math.isnan(mean) if math.isnan(sum(pair)) else close(mean, sum(pair) / 2)


def block_sum(space: dict[str, Any]) -> None:
    for code, rows, columns in itertools.product("bBHqd", [1, 2, 4], [1, 3]):
        table = [[RNG.randint(90, 127) for _ in range(6)] for _ in range(4)]
        right = [
            [
                sum(table[i + k][j + m] for k in range(rows) for m in range(columns))
                for j in range(0, 6, columns)
            ]
            for i in range(0, 4, rows)
        ]
        for a in layouts(np.array(table, dtype=code)):
            assert space["block_sum"](a, rows, columns).tolist() == right
    for shape, rows, columns in [((4, 6), 3, 2), ((4, 6), 2, 4), ((0, 6), 2, 4), ((4, 0), 3, 1)]:
        with pytest.raises(ValueError, match=r"."):
            space["block_sum"](np.zeros(shape), rows, columns)


def correlate(space: dict[str, Any]) -> None:
    for code, height, width in itertools.product("bBhq", [1, 2, 4], [1, 3]):
        x = [[RNG.randint(0, 127) for _ in range(5)] for _ in range(4)]
        f = [[RNG.randint(0, 127) for _ in range(width)] for _ in range(height)]
        turned = [row[::-1] for row in f[::-1]]
        for name, kernel in [("correlate", f), ("convolve", turned)]:
            right = [
                [
                    sum(kernel[k][m] * x[i + k][j + m] for k in range(height) for m in range(width))
                    for j in range(6 - width)
                ]
                for i in range(5 - height)
            ]
            for a in layouts(np.array(x, dtype=code)):
                assert space[name](a, np.array(f, dtype=code)).tolist() == right


def palette(space: dict[str, Any]) -> None:
    for rows, columns, colors in [(2, 3, 4), (3, 3, 3), (0, 2, 2), (1, 1, 1)]:
        image = [
            [[RNG.choice([0, 255, 9]) for _ in range(3)] for _ in range(columns)]
            for _ in range(rows)
        ]
        table = [[RNG.choice([0, 255, 9]) for _ in range(3)] for _ in range(colors)]
        far = [
            [[sum((a - b) ** 2 for a, b in zip(p, c, strict=True)) for c in table] for p in row]
            for row in image
        ]
        right = [[one.index(min(one)) for one in row] for row in far]
        for a in layouts(np.array(image, dtype=np.uint8).reshape(rows, columns, 3)):
            assert space["nearest_color"](a, np.array(table, dtype=np.uint8)).tolist() == right


def limits(name: str) -> tuple[int, int]:
    bits = int(name.strip("uint"))
    return (0, 2**bits - 1) if name[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)


NAMES = [f"{sign}int{bits}" for bits in (8, 16, 32, 64) for sign in ("u", "")]


def fate(space: dict[str, Any]) -> None:
    for name, how in itertools.product(NAMES, ["construct", "astype", "add"]):
        low, high = limits(name)
        inside = [
            value
            for value in (low, low + 1, 0, 1, high - 1, high)
            if value < 2**63 or how != "astype"
        ]
        for n in (0, 1, -1, low, high, low - 1, high + 1):
            for values in ([], *([value] for value in inside), inside):
                true = [value + n for value in values] if how == "add" else values
                fits = all(low <= value <= high for value in true)
                refused = how == "add" and not low <= n <= high
                expected = "raises" if refused else "fits" if fits else "wraps"
                assert space["fate"](values, name, how, n) == expected
    assert space["fate"]([300], "uint8", "construct", 0) == "raises"
    assert space["fate"]([300], "uint8", "astype", 0) == "wraps"


def smallest_dtype(space: dict[str, Any]) -> None:
    ends = sorted({end + near for name in NAMES for end in limits(name) for near in (-1, 0, 1)})
    for low, high in itertools.combinations_with_replacement(ends, 2):
        held = [n for n in NAMES if limits(n)[0] <= low and high <= limits(n)[1]]
        if held:
            assert space["smallest_dtype"](low, high) == held[0]
        else:
            with pytest.raises(ValueError, match=r"."):
                space["smallest_dtype"](low, high)


def float_bits(space: dict[str, Any]) -> None:
    patterns = [0, 1, 2**31, 2**23, 0x7F800000, 0xFF800000, 0x3DCCCCCD]
    for bits in [*patterns, *(RNG.getrandbits(32) for _ in range(500))]:
        x = struct.unpack("=f", struct.pack("=I", bits))[0]
        fields = (bits >> 31, bits >> 23 & 255, bits & 0x7FFFFF)
        back = space["float_from"](*fields)
        if not math.isnan(x):
            assert tuple(space["float_bits"](x)) == fields
            assert struct.pack("=f", back) == struct.pack("=f", x)
        else:
            assert math.isnan(back)
