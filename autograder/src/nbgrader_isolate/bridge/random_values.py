"""Random number generators of NumPy and Python: they cross with their state.

A generator is one object on both sides. If the student's code draws from one that the test passes,
the test's own has drawn as well when the call returns.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import library_tags
from nbgrader_isolate.bridge.failures import UngradableError

BIT_GENERATORS = {
    kind.__name__: kind
    for kind in (
        np.random.PCG64,
        np.random.PCG64DXSM,
        np.random.MT19937,
        np.random.Philox,
        np.random.SFC64,
    )
}
_TAGS: dict[type, str] = {
    np.random.Generator: "random.Generator",
    np.random.RandomState: "random.RandomState",
    random.Random: "random.Random",
}
TAGS = library_tags.GENERATORS
MUTABLE = TAGS
POSITIONS = {"pos": 624, "buffer_pos": 4}
"""Parts of a state that are positions in an array, and the largest that the array has."""


def tag_of(kind: type) -> str:
    """Return the tag of a type; "" if it is none of a generator."""
    return _TAGS.get(kind, "")


def describe(value: Any, tag: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return what a generator is made of, as plain data and arrays."""
    if tag == "random.Random":
        return tuple(value.getstate())
    if tag == "random.RandomState":
        return (value.get_state(legacy=False),)
    kind = type(value.bit_generator)
    if BIT_GENERATORS.get(kind.__name__) is not kind:
        raise UngradableError(f"a random generator that uses {kind.__name__[:100]}")
    return (value.bit_generator.state,)


def build(tag: str, parts: list[Any]) -> Any:  # noqa: ANN401
    """Return the generator for its parts, which are not trusted.

    Raises
    ------
    UngradableError, TypeError, ValueError, KeyError
        If the parts are malformed.
    """
    if tag == "random.Random":
        version, numbers, gauss = parts
        made = random.Random(0)  # noqa: S311 (it is the student's)
        if type(gauss) is not float and gauss is not None:
            raise UngradableError("a malformed random generator")
        made.setstate((version, numbers, gauss))
        return made
    (state,) = parts
    name = state["bit_generator"] if type(state) is dict else None
    if tag == "random.RandomState":
        legacy = np.random.RandomState(0)
        require_alike(state, legacy.get_state(legacy=False))
        legacy.set_state(state)
        return legacy
    if type(name) is not str or name not in BIT_GENERATORS:
        raise UngradableError("a malformed random generator")
    bits = BIT_GENERATORS[name](0)
    require_alike(state, bits.state)
    bits.state = state
    return np.random.Generator(bits)


def require_alike(state: Any, example: Any, name: str = "") -> None:  # noqa: ANN401
    """Check that a state has the parts that another one has, and no position beyond an array.

    Raises
    ------
    UngradableError
        If it has not. NumPy itself checks little.
    """
    if type(state) is not type(example):
        raise UngradableError("a malformed random generator")
    if isinstance(state, dict):
        if state.keys() != example.keys():
            raise UngradableError("a malformed random generator")
        for key, part in example.items():
            require_alike(state[key], part, key)
    elif isinstance(state, np.ndarray):
        if state.shape != example.shape or state.dtype != example.dtype:
            raise UngradableError("a malformed random generator")
    elif isinstance(state, int):
        if not 0 <= state <= POSITIONS.get(name, 1 << 128):
            raise UngradableError("a malformed random generator")
    elif isinstance(state, str) and state != example:
        raise UngradableError("a malformed random generator")


def refill(old: Any, new: Any) -> None:  # noqa: ANN401
    """Give a generator the state of another one of its type.

    Raises
    ------
    UngradableError
        If they use different bit generators.
    """
    if isinstance(old, random.Random):
        old.setstate(new.getstate())
    elif isinstance(old, np.random.RandomState):
        old.set_state(new.get_state(legacy=False))
    elif type(old.bit_generator) is type(new.bit_generator):
        old.bit_generator.state = new.bit_generator.state
    else:
        raise UngradableError("an argument whose type has changed")
