"""`ss.why` says view or copy as NumPy does, for every kind of index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

import stridescope as ss
from support.svg_reading import parse
from support.tiers import examples

if TYPE_CHECKING:
    from numpy.typing import NDArray


def nine() -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.arange(1, 10, dtype=np.int64).reshape(3, 3)


def verdict(figure: ss.Instrument) -> str:
    return figure.text.splitlines()[0]


def test_one_list_brings_a_second_owner() -> None:
    figure = ss.why(nine(), np.s_[1:, [0, 2]])
    assert verdict(figure).startswith("a[1:, [0, 2]] is a copy: shape (2, 2), strides (8, 16)")
    assert "Entry 1 is a list." in verdict(figure)
    assert "Owner 2" in figure.text
    assert "Owner 2" not in ss.why(nine(), np.s_[1:, 0:2]).text


def test_a_view_names_its_offset_shape_and_strides() -> None:
    figure = ss.why(nine(), np.s_[1:, ::-1])
    assert verdict(figure) == "a[1:, ::-1] is a view: offset 40, shape (2, 3), strides (24, -8)."
    assert "  1: (axis 0, slice): offset +1·24, length 3 → 2, stride +24" in figure.text
    assert "  ::-1 (axis 1, slice): offset +2·8, length 3, stride (−1)·8 = −8" in figure.text


def test_integers_on_every_axis_give_a_scalar() -> None:
    expected = "a[1, 2] is a scalar, a copy of the value 6 at byte 40."
    assert verdict(ss.why(nine(), 1, 2)) == expected
    assert "is a view" in verdict(ss.why(nine(), 1, 2, ...))
    assert "scalar" in verdict(ss.why(np.array(7)))
    assert "is a view" in verdict(ss.why(np.array(7), ...))


def test_a_mask_over_two_axes_is_one_chip() -> None:
    figure = ss.why(nine(), nine() > 4)
    assert "a[mask] is a copy: shape (5,)" in verdict(figure)
    assert "mask (axes 0 to 1, mask): offset copied, length 3 × 3 → 5" in figure.text
    assert figure.state["index"] == [
        {"kind": "mask", "shape": [3, 3], "on": [0, 0, 0, 0, 1, 1, 1, 1, 1]}
    ]


@pytest.mark.slow
@settings(max_examples=examples(150), deadline=None)
@given(st.data())
def test_view_or_copy_agrees_with_shares_memory(data: st.DataObject) -> None:
    shape = data.draw(nps.array_shapes(min_dims=1, max_dims=4, max_side=4))
    a = np.arange(np.prod(shape)).reshape(shape)
    index = data.draw(nps.basic_indices(shape, allow_newaxis=True) | lists(shape))
    entries = index if isinstance(index, tuple) else (index,)
    said = verdict(ss.why(a, *entries))
    result = a[index]
    if not isinstance(result, np.ndarray):
        assert "scalar" in said
        return
    assert f"shape {result.shape}, strides {result.strides}" in said
    if result.size:
        assert ("is a view" in said) == np.shares_memory(a, result)
    if "is a view" in said:
        offset = result.__array_interface__["data"][0] - a.__array_interface__["data"][0]
        assert f"offset {offset}," in said


def lists(shape: tuple[int, ...]) -> st.SearchStrategy[Any]:
    """Indices with a list or a mask on one axis, and a slice or an integer on the others."""
    kinds = [
        st.one_of(
            st.just(slice(None)),
            st.integers(-n, n - 1),
            st.lists(st.integers(-n, n - 1), min_size=1, max_size=1),
            nps.arrays(bool, n).map(lambda m: np.array([*m[:-1], True]) & (np.arange(len(m)) == 0)),
        )
        for n in shape
    ]
    return st.tuples(*kinds)


@pytest.mark.parametrize(
    ("index", "length"),
    [(np.s_[1:], "3 → 2"), (np.s_[:0], "3 → 0"), (np.s_[:], "3"), (np.s_[2], "3 → gone")],
)
def test_a_chip_says_what_happens_to_the_length(index: object, length: str) -> None:
    assert f"length {length}," in ss.why(np.arange(3), index).text.splitlines()[1]


def test_huge_arrays_draw_at_once() -> None:
    huge = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    assert "shape (2, 100000000000), strides (8, 0)" in verdict(ss.why(huge, np.s_[1:3]))
    assert "too large to make here" in verdict(ss.why(huge, np.s_[[0, 1]]))
    assert "is a copy: shape (5, 2)" in verdict(ss.why(huge, np.s_[:, [0, 7]]))


@pytest.mark.parametrize(
    "a",
    [
        np.array(5),
        np.zeros((0, 3)),
        np.zeros((1, 2, 1, 2, 1, 2)),
        np.zeros(3, dtype=[("x", "i4"), ("y", "f8")]),
        np.array([{}, []], dtype=object),
        np.arange(4, dtype=">i4"),
        np.array([np.nan, np.inf]),
        np.array(["ab", "long text that does not fit"]),
        np.zeros(3, "M8[s]"),
    ],
    ids=lambda a: str(a.dtype),
)
def test_every_kind_of_array_is_drawn(a: NDArray[Any]) -> None:
    figure = ss.why(a, ...)
    assert "is a view" in verdict(figure)
    parse(figure.html)


def test_names_are_escaped() -> None:
    html = ss.why(nine(), 1, name="<script>").html
    assert "<script>" not in html
    parse(html)


def test_numpys_own_words_refuse_an_index_out_of_range() -> None:
    with pytest.raises(IndexError, match="index 5 is out of bounds for axis 0 with size 3"):
        ss.why(nine(), 5)
    with pytest.raises(IndexError, match="too many indices"):
        ss.why(nine(), 0, 0, 0)
    with pytest.raises(IndexError, match="boolean index did not match"):
        ss.why(nine(), [True, False])
    huge = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    with pytest.raises(IndexError, match="out of bounds"):
        ss.why(huge, [0, 9])


@pytest.mark.parametrize("entry", ["x", 1.5, True, {1}, [1.5], ["x"]])
def test_an_entry_that_is_no_index_is_refused(entry: object) -> None:
    with pytest.raises(TypeError, match="as an index, not"):
        ss.why(nine(), entry)


def test_a_list_is_no_array() -> None:
    with pytest.raises(TypeError, match=re.escape("np.array(...)")):
        ss.why([1, 2], 0)


def test_a_new_axis_of_a_copy_has_a_stride_of_its_own() -> None:
    a = np.arange(6).reshape(2, 3)
    assert "None (new axis): offset +0, length new: 1, stride 0" in ss.why(a, np.s_[None, 1:]).text
    copied = ss.why(a, np.s_[None, [0, 1]]).text
    assert "None (new axis): offset +0, length new: 1, stride its own" in copied
