"""The scripts of the exercises: what was handed out, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from course.core.exercises import exercise_files, read_exercise
from course.core.paths import ROOT, Folders
from course.live import exercises, pack
from course.live.build import LiveSite
from support import handed_out
from support.handed_out import REAL

if TYPE_CHECKING:
    from pathlib import Path


def loaded(script: bytes) -> dict[str, Any]:
    """Return what a script sets."""
    text = script.decode().removeprefix("self.liveExercise = ").removesuffix(";\n")
    facts: dict[str, Any] = json.loads(text)
    return facts


def test_a_script_has_the_cells_that_run_and_the_whole_notebook(tmp_path: Path) -> None:
    exercise = handed_out.write(tmp_path / "01-numbers", "twice", handed_out.cells())
    facts = loaded(exercises.script(exercise))
    assert (facts["assignment"], facts["name"]) == ("01-numbers", "twice")
    assert [(cell["number"], cell["kind"]) for cell in facts["cells"]] == [
        (2, "given"),
        (3, "answer"),
        (5, "words"),
        (6, "test"),
    ]
    assert facts["cells"][3]["grade_id"] == "twice-visible"
    assert facts["cells"][3]["answer"] == "twice"
    assert facts["notebook"] == json.loads(exercise.file.read_text("utf-8"))


@pytest.mark.parametrize("file", REAL, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_the_notebook_in_a_script_is_the_one_that_was_handed_out(file: Path) -> None:
    facts = loaded(exercises.script(read_exercise(file)))
    assert facts["notebook"] == json.loads(file.read_text("utf-8"))


def test_a_cell_that_a_page_cannot_run_says_why(tmp_path: Path) -> None:
    cells = handed_out.cells()
    cells[1]["metadata"] = {"tags": ["needs-64-bit"], "course": {"in_page": "It has 4 TB."}}
    exercise = handed_out.write(tmp_path / "01-numbers", "twice", cells)
    said = [cell["stays"] for cell in loaded(exercises.script(exercise))["cells"]]
    assert said == ["It has 4 TB. Run it on a computer.", "", "", ""]
    cells[1]["metadata"] = {"tags": ["needs-computer"]}
    exercise = handed_out.write(tmp_path / "01-numbers", "twice", cells)
    (first, *_) = loaded(exercises.script(exercise))["cells"]
    assert first["stays"] == "This cell needs more than a page has. Run it on a computer."


def test_an_entry_names_answers_and_tests() -> None:
    capstone = read_exercise(ROOT / "exercises" / "09-capstone" / "your-ndarray.ipynb")
    entry = exercises.entry(capstone, "exercise-x.js")
    assert entry["place"] == "09-capstone/your-ndarray"
    assert entry["title"] == "your own ndarray"
    assert entry["answers"][:2] == ["your-ndarray-parts", "your-ndarray-step-1"]
    assert entry["tests"] == [f"your-ndarray-step-{k}-visible" for k in range(1, 7)]


def test_checking_is_packed_beside_the_exercises_of_each_assignment() -> None:
    live = LiveSite(Folders())
    files = pack.course_files(live.folders.root, live.companions)
    assignments = {file.parent.name for file in exercise_files(live.folders.exercises)}
    for assignment in assignments:
        source = files[f"exercises/{assignment}/checking.py"]
        assert source == (ROOT / "exercises" / assignment / "checking.py").read_bytes()
    assert not [name for name in files if name.endswith(".ipynb") or "solutions" in name]
