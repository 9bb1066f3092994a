"""`ss.temporaries` draws blocks to scale, checks its arguments, and runs no expression."""

from __future__ import annotations

import tracemalloc
from xml.etree import ElementTree as ET

import numpy as np
import pytest

import stridescope as ss
from support.svg_reading import BOX, parse, svgs

A = np.arange(60_000.0).reshape(300, 200) + 1
ROW = np.arange(200, dtype=np.float32)
ARRAYS = {"a": A, "b": A.copy(), "row": ROW, "n": np.ones((300, 200), np.int32)}


def test_huge_arrays_cost_nothing() -> None:
    huge = np.broadcast_to(1.0, (5, 10**11))
    tracemalloc.start()
    figure = ss.temporaries("np.sqrt(np.sum(a**2 + 1, axis=1))", a=huge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3_000_000
    assert "Peak: 8 TB of new memory" in figure.text


@pytest.mark.parametrize("a", [np.ones(()), np.ones((0, 3)), np.ones((1,) * 6), np.ones(3)[::-1]])
def test_odd_shapes_are_read(a: np.ndarray) -> None:
    figure = ss.temporaries("np.sum(a * 2)", a=a)
    parse(figure.html)
    assert "t1 = a * 2" in figure.text


def test_arguments_are_checked() -> None:
    with pytest.raises(TypeError, match="takes the expression as a string"):
        ss.temporaries(A)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"takes a NumPy array, not list"):
        ss.temporaries("a + 1", a=[1])
    with pytest.raises(ValueError, match="out must be None, 'reuse' or 'buffers', not 'all'"):
        ss.temporaries("a + 1", a=A, out="all")


def drawn(figure: ss.Instrument, cls: str) -> list[tuple[int, ...]]:
    wide: ET.Element = svgs(figure.html, "Memory of")[0]
    data = "".join(p.get("d") or "" for p in wide.iter("path") if p.get("class") == cls)
    return [tuple(map(int, box)) for box in BOX.findall(data)]


def test_blocks_are_as_wide_as_their_bytes_and_as_high_as_their_life() -> None:
    figure = ss.temporaries("np.sqrt(a**2 + b**2)", a=A, b=A.copy())
    before, made = drawn(figure, "b"), drawn(figure, "n")
    assert len({w for _, _, w, _ in [*before, *made]}) == 1
    assert [h for *_, h in before] == [4 * 36 - 7] * 2
    assert [h for *_, h in made] == [3 * 36 - 7, 2 * 36 - 7, 2 * 36 - 7, 36 - 7]
    assert not any(
        x < u + w and u < x + v and y < t + k and t < y + h
        for n, (x, y, v, h) in enumerate(made)
        for u, t, w, k in made[:n]
    )


def test_what_is_not_modelled_is_said() -> None:
    assert "may reuse a temporary of 256 kB or more on its own" in ss.temporaries("a + 1", a=A).text


def test_markup_in_an_expression_is_escaped() -> None:
    html = ss.temporaries("a < 1", a=A, caption="<script>").html
    parse(html)
    assert "<script" not in html
