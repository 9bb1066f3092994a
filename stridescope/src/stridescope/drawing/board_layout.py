"""How the boards of an array with more than two axes stand in lines."""

from __future__ import annotations

import math
from collections.abc import Sequence


def board_lines(lengths: Sequence[int], fit: int) -> tuple[int, list[tuple[int, int]]]:
    """Place boards in lines that break where an outer axis steps.

    Parameters
    ----------
    lengths
        Of the axes that are not in a board, outermost first.
    fit
        How many boards the room holds side by side.

    Returns
    -------
    tuple
        How many stand in a line, and (line, column) of each.
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
