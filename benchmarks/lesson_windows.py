"""Time the filters of lesson 08 against OpenCV, at 400 x 400 and 4000 x 4000 pixels.

The filters are the lesson's: its functions are read from the notebook. Every way has one thread.
`make record` keeps the figures.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import numpy as np
from matplotlib.image import imread
from threadpoolctl import threadpool_limits

import stridescope as ss
from course.core.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SLUG = "08-stride-tricks-and-convolution"
SIDES = {400: 20.0, 4000: 120.0}
"""Pixels along a side, and about how many seconds the race of all ways takes."""
KERNEL = np.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]], dtype=np.int64)
Ways = dict[str, "Callable[[], object]"]


def lesson_functions(notebook: Path) -> dict[str, Any]:
    """Return what the lesson's code cells define and import, without running anything else."""
    cells = nbformat.read(notebook, as_version=4).cells
    kept: list[ast.stmt] = []
    for cell in cells:
        if cell.cell_type == "code" and not cell.source.count("\n    !"):
            wanted = (ast.FunctionDef, ast.Import, ast.ImportFrom)
            kept += [node for node in ast.parse(cell.source).body if isinstance(node, wanted)]
    names: dict[str, Any] = {}
    exec(compile(ast.Module(kept, type_ignores=[]), notebook.name, "exec"), names)  # noqa: S102
    return names


def opencv(image: NDArray[np.uint8]) -> Ways:
    """Return OpenCV's filter of a float32 picture."""
    import cv2

    cv2.setNumThreads(1)
    x, f = image.astype(np.float32), KERNEL.astype(np.float32)
    return {"OpenCV": lambda: cv2.filter2D(x, -1, f)[1:-1, 1:-1]}


def race(side: int, seconds: float) -> dict[str, Any]:
    """Race all ways in turn on a wall of lighthouses; stop if one gives another result."""
    names = lesson_functions(ROOT / "lessons" / f"{SLUG}.ipynb")
    red = imread(ROOT / "img" / "lighthouse.jpg")[:, :, 0]
    wall = np.tile(red, (side // 400, side // 400))
    ways: Ways = names["more_rungs"](wall, KERNEL) | names["five_rungs"](wall, KERNEL)
    if side > min(SIDES):
        ways.pop("loops")
    made = ss.race(ways | opencv(wall), seconds=seconds)
    if "All ways gave the same result." not in made.text:
        raise SystemExit(made.text)
    print(f"{side} × {side}", made.text, sep="\n", end="\n\n", flush=True)
    return {name: made.record[name] for name in ("seconds", "peaks")}


def run() -> dict[str, Any]:
    """Return the races by the pixels along a side, as text."""
    with threadpool_limits(1):
        return {str(side): race(side, seconds) for side, seconds in SIDES.items()}
