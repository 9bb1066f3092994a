"""Answers to exercises that have moved come along, and nothing that a student wrote is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from course.core.moved import EXERCISES
from course.core.paths import ROOT, Folders
from course.exercises.check import SOLVED, UNTOUCHED, state
from course.exercises.moved_work import bring_over, told
from course.exercises.workspace import fill
from support.exercise_course import write

OLD, NEW = "04-speed", "06-speed"
TASK = "chunked-stats"
ANSWER = "def my_answer():\n    return 1"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A course with one exercise that has moved, and a student who had it under its old name."""
    for file in (f"{TASK}.ipynb", "checking.py"):
        for folder in (tmp_path / "exercises" / NEW, tmp_path / "work" / "exercises" / OLD):
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / "exercises" / NEW / file, folder)
    assert EXERCISES[f"{OLD}/{TASK}"] == f"{NEW}/{TASK}"
    return Folders(tmp_path)


def mine(folders: Folders, assignment: str) -> Path:
    return folders.work / "exercises" / assignment / f"{TASK}.ipynb"


def test_an_answer_is_copied_and_the_old_file_stays(folders: Folders) -> None:
    old = write(folders, ANSWER, TASK, OLD)
    before = old.read_bytes()
    copies = bring_over(folders)
    assert copies == [(old, mine(folders, NEW))]
    assert (
        ANSWER
        in json.loads(mine(folders, NEW).read_text("utf-8"))["cells"][answer_at(old)]["source"]
    )
    assert old.read_bytes() == before
    assert (mine(folders, NEW).parent / "checking.py").is_file()
    assert bring_over(folders) == []
    fill(folders)
    assert ANSWER in mine(folders, NEW).read_text("utf-8").replace("\\n", "\n")


def answer_at(file: Path) -> int:
    """Return the place of the answer cell in a notebook."""
    cells = json.loads(file.read_text("utf-8"))["cells"]
    return next(
        k for k, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution")
    )


def test_the_copy_is_an_exercise_of_its_new_assignment(folders: Folders) -> None:
    old = write(folders, ANSWER, TASK, OLD)
    notebook = json.loads(old.read_text("utf-8"))
    notebook["metadata"]["course"]["source"] = f"content/solutions/{OLD}/{TASK}.md"
    old.write_text(json.dumps(notebook), "utf-8")
    bring_over(folders)
    facts = json.loads(mine(folders, NEW).read_text("utf-8"))["metadata"]["course"]
    assert facts["source"] == f"content/solutions/{NEW}/{TASK}.md"


def test_a_fresh_copy_that_nobody_touched_gives_way_to_the_answer(folders: Folders) -> None:
    fill(folders)
    write(folders, ANSWER, TASK, OLD)
    assert len(bring_over(folders)) == 1
    assert "my_answer" in mine(folders, NEW).read_text("utf-8")


@pytest.mark.parametrize("text", ["", "{ not a notebook"])
def test_what_a_student_wrote_at_the_new_place_is_never_replaced(
    folders: Folders, text: str
) -> None:
    fill(folders)
    write(folders, ANSWER, TASK, OLD)
    new = write(folders, "def newer():\n    return 2", TASK, NEW)
    new.write_text(text or new.read_text("utf-8"), "utf-8")
    before = new.read_bytes()
    assert bring_over(folders) == []
    assert new.read_bytes() == before


def test_a_link_at_the_new_place_stays(folders: Folders) -> None:
    write(folders, ANSWER, TASK, OLD)
    new = mine(folders, NEW)
    new.parent.mkdir(parents=True)
    new.symlink_to("/nowhere")
    assert bring_over(folders) == []
    assert new.is_symlink()


def test_what_was_never_written_into_is_left_to_a_fresh_copy(folders: Folders) -> None:
    assert bring_over(folders) == []
    assert told(folders, []) == ""
    assert not mine(folders, NEW).exists()


def test_a_file_that_is_no_notebook_is_copied_byte_for_byte(folders: Folders) -> None:
    old = mine(folders, OLD)
    old.write_bytes(b"half a notebook {\xff")
    assert len(bring_over(folders)) == 1
    assert mine(folders, NEW).read_bytes() == b"half a notebook {\xff"


def test_one_sentence_says_what_went_where(folders: Folders) -> None:
    write(folders, ANSWER, TASK, OLD)
    said = told(folders, bring_over(folders))
    assert f"{OLD}/{TASK} to work/exercises/{NEW}/" in said
    assert said.endswith("Your old files are still there.")


@pytest.mark.slow
def test_a_solved_exercise_is_solved_at_its_new_place(folders: Folders) -> None:
    given = folders.exercises / NEW / f"{TASK}.ipynb"
    cells = json.loads((ROOT / "solutions" / NEW / f"{TASK}.ipynb").read_text("utf-8"))["cells"]
    (answer,) = (c["source"] for c in cells if c["metadata"].get("nbgrader", {}).get("solution"))
    write(folders, answer, TASK, OLD)
    assert state(folders, given).word == UNTOUCHED
    bring_over(folders)
    assert state(folders, given).word == SOLVED
