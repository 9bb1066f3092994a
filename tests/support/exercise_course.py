"""One exercise and a student's copy of it: answers to write into it."""

from __future__ import annotations

import json
from pathlib import Path

from course.core.paths import Folders

A, T = "02-strides", "ravel"
RIGHT = "def ravel(row, col, n_rows, n_cols):\n    return row * n_cols + col"


def notebook(*cells: tuple[str, dict[str, object]]) -> str:
    """Return a notebook of code cells, each with its nbgrader facts."""
    made = [
        {
            "cell_type": "code",
            "id": f"c{n}",
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        | {"metadata": {"nbgrader": facts} if facts else {}}
        for n, (source, facts) in enumerate(cells)
    ]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def write(folders: Folders, answer: str, task: str = T, assignment: str = A) -> Path:
    """Put an answer into the student's copy."""
    file = folders.work / "exercises" / assignment / f"{task}.ipynb"
    made = json.loads(file.read_text("utf-8"))
    for cell in made["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("solution"):
            cell["source"] = answer
    file.write_text(json.dumps(made), "utf-8")
    return file
