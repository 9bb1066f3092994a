"""Draw a race: ratios on a logarithmic axis, spread, memory, and a recorded race next to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stridescope.drawing.figure import WIDE
from stridescope.drawing.svg import Svg, rect
from stridescope.model.units import ratio_words, seconds_words, size_words
from stridescope.model.value_text import short

PITCH = {True: 44, False: 92}
"""Height of a row in px, wide and narrow; on a phone the figures are below the bar."""
TOP = 28
BAND = (23, 51)
"""From where to where in a narrow row lines are drawn: between the name and the figures, px."""
GAP = 8
"""Room between two labels of the axis, px."""
TICKS = (1, 2, 5)
CHARACTER = 7.9
"""Width of a character of 13 px, px."""


@dataclass(frozen=True)
class Runner:
    """One function of a race, and its figures.

    Parameters
    ----------
    name
        The name of the function.
    seconds
        Its best time.
    ratio, spread
        Its best time, and the quartiles of all rounds, as multiples of the first function's best.
    peak
        Most bytes held at a time.
    equal
        Whether its result equals that of the first function.
    recorded
        Its ratio in the recorded race; None if it is not in there.
    """

    name: str
    seconds: float
    ratio: float
    spread: tuple[float, float]
    peak: int
    equal: bool
    recorded: float | None


@dataclass(frozen=True)
class Axis:
    """A logarithmic axis from `low` to `high`, between two x in px."""

    low: float
    high: float
    left: int
    right: int

    def x(self, ratio: float) -> int:
        """Return the position of a ratio, px."""
        part = math.log(ratio / self.low) / math.log(self.high / self.low)
        return round(self.left + part * (self.right - self.left))

    def ticks(self) -> list[float]:
        """Return 1, 2, 5, 10 … between the ends, or only powers of ten if those are too many."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = TICKS if self.high / self.low < 50 else (1,)  # noqa: PLR2004 - under two decades
        all_ = [m * 10.0**p for p in powers for m in steps]
        return [tick for tick in all_ if self.low <= tick <= self.high]


def plot(runners: Sequence[Runner], width: int) -> Svg:
    """Draw a race in `width` px."""
    wide = width >= WIDE
    names = max(len(r.name) for r in runners)
    left = min(190, round(names * CHARACTER) + 16) if wide else 14
    axis = _axis(runners, left + 12, width - (218 if wide else 24))
    svg = Svg("Ratios of a race", "", width, TOP + PITCH[wide] * len(runners) + 6)
    rows = [TOP + PITCH[wide] * k for k in range(len(runners))]
    if wide:
        _scale(svg, axis, [(TOP - 6, svg.height - 4)])
    else:
        _scale(svg, axis, [(TOP - 6, TOP - 2), *((y + BAND[0], y + BAND[1]) for y in rows)])
    top = max(r.peak for r in runners) or 1
    for y, runner in zip(rows, runners, strict=True):
        _row(svg, axis, runner, y + (22 if wide else 34))
        space = int((left - 8) / CHARACTER) if wide else 44
        name = short(runner.name, space)
        if wide:
            svg.text("x", left - 4, y + 27, name)
            _figures(svg, runner, width - 196, y + 20, top)
        else:
            svg.text("b", 1, y + 15, name)
            _figures(svg, runner, 14, y + 66, top)
    svg.desc = _words(runners)
    return svg


def _axis(runners: Sequence[Runner], left: int, right: int) -> Axis:
    """Return an axis that holds 1 and every ratio, with a margin."""
    shown = [1.0, *(end for r in runners for end in (r.ratio, *r.spread))]
    shown += [r.recorded for r in runners if r.recorded]
    return Axis(min(shown) / 1.25, max(shown) * 1.25, left, right)


def _scale(svg: Svg, axis: Axis, bands: Sequence[tuple[int, int]]) -> None:
    """Draw the axis: a hairline at each tick, and a strong one at the first function's time.

    Parameters
    ----------
    bands
        From which y to which y the lines are drawn, px.
    """
    taken: list[tuple[float, float]] = []
    for tick in sorted(axis.ticks(), key=lambda tick: tick != 1):
        x = axis.x(tick)
        strong = tick == 1
        svg.path("v" if strong else "g", "".join(f"M{x} {top}V{end}" for top, end in bands))
        label = f"×{tick:g}"
        half = (CHARACTER * len(label) + GAP) / 2
        if all(x + half <= left or right <= x - half for left, right in taken):
            svg.text("s" if not strong else "i", x, 14, label)
            taken.append((x - half, x + half))


def _row(svg: Svg, axis: Axis, runner: Runner, y: int) -> None:
    """Draw a bar from quartile to quartile, and marks for the best and the recorded ratio."""
    low, high = (axis.x(end) for end in runner.spread)
    best = axis.x(runner.ratio)
    svg.path("b", f"M{best} {y}H{low}")
    svg.path("e", rect(low, y - 6, max(high - low, 2), 12))
    svg.path("m", f"M{best} {y - 7}l7 7l-7 7l-7 -7z")
    if runner.recorded:
        x = axis.x(runner.recorded)
        svg.path("y", f"M{x} {y + 5}l6 6l-6 6l-6 -6z")


def _figures(svg: Svg, runner: Runner, x: int, y: int, most: int) -> None:
    """Write ratio and time, and draw the memory bar with its size."""
    ratio = ratio_words(runner.ratio) + ("" if runner.equal else " ✗")
    svg.text("b", x, y, ratio)
    svg.text("z", x + max(64, round(CHARACTER * len(ratio)) + 12), y, seconds_words(runner.seconds))
    bar = round(100 * runner.peak / most)
    svg.path("c", rect(x, y + 6, max(bar, 1), 8))
    svg.text("z", x + bar + 6, y + 15, size_words(runner.peak))


def _words(runners: Sequence[Runner]) -> str:
    """Return the plot in words."""
    figures = [
        f"{r.name} {ratio_words(r.ratio)} in {seconds_words(r.seconds)}, peak {size_words(r.peak)}"
        + ("" if r.equal else ", different result")
        + (f", recorded {ratio_words(r.recorded)}" if r.recorded else "")
        for r in runners
    ]
    return "Time as a multiple of the first function's time. " + "; ".join(figures) + "."
