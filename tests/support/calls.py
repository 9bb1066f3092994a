"""Functions about calls such as students write; they run here and on the other side of a bridge."""

# ruff: noqa: ANN001, ANN002, ANN201, ANN202, NPY002, S311

from __future__ import annotations

import functools
import random

import numpy as np

HERE = "from support import calls; vars(answers).update(vars(calls))"
"""Makes these functions those of a bridge; see `bridged.bridge`."""
KEPT = []


def adder(n):
    """A closure."""

    def add(x):
        return x + n

    return add


def counter():
    """Two functions that share a variable."""
    count = 0

    def step(by=1):
        nonlocal count
        count += by
        return count

    return [step, {"now": lambda: count}]


def composed(*functions):
    """A function that calls some functions, one after the other."""
    return lambda value: functools.reduce(lambda x, f: f(x), functions, value)


def returns(kind):
    """A function of some kind, or something that is only like one."""

    class Called:
        __name__ = "f"
        __eq__ = lambda *_: True  # noqa: E731
        __hash__ = None

        def __call__(self, *_) -> int:
            return 9

        def method(self, x):
            return x * 2

    return {
        "lambda": lambda x: x * 2,
        "partial": functools.partial(np.multiply, 2),
        "method": Called().method,
        "built-in": [4, 5, 6].__getitem__,
        "cached": functools.lru_cache(lambda x: x * 2),
        "callable object": Called(),
        "class": Called,
        "generator": (x for x in ()),
    }[kind]


def many(n):
    """More and more functions."""
    return [lambda: None for _ in range(n)]


def forever():
    """A function whose calls never end."""

    def spins():
        while True:
            pass

    return spins


def failing():
    """A function that raises."""

    def fails(x):
        raise ValueError(x)

    return fails


def asks(*prompts):
    """What `input()` returns."""
    return [input(*prompts), input(*prompts)]


def asks_forever():
    """Ask again and again."""
    while True:
        input()


def keeps_asking():
    """Keep `input` for later."""
    import builtins

    KEPT.append(builtins.input)


def asks_kept():
    """Ask with the `input` that was kept."""
    return KEPT[-1]("?")


def draws(n):
    """Random numbers of both global generators."""
    return [*np.random.normal(size=n), random.random()]


def divides(x):
    """Divide by zero."""
    return np.float64(x) / np.float64(0)
