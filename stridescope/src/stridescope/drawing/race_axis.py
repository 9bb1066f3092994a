"""The axis of a race, and where the parts of its plot are."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stridescope.drawing.figure import WIDE

HEAD = 22
"""Height of the row with the key and the heads of the columns, px."""
TOP = HEAD + 26
"""Top of the first row, px, below the labels of the axis."""
MAIN, THIN = 14, 6
"""Heights of the bar of the main figures, and of that of this run beside a recorded one, px."""
RATIO, TIME, PEAK = 96, 76, 112
"""Widths of the columns of figures, px."""
TICKS = 5
"""Most steps of an axis that starts at 0."""


@dataclass(frozen=True)
class Axis:
    """An axis of ratios from `low` to `high` between two x, px; logarithmic unless `low` is 0."""

    low: float
    high: float
    left: int
    right: int

    @property
    def is_linear(self) -> bool:
        """Whether the axis starts at 0."""
        return self.low == 0

    def x(self, ratio: float) -> int:
        """Return the position of a ratio, px; at most the end of the axis."""
        if self.is_linear:
            part = ratio / self.high
        else:
            part = math.log(ratio / self.low) / math.log(self.high / self.low)
        return round(self.left + min(part, 1) * (self.right - self.left))

    def ticks(self) -> list[float]:
        """Return round ratios between the ends, and 1."""
        if self.is_linear:
            power = 10.0 ** math.floor(math.log10(self.high / TICKS))
            step = next(m * power for m in (1, 2, 5, 10) if self.high <= TICKS * m * power)
            return sorted({1.0, *(step * k for k in range(int(self.high / step) + 1))})
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        return [10.0**p for p in powers if self.low <= 10.0**p <= self.high]


@dataclass(frozen=True)
class Room:
    """Where the parts of a plot are, px.

    Parameters
    ----------
    width
        Width of the picture.
    both
        Whether there is a recorded race.
    has_peaks
        Whether there is a column for memory.
    """

    width: int
    both: bool
    has_peaks: bool

    @property
    def wide(self) -> bool:
        """Whether figures are in columns beside the bars; on a phone they are below them."""
        return self.width >= WIDE

    @property
    def pitch(self) -> int:
        """Height of a row."""
        if self.wide:
            return 48 if self.both else 36
        return 104 if self.both else 72

    @property
    def track(self) -> tuple[int, int]:
        """Top and height of the bars in their row."""
        return 2 if self.wide else 24, MAIN + (THIN + 10) * self.both + 6

    @property
    def ends(self) -> tuple[int, int, int]:
        """Right ends of the columns: ratio, time, memory."""
        time = self.width - 1 - PEAK * self.has_peaks
        return time - TIME, time, self.width - 1
