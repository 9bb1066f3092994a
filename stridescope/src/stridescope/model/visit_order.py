"""Visits: the order in which an array reads its elements, in C order of its indices."""

from __future__ import annotations

from itertools import product

from stridescope.model.strides import Layout, is_aligned

MOST = 200
"""Most elements whose visits are counted."""


def visits(layout: Layout) -> dict[int, tuple[int, int]]:
    """Return, by the byte where an element starts, its first visit (from 1) and how many.

    Empty if there are more than `MOST` elements, or elements that overlap in part.
    """
    if not 0 < layout.size <= MOST or not is_aligned(layout):
        return {}
    seen: dict[int, tuple[int, int]] = {}
    for visit, index in enumerate(product(*map(range, layout.shape)), 1):
        byte = layout.byte(index)
        first, count = seen.get(byte, (visit, 0))
        seen[byte] = first, count + 1
    return seen


def walk_words(layout: Layout) -> str:
    """Return the walk in words: ``visits bytes 0, 24, 8``; the first twelve."""
    if not visits(layout):
        return ""
    most = 12
    starts = [str(layout.byte(index)) for index in product(*map(range, layout.shape))]
    more = ", ⋯" if len(starts) > most else ""
    return f"visits bytes {', '.join(starts[:most])}{more}"
