"""Which modules the warm process imports for an assignment, and which it leaves to notebooks."""

from __future__ import annotations

from typing import Any

import pytest

from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan
from nbgrader_isolate.planning.preload import modules_to_preload

SOLUTION = {"nbgrader": {"grade_id": "s", "solution": True, "grade": False}}


def code(source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata or {}}


def plan(*cells: dict[str, Any], files: tuple[str, ...] = (), extra: tuple[str, ...] = ()) -> Any:  # noqa: ANN401
    notebook = NotebookPlan("lab", {"cells": list(cells), "metadata": {}}, {})
    return AssignmentPlan("ps1", [notebook], dict.fromkeys(files, b""), list(extra), "d")


def test_imports_of_the_first_cells_are_found_in_their_order() -> None:
    cells = (
        code("import pandas as pd\nfrom scipy import optimize\n%matplotlib inline"),
        code("import csv"),
        code("def f(): pass", SOLUTION),
        code("import sympy"),
    )
    assert modules_to_preload(plan(*cells)) == ["pandas", "scipy", "scipy:optimize", "csv"]


def test_nothing_is_imported_before_code_of_the_student() -> None:
    assert modules_to_preload(plan(code("x = 1", SOLUTION), code("import pandas"))) == []


@pytest.mark.parametrize(
    "source", ["import this", "import lab_helper", "from . import x", "import (", "x = 1"]
)
def test_only_installed_modules_without_effects_are_taken(source: str) -> None:
    assert modules_to_preload(plan(code(source))) == []


@pytest.mark.parametrize("file", ["pandas.py", "pandas/__init__.py", "pandas.cpython-311.so"])
def test_a_module_that_a_file_replaces_is_left_out(file: str) -> None:
    assert modules_to_preload(plan(code("import pandas, csv"), files=(file,))) == ["csv"]


@pytest.mark.parametrize("pattern", ["*.py", "pandas.py", "pandas/*"])
def test_a_module_that_a_submission_may_replace_is_left_out(pattern: str) -> None:
    assert "pandas" not in modules_to_preload(plan(code("import pandas"), extra=(pattern,)))
