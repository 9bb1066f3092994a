"""Notice code that gets random numbers from the system, and so differs in every process."""

from __future__ import annotations

import contextlib
import os
import random
import sys
import threading
from collections.abc import Iterator
from typing import Any


class ChanceError(RuntimeError):
    """Cells use random numbers without a seed, so that they would differ in every process."""


@contextlib.contextmanager
def without_chance() -> Iterator[None]:
    """Raise ChanceError at the end if random numbers were seeded by the system.

    This notices the generators of `random` and NumPy that code makes for itself, `secrets` and
    `uuid`. It does not notice NumPy's old `RandomState()`, nor the generators that everything
    shares, whose state can be compared.
    """
    noticed, overwritten = threading.Event(), threading.Event()
    urandom, seed = os.urandom, random.Random.seed
    old = sys.modules.get("numpy.random.mtrand")
    twister = getattr(old, "_MT19937", None)

    def noticed_urandom(size: int) -> bytes:
        if not overwritten.is_set():
            noticed.set()
        return urandom(size)

    def noticed_seed(self: random.Random, a: Any = None, version: int = 2) -> None:  # noqa: ANN401
        if a is None:
            noticed.set()
        seed(self, a, version)

    def overwritten_twister() -> Any:  # noqa: ANN401
        """Return what `RandomState(7)` seeds from the system before it seeds it with 7."""
        overwritten.set()
        try:
            return twister() if twister else None
        finally:
            overwritten.clear()

    replaced: list[tuple[Any, str, object, object]] = [
        (os, "urandom", urandom, noticed_urandom),
        (random, "_urandom", urandom, noticed_urandom),
        (random.Random, "seed", seed, noticed_seed),
    ]
    if twister:
        replaced.append((old, "_MT19937", twister, overwritten_twister))
    for owner, name, _, replacement in replaced:
        setattr(owner, name, replacement)
    try:
        yield
    finally:
        for owner, name, original, _ in replaced:
            setattr(owner, name, original)
    if noticed.is_set():
        raise ChanceError("random numbers without a seed")
