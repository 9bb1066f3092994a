"""A strip has its rows, boxes and widths where the browser has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from stridescope.drawing.figure import NARROW, WIDE
from stridescope.drawing.strip_geometry import Strip
from stridescope.model.memory import describe
from support.in_node import NODE, in_node

if TYPE_CHECKING:
    from numpy.typing import NDArray

BUFFER = np.arange(900, dtype=np.int16)
ARRAYS = [
    np.arange(9).reshape(3, 3),
    np.arange(300, dtype=np.int8),
    np.arange(18, dtype=np.int8).reshape(3, 3, 2),
    np.arange(70, dtype=np.int16)[::-1],
    np.arange(1000.0).reshape(10, 100)[::-1, ::3],
    np.arange(24, dtype=np.complex128).reshape(2, 3, 4).T,
    np.array(["a", "a longer text", "b"]),
    np.broadcast_to(np.arange(5, dtype=np.int32), (4, 5)),
    as_strided(BUFFER[400:], (3, 4, 2), (-262, 6, 34)),
    as_strided(BUFFER, (4, 5), (3, 141)),
    np.array(1.5),
]
PLAN = """(c) => {
  const hexAt = c.hexed ? () => "00" : null;
  const plan = stripPlan({ ...c.spec, hexAt }, [], c.width, (byte) => c.texts[byte]);
  return {
    rows: plan.rows, perRow: plan.perRow, boxWidth: plan.w, boxes: [...plan.boxes.keys()],
    x: plan.rows.map((row) => plan.x(plan.origin + row * plan.perRow + 1)),
    rowWidth: plan.rowWidth, middles: [...plan.boxes.keys()].map((byte) => plan.middle(byte)),
    pieces: c.runs.map(([a, b]) => plan.pieces(a, b)),
  };
}"""


def case(
    a: NDArray[Any], width: int, rng: np.random.Generator, *, hexed: bool
) -> tuple[Strip, dict[str, Any]]:
    """Return a strip, and the same for the browser."""
    memory = describe(a)
    low, high = memory.layout.extent()
    nbytes = max(memory.owner.nbytes, high)
    wanted = [int(byte) for byte in rng.integers(min(low, 0), nbytes, 3)]
    longest = int(rng.integers(1, 12)) if rng.integers(2) else None
    strip = Strip(memory, width, wanted, hexed=hexed, longest=longest)
    ends = np.sort(rng.integers(min(low, 0), nbytes + 1, (5, 2)))
    spec = {"nbytes": memory.owner.nbytes, "unit": strip.unit, "phase": strip.phase}
    spec |= {"wanted": wanted, "low": low, "high": high}
    spec |= {} if longest is None else {"longest": longest}
    texts = {str(byte): text for byte, text in strip.units.items()}
    asked = {"spec": spec, "width": width, "texts": texts, "runs": ends.tolist(), "hexed": hexed}
    return strip, asked


@pytest.mark.slow
@pytest.mark.skipif(
    NODE is None, reason="no node on this machine; get it with `apt-get install nodejs`"
)
def test_rows_boxes_and_pieces_lie_where_the_browser_draws_them() -> None:
    rng = np.random.default_rng(5)
    cases = [
        case(a, width, rng, hexed=n % 4 == 0)
        for a in ARRAYS
        for width in (WIDE, NARROW)
        for n in range(8)
    ]
    plans = in_node({"drawing/strip_geometry.js": ["stripPlan"]}, PLAN, [c for _, c in cases])
    for (strip, asked), plan in zip(cases, plans, strict=True):
        assert plan == {
            "rows": strip.rows,
            "perRow": strip.per_row,
            "boxWidth": strip.box_width,
            "boxes": list(strip.units),
            "x": [strip.x(strip.origin + row * strip.per_row + 1) for row in strip.rows],
            "rowWidth": strip.row_width,
            "middles": [strip.middle(byte) for byte in strip.units],
            "pieces": [[vars(p) for p in strip.pieces(a, b)] for a, b in asked["runs"]],
        }


@pytest.mark.parametrize(("boxes", "longest"), [(18, 2), (36, 1), (30, 7), (3, 40)])
def test_a_line_that_must_not_scroll_is_cut_into_even_rows(boxes: int, longest: int) -> None:
    strip = Strip(describe(np.arange(boxes)), NARROW, [0], longest=longest)
    per_row = strip.per_row // strip.unit
    assert strip.row_width <= NARROW
    assert len(strip.units) == boxes
    assert len(strip.rows) == -(-boxes // per_row)
    assert per_row * len(strip.rows) - boxes < len(strip.rows)
