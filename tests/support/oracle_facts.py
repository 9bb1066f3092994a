"""What tasks about facts must return: by the byte of each element."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest

from support.awkward_data import RNG, facts_of, indices, layouts, places, readable, shapes


def ravel(space: dict[str, Any]) -> None:
    for n_rows, n_cols in itertools.product(range(1, 6), repeat=2):
        line = [(i, j) for i in range(n_rows) for j in range(n_cols)]
        for position, (i, j) in enumerate(line):
            assert space["ravel"](i, j, n_rows, n_cols) == position


def unravel(space: dict[str, Any]) -> None:
    for ndim in range(1, 5):
        shape = shapes(ndim, smallest=1)
        for position, index in enumerate(indices(shape)):
            assert tuple(space["unravel"](position, *shape)) == index


def offset_of(space: dict[str, Any]) -> None:
    for _ in range(50):
        facts = facts_of(RNG.randint(0, 4))
        for index, place in zip(indices(facts[1]), places(facts), strict=True):
            assert space["offset_of"](index, facts[2], facts[0]) == place


def locate(space: dict[str, Any]) -> None:
    for _ in range(50):
        facts = facts_of(RNG.randint(0, 3))
        for index, place in zip(indices(facts[1]), places(facts), strict=True):
            behind = tuple(i - n for i, n in zip(index, facts[1], strict=True))
            assert space["locate"](facts, index) == space["locate"](facts, behind) == place
        for k, n in enumerate(facts[1]):
            for wrong in (n, -n - 1):
                index = tuple(wrong if j == k else 0 for j in range(len(facts[1])))
                with pytest.raises(IndexError):
                    space["locate"](facts, index)


def strides_of(space: dict[str, Any]) -> None:
    for _ in range(50):
        shape, size = shapes(RNG.randint(0, 4), smallest=1), RNG.choice([1, 2, 8])
        for order in "CF":
            turned = shape if order == "C" else shape[::-1]
            line = places(
                (
                    0,
                    turned,
                    tuple(space["strides_of"](shape, size, order))[:: 1 if order == "C" else -1],
                )
            )
            assert line == [size * k for k in range(math.prod(shape))]


def transposed(space: dict[str, Any]) -> None:
    for _ in range(50):
        facts = facts_of(RNG.randint(0, 4))
        axes = RNG.sample(range(len(facts[1])), len(facts[1]))
        made = space["transposed"](facts, tuple(axes))
        old = dict(zip(indices(facts[1]), places(facts), strict=True))
        for index, place in zip(indices(made[1]), places(made), strict=True):
            assert old[tuple(index[axes.index(k)] for k in range(len(axes)))] == place


def take(space: dict[str, Any]) -> None:
    for _ in range(80):
        facts = facts_of(RNG.randint(1, 3), smallest=1)
        axis = RNG.randrange(len(facts[1]))
        n = facts[1][axis]
        numbers = slice(RNG.randint(-5, 5), None, RNG.choice([1, 2, -1, -3])).indices(n)
        old = dict(zip(indices(facts[1]), places(facts), strict=True))
        made = space["take"](facts, axis, *numbers)
        wanted = [range(size) for size in facts[1]]
        wanted[axis] = range(*numbers)
        assert made[1] == tuple(map(len, wanted))
        assert places(made) == [old[index] for index in itertools.product(*wanted)]


def after_slice(space: dict[str, Any]) -> None:
    some = [None, -9, -3, -1, 0, 2, 5, 9]
    for _ in range(200):
        _, shape, strides = facts_of(RNG.randint(1, 3))
        axis = RNG.randrange(len(shape))
        cut = (RNG.choice(some), RNG.choice(some), RNG.choice([None, 1, 2, -1, -4]))
        taken = range(shape[axis])[slice(*cut)]
        new_shape, new_strides = space["after_slice"](shape, strides, axis, *cut)
        assert tuple(new_shape) == (*shape[:axis], len(taken), *shape[axis + 1 :])
        start = 1000 + (taken[0] * strides[axis] if taken else 0)
        wanted = [range(n) for n in shape]
        wanted[axis] = taken
        right = [
            1000 + sum(i * s for i, s in zip(at, strides, strict=True))
            for at in itertools.product(*wanted)
        ]
        assert places((start, tuple(new_shape), tuple(new_strides))) == right


def reshaped(space: dict[str, Any]) -> None:
    for _ in range(400):
        facts = facts_of(RNG.randint(0, 4), smallest=RNG.choice([0, 1]))
        shape = shapes(RNG.randint(0, 4), smallest=RNG.choice([0, 1]))
        line = places(facts)
        try:
            made = space["reshaped"](facts, shape)
        except ValueError:
            assert math.prod(shape) != len(line) or not readable(line, shape)
        else:
            assert (made[1], places(made)) == (shape, line)


def mergeable(space: dict[str, Any]) -> None:
    for _ in range(300):
        facts = facts_of(RNG.randint(2, 4))
        shape = facts[1]
        for axis in range(len(shape) - 1):
            joined = (*shape[:axis], shape[axis] * shape[axis + 1], *shape[axis + 2 :])
            expected = readable(places(facts), joined)
            assert bool(space["mergeable"](shape, facts[2], axis)) == expected, (facts, axis)


def broadcasted(space: dict[str, Any]) -> None:
    for _ in range(200):
        facts, shape = facts_of(RNG.randint(0, 3)), shapes(RNG.randint(0, 4))
        old = dict(zip(indices(facts[1]), places(facts), strict=True))
        more = len(shape) - len(facts[1])
        fits = more >= 0 and all(a in (1, b) for a, b in zip(facts[1], shape[more:], strict=True))
        if not fits:
            with pytest.raises(ValueError, match=r"."):
                space["broadcasted"](facts, shape)
            continue
        made = space["broadcasted"](facts, shape)
        right = [
            old[tuple(i if n > 1 else 0 for i, n in zip(index[more:], facts[1], strict=True))]
            for index in indices(shape)
        ]
        assert (made[1], places(made)) == (shape, right)


def windowed(space: dict[str, Any]) -> None:
    for _ in range(100):
        facts = facts_of(RNG.randint(1, 3))
        n = facts[1][-1]
        old = dict(zip(indices(facts[1]), places(facts), strict=True))
        for length in range(-1, n + 2):
            if not 1 <= length <= n:
                with pytest.raises(ValueError, match=r"."):
                    space["windowed"](facts, length)
                continue
            made = space["windowed"](facts, length)
            assert made[1] == (*facts[1][:-1], n - length + 1, length)
            right = [old[(*rest, i + k)] for *rest, i, k in indices(made[1])]
            assert places(made) == right


def runs(space: dict[str, Any]) -> None:
    for _ in range(200):
        facts, size = facts_of(RNG.randint(0, 3)), RNG.choice([1, 2, 8])
        right: list[tuple[int, int]] = []
        for place in places(facts):
            grows = right and sum(right[-1]) == place
            start, nbytes = right.pop() if grows else (place, 0)
            right.append((start, nbytes + size))
        assert [tuple(one) for one in space["runs"](facts, size)] == right


def may_overlap(space: dict[str, Any]) -> None:
    for _ in range(300):
        one, two = facts_of(RNG.randint(0, 3)), facts_of(RNG.randint(0, 3))
        two = (two[0] + RNG.randint(-30, 30), *two[1:])
        size = RNG.choice([1, 2, 8])
        a, b = places(one), places(two)
        expected = bool(a and b) and min(a) < max(b) + size and min(b) < max(a) + size
        assert bool(space["may_overlap"](one, two, size)) == expected
    for memory in layouts(np.arange(24)):
        first, second = (set(view.tolist()) for view in space["two_views"](memory))
        assert not first & second
        assert min(first) < max(second)
        assert min(second) < max(first)
