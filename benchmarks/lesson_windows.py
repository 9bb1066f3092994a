"""Time the filters of lesson 08 against OpenCV, at 400 x 400 and 4000 x 4000 pixels.

Run by `make bench`; with `--write`, and with OpenCV installed, the figures go to
`lessons/recorded/08-stride-tricks-and-convolution.json`, which the lesson shows beside the reader's
own. The filters are the lesson's: its functions are read from the notebook. Every way has one
thread.
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
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

    from stridescope.instruments.race import Record

SLUG = "08-stride-tricks-and-convolution"
RECORD = ROOT / "lessons" / "recorded" / f"{SLUG}.json"
SIDES = {400: 10.0, 4000: 60.0}
"""Pixels along a side, and about how many seconds the race of all ways takes."""
FINAL = ("slabs in blocks", "adds only, int16", "OpenCV")
"""Race the fast ways again among themselves: their rounds are short, so there are many."""
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
    """Return OpenCV's filter of a float32 picture, if OpenCV is installed."""
    if importlib.util.find_spec("cv2") is None:
        return {}
    import cv2

    cv2.setNumThreads(1)
    x, f = image.astype(np.float32), KERNEL.astype(np.float32)
    return {"OpenCV": lambda: cv2.filter2D(x, -1, f)[1:-1, 1:-1]}


def race(side: int, seconds: float) -> Record:
    """Race all ways on a wall of lighthouses, and the fastest once more."""
    names = lesson_functions(ROOT / "lessons" / f"{SLUG}.ipynb")
    red = imread(ROOT / "img" / "lighthouse.jpg")[:, :, 0]
    wall = np.tile(red, (side // 400, side // 400))
    ways: Ways = names["more_rungs"](wall, KERNEL) | names["five_rungs"](wall, KERNEL)
    if side > min(SIDES):
        ways.pop("loops")
    ways |= opencv(wall)
    run = checked(ways, seconds)
    run["seconds"] |= checked({name: ways[name] for name in FINAL if name in ways}, 30.0)["seconds"]
    return run


def checked(ways: Ways, seconds: float) -> Record:
    """Race, and stop if one way gives another result than the first."""
    run = ss.race(ways, seconds=seconds)
    if "All ways gave the same result." not in run.text:
        raise SystemExit(run.text)
    return run.record


def table(records: dict[str, Record]) -> str:
    """Return the figures as a Markdown table, fastest first."""
    rows = []
    for size, record in records.items():
        base = record["seconds"].get("OpenCV", min(record["seconds"].values()))
        rows += [f"| {size} x {size} | ms | ratio | peak, MB |", "|---|---|---|---|"]
        for name, took in sorted(record["seconds"].items(), key=lambda item: item[1]):
            peak = record["peaks"][name] / 1e6
            rows.append(f"| {name} | {took * 1e3:.3f} | {took / base:.2f} | {peak:.1f} |")
    return "\n".join(rows)


def main() -> None:
    """Race, print, and write if asked and if OpenCV took part."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true", help=f"write {RECORD.name} too")
    write = options.parse_args().write
    with threadpool_limits(1):
        records = {str(side): race(side, seconds) for side, seconds in SIDES.items()}
    print(table(records))
    if importlib.util.find_spec("cv2") is None:
        print(
            "Without OpenCV (pip install opencv-python-headless): ratios are to the fastest here."
        )
        if write:
            print(f"{RECORD.name} stays as it is: it is to hold OpenCV's figures too.")
        return
    import cv2

    for record in records.values():
        record["machine"] += f", OpenCV {cv2.__version__}, one thread each"
    if write:
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(json.dumps(records, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
