"""The steps from one byte to another, axis by axis; a picture draws each step as an arc."""

from __future__ import annotations

from dataclasses import dataclass

from stridescope.model.strides import Index, Layout
from stridescope.model.value_text import signed

JUMPS = 6
"""Most single steps shown. If an index needs more, there is one step for each axis."""


@dataclass(frozen=True)
class StrideStep:
    """A step from one byte to another along an axis."""

    start: int
    stop: int
    axis: int
    label: str


def steps_to(layout: Layout, index: Index) -> list[StrideStep]:
    """Return the steps from the offset to an element, axis by axis."""
    single = sum(i for i, s in zip(index, layout.strides, strict=True) if s) <= JUMPS
    byte, steps = layout.offset, []
    for axis, (i, s) in enumerate(zip(index, layout.strides, strict=True)):
        whole = s == 0 or not single
        for _ in range(min(i, 1) if whole else i):
            step = i * s if whole else s
            label = signed(s) if i == 1 or not whole else f"{signed(s)[0]}{i}·{abs(s)}"
            steps.append(StrideStep(byte, byte + step, axis, label))
            byte += step
    return steps
