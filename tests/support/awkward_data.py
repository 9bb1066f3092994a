"""Reference solutions, and data on which they could go wrong: layouts, facts and fractions."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from course.core.exercises import is_solution, load
from support.exercise_tasks import graded_tasks, task_name

TASKS = {task_name(file): file for file in graded_tasks()}
Facts = tuple[int, tuple[int, ...], tuple[int, ...]]
RNG = random.Random(7)  # noqa: S311


def reference(task: str) -> dict[str, Any]:
    """Return the names that the cells of a task define, up to its reference solution."""
    space: dict[str, Any] = {"np": np}
    file = next(file for name, file in TASKS.items() if name.endswith(f"/{task}"))
    cells = [cell for cell in load(file)["cells"] if cell["cell_type"] == "code"]
    last = max(k for k, cell in enumerate(cells) if is_solution(cell))
    for cell in cells[: last + 1]:
        exec(cell["source"], space)  # noqa: S102
    return space


def layouts(a: np.ndarray) -> Iterator[np.ndarray]:
    """Yield arrays with the same elements: in C and Fortran order, with gaps, with a negative
    stride, read-only."""
    yield a.copy()
    yield np.asfortranarray(a)
    wide = np.repeat(a, 2, axis=a.ndim - 1)
    yield wide[..., ::2]
    yield a[..., ::-1].copy()[..., ::-1]
    fixed = a.copy()
    fixed.flags.writeable = False
    yield fixed


def exact(values: Any) -> list[Fraction]:  # noqa: ANN401
    """Return numbers as fractions."""
    return [Fraction(value) for value in values]


def root(value: Fraction) -> float:
    """Return the square root of a fraction, exact to the last digits of a float."""
    scale = 10**60
    return math.isqrt(value.numerator * scale**2 // value.denominator) / scale


def close(got: float, right: float, relative: float = 1e-9) -> bool:
    return abs(got - right) <= relative * max(abs(right), 1e-300)


def shapes(ndim: int, largest: int = 4, smallest: int = 0) -> tuple[int, ...]:
    return tuple(RNG.randint(smallest, largest) for _ in range(ndim))


def facts_of(ndim: int, smallest: int = 0) -> Facts:
    """Return random facts: any signs, zeros, axes that fit and axes that do not."""
    shape, strides = shapes(ndim, smallest=smallest), [RNG.choice([1, 2, -1, 8])]
    for length in shape[:0:-1]:
        strides.insert(0, strides[0] * length if RNG.random() < 0.6 else RNG.randint(-20, 20))
    return 1000, shape, tuple(strides[: len(shape)])


def indices(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    return list(itertools.product(*map(range, shape)))


def places(facts: Facts) -> list[int]:
    """Return the byte of each element, the last index fastest."""
    offset, shape, strides = facts
    return [
        offset + sum(i * s for i, s in zip(index, strides, strict=True)) for index in indices(shape)
    ]


def readable(line: list[int], shape: tuple[int, ...]) -> bool:
    """Tell whether strides exist that read these bytes, in this order, as `shape`."""
    if not line:
        return True
    where = dict(zip(indices(shape), line, strict=True))
    zero = (0,) * len(shape)
    steps = [
        where[tuple(int(j == k) for j in range(len(shape)))] - where[zero] if n > 1 else 0
        for k, n in enumerate(shape)
    ]
    return places((where[zero], shape, tuple(steps))) == line
