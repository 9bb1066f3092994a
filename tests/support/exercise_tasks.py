"""The tasks of the exercises: their notebooks with the reference, or with what students get."""

from __future__ import annotations

from pathlib import Path

from course.core.exercises import Notebook, grading, is_solution, is_test, load
from course.core.paths import ROOT


def graded_tasks() -> list[Path]:
    """Return the notebooks in `solutions/` that have tests."""
    files = sorted((ROOT / "solutions").glob("*/*.ipynb"))
    return [file for file in files if any(map(is_test, load(file)["cells"]))]


def task_name(file: Path) -> str:
    """Return `02-strides/ravel`."""
    return f"{file.parent.name}/{file.stem}"


def with_stubs(file: Path) -> Notebook:
    """Return the graded notebook with the solution cells as students get them."""
    notebook = load(file)
    handed_out = {
        grading(cell)["grade_id"]: cell["source"]
        for cell in load(ROOT / "exercises" / file.parent.name / file.name)["cells"]
        if is_solution(cell)
    }
    for cell in filter(is_solution, notebook["cells"]):
        cell["source"] = handed_out[grading(cell)["grade_id"]]
    return notebook
