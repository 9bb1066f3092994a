"""Draw a race: ratios on a logarithmic axis, times and memory.

If there is a recorded race, its figures are the main marks and numbers, because it was run at full
size. The run of the reader is the pale mark on the same line.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stridescope.drawing.figure import WIDE
from stridescope.drawing.svg import Svg, rect
from stridescope.model.timing import ALIKE
from stridescope.model.units import ratio_words, seconds_words, size_words
from stridescope.model.value_text import short

HEAD = 22
"""Height of the row with the heads of the columns, px."""
TOP = HEAD + 28
PITCH = 44
"""Height of a row in px, and on a phone of a row without a second line of figures."""
SECOND = 26
"""Height of the second line of figures on a phone, and of the room below a row, px."""
COLUMN = 92
"""Width of a column of figures, px."""
TIMES_WIDTH = 112
"""Width of the column with times if there is only one, px."""
GAP = 8
"""Room between two labels of the axis, px."""
TICKS = (1, 2, 5)
CHARACTER = 7.9
"""Width of a character of 13 px, px."""
SMALL = 7.3
"""Width of a character of 12 px, px."""
NOISY = 3
"""A spread that ends above this many times the best time says more of the machine; it is left out
of the picture."""
EVEN = 2
"""The axis reaches at least from 1 / EVEN to EVEN, so that no small difference looks large."""


@dataclass(frozen=True)
class Figures:
    """What one function took in one race.

    Parameters
    ----------
    seconds
        Its best time.
    ratio
        The same as a multiple of the first function's best time.
    peak
        Most bytes held at a time; None if it was not measured.
    same
        Whether the ratio differs from 1 by no more than chance.
    """

    seconds: float
    ratio: float
    peak: int | None
    same: bool = False

    @property
    def words(self) -> str:
        """The ratio in few characters."""
        return "about ×1" if self.same else ratio_words(self.ratio)


@dataclass(frozen=True)
class Runner:
    """One function of a race, and its figures.

    Parameters
    ----------
    name
        The name of the function.
    here
        What it took in this run.
    spread
        The quartiles of all rounds of this run, as multiples of the first function's best time.
    equal
        Whether its result equals that of the first function.
    recorded
        What it took in the recorded race; None if it is not in there.
    """

    name: str
    here: Figures
    spread: tuple[float, float]
    equal: bool = True
    recorded: Figures | None = None

    @property
    def noisy(self) -> bool:
        """Whether a quarter of the rounds or more took over `NOISY` times the best time."""
        return self.spread[1] > NOISY * self.here.ratio


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
    wide, both = width >= WIDE, any(r.recorded for r in runners)
    figures = 2 * COLUMN + 100 if both else TIMES_WIDTH + 128
    names = max(len(r.name) for r in runners)
    left = min(190, round(names * CHARACTER) + 16) if wide else 0
    pitch = PITCH if wide else PITCH + SECOND * both
    svg = Svg("Ratios of a race", "", width, TOP + pitch * len(runners) + 6, shrinks=not wide)
    axis = _axis(runners, left + (12 if wide else 20), width - (figures + 22 if wide else 24))
    _scale(svg, axis)
    _heads(svg, both=both, left=left + 4 if wide else 1, figures=width - figures)
    space = int((left - 8) / CHARACTER)
    best = min((r.recorded or r.here).seconds for r in runners if r.recorded or not both)
    most = max(r.here.peak or 0 for r in runners) or 1
    for k, runner in enumerate(runners):
        y = TOP + pitch * k
        main = runner.recorded if both else runner.here
        bold = " k" if main and main.seconds <= ALIKE * best else ""
        _row(svg, axis, runner, y + (22 if wide else 48 if both else 30), both=both)
        if wide:
            svg.text("x" + bold, left - 4, y + 27, short(runner.name, space))
            if both:
                _both_columns(svg, runner, width - figures, y)
            else:
                _columns(svg, runner, width - figures, y, most)
        else:
            taken = _line(svg, main, width - 2, y + 15, wrong=not (both or runner.equal))
            space = int((width - 12 - taken) / CHARACTER)
            svg.text("b" + bold, 1, y + 15, short(runner.name, space))
            if both:
                _pale_line(svg, runner, width - 2, y + 31)
    svg.desc = _words(runners)
    return svg


def _heads(svg: Svg, *, both: bool, left: int, figures: int) -> None:
    """Name the axis and the columns; with a recorded race, the heads explain its two marks."""
    y = 12
    svg.text("z", left, y, words := "times as long (log scale)")
    keys = [figures, figures + COLUMN]
    if svg.width < WIDE:
        keys[0] = left + round(SMALL * len(words)) + 14
        keys[1] = keys[0] + round(SMALL * len("recorded")) + 24
    if both:
        _mark(svg, "m", keys[0] + 5, y - 4, 5)
        svg.text("z", keys[0] + 14, y, "recorded")
        _mark(svg, "y", keys[1] + 5, y - 4, 4)
        svg.text("z", keys[1] + 14, y, "here")
    elif svg.width >= WIDE:
        svg.text("z", figures, y, "best time")
    if svg.width >= WIDE:
        svg.text("z", figures + (2 * COLUMN if both else TIMES_WIDTH), y, "peak memory")


def _axis(runners: Sequence[Runner], left: int, right: int) -> Axis:
    """Return an axis that holds 1 and every ratio, with a margin."""
    shown = [1 / EVEN, EVEN, *(1.25 * r.here.ratio for r in runners)]
    shown += [r.here.ratio / 1.25 for r in runners]
    for one in (end for r in runners if not r.noisy for end in r.spread):
        shown += [one / 1.25, 1.25 * one]
    for past in (r.recorded for r in runners if r.recorded):
        shown += [past.ratio / 1.25, 1.25 * past.ratio]
    return Axis(min(shown), max(shown), left, right)


def _scale(svg: Svg, axis: Axis) -> None:
    """Draw the axis: a hairline at each tick, and a strong one at the first function's time."""
    taken: list[tuple[float, float]] = []
    for tick in sorted(axis.ticks(), key=lambda tick: tick != 1):
        x = axis.x(tick)
        strong = tick == 1
        svg.path("v" if strong else "g", f"M{x} {TOP - 6}V{svg.height - 4}")
        label = f"×{tick:,.0f}" if tick >= 1 else f"×{tick:g}"
        half = (CHARACTER * len(label) + GAP) / 2
        if all(x + half <= left or right <= x - half for left, right in taken):
            svg.text("s" if not strong else "i", x, TOP - 14, label)
            taken.append((x - half, x + half))


