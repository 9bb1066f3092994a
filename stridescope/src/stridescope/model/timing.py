"""Timing and weighing functions fairly: the same conditions, in turn, in random order.

The timing itself is that of the standard library's `timeit`: garbage collection off, calls in a
loop without anything between them.
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
"""Seconds that one sample takes at least, where calls are shorter: far above the clock's grain."""
ROUNDS = 5, 200
"""Fewest and most rounds; the fewest are run whatever they take."""


@dataclass(frozen=True)
class Times:
    """Seconds a call took, one figure for each round.

    Parameters
    ----------
    samples
        Seconds for one call: the mean of the `number` calls of that round.
    number
        Calls in each round.
    """

    samples: tuple[float, ...]
    number: int

    @property
    def best(self) -> float:
        """The least: what else the machine did can only add to a time."""
        return min(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """First and third quartile: half of all rounds lie between them."""
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
        What to call, by name. Each has been called before: see `warm`.
    seconds
        About how long all of it may take; at least five rounds are run.
    seed
        Of the orders.

    Returns
    -------
    dict
        Times of each, in the order given.
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


def _number(timer: Timer) -> int:
    """Return how many calls make a sample of `SAMPLE` seconds."""
    number = 1
    while (taken := timer.timeit(number)) < SAMPLE:
        number = math.ceil(number * min(10.0, 1.2 * SAMPLE / max(taken, 1e-9)))
    return number


def peak(action: Callable[[], object]) -> int:
    """Return the most bytes that one call holds at a time beyond those held before, its result too.

    Counted by `tracemalloc`, to which NumPy reports its arrays; a library that allocates by other
    ways is not seen.
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
