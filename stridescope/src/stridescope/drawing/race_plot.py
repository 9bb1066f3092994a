"""Draw a race: for each function a bar as long as its time, and its figures in columns beside it.

If there is a recorded race, its bars and figures are the main ones, because it was run at full
size. The run that made the picture has a thin bar under each of them, and its figures in the same
columns.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stridescope.drawing.race_axis import MAIN, RATIO, THIN, TOP, Axis, Room
from stridescope.drawing.svg import Svg, rect
from stridescope.model.units import ratio_words, seconds_words, size_words
from stridescope.model.value_text import short

GAP = 8
"""Room between two labels of the axis, px."""
LARGE, CHARACTER = 9.1, 7.9
"""Widths of a character of 15 px and of 13 px, px."""
FEW = 1000
"""Bytes below which the memory of all functions together is not worth a column."""
NOISY = 3
"""A spread that ends above this many times the best time says more of the machine; it is left out
of the picture."""
LINEAR = 60
"""Up to this ratio between the slowest and the fastest function, bars start at 0. Beyond it, the
axis is logarithmic, and they start at the time of the first function."""
EVEN = 2
"""A logarithmic axis reaches at least from 1 / EVEN to EVEN."""
ASIDE = 90
"""Least width of the names, px, for the words about the scale to be above them."""
LINE = "most rounds"
"""Name of the line at the end of a bar, which ends with the third quartile of the rounds."""
KEY_GAP = 12
"""Room between two entries of the key, px."""


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


def plot(runners: Sequence[Runner], width: int) -> Svg:
    """Draw a race in `width` px."""
    both = any(r.recorded for r in runners)
    every = [one for r in runners for one in (r.here, r.recorded) if one]
    room = Room(width, both, max(one.peak or 0 for one in every) >= FEW)
    names = max(len(r.name) for r in runners)
    left = min(210, round(names * LARGE) + 14) if room.wide else 1
    svg = Svg("Ratios of a race", "", width, TOP + room.pitch * len(runners) + 2)
    svg.shrinks = not room.wide
    axis = _axis(runners, left, room.ends[0] - RATIO - 12 if room.wide else width - 2)
    _scale(svg, axis, room, len(runners))
    _heads(svg, room, axis, has_lines=not all(r.noisy for r in runners))
    for k, runner in enumerate(runners):
        y = TOP + room.pitch * k
        _bars(svg, axis, runner, y + room.track[0], both=both)
        (_columns if room.wide else _lines)(svg, room, runner, y)
        space = int((left - 8 if room.wide else width - 2) / LARGE)
        svg.text("lb", 1, y + 15, short(runner.name, space))
    svg.desc = _words(runners)
    return svg


def _heads(svg: Svg, room: Room, axis: Axis, *, has_lines: bool) -> None:
    """Name the bars, the lines at their ends and the columns."""
    x, y = 1, 12
    keys = [("m", MAIN - 4, "recorded"), ("d", THIN, "this run")]
    if not room.both:
        keys = [("m", MAIN - 4, "best round")]
    for cls, tall, words in keys:
        svg.path(cls, rect(x, y - 5 - tall // 2, 18, tall))
        svg.text("z", x + 24, y, words)
        x += 24 + round(CHARACTER * len(words)) + KEY_GAP
    if has_lines:
        svg.path("wh", _whisker(x, x + 18, y - 5))
        svg.text("z", x + 24, y, LINE)
        x += 24 + round(CHARACTER * len(LINE)) + KEY_GAP
    if not axis.is_linear:
        has_room = room.wide and axis.left >= ASIDE
        svg.text("z", *((1, TOP - 10) if has_room else (x, y)), "log scale" if room.wide else "log")
    if room.wide:
        heads = ["times as long", "time", "peak memory"]
        for end, head in zip(room.ends, heads[: 2 + room.has_peaks], strict=False):
            svg.text("z x", end, y, head)


def _axis(runners: Sequence[Runner], left: int, right: int) -> Axis:
    """Return an axis that holds 1 and every ratio; a line that ends beyond it is cut off."""
    shown = [1.0, *(r.here.ratio for r in runners)]
    shown += [r.recorded.ratio for r in runners if r.recorded]
    if max(shown) <= LINEAR * min(shown):
        return Axis(0, 1.12 * max(shown), left, right)
    return Axis(min(1 / EVEN, *shown) / 1.25, 1.25 * max(EVEN, *shown), left, right)


def _scale(svg: Svg, axis: Axis, room: Room, rows: int) -> None:
    """Draw the axis: a label and a hairline at each tick, a strong one at 1, and where bars start.

    On a phone, figures are between the rows, so the lines are in the tracks of the bars only.
    """
    top, tall = room.track
    tracks = [TOP + room.pitch * k + top - 3 for k in range(rows)]
    spans = [(y, y + tall) for y in tracks]
    if room.wide:
        spans = [(TOP - 6, svg.height - 2)]
    taken: list[tuple[float, float]] = []
    for tick in sorted(axis.ticks(), key=lambda tick: (tick != 1, tick)):
        x = axis.x(tick)
        whole = tick >= 1 and math.isclose(tick, round(tick))
        label = f"×{tick:,.0f}" if whole else f"×{tick:.3g}" if tick else "0"
        half = (CHARACTER * len(label) + GAP) / 2
        middle = min(max(x, axis.left + half - GAP / 2), axis.right - half + GAP / 2)
        if any(middle + half > low and high > middle - half for low, high in taken):
            continue
        taken.append((middle - half, middle + half))
        svg.text("i" if tick == 1 else "s", round(middle), TOP - 10, label)
        svg.below("v" if tick == 1 else "g", "".join(f"M{x} {y}V{end}" for y, end in spans))


def _bars(svg: Svg, axis: Axis, runner: Runner, y: int, *, both: bool) -> None:
    """Draw the bar of the main figures, that of this run, and the spread of its rounds."""
    start = axis.left if axis.is_linear else axis.x(1)
    place, half = (y + MAIN + 8, THIN // 2) if both else (y, MAIN // 2)
    bars = [("d" if both else "m", place, THIN if both else MAIN, runner.here.ratio)]
    if runner.recorded:
        bars.append(("m", y, MAIN, runner.recorded.ratio))
    for cls, top, tall, ratio in bars:
        end = axis.x(ratio)
        low = min(end, start - 2) if end <= start else start
        svg.path(cls, rect(low, top, max(3, abs(end - start)), tall))
    if not runner.noisy:
        high = axis.x(runner.spread[1])
        capped = runner.spread[1] <= axis.high
        _line(svg, (axis.x(runner.here.ratio), start), high, place + half, capped=capped)


def _line(svg: Svg, bar: tuple[int, int], high: int, y: int, *, capped: bool) -> None:
    """Draw the line from the end of a bar up to where most rounds ended, or to the axis's end.

    A bar to the left of where bars start is behind its line, which has the color of the page there.
    """
    end, start = bar
    if high < start:
        svg.path("u2", _whisker(end, high, y))
        return
    if end < start:
        svg.path("u2", f"M{end} {y}H{start}")
    svg.path("wh", _whisker(max(end, start), max(high, end + 1), y, capped=capped))


def _whisker(x: int, end: int, y: int, *, capped: bool = True) -> str:
    """Return a line to the right, with a cap at its end unless it is cut off there."""
    return f"M{x} {y}H{end}" + f"M{end} {y - 4}v8" * capped


def _columns(svg: Svg, room: Room, runner: Runner, y: int) -> None:
    """Write ratio, time and memory in columns: the main figures, and this run below them."""
    if room.both and runner.recorded is None:
        svg.text("z x", room.ends[0], y + 14, "not recorded")
    main = runner.recorded if room.both else runner.here
    if main:
        wrong = "" if room.both else _cross(runner)
        _figures(svg, room, main, y + 14, ratio=("v x k", main.words + wrong))
    if room.both:
        _figures(svg, room, runner.here, y + 32, ratio=("x", runner.here.words + _cross(runner)))


def _figures(svg: Svg, room: Room, one: Figures, y: int, ratio: tuple[str, str]) -> None:
    """Write one line of figures, each up to the right end of its column."""
    cls, words = ratio
    rest = "x" if "v" in cls else "z x"
    svg.text(cls, room.ends[0], y, words)
    svg.text(rest, room.ends[1], y, seconds_words(one.seconds))
    if room.has_peaks and one.peak is not None:
        svg.text(rest, room.ends[2], y, size_words(one.peak))


def _cross(runner: Runner) -> str:
    return "" if runner.equal else " ✗"


def _rest(figures: Figures) -> str:
    """Return time and memory as they follow a ratio."""
    return " · ".join(["", seconds_words(figures.seconds), *_size(figures)])


def _lines(svg: Svg, room: Room, runner: Runner, y: int) -> None:
    """Write the figures of a phone's row below the bars: the main ones, then this run's."""
    right, y = room.width - 2, y + (72 if room.both else 57)
    main = runner.recorded if room.both else runner.here
    if main is None:
        svg.text("z x", right, y, "not recorded")
    else:
        rest = _rest(main)
        svg.text("x", right, y, rest)
        words = main.words + ("" if room.both else _cross(runner))
        svg.text("v x k", right - round(CHARACTER * len(rest)), y, words)
    if room.both:
        words = f"this run {runner.here.words}{_cross(runner)}{_rest(runner.here)}"
        svg.text("z x", right, y + 18, words)


def _size(figures: Figures) -> list[str]:
    return [] if figures.peak is None or figures.peak < FEW else [size_words(figures.peak)]


def _words(runners: Sequence[Runner]) -> str:
    """Return the plot in words."""
    parts = []
    for r in runners:
        times = [("recorded ", r.recorded)] if r.recorded else []
        times += [("this run " if r.recorded else "", r.here)]
        said = [
            f"{when}{f.words} in {', peak '.join([seconds_words(f.seconds), *_size(f)])}"
            for when, f in times
        ]
        parts.append(f"{r.name} {', '.join(said)}" + ("" if r.equal else ", different result"))
    return "Time as a multiple of the first function's time. " + "; ".join(parts) + "."
