"""An axis of ratios has few round ticks, among them 1."""

from __future__ import annotations

import pytest

from stridescope.drawing.race_axis import TICKS, Axis, Room


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (1.04, [0, 0.5, 1]),
        (2.1, [0, 0.5, 1, 1.5, 2]),
        (4.5, [0, 1, 2, 3, 4]),
        (26.8, [0, 1, 10, 20]),
        (61.0, [0, 1, 20, 40, 60]),
    ],
)
def test_an_axis_from_zero_has_round_ticks_and_one(high: float, ticks: list[float]) -> None:
    axis = Axis(0, high, 10, 310)
    assert axis.ticks() == pytest.approx(ticks)
    assert len(axis.ticks()) <= TICKS + 2
    assert axis.x(0) == 10
    assert axis.x(high) == axis.x(9 * high) == 310, "nothing leaves the plot"


def test_a_logarithmic_axis_has_the_powers_of_ten() -> None:
    axis = Axis(0.5, 2e4, 0, 400)
    assert axis.ticks() == [1, 10, 100, 1000, 10_000]
    steps = {axis.x(10.0 * tick) - axis.x(tick) for tick in (1, 10, 100, 1000)}
    assert max(steps) - min(steps) <= 1


@pytest.mark.parametrize("both", [False, True])
def test_the_columns_end_at_the_right_edge(*, both: bool) -> None:
    with_memory, without = (Room(704, both, has_peaks).ends for has_peaks in (True, False))
    assert with_memory[2] == without[1] == 703
    assert with_memory[1] < with_memory[2]
