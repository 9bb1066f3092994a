"""Boards of further axes stand in lines that break where an outer axis steps."""

from __future__ import annotations

from collections import Counter

import pytest

from stridescope.drawing.board_layout import board_lines


@pytest.mark.parametrize(
    ("lengths", "fit", "lines"),
    [
        ((2, 3), 5, [3, 3]),
        ((2, 3), 6, [6]),
        ((2, 3), 2, [2, 1, 2, 1]),
        ((4, 2), 5, [4, 4]),
        ((2, 3, 2), 5, [4, 2, 4, 2]),
        ((5, 1), 3, [3, 2]),
        ((7,), 4, [4, 3]),
        ((3,), 1, [1, 1, 1]),
        ((), 3, [1]),
    ],
)
def test_lines_of_boards_break_where_an_outer_axis_steps(
    lengths: tuple[int, ...], fit: int, lines: list[int]
) -> None:
    _, places = board_lines(lengths, fit)
    counts = Counter(line for line, _ in places)
    assert [counts[k] for k in range(len(counts))] == lines
    assert [column for _, column in places] == [k for n in lines for k in range(n)]
