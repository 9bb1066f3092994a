"""Arrange the boards of an array with more than two axes in lines."""

from __future__ import annotations

import math
from collections.abc import Sequence


def board_lines(lengths: Sequence[int], fit: int) -> tuple[int, list[tuple[int, int]]]:
    """Place boards in lines; a line ends where the index of an outer axis changes.

    Parameters
    ----------
    lengths
        Lengths of the axes that are not shown in a board, outermost first.
    fit
        How many boards fit side by side.

    Returns
    -------
    tuple
        The number of boards in a line, and the (line, column) of each board.
    """
    run = group = 1
    for n in reversed(lengths):
        group = run * n
        if group > fit:
            break
        run = group
    per_line = run if run == group else fit // run * run
    lines = -(-group // per_line)
    every = range(math.prod(lengths))
    return per_line, [
        (k // group * lines + k % group // per_line, k % group % per_line) for k in every
    ]
