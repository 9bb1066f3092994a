"""`ss.why_reshape` finds the equation for which NumPy copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stridescope as ss
from support.array_views import VIEWS, Order, View
from support.svg_reading import hue_lines, parse, svgs, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray


def six() -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.arange(1, 7, dtype=np.int64).reshape(2, 3)


def test_the_first_false_equation_is_the_reason() -> None:
    figure = ss.why_reshape(six().T, (2, 3), name="a.T")
    assert figure.text.splitlines()[0] == ("np.reshape(a.T, (2, 3)) is a copy: 8 = 2·24 is false.")
    assert "Walk 0 → 24 → 8: steps +24, −16. No single stride fits." in figure.text
    labels = {label for svg in svgs(figure.html, "Bytes") for *_, label in texts(svg, "j")}
    assert labels == {"+24", "−16"}


def test_a_view_names_its_strides() -> None:
    figure = ss.why_reshape(six().T, 6, "F")
    assert figure.text.splitlines()[0] == (
        "np.reshape(a, (6,), 'F') is a view: shape (6,), strides (8,)."
    )
    assert "24 = 3·8, true: one axis" in figure.text


@given(st.sampled_from(VIEWS), st.sampled_from(["C", "F"]))
def test_the_copy_has_the_strides_that_are_shown(view: View, order: Order) -> None:
    a = view(np.arange(24).reshape(2, 3, 4))
    figure = ss.why_reshape(a, (a.size // 2, 2), order)
    expected = np.reshape(a, (-1, 2), order=order)
    chains = parse(figure.html).findall(".//ol[@class='ss-chain']")
    shown = [int((i.text or "").replace("−", "-")) for i in chains[-1].iter("i")]
    assert tuple(shown) == expected.strides


def test_axes_of_length_one_never_stand_in_the_way() -> None:
    a = np.arange(12).reshape(3, 4)[:, None, ::2]
    text = ss.why_reshape(a, (6,)).text
    assert "is a view" in text
    assert "length 1" in text
    blocked = np.arange(6).reshape(2, 3).T[:, None]
    assert "8 = 2·24 is false" in ss.why_reshape(blocked, 6).text


def test_order_a_follows_the_array() -> None:
    assert "is a view" in ss.why_reshape(np.asfortranarray(six()), 6, "A").text
    assert "is a copy" in ss.why_reshape(np.asfortranarray(six()), 6, "C").text


def test_minus_one_is_worked_out() -> None:
    assert "shape (3, 2)" in ss.why_reshape(six(), (-1, 2)).text.splitlines()[0]


@pytest.mark.parametrize("shape", [(4,), (-1, 4), (-1, -1), (2, 2)])
def test_a_wrong_size_is_refused_in_numpys_words(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"reshape|unknown") as error:
        np.reshape(six(), shape)
    assert f"is refused. ValueError: {error.value}." in ss.why_reshape(six(), shape).text


@pytest.mark.parametrize(
    ("a", "shape"),
    [
        (np.array(5), (1, 1)),
        (np.zeros((0, 3)), (3, 0)),
        (np.zeros((2, 1, 2, 1, 2, 1)), (8,)),
        (np.zeros((3, 2), dtype=[("x", "i4")]).T, (6,)),
        (np.array([[{}, []]], dtype=object).T, (1, 2)),
        (np.array([["ab", "cd"]]).T, (2,)),
        (np.arange(4, dtype=">i4").reshape(2, 2).T, (4,)),
        (np.array([[np.nan, np.inf]]), (2,)),
    ],
)
def test_every_kind_of_array_is_drawn(a: NDArray[Any], shape: tuple[int, ...]) -> None:
    figure = ss.why_reshape(a, shape)
    assert "is refused" not in figure.text
    parse(figure.html)


def test_a_huge_array_is_not_copied() -> None:
    huge = np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11))
    text = ss.why_reshape(huge, (5 * 10**11,)).text
    assert "8 = 100000000000·0 is false" in text


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(TypeError, match="takes a NumPy array, not list"):
        ss.why_reshape([1, 2], (2,))
    with pytest.raises(ValueError, match="order 'C', 'F' or 'A', not 'K'"):
        ss.why_reshape(six(), (6,), "K")


def test_bytes_keep_the_colors_of_their_owners_rows() -> None:
    c = np.array([[1, 2], [3, 4], [5, 6]])
    for a in (c, c.T):
        figure = ss.why_reshape(a, (2, 3), name="c")
        for strip in svgs(figure.html, "Bytes"):
            assert hue_lines(strip) == ["003355"]
    assert "base" not in ss.why_reshape(c, (2, 3)).state
    assert ss.why_reshape(c.T, (2, 3)).state["base"]["shape"] == [3, 2]
