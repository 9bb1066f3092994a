"""The drawing of `temporaries`: steps downwards, bytes to the right."""

from __future__ import annotations

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.svg import Svg, rect
from stridescope.model.allocations import Block, Program
from stridescope.model.units import size_words
from stridescope.model.value_text import short

PITCH, TOP = 36, 26
"""Height of a step, and of the heading, px."""
CODE, HELD = 250, {WIDE: 104, NARROW: 66}
"""Room for the lines of code (wide form), and for the figures at the right, px."""
CHARACTER = 7.9
"""Width of a character of 13 px, px."""


def line_words(made: Program, k: int) -> str:
    """Return one step in words."""
    step = made.steps[k - 1]
    how = "writes into memory that is there"
    if step.makes:
        how = "makes " + size_words(next(b.nbytes for b in made.blocks if b.name == step.result))
    return f"{k}. {step.code}, {step.words}, {how}; new memory held: {size_words(made.held(k))}."


def peak_words(made: Program, before: list[Block]) -> str:
    """Say the most that is held at a time."""
    there = [f"{b.name} ({size_words(b.nbytes)})" for b in [*before, *made.buffers]]
    and_ = f"; before it there is {', '.join(there)}" if there else ""
    return f"Peak: {size_words(made.peak)} of new memory, first at step {made.peak_step}{and_}."


def placed(blocks: list[Block], room: int, *, wide: bool) -> dict[str, tuple[int, int]]:
    """Return left end and width in px of each block: as many px as bytes allow in `room`.

    A block takes at least the room of its label; those held at the same time lie side by side.
    """
    most = max(
        (
            sum(b.nbytes for b in blocks if b.birth <= k <= b.death)
            for b in blocks
            for k in [b.birth]
        ),
        default=0,
    )
    scale = room / most if most else 1.0
    for _ in range(40):
        spots, end = _packed(blocks, scale, wide=wide)
        if end <= room:
            break
        scale *= 0.9
    return spots


def _packed(
    blocks: list[Block], scale: float, *, wide: bool
) -> tuple[dict[str, tuple[int, int]], int]:
    """Lay each block at the first gap that is free for its whole life; return them and the end."""
    spots: dict[str, tuple[int, int]] = {}
    taken: list[tuple[Block, int, int]] = []
    for block in blocks:
        width = max(4, round(block.nbytes * scale))
        words = label_width(block) if wide else name_width(block)
        need = width if words <= width else width + words
        x = 0
        # Right ends of others are the only places where a first gap can begin.
        for start in sorted([0, *(right for _, _, right in taken)]):
            x = start
            if not any(
                _meet(block, b) and x < right and left < x + need for b, left, right in taken
            ):
                break
        spots[block.name] = (x, width)
        taken.append((block, x, x + need + 4))
    return spots, max((right for _, _, right in taken), default=0)


def _meet(one: Block, other: Block) -> bool:
    return one.birth <= other.death and other.birth <= one.death


def name_width(block: Block) -> int:
    """Return the room that a block's name takes, px; on a phone its size may be left out."""
    return round(7.9 * len(block.name)) + 9


def label_width(block: Block) -> int:
    """Return the room that a block's two lines take, its name and its size, px."""
    return round(7.3 * max(len(block.name), len(size_words(block.nbytes)))) + 10


def draw(made: Program, before: list[Block], width: int) -> str:
    """Draw steps downwards, bytes to the right."""
    last = len(made.steps)
    there = [*before, *(Block(b.name, b.nbytes, 0, last) for b in made.buffers)]
    wide = width >= WIDE
    left = CODE + 14 if wide else 22
    right = width - HELD[width]
    spots = placed([*there, *made.blocks], right - left - 8, wide=wide)
    svg = Svg("Memory of an expression, step by step", "", width)
    svg.height = TOP + PITCH * last + 4 + (0 if wide else 22 * last + 6)
    if there:
        svg.text("z", left, 14, "there before")
    svg.text("z", right, 14, "new, held")
    for k, step in enumerate(made.steps, 1):
        _row(svg, made, k, (left, right))
        y = TOP + PITCH * (k - 1) + 23 if wide else TOP + PITCH * last + 22 * k
        room = int(((CODE if wide else width) - 20) / CHARACTER)
        svg.text("s x", 12, TOP + PITCH * (k - 1) + 23, str(k))
        if not wide:
            svg.text("s x", 12, y, str(k))
        svg.text("b", 20, y, short(step.code, room))
    for block in [*there, *made.blocks]:
        _block(svg, block, (left + spots[block.name][0], spots[block.name][1]), wide=wide)
    svg.desc = (
        " ".join(line_words(made, k) for k in range(1, last + 1)) + " " + peak_words(made, before)
    )
    return str(svg)


def _row(svg: Svg, made: Program, k: int, ends: tuple[int, int]) -> None:
    """Draw the hairline of a step and what is held; the peak is bold and named."""
    y = TOP + PITCH * (k - 1)
    svg.path("g", f"M{0} {y}H{svg.width}")
    held = size_words(made.held(k))
    peak = k == made.peak_step and made.peak > 0
    if peak and svg.width < WIDE:
        svg.text("i b", ends[1], y + 17, held)
        svg.text("i b", ends[1], y + 31, "peak")
    else:
        svg.text("i b" if peak else "z", ends[1], y + 23, f"{held} peak" if peak else held)


def _block(svg: Svg, block: Block, spot: tuple[int, int], *, wide: bool) -> None:
    """Draw a block through the steps at which it is held, with its label at the first."""
    x, width = spot
    first = max(block.birth, 1)
    top = TOP + PITCH * (first - 1) + 4
    height = PITCH * (block.death - first + 1) - 7
    svg.path("n" if block.birth else "b", rect(x, top, width - 1, height))
    whole = label_width(block) <= width
    start = x + (5 if whole or (not wide and name_width(block) <= width) else width + 4)
    svg.text("b", start, top + 13, block.name)
    if wide or whole:
        svg.text("z", start, top + 26, size_words(block.nbytes))
