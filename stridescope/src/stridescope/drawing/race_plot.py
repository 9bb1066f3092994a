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
HEAD = 22
"""Height of the row with the heads of the columns, px."""
TOP = HEAD + 28
FIGURES = 240
"""Width of the columns with times and memory, px."""
TIMES_WIDTH = 100
"""Width of the column with times, px."""
BAND = (23, 51)
"""From where to where in a narrow row lines are drawn: between the name and the figures, px."""
GAP = 8
"""Room between two labels of the axis, px."""
TICKS = (1, 2, 5)
CHARACTER = 7.9
"""Width of a character of 13 px, px."""
SMALL = 7.3
"""Width of a character of 12 px, px."""


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
    axis = _axis(runners, left + 12, width - (FIGURES + 22 if wide else 24))
    svg = Svg("Ratios of a race", "", width, TOP + PITCH[wide] * len(runners) + 6)
    rows = [TOP + PITCH[wide] * k for k in range(len(runners))]
    if wide:
        _scale(svg, axis, [(TOP - 6, svg.height - 4)])
    else:
        _scale(svg, axis, [(TOP - 6, TOP - 2), *((y + BAND[0], y + BAND[1]) for y in rows)])
    _heads(svg, runners, left + 4 if wide else 1)
    top = max(r.peak for r in runners) or 1
    best = min(r.seconds for r in runners)
    for y, runner in zip(rows, runners, strict=True):
        _row(svg, axis, runner, y + (22 if wide else 34))
        space = int((left - 8) / CHARACTER) if wide else 44
        name, bold = short(runner.name, space), " k" if runner.seconds == best else ""
        if wide:
            svg.text("x" + bold, left - 4, y + 27, name)
            _times(svg, runner, width - FIGURES, (y + 20, y + 36))
            _memory(svg, runner, width - FIGURES + TIMES_WIDTH, y + 27, top)
        else:
            svg.text("b" + bold, 1, y + 15, name)
            _times(svg, runner, 14, (y + 66, y + 66))
            _memory(svg, runner, 14, y + 81, top)
    svg.desc = _words(runners)
    return svg


def _heads(svg: Svg, runners: Sequence[Runner], left: int) -> None:
    """Name the columns, and the two marks if there is a recorded race."""
    y, words = 12, "times as long" if svg.width < WIDE else "times as long (log scale)"
    svg.text("z", left, y, words)
    if svg.width >= WIDE:
        svg.text("z", svg.width - FIGURES, y, "best time")
        svg.text("z", svg.width - FIGURES + TIMES_WIDTH, y, "peak memory")
    if any(runner.recorded for runner in runners):
        x = left + round(SMALL * len(words)) + 22
        svg.path("m", f"M{x} {y - 9}l5 5l-5 5l-5 -5z")
        svg.text("z", x + 9, y, "here")
        svg.path("y", f"M{x + 58} {y - 9}l5 5l-5 5l-5 -5z")
        svg.text("z", x + 67, y, "recorded")


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
            svg.text("s" if not strong else "i", x, TOP - 14, label)
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


def _times(svg: Svg, runner: Runner, x: int, lines: tuple[int, int]) -> None:
    """Write ratio and time, below each other or on one line; `lines` are their y in px."""
    ratio = ratio_words(runner.ratio) + ("" if runner.equal else " ✗")
    svg.text("b k", x, lines[0], ratio)
    beside = max(64, round(CHARACTER * len(ratio)) + 12) if lines[0] == lines[1] else 0
    svg.text("z", x + beside, lines[1], seconds_words(runner.seconds))


def _memory(svg: Svg, runner: Runner, x: int, y: int, most: int) -> None:
    """Draw the memory bar with its size; on a phone it has no head and says what it is."""
    room, unit = (64, "") if svg.width >= WIDE else (100, " at the peak")
    bar = round(room * runner.peak / most)
    svg.path("c", rect(x, y - 9, max(bar, 1), 8))
    svg.text("z", x + bar + 6, y, size_words(runner.peak) + unit)


def _words(runners: Sequence[Runner]) -> str:
    """Return the plot in words."""
    figures = [
        f"{r.name} {ratio_words(r.ratio)} in {seconds_words(r.seconds)}, peak {size_words(r.peak)}"
        + ("" if r.equal else ", different result")
        + (f", recorded {ratio_words(r.recorded)}" if r.recorded else "")
        for r in runners
    ]
    return "Time as a multiple of the first function's time. " + "; ".join(figures) + "."
