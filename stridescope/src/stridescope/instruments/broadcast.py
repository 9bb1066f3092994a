"""`broadcast`: shapes, aligned at their last axes; a stretched axis has stride 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stridescope.drawing.figure import NARROW, WIDE, figure, forms
from stridescope.drawing.strip import Lane, StripDrawing
from stridescope.drawing.strip_geometry import Strip
from stridescope.drawing.svg import esc
from stridescope.model.array_state import LIVE_AXES, array_state, layout_state
from stridescope.model.broadcasting import (
    aligned_lengths,
    axis_fate,
    common_shape,
    target_length,
    wanted_lengths,
)
from stridescope.model.memory import Memory, Owner, describe
from stridescope.model.strides import Index, Layout, c_strides
from stridescope.model.units import count_words
from stridescope.model.value_text import signed
from stridescope.runtime.instrument import Instrument

MOST = 6
"""Most operands in one picture."""
SHOWN = 24
"""Most elements of an operand given as a shape, if its bytes are to be drawn."""
ITEMSIZE = 8
"""Bytes of an element if only a shape is given."""


class Blank(Memory):
    """An array with a known layout but without values, so that its boxes are empty."""

    def text(self, byte: int) -> str:
        """Return a dot instead of a value."""
        return "·" if self.holds(byte) else "?"


@dataclass(frozen=True)
class Operand:
    """One array or shape.

    Parameters
    ----------
    name
        Its name in the picture.
    memory
        Its description.
    real
        Whether it is an array, with values to show.
    """

    name: str
    memory: Memory
    real: bool

    @property
    def shape(self) -> Index:
        """Its own shape."""
        return self.memory.layout.shape


def broadcast(
    *operands: object, names: Sequence[str] | None = None, caption: str | None = None
) -> Instrument:
    """Align shapes at their last axes, and show which axes match, stretch or clash.

    Parameters
    ----------
    operands
        1 to 6 arrays or shapes. A shape is a tuple of lengths, or an int for one axis; it is drawn
        as a contiguous array of 8-byte elements.
    names
        One name for each operand; by default ``a``, ``b``, ``c`` …
    caption
        A sentence above the picture; put `` `code` `` in backticks.

    Returns
    -------
    Instrument
        The strides of each operand after broadcasting. A stretched axis has stride 0, which means
        that the same bytes are read n times, ×n.

    Raises
    ------
    TypeError
        If an operand is neither an array nor a shape.
    ValueError
        If there are no operands or too many, a length is negative, or the number of `names` is not
        the number of operands.

    Examples
    --------
    >>> import stridescope as ss
    >>> print(ss.broadcast((3, 1), (4,)))
    a (3, 1) and b (4,) broadcast to (3, 4).
      a: strides (8, 8) become (8, 0); axis 1 stretches from 1 to 4
      b: strides (8,) become (0, 8); axis 0 is new, repeated 3 times
    """
    ops = _operands(operands, names)
    shapes = [op.shape for op in ops]
    result, refused = common_shape(shapes)
    listed = _list([f"{op.name} {op.shape}" for op in ops])
    verdict = f"{listed} broadcast to {result}." if result is not None else f"{listed} clash."
    words = [verdict, *(f"  {line}" for line in _lines(ops, result))]
    body = _table(ops, result) + f"<p>{esc(verdict)}</p>"
    if result is None:
        words.append(refused)
        body += f"<p><code>{esc(refused)}</code></p>"
    else:
        body += "".join(_operand_html(op, result) for op in ops)
    states = [_state(op) for op in ops]
    live = max(map(len, shapes)) <= LIVE_AXES
    state = {"operands": [s for s, _ in states], "caption": caption, "label": "Broadcasting"}
    return Instrument(
        figure("broadcast", body, caption),
        "\n".join(words),
        kind="broadcast" if live else "",
        state=state if live else {},
        data=b"".join(d for _, d in states) if live else b"",
    )


def _operands(operands: tuple[object, ...], names: Sequence[str] | None) -> list[Operand]:
    if not 1 <= len(operands) <= MOST:
        msg = f"ss.broadcast takes 1 to {MOST} arrays or shapes, not {len(operands)}"
        raise ValueError(msg)
    labels = list(names) if names is not None else [chr(97 + k) for k in range(len(operands))]
    if len(labels) != len(operands):
        msg = (
            f"ss.broadcast got {len(operands)} operands and {len(labels)} names: give one for each"
        )
        raise ValueError(msg)
    return [_operand(x, name) for x, name in zip(operands, labels, strict=True)]


def _operand(x: object, name: str) -> Operand:
    """Return an operand; a shape becomes a contiguous array without values."""
    if isinstance(x, np.ndarray):
        return Operand(name, describe(x, "broadcast"), real=True)
    lengths = x if isinstance(x, tuple | list) else (x,)
    if not all(isinstance(n, int | np.integer) and not isinstance(n, bool) for n in lengths):
        kind = type(x).__name__
        msg = f"ss.broadcast takes arrays or shapes, not {kind}: a shape is a tuple of lengths"
        raise TypeError(msg)
    shape = tuple(int(n) for n in lengths)
    layout = Layout(0, shape, c_strides(shape, ITEMSIZE), ITEMSIZE)
    owner = Owner(0, "packed", 0, layout.size * ITEMSIZE, None, np.empty(0, np.uint8))
    kind_ = np.dtype(np.int64)
    return Operand(name, Blank(layout, kind_, owner, owns=True, writeable=True), real=False)


def _lines(ops: list[Operand], result: Index | None) -> list[str]:
    """Return a line for each operand: its strides before and after, and what happens by axis."""
    rows = aligned_lengths([op.shape for op in ops])
    axes = list(zip(*rows, strict=True))
    lines = []
    for op, row in zip(ops, rows, strict=True):
        fates = []
        for k, (n, axis) in enumerate(zip(row, axes, strict=True)):
            kind = axis_fate(n, axis)
            if kind == "stretch":
                fates.append(f"axis {k} stretches from 1 to {target_length(axis)}")
            elif kind == "new":
                fates.append(f"axis {k} is new, repeated {target_length(axis)} times")
            elif kind == "clash":
                fates.append(f"axis {k} clashes: {' against '.join(wanted_lengths(axis))}")
        old = op.memory.layout.strides
        line = f"{op.name}: strides {old} do not change"
        if result is not None and (new := op.memory.layout.broadcast_to(result).strides) != old:
            line = f"{op.name}: strides {old} become {new}"
        elif result is None:
            line = f"{op.name}: shape {op.shape}"
        lines.append("; ".join([line, *fates]))
    return lines


def _table(ops: list[Operand], result: Index | None) -> str:
    """Return the shapes as a table, aligned at the last axis, as HTML."""
    rows = aligned_lengths([op.shape for op in ops])
    axes = list(zip(*rows, strict=True))
    line = "".join(f'<th scope="col">axis {k}</th>' for k in range(len(axes)))
    body = ""
    for op, row in zip(ops, rows, strict=True):
        own = [None] * (len(axes) - len(op.shape)) + list(op.memory.layout.strides)
        pairs = zip(row, own, axes, strict=True)
        cells = "".join(_cell(n, s, axis) for n, s, axis in pairs)
        body += f'<tr><th scope="row">{esc(op.name)}</th>{cells}</tr>'
    last = [
        ("?" if fate_all == "clash" else target_length(axis)) for axis, fate_all in _fates(axes)
    ]
    foot = "".join(f"<td><b>{n}</b></td>" for n in last)
    name = "result" if result is not None else "no result"
    return (
        '<div class="ss-scroll" tabindex="0" role="group" aria-label="Shapes, scrolls sideways">'
        f'<table class="ss-aligned"><thead><tr><td></td>{line}</tr></thead><tbody>{body}</tbody>'
        f'<tfoot><tr><th scope="row">{name}</th>{foot}</tr></tfoot></table></div>'
    )


def _fates(axes: list[tuple[int | None, ...]]) -> list[tuple[tuple[int | None, ...], str]]:
    return [(axis, "clash" if len(wanted_lengths(axis)) > 1 else "") for axis in axes]


def _cell(n: int | None, stride: int | None, axis: Sequence[int | None]) -> str:
    """Return one operand's length on one axis, and its stride after stretching."""
    kind = axis_fate(n, axis)
    target = target_length(axis)
    length = {
        "match": str(n),
        "stretch": f"{n} → {target}",
        "new": f"none → {target}",
        "clash": f"✗ {n}",
    }[kind]
    step = {"match": signed(stride or 0), "stretch": "+0", "new": "+0", "clash": "clash"}[kind]
    often = f"<em>×{target}</em>" if kind in ("stretch", "new") else ""
    return f'<td class="ss-aligned-{kind}"><b>{length}</b><i>{step}</i>{often}</td>'


