"""The demo's submissions: one of every kind, written from what students get."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from nbgrader_isolate.cli.demo_assignment import ANSWERS, FULL, NOTEBOOK, TESTS, assignment
from nbgrader_isolate.cli.demo_submissions import SUBMISSIONS, make_course
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.notebook.parse import parse
from support.small_course import LIMITS


def test_the_assignment_has_a_test_for_each_answer_and_the_points_that_it_claims() -> None:
    cells = {cell.id: cell for cell in assignment().cells}
    assert sum(points for points, _ in TESTS.values()) == FULL
    assert {*ANSWERS, *TESTS} <= set(cells)
    for name, answer in ANSWERS.items():
        assert answer in cells[name].source
        ast.parse(cells[name].source)


def test_each_submission_is_one_file_that_is_a_notebook_or_empty(tmp_path: Path) -> None:
    assert len(SUBMISSIONS) == 30
    for number, (student, write) in enumerate(SUBMISSIONS.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(assignment(), folder)
        (file,) = folder.iterdir()
        data = file.read_bytes()
        assert (data == b"") == (student == "xenia")
        assert not data or parse(data, LIMITS).cells, student
        assert (file.name == f"{NOTEBOOK}.ipynb") == (student != "yusuf")


def test_a_folder_that_is_not_empty_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(GraderError, match="this folder is not empty; name a new one"):
        make_course(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
