"""A link of the chain fails exactly if NumPy has to copy, in Python and in the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stridescope as ss
from stridescope.model.array_state import layout_state
from stridescope.model.reshape_chain import chain, walk
from stridescope.model.strides import Layout
from support.array_views import VIEWS, Order
from support.in_node import in_node
from support.tiers import examples

if TYPE_CHECKING:
    from numpy.typing import NDArray


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
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
