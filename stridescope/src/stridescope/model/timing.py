"""Measure the time and memory of functions fairly: in turn, in random order, in equal conditions.

The timing itself is that of `timeit` in the standard library: garbage collection is off, and the
calls run in a loop with nothing between them.
"""

from __future__ import annotations

import gc
import math
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from timeit import Timer

SAMPLE = 0.002
"""Shortest time of one sample, in seconds: far above the resolution of the clock."""
ROUNDS = 5, 200
"""Fewest and most rounds; the fewest are run no matter how long they take."""

ALIKE, CLOSE = 1.05, 1.25
"""Up to which ratio times are about the same: always, and if their rounds overlap."""


@dataclass(frozen=True)
class Times:
    """How long a call took, in seconds, in each round.

    Parameters
    ----------
    samples
        Seconds for one call: the mean over the `number` calls of a round.
    number
        Calls in each round.
    """

    samples: tuple[float, ...]
    number: int

    @property
    def best(self) -> float:
        """The shortest time, because other work of the machine can only add to a time."""
        return min(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """First and third quartile; the middle half of all rounds is between them."""
        if len(self.samples) == 1:
            return self.best, self.best
        low, _, high = statistics.quantiles(self.samples, n=4, method="inclusive")
        return low, high


def race_times(
    functions: Mapping[str, Callable[[], object]], seconds: float, seed: int = 0
) -> dict[str, Times]:
    """Time functions against each other, in rounds of random order.

    Parameters
    ----------
    functions
        What to call, by name. Call each function once before this, so that no round includes
        work that is done only the first time.
    seconds
        About how long the rounds may take in all; at least five rounds are run.
    seed
        Seed of the random orders.

    Returns
    -------
    dict
        The times of each function, in the order of `functions`.
    """
    timers = {name: Timer(action) for name, action in functions.items()}
    numbers = {name: _number(timer) for name, timer in timers.items()}
    samples: dict[str, list[float]] = {name: [] for name in functions}
    order, shuffle = list(functions), random.Random(seed).shuffle  # noqa: S311 - no secret
    started = time.perf_counter()
    gc.collect()
    for done in range(ROUNDS[1]):
        per_round = (time.perf_counter() - started) / max(done, 1)
        if done >= ROUNDS[0] and per_round * (done + 1) > seconds:
            break
        shuffle(order)
        for name in order:
            samples[name].append(timers[name].timeit(numbers[name]) / numbers[name])
    return {name: Times(tuple(samples[name]), numbers[name]) for name in functions}


def about_the_same(one: Times | float, other: Times | float) -> bool:
    """Return whether two functions differ by no more than chance.

    Best times within 5 % of each other are about the same. So are times within a quarter of each
    other if the middle halves of their rounds overlap.

    Parameters
    ----------
    one, other
        The rounds of two functions, or only their best times in seconds.
    """
    times = [Times((t,), 1) if isinstance(t, float) else t for t in (one, other)]
    fast, slow = sorted(times, key=lambda t: t.best)
    ratio = slow.best / fast.best
    overlap = slow.spread[0] <= fast.spread[1] and fast.spread[0] <= slow.spread[1]
    return ratio <= ALIKE or (ratio <= CLOSE and overlap)


def _number(timer: Timer) -> int:
    """Return how many calls take `SAMPLE` seconds."""
    number = 1
    while (taken := timer.timeit(number)) < SAMPLE:
        number = math.ceil(number * min(10.0, 1.2 * SAMPLE / max(taken, 1e-9)))
    return number


def peak(action: Callable[[], object]) -> int:
    """Return the most bytes that one call holds at a time, including its result.

    Bytes that are in use before the call do not count. NumPy reports its arrays to `tracemalloc`,
    which counts them; memory that a library allocates in other ways is not seen.
    """
    gc.collect()
    ours = not tracemalloc.is_tracing()
    if ours:
        tracemalloc.start()
    try:
        tracemalloc.reset_peak()
        before, _ = tracemalloc.get_traced_memory()
        action()
        return max(0, tracemalloc.get_traced_memory()[1] - before)
    finally:
        if ours:
            tracemalloc.stop()
