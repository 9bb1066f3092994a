"""Small exercises as they are handed out, and the real ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from course.core.exercises import Exercise, exercise_files, read_exercise
from course.core.paths import ROOT

REAL = exercise_files(ROOT / "exercises")
INTRO = (
    "The next cell, which is folded, defines the checks and their messages. Run it first, then "
    "run the tests below it."
)


def cell(source: str, grade_id: str = "", kind: str = "code", **facts: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a cell; with a name, one of nbgrader's."""
    tags = facts.pop("tags", [])
    words = {"grade_id": grade_id, "solution": False, "grade": False, **facts}
    metadata = {"tags": tags} | ({"nbgrader": words} if grade_id else {})
    made: dict[str, Any] = {"cell_type": kind, "metadata": metadata, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def cells() -> list[dict[str, Any]]:
    """Return the cells of an exercise with one of each kind."""
    return [
        cell("# Exercise: twice\n\nWrite `twice`, as in [once](once.ipynb).", kind="markdown"),
        cell("table = 3"),
        cell("def twice(x):\n    raise NotImplementedError()", "twice", solution=True),
        cell(INTRO, kind="markdown"),
        cell("def check(): ...", "twice-words", locked=True, tags=["hide-input"]),
        cell("assert twice(2) == 4", "twice-visible", grade=True, points=1),
        cell("# Graded: many\n# numbers.", "twice-random", grade=True, points=2),
        cell("# Graded: large ones.", "twice-edge", grade=True, points=1),
    ]


def write(folder: Path, name: str, made: list[dict[str, Any]]) -> Exercise:
    """Write an exercise into the folder of an assignment, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    metadata = {"course": {"needs": ["01"], "objectives": ["double a number"]}}
    notebook = {"cells": made, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")
    return read_exercise(folder / f"{name}.ipynb")
