"""`make version-matrix`: every NumPy gets an environment in which the lessons can run."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager

from course.core.paths import ROOT
from course.qa.version_matrix import PACKAGES

OURS = {"numpy", "stridescope"}
BROUGHT_BY = {"PIL": "matplotlib"}
LESSONS = sorted((ROOT / "lessons").glob("*.ipynb"))


def imported(source: str) -> set[str]:
    """Return the top-level packages that a code cell imports, magics and lines for the shell or
    not."""
    python = TransformerManager().transform_cell(source)
    found = set()
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found.add(str(node.module).split(".")[0])
    return found


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda file: file.stem)
def test_what_a_lesson_imports_is_installed_for_every_numpy(lesson: Path) -> None:
    cells = nbformat.read(lesson, as_version=4).cells
    names = set().union(*(imported(cell.source) for cell in cells if cell.cell_type == "code"))
    others = names - set(sys.stdlib_module_names) - OURS
    assert {BROUGHT_BY.get(name, name) for name in others} <= set(PACKAGES)
