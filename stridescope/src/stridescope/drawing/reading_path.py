"""Draw the order in which a reading visits its elements: one hop above the boxes for each step."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise, product
from math import isqrt

from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import Svg
from stridescope.model.strides import Layout
from stridescope.model.value_text import TIMES
from stridescope.model.visit_order import visits

HOP = 34
"""Height of the highest hop, px."""
BACK = 8
"""What a step back is higher than one ahead, px."""
FEET = 4
"""Height of the feet of a path above the boxes, px."""
ROOM = HOP + 16 + 4
"""Room that a path needs above the boxes, px; while it is played, numerals are below its feet."""
GLYPH = 8
"""Width of a numeral, px."""
MOST = 72
"""Most elements whose order is drawn as a path."""


def has_path(layout: Layout) -> bool:
    """Whether the order in which a reading visits its elements can be drawn."""
    return 1 < layout.size <= MOST


def draw_reading(svg: Svg, strip: Strip, tops: Mapping[int, int], lift: int) -> None:
    """Draw the path, `lift` px above the boxes: a dot where it starts, a head at each landing.

    Steps back are a path of their own, which is dashed.
    """
    layout = strip.memory.layout
    starts = [layout.byte(index) for index in product(*map(range, layout.shape))]
    feet = {row: top - lift - FEET for row, top in tops.items()}
    ahead, back = "", ""
    for k, step in enumerate(pairwise(starts)):
        start, hop, end = _hop(strip, feet, step)
        is_back = step[1] < step[0] and bool(hop)
        back += start + hop if is_back else ""
        ahead += (start if not k and hop else "") + (end if is_back or not hop else hop)
    svg.path("way", ahead)
    svg.path("back", back)
    for k, byte in enumerate(starts):
        if (row := strip.row(byte)) in feet:
            x, y = strip.middle(byte), feet[row]
            svg.path("f", f"M{x - 3} {y - 3}h6l-3 6z" if k else start_dot(x, y))


def start_dot(x: int, y: int) -> str:
    """Return the path of the dot where a path starts."""
    return f"M{x - 3} {y - 1}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0z"


def numerals(layout: Layout, space: int) -> dict[int, str]:
    """Return the visits by byte, as ``3`` or ``3×2``; empty if one is wider than `space` px."""
    texts = {
        byte: str(first) if count == 1 else f"{first}{TIMES}{count}"
        for byte, (first, count) in visits(layout).items()
    }
    return texts if all(len(text) * GLYPH <= space for text in texts.values()) else {}


def ordinals(texts: Mapping[int, str], space: int) -> Mapping[int, str]:
    """Return numerals as ordinals, ``1st``, so that they cannot be taken for values.

    Where one is wider than `space` px or counts several visits, the numerals are left as they are.
    """
    if not all(text.isdecimal() for text in texts.values()):
        return texts
    found = {byte: _ordinal(int(text)) for byte, text in texts.items()}
    return found if all(len(text) * GLYPH <= space for text in found.values()) else texts


def _ordinal(n: int) -> str:
    is_teen = n // 10 % 10 == 1
    return f"{n}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(n % 10, 'th')}"


def _hop(strip: Strip, feet: Mapping[int, int], step: tuple[int, int]) -> tuple[str, str, str]:
    """Return where a step starts, its curve and where it ends, as parts of a path.

    A step that leaves its row has no curve, and one to a row that is not shown has no end.
    """
    a, b = (strip.row(byte) for byte in step)
    x, to = (strip.middle(byte) for byte in step)
    if b not in feet:
        return "", "", ""
    y = feet[b]
    start, end = f"M{x} {y}", f"M{to} {y}"
    if a != b:
        return start, "", end
    if x == to:
        return start, "c-9 -18 9 -18 0 0", end
    # A step back is higher, so that it is not drawn over the steps that it takes back.
    height = min(HOP, 8 + isqrt(abs(to - x)) + BACK * (to < x))
    return start, f"Q{(x + to) // 2} {y - 2 * height} {to} {y}", end
