"""`ss.broadcast` stretches, matches and clashes where NumPy does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps

import stridescope as ss
from support.svg_reading import parse, svgs, texts
from support.tiers import examples

if TYPE_CHECKING:
    from numpy.typing import NDArray


def cells(figure: ss.Instrument) -> list[list[str]]:
    """Return what stands in the table: rows of operands, then the result."""
    rows = parse(figure.html).find(".//table")
    assert rows is not None
    return [[" ".join(td.itertext()) for td in tr.findall("td")] for tr in rows.iter("tr")][1:]


def test_a_column_and_a_row() -> None:
    column, row = np.arange(1, 4).reshape(3, 1), np.arange(10, 14)
    figure = ss.broadcast(column, row, names=["col", "row"])
    assert figure.text.splitlines() == [
        "col (3, 1) and row (4,) broadcast to (3, 4).",
        "  col: strides (8, 8) become (8, 0); axis 1 stretches from 1 to 4",
        "  row: strides (8,) become (0, 8); axis 0 is new, repeated 3 times",
    ]
    assert cells(figure) == [["3 +8", "1 → 4 +0 ×4"], ["none → 3 +0 ×3", "4 +8"], ["3", "4"]]
    (strip, *_) = svgs(figure.html, "Bytes of row")
    assert [t for *_, t in texts(strip, "d")] == ["×3"] * 4
    assert {"10", "11", "12", "13"} <= {t for *_, t in texts(strip)}


def test_a_clash_is_said_in_numpys_words() -> None:
    figure = ss.broadcast((2, 3), (2, 4))
    assert "a (2, 3) and b (2, 4) clash." in figure.text
    assert "Mismatch is between arg 0 with shape (2, 3) and arg 1 with shape (2, 4)." in figure.text
    assert cells(figure) == [["2 +24", "✗ 3 clash"], ["2 +32", "✗ 4 clash"], ["2", "?"]]


@pytest.mark.slow
@settings(max_examples=examples(200), deadline=None)
@given(st.lists(nps.array_shapes(min_dims=0, max_dims=4, max_side=3), min_size=1, max_size=4))
def test_shapes_agree_with_numpy(shapes: list[tuple[int, ...]]) -> None:
    figure = ss.broadcast(*shapes)
    try:
        views = np.broadcast_arrays(*(np.zeros(s) for s in shapes))
    except ValueError:
        assert "clash." in figure.text
        assert "result" not in figure.text.splitlines()[0]
        return
    first, *lines = figure.text.splitlines()
    assert first.endswith(f"broadcast to {views[0].shape}.")
    for view, line in zip(views, lines, strict=True):
        assert f"{view.strides}" in line
    for view, row in zip(views, cells(figure), strict=False):
        steps = [int(cell.split("+")[1].split(" ")[0]) for cell in row]
        lengths = [int(cell.split(" +")[0].split("→ ")[-1]) for cell in row]
        assert tuple(lengths) == view.shape
        assert [s for s, n in zip(steps, lengths, strict=True) if n > 1] == [
            s for s, n in zip(view.strides, lengths, strict=True) if n > 1
        ]


def test_zero_is_a_length_like_any_other() -> None:
    assert "broadcast to (0, 3)" in ss.broadcast((0, 3), (1, 3)).text
    assert "clash" in ss.broadcast((0,), (2,)).text


@pytest.mark.parametrize(
    "a",
    [
        np.array(5),
        np.zeros((0, 3)),
        np.zeros((1, 2, 1, 2, 1, 2)),
        np.zeros(3, dtype=[("x", "i4")]),
        np.array([{}, []], dtype=object),
        np.arange(4, dtype=">i4"),
        np.array([np.nan, np.inf]),
        np.broadcast_to(np.arange(5.0)[:, None], (5, 10**11)),
        np.array([1, 2, 3])[::-1],
    ],
    ids=lambda a: f"{a.dtype}-{a.shape}",
)
def test_every_kind_of_array_is_drawn(a: NDArray[Any]) -> None:
    figure = ss.broadcast(a, (1,))
    assert f"broadcast to {np.broadcast_shapes(a.shape, (1,))}" in figure.text
    parse(figure.html)


def test_what_is_only_a_shape_shows_no_values() -> None:
    (strip, *_) = svgs(ss.broadcast((3,), (2, 1)).html, "Bytes of a")
    assert {t for *_, t in texts(strip) if t == "·"} == {"·"}
    assert not {"?"} & {t for *_, t in texts(strip)}


def test_names_are_escaped() -> None:
    html = ss.broadcast((3,), names=["<script>"]).html
    assert "<script>" not in html
    parse(html)


def test_bad_operands_are_refused() -> None:
    with pytest.raises(TypeError, match="takes arrays or shapes, not list"):
        ss.broadcast([1.5, 2.5])
    with pytest.raises(TypeError, match="not str"):
        ss.broadcast("ab", (3,))
    with pytest.raises(ValueError, match="1 to 6 arrays or shapes, not 0"):
        ss.broadcast()
    with pytest.raises(ValueError, match="negative length"):
        ss.broadcast((-1,))
    with pytest.raises(ValueError, match="2 operands and 1 names"):
        ss.broadcast((1,), (2,), names=["a"])
