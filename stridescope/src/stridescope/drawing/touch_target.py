"""A picture to touch as the answer to a question: a byte of a strip, or an element of a grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from stridescope.drawing.figure import NARROW, WIDE, forms
from stridescope.drawing.grid import Grid
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.model.array_state import layout_state
from stridescope.model.memory import Memory, describe
from stridescope.model.stride_steps import steps_to
from stridescope.model.strides import Index, is_aligned
from stridescope.model.value_text import clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST = 36
"""Most boxes of a picture to touch; all of them are drawn, even on a phone."""
MOST_AXES = 4
"""Most axes of such a picture."""


@dataclass(frozen=True)
class Touch:
    """A picture to touch, and the right place in it.

    Parameters
    ----------
    memory
        The description of the array.
    name
        The name of the array in the picture.
    place
        The first byte of a box in the strip, or the index of an element in the grid.
    """

    memory: Memory
    name: str
    place: int | Index

    @property
    def of(self) -> str:
        """What is touched: ``"byte"`` or ``"element"``."""
        return "byte" if isinstance(self.place, int) else "element"

    def state(self) -> dict[str, Any]:
        """Return the state for the front end; the values are few, so all are sent as text."""
        owner, lay = self.memory.owner, self.memory.layout
        return {
            "of": self.of,
            "name": self.name,
            "layout": layout_state(lay),
            "nbytes": owner.nbytes,
            "owns": self.memory.owns,
            "place": self.place if isinstance(self.place, int) else [*self.place],
            "texts": {str(p): text for p, text in self.texts().items()},
        }

    def texts(self) -> dict[int, str]:
        """Return the value of each box by its first byte."""
        owner, lay = self.memory.owner, self.memory.layout
        size = lay.itemsize
        starts = {*range(lay.offset % size, owner.nbytes - size + 1, size)}
        starts |= {lay.byte(i) for i in np.ndindex(lay.shape)}
        return {p: clip(self.memory.text(p)) for p in sorted(starts)}

    def picture(self, *, answered: bool) -> str:
        """Return the picture as HTML, with the right place in focus if `answered`."""
        if isinstance(self.place, tuple):
            at = self.place if answered else None
            wide, narrow = (Grid(self.memory, at, w).draw(self.name) for w in (WIDE, NARROW))
            return forms(wide, narrow)
        return forms(*(self._strip(width, answered=answered) for width in (WIDE, NARROW)))

    def _strip(self, width: int, *, answered: bool) -> str:
        lay = self.memory.layout
        longest = max(map(len, self.texts().values()))
        strip = Strip(self.memory, width, [lay.offset], longest=longest)
        byte = self.place if answered and isinstance(self.place, int) else None
        index = self._element(byte) if byte is not None else None
        lanes = [Lane(self.name, self.name, lay, self.memory.owns)]
        steps = steps_to(lay, index) if index else []
        svg = StripDrawing(strip, lanes, steps, byte, offset=False).svg
        svg.title = f"Bytes of {self.name}"
        svg.desc = f"{self.memory.owner.nbytes} bytes: {strip.words()}."
        return str(svg)

    def _element(self, byte: int) -> Index | None:
        lay = self.memory.layout
        return next((i for i in np.ndindex(lay.shape) if lay.byte(i) == byte), None)


def touch_target(array: NDArray[Any], name: str, answer: object) -> Touch:
    """Return the picture for a question whose answer is a byte (an int) or an index (a tuple).

    Raises
    ------
    TypeError
        If the answer is neither.
    ValueError
        If the array is empty or too large to touch, or the answer is not a place in the picture.
    """
    memory = describe(array, "predict")
    lay = memory.layout
    boxes = max(lay.size, memory.owner.nbytes // max(lay.itemsize, 1))
    if not lay.size or boxes > MOST or lay.ndim > MOST_AXES or not is_aligned(lay):
        msg = (
            f"predict(touch=…) needs an array of 1 to {MOST} elements with at most {MOST_AXES} "
            f"axes, in a buffer of at most {MOST} elements; this one has shape {lay.shape} "
            f"in {memory.owner.nbytes} bytes"
        )
        raise ValueError(msg)
    touch = Touch(memory, name, place_of(answer))
    _check_place(touch)
    return touch


def place_text(answer: object) -> str:
    """Return a place as text, ``byte 40`` or ``[1, 2]``; an index is in backticks."""
    place = place_of(answer)
    return f"byte {place}" if isinstance(place, int) else f"`[{', '.join(map(str, place))}]`"


def place_of(answer: object) -> int | Index:
    """Return an answer as a byte or an index of plain integers.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(answer, int | np.integer) and not isinstance(answer, bool):
        return int(answer)
    if isinstance(answer, Iterable) and not isinstance(answer, str | Mapping):
        parts = list(answer)
        if all(isinstance(part, int | np.integer) for part in parts):
            return tuple(int(part) for part in parts)
    msg = f"the answer to predict(touch=…) is a byte (an int) or an index (a tuple), not {answer!r}"
    raise TypeError(msg)


def _check_place(touch: Touch) -> None:
    lay, place = touch.memory.layout, touch.place
    if isinstance(place, int):
        boxes = Strip(touch.memory, WIDE, [lay.offset]).units
        if place not in boxes:
            msg = f"predict(touch=…): no box in the picture starts at byte {place}"
            raise ValueError(msg)
    elif len(place) != lay.ndim or not all(
        0 <= i < n for i, n in zip(place, lay.shape, strict=True)
    ):
        msg = f"predict(touch=…): {place} is not an index of an array of shape {lay.shape}"
        raise ValueError(msg)
