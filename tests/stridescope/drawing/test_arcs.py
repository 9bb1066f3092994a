"""Arcs are where the browser draws them: the static and the live picture agree to the pixel."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from stridescope.drawing.arcs import draw_arc, levels
from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import Svg
from stridescope.model.memory import describe
from stridescope.model.stride_steps import steps_to
from support.in_node import NODE, in_node

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUFFER = np.arange(240, dtype=np.int16)
ARRAYS = [
    np.arange(9).reshape(3, 3),
    np.arange(30, dtype=np.int8).reshape(2, 3, 5),
    np.arange(12, dtype=np.int16).reshape(3, 4)[::-1, ::-1],
    np.arange(24.0).reshape(2, 3, 4).T,
    np.broadcast_to(np.arange(5, dtype=np.int32), (4, 5)),
    as_strided(BUFFER[100:], (3, 4, 2), (-26, 6, 34)),
    as_strided(BUFFER, (4, 5), (3, 14)),
]
TOPS = {row: 50 + 100 * row for row in range(40)}

# Elements that keep their attributes stand in for those of a page.
BODY = """(c) => {
  globalThis.Node = class {};
  globalThis.document = { createElementNS: (_, tag) => Object.assign(new Node(), {
    tag, attributes: {}, inside: [],
    setAttribute(name, value) { this.attributes[name] = value; },
    append(...more) { this.inside.push(...more); },
  }) };
  const strip = stripPlan(c.spec, [], c.width, (byte) => c.texts[byte]);
  const arcs = arcsTo(c.layout, c.index);
  const levels = arcLevels(strip, arcs);
  const tops = new Map(Object.entries(c.tops).map(([row, top]) => [Number(row), top]));
  const shapes = arcs.flatMap((arc, k) => arcShapes(strip, tops, arc, levels[k] * 20));
  const texts = shapes.filter((e) => e.tag === "g").map((e) => e.inside[0]);
  return {
    arcs, levels,
    paths: shapes.filter((e) => e.tag === "path").map((e) => [e.attributes.class, e.attributes.d]),
    texts: texts.map((e) => [Number(e.attributes.x), Number(e.attributes.y), e.inside[0]]),
  };
}"""


def case(a: NDArray[Any], index: tuple[int, ...], width: int) -> tuple[Strip, dict[str, Any]]:
    """Return the strip of an array, and the same for the browser."""
    memory = describe(a)
    lay = memory.layout
    strip = Strip(memory, width, [lay.offset, lay.byte(index)])
    return strip, {
        "layout": {"offset": lay.offset, "shape": lay.shape, "strides": lay.strides},
        "index": index,
        "spec": {
            "nbytes": memory.owner.nbytes,
            "unit": strip.unit,
            "phase": strip.phase,
            "wanted": [lay.offset, lay.byte(index)],
            "low": strip.low,
            "high": strip.high,
        },
        "width": width,
        "texts": {str(byte): text for byte, text in strip.units.items()},
        "tops": TOPS,
    }


def drawn(strip: Strip, index: tuple[int, ...]) -> dict[str, Any]:
    """Return what Python draws of the steps to an element."""
    arcs = steps_to(strip.memory.layout, index)
    heights = levels(strip, arcs)
    paths, texts = [], []
    for arc, level in zip(arcs, heights, strict=True):
        svg = Svg()
        draw_arc(svg, strip, TOPS, arc, level * 20)
        paths += [[cls, d] for cls, data in svg.paths.items() for d in re.findall("M[^M]*", data)]
        found = re.findall(r'x="(-?\d+)" y="(-?\d+)"[^>]*>([^<]*)<', "".join(svg.texts.values()))
        texts += [[int(x), int(y), text] for x, y, text in found]
    return {
        "arcs": [vars(arc) for arc in arcs],
        "levels": heights,
        "paths": sorted(paths),
        "texts": texts,
    }


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_arcs_and_their_labels_lie_where_the_browser_draws_them() -> None:
    asked = [
        (*case(a, index, width), index)
        for a in ARRAYS
        for index in np.ndindex(a.shape)
        for width in (WIDE, NARROW)
    ]
    modules = {
        "drawing/arcs.js": ["arcsTo", "arcLevels", "arcShapes"],
        "drawing/strip_geometry.js": ["stripPlan"],
    }
    live = in_node(modules, BODY, [state for _, state, _ in asked])
    for (strip, _, index), theirs in zip(asked, live, strict=True):
        assert theirs | {"paths": sorted(theirs["paths"])} == drawn(strip, index)
