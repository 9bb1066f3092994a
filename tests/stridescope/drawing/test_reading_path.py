"""The path of the reading order visits the elements as NumPy does, as in the browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

import stridescope as ss
from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.reading_path import draw_reading, has_path
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import Svg
from stridescope.model.memory import describe
from support.in_node import NODE, in_node
from support.svg_reading import svgs, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

B = np.arange(12, dtype=np.int64)
ARRAYS: list[NDArray[Any]] = [
    B,
    B.reshape(3, 4).T,
    B[::-1],
    np.broadcast_to(B[:3], (2, 3)),
    as_strided(B, (4, 3), (8, 8)),
    np.arange(300, dtype=np.int8)[::5],
    np.arange(60, dtype=np.int16).reshape(3, 4, 5),
]


def stops(path: str) -> list[int]:
    """Return where a path in one row begins and where each of its hops ends, px.

    In the place of a step back, which is in a path of its own, it goes on where that one ends.
    """
    return [int(x) for x in re.findall(r"(?:M|Q\S+ \S+ )(\d+)", path)]


@pytest.mark.parametrize("turned", [False, True])
def test_each_hop_ends_over_the_next_element_that_numpy_visits(turned: bool) -> None:  # noqa: FBT001
    a = B.reshape(3, 4).T if turned else B.reshape(3, 4)
    figure = ss.workbench(B, shape=a.shape, strides=a.strides)
    strip = svgs(figure.html, "Bytes")[0]
    path = next(p.get("d") or "" for p in strip.iter("path") if p.get("class") == "way")
    box = (int(strip.get("width", 0)) - 1) // 12
    assert [x // box for x in stops(path)] == [*a.flat]
    ends = next(p.get("d") or "" for p in strip.iter("path") if p.get("class") == "f")
    dot, *heads = [int(x) + 3 for x in re.findall(r"M(\d+)", ends)]
    assert [x // box for x in (dot, *heads)] == [*a.flat], "a head at each landing"
    assert ends.count("a3 3") == 2, "one dot, where it starts"
    assert texts(strip, "ord") == [], "only while it is played"


def test_a_step_back_is_not_drawn_over_the_steps_that_it_takes_back() -> None:
    figure = ss.workbench(B, shape=(3, 3), strides=(8, 8))
    paths = {p.get("class"): p.get("d") or "" for p in svgs(figure.html, "Bytes")[0].iter("path")}
    ahead, back = (
        {int(x): int(top) for x, top in re.findall(r"Q(\d+) (-?\d+) ", paths[name])}
        for name in ("way", "back")
    )
    assert len(back) == 2
    for start, end in re.findall(r"M(\d+) \d+Q\S+ \S+ (\d+)", paths["back"]):
        assert int(end) < int(start)
    assert max(back.values()) < min(ahead.values())


def test_one_element_and_very_many_have_no_path() -> None:
    assert not has_path(describe(np.zeros(1)).layout)
    assert has_path(describe(np.zeros(72)).layout)
    assert not has_path(describe(np.zeros(73)).layout)


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_the_browser_draws_the_same_path() -> None:
    cases, drawn = [], []
    for a in ARRAYS:
        for width in (WIDE, NARROW):
            memory = describe(a)
            lay = memory.layout
            strip = Strip(memory, width, [lay.offset])
            tops = {row: 80 + 100 * k for k, row in enumerate(strip.rows)}
            svg = Svg()
            draw_reading(svg, strip, tops, 0)
            drawn.append([svg.paths.get(n, "") for n in ("way", "back", "f")])
            state = {"offset": lay.offset, "shape": lay.shape, "strides": lay.strides}
            low, high = lay.extent()
            spec = {"nbytes": memory.owner.nbytes, "unit": strip.unit, "phase": strip.phase}
            spec |= {"wanted": [lay.offset], "low": low, "high": high}
            shown = {str(byte): text for byte, text in strip.units.items()}
            cases.append(
                {
                    "layout": {**state, "itemsize": lay.itemsize},
                    "spec": spec,
                    "width": width,
                    "tops": tops,
                    "texts": shown,
                }
            )
    body = """(c) => {
      globalThis.Node = class {};
      globalThis.document = { createElementNS: (_, tag) => Object.assign(new Node(), {
        tag, attributes: {}, inside: [],
        setAttribute(name, value) { this.attributes[name] = value; },
        append(...more) { this.inside.push(...more); },
      }) };
      const plan = stripPlan(c.spec, [], c.width, (byte) => c.texts[byte]);
      const tops = new Map(Object.entries(c.tops).map(([row, top]) => [Number(row), top]));
      const [way, back, ends, ord] = readingPath({ ...plan, tops, lift: 0 }, c.layout);
      if (ord.inside.length) throw new Error("numerals are for a path that is played");
      return [way, back, ends].map((path) => path.attributes.d);
    }"""
    modules = {
        "drawing/reading_path.js": ["readingPath"],
        "drawing/strip_geometry.js": ["stripPlan"],
    }
    theirs = in_node(modules, body, cases)
    assert theirs == drawn
