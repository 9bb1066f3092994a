"""The order in which an array visits the bytes of its elements, in C order of its indices."""

from __future__ import annotations

from itertools import product

from stridescope.model.strides import Layout, is_aligned

MOST = 200
"""Most elements whose visits are numbered."""


def visits(layout: Layout) -> dict[int, tuple[int, int]]:
    """Return the number of the first visit (from 1) and the count of visits, by byte.

    The keys are the first bytes of elements. The result is empty if there are more than `MOST`
    elements, or if elements partly overlap.
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
    """Return the first twelve visits in words: ``visits bytes 0, 24, 8``."""
    if not visits(layout):
        return ""
    most = 12
    starts = [str(layout.byte(index)) for index in product(*map(range, layout.shape))]
    more = ", ⋯" if len(starts) > most else ""
    return f"visits bytes {', '.join(starts[:most])}{more}"
