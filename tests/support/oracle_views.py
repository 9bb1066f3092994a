"""What tasks about views and copies must return: element by element."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from support.awkward_data import RNG, exact, facts_of, indices, layouts, places, shapes


def transpose(space: dict[str, Any]) -> None:
    for offset, shape, strides in (facts_of(2) for _ in range(30)):
        made = space["transpose_layout"](offset, shape, strides)
        old = dict(zip(indices(shape), places((offset, shape, strides)), strict=True))
        assert places(made) == [old[j, i] for i, j in indices(made[1])]
    for code, shape in itertools.product(
        ["i2", "f4", "c16", "S3", ">i4"], [(2, 3), (0, 4), (1, 1)]
    ):
        for a in layouts(np.arange(math.prod(shape)).reshape(shape).astype(code)):
            got = space["transpose"](a)
            assert got.tolist() == [
                [a[i, j].item() for i in range(shape[0])] for j in range(shape[1])
            ]
            assert not a.size or np.shares_memory(got, a)


def diagonal(space: dict[str, Any]) -> None:
    for code, ndim in itertools.product(["i1", "f4", "c16"], [1, 2, 3, 4]):
        shape = shapes(ndim)
        for a in layouts(np.arange(math.prod(shape)).reshape(shape).astype(code)):
            got = space["diagonal"](a)
            assert got.tolist() == [a[(k,) * ndim].item() for k in range(min(shape))]
            assert not got.size or np.shares_memory(got, a)


def wide(space: dict[str, Any]) -> None:
    for code, size, count in itertools.product(["i1", "f8", "c8"], [0, 1, 5], [0, 1, 7]):
        for column in layouts(np.arange(size).astype(code)):
            assert space["wide"](column, count).tolist() == [
                [one] * count for one in column.tolist()
            ]


def stretch(space: dict[str, Any]) -> None:
    for m, n in itertools.product([0, 1, 4], repeat=2):
        for x, y in itertools.product(layouts(np.arange(m)), layouts(np.arange(n) * 0.5)):
            first, second = space["stretch"](x, y)
            assert first.tolist() == [[one] * n for one in x.tolist()]
            assert second.tolist() == [y.tolist()] * m


def windows(space: dict[str, Any]) -> None:
    for _ in range(40):
        shape = shapes(RNG.randint(1, 3))
        size = shapes(len(shape), largest=5, smallest=1)
        for a in layouts(np.arange(math.prod(shape), dtype=np.float32).reshape(shape)):
            if any(w > n for w, n in zip(size, shape, strict=True)):
                with pytest.raises(ValueError, match=r"."):
                    space["windows"](a, size)
                continue
            got = space["windows"](a, size)
            ndim = len(shape)
            for at in indices(got.shape):
                index = tuple(i + k for i, k in zip(at[:ndim], at[ndim:], strict=True))
                assert got[at] == a[index]
            assert not got.flags.writeable


def trim(space: dict[str, Any]) -> None:
    for code, start, stop in itertools.product(["i1", "f4", "S2"], [-9, 0, 2, 9], [-1, 0, 3, 99]):
        for big in layouts(np.arange(12).reshape(6, 2).astype(code)):
            got = space["trim"](big, start, stop)
            assert got.tolist() == big.tolist()[start:stop]
            assert not np.shares_memory(got, big)
            assert got.base is None or got.base.nbytes == got.nbytes


def find_slice(space: dict[str, Any]) -> None:
    for z1 in layouts(np.zeros(8, dtype=np.int16)):
        for start, stop, step in itertools.product(range(8), range(8), [1, 2, 3]):
            for cut in (
                slice(start, stop, step),
                slice(stop, start, -step),
                slice(start, None, -step),
            ):
                z2 = z1[cut]
                if z2.size:
                    made = z1[slice(*space["find_slice"](z1, z2))]
                    assert made.size == z2.size
                    assert address(made) == address(z2)
                    assert made.size == 1 or made.strides == z2.strides
        with pytest.raises(ValueError, match=r"."):
            space["find_slice"](z1, z1.copy())


def address(a: np.ndarray) -> int:
    return int(a.__array_interface__["data"][0])


def view_or_copy(space: dict[str, Any]) -> None:
    z = np.arange(12, dtype=np.int64).reshape(3, 4).copy()
    cuts = [np.s_[a:b:c] for a in (0, 1) for b in (2, 3) for c in (1, 2)]
    views = [z[one, two] for one in cuts for two in cuts] + [z.copy(), z[:0]]
    for a, b in itertools.product(views, repeat=2):
        shared = set(places((address(a), a.shape, a.strides))) & set(
            places((address(b), b.shape, b.strides))
        )
        assert bool(space["is_view"](a, b)) == bool(shared)
    assert space["views"]() == {1, 3, 6, 7, 8, 11, 12}


def aliasing_bugs(space: dict[str, Any]) -> None:
    for values in [[0.1, 0.2, 0.3], [3, 1, 2], [1e300, 0.0], [-5, 5]]:
        low, high = min(exact(values)), max(exact(values))
        for given in (values, *layouts(np.array(values))):
            before = list(given)
            got = space["scaled"](given)
            right = [float((one - low) / (high - low)) for one in exact(values)]
            assert all(abs(a - b) < 1e-12 for a, b in zip(got.tolist(), right, strict=True))
            assert list(given) == before
    states = space["history"](np.array([1, 2]), [np.array([1, 0])] * 3)
    assert [state.tolist() for state in states] == [[k, 2] for k in range(1, 5)]
    for table in layouts(np.arange(6.0).reshape(3, 2)):
        got = space["swapped"](table, 0, -1).tolist()
        assert got == [[4.0, 5.0], [2.0, 3.0], [0.0, 1.0]]
        assert table.tolist() == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]
