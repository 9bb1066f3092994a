"""`ss.why_reshape` finds the equation for which NumPy copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stridescope as ss
from stridescope.model.array_state import layout_state
from stridescope.model.reshape_chain import chain, walk
from stridescope.model.strides import Layout
from support.in_node import in_node
from support.svg_reading import parse, svgs, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

Order = Literal["C", "F", "A"]


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


View = Callable[[Any], Any]
VIEWS: list[View] = [
    lambda a: a,
    lambda a: a.T,
    lambda a: a[::-1],
    lambda a: a[..., ::2],
    lambda a: a[1:],
    lambda a: a[:, None],
    lambda a: a.swapaxes(0, -1),
    lambda a: np.broadcast_to(a, (2, *a.shape)),
]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_link_fails_if_and_only_if_numpy_copies(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.sampled_from([1, 2, 3, 4, 6]), min_size=2, max_size=4))
    view = data.draw(st.sampled_from(VIEWS))
    a = view(np.arange(np.prod(shape)).reshape(shape))
    new = data.draw(factors(a.size))
    order: Order = data.draw(st.sampled_from("CF"))
    layout = Layout(0, a.shape, a.strides, a.itemsize)
    fails = any(link.state == "fail" for link in chain(layout, new, order))
    try:
        made = np.reshape(a, new, order=order, copy=False)
    except ValueError:
        made = None
    if a.size:
        assert fails == (made is None)
    text = ss.why_reshape(a, new, order).text
    strides = np.reshape(a, new, order=order).strides if made is None else made.strides
    assert (" is a copy: " in text) == (made is None)
    assert made is None or f"strides {strides}" in text


@st.composite
def factors(draw: st.DrawFn, size: int) -> tuple[int, ...]:
    """Shapes of `size` elements."""
    left = size
    found: list[int] = []
    while left > 1 and len(found) < 4:
        n = draw(st.sampled_from([k for k in range(1, left + 1) if left % k == 0]))
        found.append(n)
        left //= n
    return (*found, left)


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


@pytest.mark.slow
def test_the_live_form_agrees_with_numpy_on_2000_reshapes() -> None:
    rng = np.random.default_rng(3)
    cases: list[dict[str, Any]] = []
    expected = []
    for _ in range(2000):
        shape = rng.choice([1, 2, 3, 4], rng.integers(1, 5))
        a = VIEWS[rng.integers(len(VIEWS) if len(shape) > 1 else 4)](
            np.arange(np.prod(shape)).reshape(shape)
        )
        order: Order = "C" if rng.random() < 0.5 else "F"
        new = tuple(int(n) for n in rng.permutation([*a.shape, 1][: rng.integers(1, 6)]))
        if rng.random() < 0.7:
            new = (*new[:-1], a.size // max(1, int(np.prod(new[:-1]))))
        layout = Layout(0, a.shape, a.strides, a.itemsize)
        cases.append({"lay": layout_state(layout), "shape": new, "order": order})
        expected.append((layout, outcome(a, new, order)))
    found = in_node(
        {"model/reshape_chain.js": ["chainLinks", "chainWalk", "reshapeResult"]},
        """({ lay, shape, order }) => {
          const joins = (k) => k.state === "merge" || k.state === "fail";
          const result = reshapeResult(lay, shape, order);
          const links = result.refused ? [] : chainLinks(lay, shape, order);
          const walks = links.filter(joins).map((k) => chainWalk(0, k).text);
          return { result, states: links.map((k) => k.state), walks };
        }""",
        cases,
    )
    seen = set()
    for case, (layout, want), got in zip(cases, expected, found, strict=True):
        (kind, value), *_ = got["result"].items()
        seen.add(kind)
        assert (kind, value) == want or (kind == want[0] == "view" and free(case, value, want[1]))
        if kind != "refused":
            links = chain(layout, case["shape"], case["order"])
            assert got["states"] == [link.state for link in links]
            joins = [link for link in links if link.state in ("merge", "fail")]
            assert got["walks"] == [walk(0, link)[0] for link in joins]
    assert seen == {"view", "copy", "refused"}


def outcome(a: NDArray[Any], new: tuple[int, ...], order: Order) -> tuple[str, Any]:
    """Return what NumPy makes of a reshape."""
    try:
        return "view", list(np.reshape(a, new, order=order, copy=False).strides)
    except ValueError:
        pass
    try:
        return "copy", list(np.reshape(a, new, order=order).strides)
    except ValueError as error:
        return "refused", f"ValueError: {error}"


def free(case: dict[str, Any], ours: list[int], numpys: list[int]) -> bool:
    """Tell whether strides differ only on axes of length 1, where NumPy takes any."""
    pairs = zip(case["shape"], ours, numpys, strict=True)
    return 0 in case["shape"] or all(n == 1 or s == t for n, s, t in pairs)
