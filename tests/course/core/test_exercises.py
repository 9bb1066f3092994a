"""An exercise is read as it is handed out, and all of them in the order in which they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from course.core.exercises import Kind, exercise_files, read_exercise
from course.core.paths import ROOT
from support import handed_out
from support.handed_out import REAL

if TYPE_CHECKING:
    from pathlib import Path


def test_each_cell_has_a_kind_and_belongs_to_the_answer_above_it(tmp_path: Path) -> None:
    exercise = handed_out.write(tmp_path / "01-numbers", "twice", handed_out.cells())
    assert exercise.place == "01-numbers/twice"
    assert exercise.title == "twice"
    assert exercise.objectives == ["double a number"]
    found = [(part.kind, part.answer) for part in exercise.parts]
    assert found == [
        (Kind.PROSE, ""),
        (Kind.GIVEN, ""),
        (Kind.ANSWER, "twice"),
        (Kind.PROSE, "twice"),
        (Kind.WORDS, "twice"),
        (Kind.TEST, "twice"),
        (Kind.LATER, "twice"),
        (Kind.LATER, "twice"),
    ]
    later = exercise.of_kind(Kind.LATER)
    assert [(part.source, part.points) for part in later] == [
        ("many numbers.", 2),
        ("large ones.", 1),
    ]


def test_an_answer_in_words_and_a_notebook_without_a_title(tmp_path: Path) -> None:
    text = handed_out.cell(
        "YOUR ANSWER HERE", "why-answer", "markdown", grade=True, solution=True, points=0
    )
    exercise = handed_out.write(tmp_path / "01-numbers", "why", [text])
    assert [part.kind for part in exercise.parts] == [Kind.TEXT]
    assert exercise.title == "why"


def test_what_is_not_a_notebook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text("{}")
    with pytest.raises(ValueError, match="is not a notebook"):
        read_exercise(tmp_path / "a.ipynb")


def test_tasks_come_in_the_order_of_the_lesson_and_the_question_last(tmp_path: Path) -> None:
    names = [file.stem for file in REAL if file.parent.name == "02-strides"]
    assert names == ["ravel", "unravel", "offset-of", "mini-locate", "mini-transposed", "why"]
    assert exercise_files(ROOT / "nothing") == []
    for name in ["b", "why", "a", "ravel"]:
        handed_out.write(tmp_path / "01-numbers", name, handed_out.cells())
    assert [file.stem for file in exercise_files(tmp_path)] == ["ravel", "a", "b", "why"]


@pytest.mark.parametrize("file", REAL, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_every_exercise_has_answers_with_tests_or_a_question(file: Path) -> None:
    exercise = read_exercise(file)
    assert exercise.of_kind(Kind.PROSE)
    answers = exercise.of_kind(Kind.ANSWER, Kind.TEXT)
    names = [part.grade_id for part in answers]
    assert len(set(names)) == len(names) > 0
    if answers[0].kind == Kind.ANSWER:
        tests = exercise.of_kind(Kind.TEST)
        assert {test.answer for test in tests} <= set(names)
        assert tests
