"""Tests that were edited in the source are noticed; everything else is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nbgrader_isolate.gradebook.changed_source import (
    changed_tests,
    is_part_of,
    is_registered,
    uncounted_changes,
)
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.database import open_existing
from support.graded_course import A

pytestmark = pytest.mark.slow
TEST = "flat-index-visible"


def test_a_text_points_or_a_new_test_count_and_nothing_else(graded: Path) -> None:
    (file,) = (graded / "source" / A).glob("*.ipynb")
    original = file.read_text("utf-8")

    def changed(**edits: object) -> list[str]:
        notebook = json.loads(original)
        for cell in notebook["cells"]:
            entry = cell["metadata"].get("nbgrader", {})
            if "cell" in edits and entry.get("grade_id") == edits["cell"]:
                cell["source"] = edits.get("source", cell["source"])
                entry["points"] = edits.get("points", entry.get("points"))
                entry["grade_id"] = edits.get("name", entry["grade_id"])
        file.write_text(json.dumps(notebook), "utf-8")
        with open_existing(Course(graded), print) as gradebook:
            return changed_tests(Course(graded), gradebook, A)

    test = "flat-index-visible"
    assert changed() == []
    assert changed(cell=test, source="assert True") == [f"lab/{test}"]
    assert changed(cell=test, points=5) == [f"lab/{test}"]
    assert changed(cell=test, name="another") == ["lab/another"]
    assert changed(cell=test, source="### AUTOTEST f(2)") == []
    assert changed(cell="flat-index", source="def flat_index(): ...") == []
    file.write_text("{", "utf-8")
    with open_existing(Course(graded), print) as gradebook:
        assert changed_tests(Course(graded), gradebook, A) == []


def uncounted(course: Path, cells: list[dict[str, Any]]) -> list[str]:
    """Return what is said about a source notebook with other cells."""
    (file,) = (course / "source" / A).glob("*.ipynb")
    original = file.read_text("utf-8")
    file.write_text(json.dumps(json.loads(original) | {"cells": cells}), "utf-8")
    with open_existing(Course(course), print) as gradebook:
        said = list(uncounted_changes(Course(course), gradebook, A))
    file.write_text(original, "utf-8")
    return said


def test_what_no_registration_takes_up_is_said(graded: Path) -> None:
    (file,) = (graded / "source" / A).glob("*.ipynb")
    cells = json.loads(file.read_text("utf-8"))["cells"]
    test = next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == TEST)
    place = cells.index(test)
    plain = {"cell_type": "code", "metadata": {}, "source": "import math", "outputs": []}
    text = {"cell_type": "markdown", "metadata": {}, "source": "Read this."}
    assert uncounted(graded, cells) == []
    assert uncounted(graded, [text, *cells]) == []
    assert uncounted(graded, [plain | {"source": "  "}, *cells]) == []
    assert "cells without points were edited" in uncounted(graded, [plain, *cells])[0]
    without = [*cells[:place], *cells[place + 1 :]]
    (deleted,) = uncounted(graded, without)
    assert f"lab/{TEST} is not a test in the source any more" in deleted
    as_text = test | {"cell_type": "markdown"}
    (no_code,) = uncounted(graded, [*cells[:place], as_text, *cells[place + 1 :]])
    assert f"lab/{TEST} is not a test" in no_code
    (moved,) = uncounted(graded, [test, *without])
    assert "cells were moved" in moved
    (graded / "release" / A / file.name).unlink()
    assert uncounted(graded, [plain, *cells]) == [], "then the source's plain cells count"


def test_a_text_in_which_nbgrader_writes_tests_is_compared_without_them() -> None:
    written = "a = 1\nassert a == 1  # written\nb = 2"
    assert is_registered("a = 1\n### AUTOTEST a\nb = 2", written)
    assert not is_registered("a = 1\n### AUTOTEST a\nb = 3", written)
    assert not is_registered("AUTOTEST = 1", "AUTOTEST = 2")
    assert not is_part_of(["b", "a"], ["a", "b"])


def test_a_read_only_cell_counts_like_a_test(graded: Path) -> None:
    (file,) = (graded / "source" / A).glob("*.ipynb")
    notebook = json.loads(file.read_text("utf-8"))
    entry = {"grade_id": "helper", "grade": False, "locked": True, "solution": False}
    cell = {"cell_type": "code", "metadata": {"nbgrader": entry}, "source": "x = 1", "outputs": []}
    notebook["cells"].insert(0, cell)
    file.write_text(json.dumps(notebook), "utf-8")
    with open_existing(Course(graded), print) as gradebook:
        (known,) = gradebook.find_assignment(A).notebooks
        assert changed_tests(Course(graded), gradebook, A) == []
        registered = {"cell_type": "code", "source": "x = 2", "locked": True}
        gradebook.add_source_cell("helper", known.name, A, **registered)
        assert changed_tests(Course(graded), gradebook, A) == ["lab/helper"]
