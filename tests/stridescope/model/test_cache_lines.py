"""Elements are visited in NumPy's order, and loads are those of an LRU cache."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stridescope.model.cache_lines import indices, loads, walk
from stridescope.model.memory import describe

SHAPES = st.lists(st.integers(1, 6), max_size=4).map(tuple)


@given(SHAPES, st.sampled_from("CF"))
def test_visits_follow_the_order_of_ravel(shape: tuple[int, ...], order: str) -> None:
    a = np.arange(int(np.prod(shape))).reshape(shape)
    seen = [a[index] for index in indices(shape, order, 4)]
    assert seen == a.ravel(order=order).tolist()  # type: ignore[call-overload]


@given(SHAPES, st.integers(1, 4))
def test_blocks_visit_every_element_once(shape: tuple[int, ...], block: int) -> None:
    found = list(indices(shape, "blocks", block))
    assert sorted(found) == list(np.ndindex(shape))


def test_blocks_go_by_rows_of_blocks() -> None:
    a = np.arange(16).reshape(4, 4)
    by_slices = [a[i : i + 2, j : j + 2].ravel() for i in (0, 2) for j in (0, 2)]
    assert [a[index] for index in indices(a.shape, "blocks", 2)] == np.concatenate(
        by_slices
    ).tolist()


@given(SHAPES, st.sampled_from(["C", "F", "blocks"]), st.integers(1, 9), st.sampled_from("bhd"))
def test_loads_are_those_of_an_lru_cache(
    shape: tuple[int, ...], order: str, lines: int, kind: str
) -> None:
    """A second, independent cache: an OrderedDict asked for the line of each byte."""
    a = np.zeros(shape, kind)[..., ::-1] if shape else np.zeros(shape, kind)
    lay = describe(a).layout
    cache: OrderedDict[int, None] = OrderedDict()
    missed = 0
    for index in indices(shape, order, 3):
        line = lay.byte(index) // 64  # elements of a power of two bytes lie in one line
        missed += line not in cache
        cache[line] = None
        cache.move_to_end(line)
        if len(cache) > lines:
            cache.popitem(last=False)
    assert loads(walk(lay, order, lines, 3)) == missed