def _operand_html(op: Operand, result: Index) -> str:
    """Draw the bytes of one operand as the result reads them."""
    lay = op.memory.layout.broadcast_to(result)
    memory = type(op.memory)(lay, op.memory.dtype, op.memory.owner, owns=False, writeable=False)
    title = f"{op.name} read as {result}: strides {lay.strides}"
    if lay.size == 0 or memory.owner.nbytes == 0:
        return f'<p class="ss-head">{esc(title)}</p><p>No elements.</p>'
    times = lay.times_read(lay.offset)
    if not op.real and op.memory.layout.size > SHOWN:
        many = f"Each of its {op.memory.layout.size:,} elements is read {count_words(times)} times."
        return f'<p class="ss-head">{esc(title)}</p><p>{many}</p>'
    pictures = []
    for width in (WIDE, NARROW):
        strip = Strip(memory, width, [lay.offset])
        svg = StripDrawing(strip, [Lane(op.name, op.name, lay, solid=False)]).svg
        svg.title = f"Bytes of {op.name}"
        svg.desc = f"{title}. The element at byte {lay.offset} is read {count_words(times)} times."
        svg.desc += f" Values: {strip.words()}."
        pictures.append(str(svg))
    return f'<p class="ss-head">{esc(title)}</p>' + forms(*pictures)


def _state(op: Operand) -> tuple[dict[str, Any], bytes]:
    """Return the state of an operand, and those of its bytes that the browser gets."""
    if op.real:
        state, data = array_state(op.memory, op.name)
    else:
        state, data = {"name": op.name, "layout": layout_state(op.memory.layout)}, b""
        state |= {"nbytes": op.memory.owner.nbytes, "start": 0}
    return {**state, "bytes": len(data)}, data


def _list(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
