"""Tests that were edited in the source are noticed; everything else is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nbgrader_isolate.gradebook.changed_source import changed_tests
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.database import open_existing
from support.graded_course import A

pytestmark = pytest.mark.slow


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
