"""Draw stride arcs: the steps from the offset to the element in focus, above the boxes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import Svg
from stridescope.model.stride_steps import StrideStep

LEVEL = 26
"""Height of one level of arcs, px."""
LOOP = 34
"""Width that a step of 0 and its label take on the right, px."""


@dataclass(frozen=True)
class Leg:
    """The part of an arc that is in one row.

    Parameters
    ----------
    row
        Number of the row.
    start, stop
        The two ends, px.
    begins, ends
        Whether the step itself begins, or ends, in this row.
    """

    row: int
    start: int
    stop: int
    begins: bool
    ends: bool

    @property
    def reach(self) -> tuple[int, int]:
        """Left and right end, px."""
        if self.start == self.stop and self.begins and self.ends:
            return self.start, self.stop + LOOP
        return min(self.start, self.stop), max(self.start, self.stop)


def legs(strip: Strip, arc: StrideStep) -> list[Leg]:
    """Split an arc that leaves one row and enters another."""
    end = strip.row_width
    a, b = strip.middle(arc.start), strip.middle(arc.stop)
    row_a, row_b = strip.row(arc.start), strip.row(arc.stop)
    if row_a == row_b:
        drawn = [Leg(row_a, a, b, begins=True, ends=True)]
    else:
        out, back = (end, 0) if arc.stop > arc.start else (0, end)
        drawn = [Leg(row_a, a, out, begins=True, ends=False)]
        drawn.append(Leg(row_b, back, b, begins=False, ends=True))
    return [leg for leg in drawn if leg.row in strip.rows]


def levels(strip: Strip, arcs: Sequence[StrideStep]) -> list[int]:
    """Return the level of each arc: the lowest one on which it crosses no earlier arc."""
    taken: list[tuple[int, Leg]] = []
    drawn = []
    for arc in arcs:
        own, level = legs(strip, arc), 0
        while any(at == level and _cross(leg, other) for leg in own for at, other in taken):
            level += 1
        taken += [(level, leg) for leg in own]
        drawn.append(level)
    return drawn


def _cross(leg: Leg, other: Leg) -> bool:
    (a, b), (c, d) = leg.reach, other.reach
    return leg.row == other.row and a < d and c < b


def draw_arc(svg: Svg, strip: Strip, tops: Mapping[int, int], arc: StrideStep, lift: int) -> None:
    """Draw one arc, `lift` px above the boxes, with its arrow and label."""
    drawn = legs(strip, arc)
    for leg in drawn:
        foot = tops[leg.row] - 4
        svg.path(f"l{min(arc.axis, 3)}", _line(leg, foot - lift - 14, foot))
        if leg.ends and leg.reach[1] - leg.stop != LOOP:
            svg.path("f", f"M{leg.stop - 3} {foot - 3}h6l-3 6z")
    if drawn:
        longest = max(drawn, key=lambda leg: leg.reach[1] - leg.reach[0])
        a, b = longest.reach
        space = len(arc.label) * 4
        loop = longest.begins and longest.ends and longest.start == longest.stop
        x = a + 22 if loop else min(max((a + b) // 2, space), strip.row_width - space)
        svg.text("j", x, tops[longest.row] - lift - 14, arc.label)


def _line(leg: Leg, top: int, foot: int) -> str:
    """Return the path of one leg: an arc, or half of one where the other half is in another row."""
    a, b = leg.start, leg.stop
    if not leg.ends:
        return f"M{a} {foot}Q{a} {top} {b} {top}"
    if not leg.begins:
        return f"M{a} {top}Q{b} {top} {b} {foot}"
    if a == b:
        return f"M{a - 3} {top + 8}c-8 -12 14 -12 6 0"
    high = foot - (foot - top) * 4 // 3
    return f"M{a} {foot}C{a} {high} {b} {high} {b} {foot}"
