"""Random generators cross with their state, and forged states are refused."""

from __future__ import annotations

import copy
import random
from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge import random_values
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import Failure, UngradableError
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker
from support.bridged import bridge

NAMES = [*random_values.BIT_GENERATORS]
THERE = """
answers.__dict__.update({
    "draw": lambda rng: rng.integers(0, 10**9),
    "roll": lambda rng: rng.random(),
    "same": lambda rng: rng,
})
"""


def crossed(value: Any) -> Any:  # noqa: ANN401
    """Return what the other side makes of a value."""
    memory, packer = InlineMemory(1 << 20), Packer()
    tree = packer.pack(value)
    return Unpacker(packer.finish(memory), memory).unpack(tree)


@pytest.mark.parametrize("name", NAMES)
def test_a_generator_of_numpy_goes_on_where_it_was(name: str) -> None:
    rng = np.random.Generator(random_values.BIT_GENERATORS[name](5))
    rng.integers(0, 9, 7)
    rng.random(dtype=np.float32)
    other = crossed(rng)
    assert type(other.bit_generator) is type(rng.bit_generator)
    assert np.array_equal(other.integers(0, 1000, 700), rng.integers(0, 1000, 700))


def test_generators_of_before_go_on_where_they_were() -> None:
    legacy, python = np.random.RandomState(3), random.Random(4)  # noqa: S311
    legacy.normal(), python.gauss(0, 1)
    others = crossed([legacy, python])
    assert others[0].normal() == legacy.normal()
    assert others[1].gauss(0, 1) == python.gauss(0, 1)
    assert others[1].random() == python.random()


@pytest.mark.slow
def test_a_generator_is_one_object_on_both_sides() -> None:
    with bridge(THERE) as there:
        rng, twin = np.random.default_rng(1), np.random.default_rng(1)
        assert there.draw(rng) == twin.integers(0, 10**9)
        assert rng.integers(0, 10**9) == twin.integers(0, 10**9)
        assert there.same(rng) is rng
        python, other = random.Random(1), random.Random(1)  # noqa: S311
        assert there.roll(python) == other.random()
        assert python.random() == other.random()


def forged(name: str, change: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a state that `change` has been called with."""
    state = copy.deepcopy(dict(random_values.BIT_GENERATORS[name](0).state))
    change(state)
    return state


FORGED = {
    "a position beyond the array": ("MT19937", lambda s: s["state"].update(pos=625)),
    "a negative position": ("MT19937", lambda s: s["state"].update(pos=-1)),
    "a position that is a fraction": ("MT19937", lambda s: s["state"].update(pos=1.5)),
    "a key that is short": ("MT19937", lambda s: s["state"].update(key=np.zeros(3, "u4"))),
    "a key of another dtype": ("MT19937", lambda s: s["state"].update(key=np.zeros(624))),
    "a key that is a list": ("MT19937", lambda s: s["state"].update(key=[0] * 624)),
    "a buffer's position": ("Philox", lambda s: s.update(buffer_pos=5)),
    "a short buffer": ("Philox", lambda s: s.update(buffer=np.zeros(1, "u8"))),
    "no state": ("PCG64", lambda s: s.pop("state")),
    "a number that is too large": ("PCG64", lambda s: s["state"].update(state=1 << 129)),
    "a number that is text": ("PCG64", lambda s: s["state"].update(inc="1")),
    "another generator's name": ("PCG64", lambda s: s.update(bit_generator="SFC64")),
    "an unknown name": ("PCG64", lambda s: s.update(bit_generator="BitGenerator")),
    "a name that is a list": ("PCG64", lambda s: s.update(bit_generator=["PCG64"])),
}


@pytest.mark.parametrize(("name", "change"), FORGED.values(), ids=FORGED.keys())
def test_forged_states_are_refused(name: str, change: Any) -> None:  # noqa: ANN401
    with pytest.raises((Failure, TypeError, ValueError, KeyError)):
        random_values.build("random.Generator", [forged(name, change)])


@pytest.mark.parametrize(
    "parts",
    [
        [3, tuple(range(624)), None],
        [3, (*range(624), 700), None],
        [3, (*range(624), 1), "0"],
        [3, [*range(624), 1], None],
        ["x"],
    ],
)
def test_forged_states_of_python_are_refused(parts: list[Any]) -> None:
    with pytest.raises((Failure, TypeError, ValueError)):
        random_values.build("random.Random", parts)


def test_a_bit_generator_of_ones_own_is_refused() -> None:
    class Mine(np.random.PCG64):
        pass

    with pytest.raises(UngradableError, match="a random generator that uses Mine"):
        Packer().pack(np.random.Generator(Mine(1)))
