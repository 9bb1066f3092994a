"""Draw the memory of an expression: steps downward, bytes to the right."""

from __future__ import annotations

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.svg import Svg, rect
from stridescope.model.allocations import Block, Program
from stridescope.model.units import size_words
from stridescope.model.value_text import short

PITCH, TOP = 36, 26
"""Height of a step, and of the heading, px."""
CODE, HELD = 250, {WIDE: 104, NARROW: 66}
"""Width for the lines of code (wide form), and for the figures on the right, px."""
CHARACTER = 7.9
"""Width of a character of 13 px, px."""


def line_words(program: Program, k: int) -> str:
    """Return one step in words."""
    step = program.steps[k - 1]
    how = "writes into existing memory"
    if step.makes:
        nbytes = next(b.nbytes for b in program.blocks if b.name == step.result)
        how = f"allocates {size_words(nbytes)}"
    return f"{k}. {step.code}, {step.words}, {how}; new memory held: {size_words(program.held(k))}."


def peak_words(program: Program, before: list[Block]) -> str:
    """Return the peak in words, with the blocks that exist before the first step."""
    existing = [f"{b.name} ({size_words(b.nbytes)})" for b in [*before, *program.buffers]]
    more = f"; already in memory: {', '.join(existing)}" if existing else ""
    return (
        f"Peak: {size_words(program.peak)} of new memory, first at step {program.peak_step}{more}."
    )


def placed(blocks: list[Block], space: int, *, wide: bool) -> dict[str, tuple[int, int]]:
    """Return the left end and the width of each block, px.

    Widths are in proportion to bytes. Blocks that are held at the same time are side by side and
    fit into `space` px; a block takes at least the width of its label.
    """
    most = max(
        (
            sum(b.nbytes for b in blocks if b.birth <= k <= b.death)
            for b in blocks
            for k in [b.birth]
        ),
        default=0,
    )
    scale = space / most if most else 1.0
    for _ in range(40):
        places, end = _packed(blocks, scale, wide=wide)
        if end <= space:
            break
        scale *= 0.9
    return places


def _packed(
    blocks: list[Block], scale: float, *, wide: bool
) -> tuple[dict[str, tuple[int, int]], int]:
    """Place each block in the first gap that is free for its lifetime; return places and end."""
    places: dict[str, tuple[int, int]] = {}
    taken: list[tuple[Block, int, int]] = []
    for block in blocks:
        width = max(4, round(block.nbytes * scale))
        words = label_width(block) if wide else name_width(block)
        need = width if words <= width else width + words
        x = 0
        # A first gap can only begin at the right end of another block.
        for start in sorted([0, *(right for _, _, right in taken)]):
            x = start
            if not any(
                _meet(block, b) and x < right and left < x + need for b, left, right in taken
            ):
                break
        places[block.name] = (x, width)
        taken.append((block, x, x + need + 4))
    return places, max((right for _, _, right in taken), default=0)


def _meet(one: Block, other: Block) -> bool:
    return one.birth <= other.death and other.birth <= one.death


def name_width(block: Block) -> int:
    """Return the width of a block's name, px; on a phone its size may be left out."""
    return round(7.9 * len(block.name)) + 9


def label_width(block: Block) -> int:
    """Return the width of a block's label, its name and its size on two lines, px."""
    return round(7.9 * max(len(block.name), len(size_words(block.nbytes)))) + 10


def draw(program: Program, before: list[Block], width: int) -> str:
    """Draw the steps of a program with the blocks that they hold.

    Parameters
    ----------
    before
        The blocks that exist before the first step.
    """
    last = len(program.steps)
    existing = [*before, *(Block(b.name, b.nbytes, 0, last) for b in program.buffers)]
    wide = width >= WIDE
    left = CODE + 14 if wide else 22
    right = width - HELD[width]
    places = placed([*existing, *program.blocks], right - left - 8, wide=wide)
    svg = Svg("Memory of an expression, step by step", "", width)
    svg.height = TOP + PITCH * last + 4 + (0 if wide else 22 * last + 6)
    if existing:
        svg.text("z", left, 14, "existing")
    svg.text("z", right, 14, "held")
    for k, step in enumerate(program.steps, 1):
        _row(svg, program, k, (left, right))
        y = TOP + PITCH * (k - 1) + 23 if wide else TOP + PITCH * last + 22 * k
        space = int(((CODE if wide else width) - 20) / CHARACTER)
        svg.text("s x", 12, TOP + PITCH * (k - 1) + 23, str(k))
        if not wide:
            svg.text("s x", 12, y, str(k))
        svg.text("b", 20, y, short(step.code, space))
    for block in [*existing, *program.blocks]:
        _block(svg, block, (left + places[block.name][0], places[block.name][1]), wide=wide)
    svg.desc = (
        " ".join(line_words(program, k) for k in range(1, last + 1))
        + " "
        + peak_words(program, before)
    )
    return str(svg)


def _row(svg: Svg, program: Program, k: int, ends: tuple[int, int]) -> None:
    """Draw the hairline of a step, and write what is held; the peak is bold and labeled."""
    y = TOP + PITCH * (k - 1)
    svg.path("g", f"M{0} {y}H{svg.width}")
    held = size_words(program.held(k))
    peak = k == program.peak_step and program.peak > 0
    if peak and svg.width < WIDE:
        svg.text("i b", ends[1], y + 17, held)
        svg.text("i b", ends[1], y + 31, "peak")
    else:
        svg.text("i b" if peak else "z", ends[1], y + 23, f"{held} peak" if peak else held)


def _block(svg: Svg, block: Block, place: tuple[int, int], *, wide: bool) -> None:
    """Draw a block across the steps at which it is held, with its label at the first."""
    x, width = place
    first = max(block.birth, 1)
    top = TOP + PITCH * (first - 1) + 4
    height = PITCH * (block.death - first + 1) - 7
    svg.path("n" if block.birth else "b", rect(x, top, width - 1, height))
    whole = label_width(block) <= width
    start = x + (5 if whole or (not wide and name_width(block) <= width) else width + 4)
    svg.text("b", start, top + 13, block.name)
    if wide or whole:
        svg.text("z", start, top + 26, size_words(block.nbytes))
