"""Random numbers from the system are noticed, and seeded ones are not."""

from __future__ import annotations

import os
import random
import secrets
import uuid
from collections.abc import Callable

import numpy as np
import pytest

from nbgrader_isolate.core.chance import ChanceError, without_chance


@pytest.mark.parametrize(
    "draw",
    [
        pytest.param(np.random.default_rng, id="default_rng"),
        pytest.param(np.random.PCG64, id="PCG64"),
        pytest.param(np.random.SeedSequence, id="SeedSequence"),
        pytest.param(random.Random, id="Random"),
        pytest.param(lambda: random.SystemRandom().random(), id="SystemRandom"),
        pytest.param(secrets.token_hex, id="secrets"),
        pytest.param(uuid.uuid4, id="uuid4"),
        pytest.param(lambda: os.urandom(3), id="urandom"),
    ],
)
def test_chance_is_noticed(draw: Callable[[], object]) -> None:
    with pytest.raises(ChanceError, match="without a seed"), without_chance():
        draw()
    draw()


def drawn() -> list[float]:
    """Numbers from one generator of each kind."""
    generators = random.Random(5), np.random.default_rng(5), np.random.RandomState(5)  # noqa: S311
    return [generator.random() for generator in generators]


def test_what_has_a_seed_gives_what_it_always_gives() -> None:
    originals = os.urandom, random.Random.seed, np.random.mtrand._MT19937  # noqa: SLF001
    with without_chance():
        found = drawn()
        bits = np.random.RandomState(5)._bit_generator  # noqa: SLF001
    assert found == drawn()
    assert type(bits) is np.random.MT19937
    after = os.urandom, random.Random.seed, np.random.mtrand._MT19937  # noqa: SLF001
    assert after == originals


def test_an_error_comes_through_and_everything_is_put_back() -> None:
    originals = os.urandom, random.Random.seed
    with pytest.raises(ValueError, match="negative"), without_chance():
        os.urandom(-1)
    assert (os.urandom, random.Random.seed) == originals
