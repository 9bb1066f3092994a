"""The strides model says what NumPy says, on arrays that hypothesis makes up."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.lib.array_utils import byte_bounds
from numpy.lib.stride_tricks import as_strided
from numpy.typing import NDArray

from stridescope.model.strides import Layout, c_strides, f_strides, merges

OWNER = 1 << 16
Described = tuple[NDArray[Any], Layout]


def described(a: NDArray[Any], owner: NDArray[Any]) -> Layout:
    start: int = owner.__array_interface__["data"][0]
    return Layout(a.__array_interface__["data"][0] - start, a.shape, a.strides, a.itemsize)


@st.composite
def arrays(draw: st.DrawFn) -> Described:
    """A view with any strides into the middle of a buffer that is large enough for it."""
    itemsize = draw(st.integers(1, 16))
    ndim = draw(st.integers(0, 5))
    shape = tuple(draw(st.integers(0, 4)) for _ in range(ndim))
    step = st.one_of(st.integers(-40, 40), st.sampled_from([0, itemsize, -itemsize, 3 * itemsize]))
    strides = tuple(draw(step) for _ in range(ndim))
    if draw(st.booleans()):
        strides = draw(st.sampled_from([c_strides, f_strides]))(shape, itemsize)
    owner = np.zeros(OWNER, np.uint8)
    start = OWNER // 2 + draw(st.integers(-50, 50))
    a = as_strided(owner[start : start + itemsize].view(f"V{itemsize}")[0:1], shape, strides)
    return a, Layout(start, shape, strides, itemsize)


def starts(a: NDArray[Any], lay: Layout) -> Counter[int]:
    """Where each element lies, asked of NumPy's own indexing."""
    first: int = a.__array_interface__["data"][0]
    return Counter(
        lay.offset + a[(*index, ...)].__array_interface__["data"][0] - first
        for index in np.ndindex(a.shape)
    )


@given(arrays())
def test_each_element_lies_where_numpy_puts_it(pair: Described) -> None:
    a, lay = pair
    first = a.__array_interface__["data"][0]
    for index in np.ndindex(a.shape):
        there = a[(*index, ...)].__array_interface__["data"][0]
        assert lay.byte(index) == lay.offset + there - first


@given(arrays())
def test_the_flags_are_numpys(pair: Described) -> None:
    a, lay = pair
    assert lay.is_c_contiguous == a.flags.c_contiguous
    assert lay.is_f_contiguous == a.flags.f_contiguous


@given(arrays())
def test_the_extent_is_numpys_byte_bounds(pair: Described) -> None:
    a, lay = pair
    assume(a.size > 0)
    low, high = byte_bounds(a)
    first = a.__array_interface__["data"][0]
    assert lay.extent() == (lay.offset + low - first, lay.offset + high - first)


@given(arrays(), st.integers(1, 120))
def test_fits_is_numpys_own_check(pair: Described, nbytes: int) -> None:
    # NumPy does not check an empty buffer at all, so none is tried.
    _, lay = pair
    lay = Layout(lay.offset % 64, lay.shape, lay.strides, lay.itemsize)
    assume(lay.size > 0 and lay.offset <= nbytes)
    try:
        np.ndarray(
            lay.shape,
            f"V{lay.itemsize}",
            buffer=np.zeros(nbytes, np.uint8),
            offset=lay.offset,
            strides=lay.strides,
        )
    except (ValueError, TypeError):
        accepted = False
    else:
        accepted = True
    assert lay.fits(nbytes) == accepted


@pytest.mark.slow
@given(arrays())
def test_times_read_counts_what_enumeration_counts(pair: Described) -> None:
    a, lay = pair
    counted = starts(a, lay)
    low, high = lay.extent()
    for byte in range(low - 3, min(high, low + 300)):
        assert lay.times_read(byte) == counted[byte]