def _mark(svg: Svg, cls: str, x: int, y: int, r: int) -> None:
    """Draw a diamond of radius `r` px."""
    svg.path(cls, f"M{x} {y - r}l{r} {r}l-{r} {r}l-{r} -{r}z")


def _row(svg: Svg, axis: Axis, runner: Runner, y: int, *, both: bool) -> None:
    """Draw a function's marks on one line: its main ratio, this run's, and the spread of rounds."""
    here = axis.x(runner.here.ratio)
    if not runner.noisy:
        low, high = (axis.x(end) for end in runner.spread)
        svg.below("sp", f"M{min(here, low)} {y}H{high}")
        svg.below("sq", f"M{low} {y}H{max(high, low + 1)}")
    if runner.recorded:
        svg.below("sp", f"M{here} {y}H{axis.x(runner.recorded.ratio)}")
        _mark(svg, "m", axis.x(runner.recorded.ratio), y, 7)
    _mark(svg, "y" if both else "m", here, y, 4 if both else 7)


def _columns(svg: Svg, runner: Runner, x: int, y: int, most: int) -> None:
    """Write ratio above time, and the memory with its bar."""
    svg.text("b k", x, y + 20, runner.here.words + _cross(runner))
    svg.text("z", x, y + 36, seconds_words(runner.here.seconds))
    if runner.here.peak is not None:
        bar = max(1, round(56 * runner.here.peak / most))
        svg.path("c", rect(x + TIMES_WIDTH, y + 20, bar, 7))
        svg.text("z", x + TIMES_WIDTH + bar + 6, y + 27, size_words(runner.here.peak))


def _both_columns(svg: Svg, runner: Runner, x: int, y: int) -> None:
    """Write ratio above time of the recorded race, then of this run, then the memory of both."""
    here, past, sizes = runner.here, runner.recorded, [""]
    if past:
        svg.text("b k", x, y + 20, past.words)
        svg.text("z", x, y + 36, seconds_words(past.seconds))
        sizes = _size(past)
        svg.text("b", x + 2 * COLUMN, y + 20, "".join(sizes))
    else:
        svg.text("z", x, y + 20, "not recorded")
    svg.text("z", x + COLUMN, y + 20, here.words + _cross(runner))
    svg.text("z", x + COLUMN, y + 36, seconds_words(here.seconds))
    if _size(here) != sizes:
        svg.text("z", x + 2 * COLUMN, y + 36, "".join(_size(here)) + " here")


def _cross(runner: Runner) -> str:
    return "" if runner.equal else " ✗"


def _line(svg: Svg, figures: Figures | None, right: int, y: int, *, wrong: bool) -> int:
    """Write ratio, time and memory of a phone's row up to `right`, and return their width, px."""
    if figures is None:
        svg.text("z x", right, y, "not recorded")
        return round(SMALL * len("not recorded"))
    rest = " · ".join(["", seconds_words(figures.seconds), *_size(figures)])
    svg.text("z x", right, y, rest)
    ratio = figures.words + " ✗" * wrong
    svg.text("x k", right - round(SMALL * len(rest)), y, ratio)
    return round(SMALL * len(rest) + CHARACTER * len(ratio))


def _pale_line(svg: Svg, runner: Runner, right: int, y: int) -> None:
    """Write what this run took, below the figures of the recorded race, on a phone."""
    here = runner.here
    words = [f"here {here.words}{_cross(runner)}", seconds_words(here.seconds), *_size(here)]
    svg.text("z x", right, y, " · ".join(words))


def _size(figures: Figures) -> list[str]:
    return [] if figures.peak is None else [size_words(figures.peak)]


def _words(runners: Sequence[Runner]) -> str:
    """Return the plot in words."""
    parts = []
    for r in runners:
        times = [("recorded ", r.recorded)] if r.recorded else []
        times += [("here " if r.recorded else "", r.here)]
        said = [
            f"{when}{f.words} in {', peak '.join([seconds_words(f.seconds), *_size(f)])}"
            for when, f in times
        ]
        parts.append(f"{r.name} {', '.join(said)}" + ("" if r.equal else ", different result"))
    return "Time as a multiple of the first function's time. " + "; ".join(parts) + "."
