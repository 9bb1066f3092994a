"""Functions are timed in turn and in random order, and weighed by what NumPy allocates."""

from __future__ import annotations

import gc
import importlib
import statistics
import time
from timeit import Timer

import numpy as np
import pytest

from stridescope.model.timing import Times, about_the_same, peak, race_times

A = np.arange(10_000.0)


@pytest.mark.slow
def test_rounds_are_in_turn_and_in_random_order() -> None:
    calls: list[str] = []
    names = ["a", "b", "c"]
    actions = {n: lambda n=n: (calls.append(n), time.sleep(0.003)) for n in names}
    race_times(actions, seconds=0.2)
    tried = calls[3:]  # one call each, to see how long it takes
    rounds = [tuple(tried[k : k + 3]) for k in range(0, len(tried), 3)]
    assert all(sorted(r) == names for r in rounds)
    assert len(set(rounds)) > 1
    assert len(rounds) >= 5


@pytest.mark.slow
def test_garbage_collection_rests_meanwhile_and_works_after() -> None:
    seen = set()
    race_times({"a": lambda: seen.add(gc.isenabled())}, seconds=0.01)
    assert seen == {False}
    assert gc.isenabled()


@pytest.mark.slow
def test_short_calls_are_timed_many_at_a_time() -> None:
    # A pause of a busy machine can end the search for the number early, but not in every race.
    races = [race_times({"pass": lambda: None}, seconds=0.05)["pass"] for _ in range(5)]
    assert max(times.number for times in races) > 1000
    assert all(times.best > 0 for times in races)


def test_best_and_spread() -> None:
    samples = tuple(float(k) for k in np.random.default_rng(1).permutation(range(1, 101)))
    times = Times(samples, 1)
    low, _, high = statistics.quantiles(samples, n=4, method="inclusive")
    assert (times.best, times.spread) == (1.0, (low, high))
    assert Times((2.0,), 1).spread == (2.0, 2.0)


def test_the_clock_costs_next_to_nothing() -> None:
    """The race's time for 1 ms is timeit's. No figure is asserted: the loop is the same one."""
    assert importlib.import_module("stridescope.model.timing").Timer is Timer


@pytest.mark.slow
def test_peak_is_what_numpy_allocates() -> None:
    n = A.nbytes
    assert n <= peak(lambda: A + 1) < n + 5000
    assert 2 * n <= peak(lambda: (A + 1) * A.reshape(100, 100).T.ravel()) < 4 * n
    assert peak(lambda: A[::-1]) < 5000


@pytest.mark.slow
def test_peak_leaves_a_running_trace_running() -> None:
    import tracemalloc

    tracemalloc.start()
    try:
        peak(lambda: None)
        assert tracemalloc.is_tracing()
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1.0, 1.04, True),
        (1.04, 1.0, True),
        (1.0, 1.06, False),
        (Times((1.0, 1.2, 1.3), 1), Times((1.2, 1.25, 1.3), 1), True),
        (Times((1.0, 1.0, 1.0), 1), Times((1.2, 1.25, 1.3), 1), False),
        (Times((1.0, 1.5, 2.0), 1), Times((1.3, 1.5, 2.0), 1), False),
    ],
)
def test_times_that_differ_by_chance_are_about_the_same(
    one: Times | float, other: Times | float, *, same: bool
) -> None:
    assert about_the_same(one, other) is same