def test_times_read_of_a_huge_view_is_exact_and_gives_up_honestly() -> None:
    assert Layout(0, (5, 10**11), (8, 0), 8).times_read(16) == 10**11
    assert Layout(0, (10**9, 10**9), (8, 8), 8).times_read(8 * 10**8) == 10**8 + 1
    tangled = Layout(0, (10**6, 10**6, 10**6, 10**6), (11, 10, 9, 8), 8)
    assert tangled.times_read(10**7) is None


keys = st.one_of(
    st.integers(-4, 3),
    st.slices(4),
    st.builds(slice, st.integers(-6, 6), st.integers(-6, 6), st.sampled_from([1, -1, 2, -3, None])),
    st.none(),
    st.just(Ellipsis),
)


@given(arrays(), st.lists(keys, max_size=6))
def test_basic_indexing_gives_numpys_layout(pair: Described, key: list[Any]) -> None:
    a, lay = pair
    try:
        view = a[(*key, *(() if Ellipsis in key else (...,)))]
    except IndexError:
        with pytest.raises(IndexError):
            lay.take(*key)
        return
    got = lay.take(*key)
    assert (got.shape, got.ndim) == (view.shape, view.ndim)
    real = [n > 1 for n in view.shape]  # The stride of an axis of length 0 or 1 is free.
    assert [s for s, r in zip(got.strides, real, strict=True) if r] == [
        s for s, r in zip(view.strides, real, strict=True) if r
    ]
    if view.size:
        first = a.__array_interface__["data"][0]
        assert got.offset == lay.offset + view.__array_interface__["data"][0] - first


@pytest.mark.parametrize("key", [(3,), (-4,), (0, 5), (slice(None), -5), (..., 4)])
def test_an_integer_out_of_bounds_is_refused_in_numpys_words(key: tuple[Any, ...]) -> None:
    a = np.zeros((3, 4))
    with pytest.raises(IndexError) as numpys:
        a[key]
    with pytest.raises(IndexError) as ours:
        Layout(0, a.shape, a.strides, a.itemsize).take(*key)
    assert str(ours.value) == str(numpys.value)


@given(arrays(), st.lists(st.integers(0, 4), max_size=6))
def test_broadcast_gives_numpys_layout(pair: Described, shape: list[int]) -> None:
    a, lay = pair
    try:
        view = np.broadcast_to(a, tuple(shape))
    except ValueError:
        with pytest.raises(ValueError, match="does not broadcast"):
            lay.broadcast_to(shape)
        return
    got = lay.broadcast_to(shape)
    assert got.shape == view.shape
    if view.size:
        for index in np.ndindex(view.shape):
            place = view[(*index, ...)].__array_interface__["data"][0]
            assert got.byte(index) - lay.offset == place - a.__array_interface__["data"][0]


@given(st.lists(st.integers(1, 5), max_size=5), st.integers(1, 16))
def test_packed_strides_are_numpys(shape: list[int], itemsize: int) -> None:
    size = math.prod(shape)
    for order, ours in (("C", c_strides), ("F", f_strides)):
        theirs = np.zeros(size, f"V{itemsize}").reshape(shape, order=order).copy(order=order)
        assert ours(shape, itemsize) == theirs.strides


def test_merging_needs_the_outer_step_to_be_one_run_of_the_inner() -> None:
    assert merges((3, 24), (3, 8))
    assert not merges((3, 8), (2, 24))


@pytest.mark.parametrize("index", [(3, 0), (0,), (-4, 0), (0, 0, 0)])
def test_an_index_outside_is_an_error(index: tuple[int, ...]) -> None:
    with pytest.raises(IndexError):
        Layout(0, (3, 3), (24, 8), 8).byte(index)


def test_shape_and_strides_must_go_together() -> None:
    with pytest.raises(ValueError, match="one stride for each axis"):
        Layout(0, (3, 3), (8,), 8)
    with pytest.raises(ValueError, match="negative length"):
        Layout(0, (-1,), (8,), 8)
