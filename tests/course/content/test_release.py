"""The assignment goes through stock nbgrader, with no code of ours in its way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from course.core.paths import ROOT
from support import preloaded
from support.nbgrader_course import answer_file, nbgrader, scores, stock_settings

ASSIGNMENT = "02-strides"
ANSWERS = {
    "right": "    return row * n_cols + col",
    "other-style": "    return sum(n_cols for _ in range(row)) + col if row < 99 "
    "else col + n_cols * row",
    "n-rows": "    return row * n_rows + col",
    "lookup": "    return {(2, 3, 4, 4): 11, (2, 3, 4, 8): 19, (0, 0, 1, 1): 0, (3, 3, 4, 4): 15,\n"
    "            (3465, 18923, 10000, 20000): 69318923}[row, col, n_rows, n_cols]",
    "floats": "    return int(row * float(n_cols) + col)",
    "prints": "    print(row * n_cols + col)",
    "untouched": None,
}
# example 1 (visible), properties 2 and edge 1 (hidden)
POINTS = {
    "right": (1, 2, 1),
    "other-style": (1, 2, 1),
    "n-rows": (0, 0, 0),
    "lookup": (1, 0, 0),
    "floats": (1, 2, 0),
    "prints": (0, 0, 0),
    "untouched": (0, 0, 0),
}
MESSAGES = {
    "n-rows": "Going down one row skips n_cols elements, not n_rows.",
    "prints": "returned None: end the function with `return`",
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course directory in which stock `nbgrader autograde` has run on every answer."""
    course = tmp_path_factory.mktemp("nbgrader")
    shutil.copytree(ROOT / "solutions", course / "solutions")
    stock_settings(course)
    nbgrader(course, "generate_assignment", ASSIGNMENT)
    released = course / "exercises" / ASSIGNMENT / "ravel.ipynb"
    for student, answer in ANSWERS.items():
        answer_file(released, answer, course / "submitted" / student / ASSIGNMENT / "ravel.ipynb")
    nbgrader(course, "autograde", ASSIGNMENT)
    return course


def outputs(course: Path, student: str) -> str:
    """Return all text that the graded notebook of a student shows."""
    file = course / "autograded" / student / ASSIGNMENT / "ravel.ipynb"
    return file.read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("student", list(ANSWERS))
def test_stock_nbgrader_gives_each_answer_its_points(graded: Path, student: str) -> None:
    score = scores(graded, ASSIGNMENT, student, "ravel")
    names = ("ravel-visible", "ravel-walk", "ravel-edge")
    assert tuple(score[name] for name in names) == POINTS[student]


@pytest.mark.slow
@pytest.mark.parametrize("student", list(MESSAGES))
def test_a_known_mistake_is_named_in_the_graded_notebook(graded: Path, student: str) -> None:
    assert MESSAGES[student] in outputs(graded, student)


@pytest.mark.slow
def test_stock_release_equals_the_committed_exercise(graded: Path) -> None:
    name = Path("exercises", ASSIGNMENT, "ravel.ipynb")
    ours, stock = (json.loads((root / name).read_text("utf-8")) for root in (ROOT, graded))
    assert ours["cells"] == stock["cells"]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["exercises", "autograded/right"])
def test_the_words_cell_stays_folded_on_its_way_through_nbgrader(graded: Path, folder: str) -> None:
    cells = json.loads((graded / folder / ASSIGNMENT / "ravel.ipynb").read_text("utf-8"))["cells"]
    ids = [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells]
    assert cells[ids.index("ravel-words")]["metadata"]["jupyter"]["source_hidden"] is True


def test_every_words_cell_is_folded() -> None:
    for file in (ROOT / "exercises").glob("*/*.ipynb"):
        for cell in json.loads(file.read_text("utf-8"))["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id", "")
            folded = cell["metadata"].get("jupyter", {}).get("source_hidden", False)
            assert folded == name.endswith("-words"), (file, name)


@pytest.mark.slow
def test_stock_validate_accepts_the_solution_and_not_the_stub(graded: Path) -> None:
    right = nbgrader_validate(graded / "solutions" / ASSIGNMENT / "ravel.ipynb")
    stub = nbgrader_validate(graded / "exercises" / ASSIGNMENT / "ravel.ipynb")
    assert "Success" in right
    assert "failed" in stub


def nbgrader_validate(notebook: Path) -> str:
    """Run `nbgrader validate`, a student's own check, and return what it prints."""
    return preloaded.nbgrader("validate", notebook.name, cwd=notebook.parent).stdout
