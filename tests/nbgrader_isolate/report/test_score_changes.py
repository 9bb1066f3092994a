"""What grading again changes: points by cell, and manual points that stay."""

from __future__ import annotations

import io

from rich.console import Console

from nbgrader_isolate.core.models import CellScore, NotebookResult, Result
from nbgrader_isolate.gradebook.grades import Grade
from nbgrader_isolate.report.score_changes import changes_of, print_changes


def result(student: str, **scores: float | None) -> Result:
    cells = {name: CellScore(score, 2.0, mode="isolated") for name, score in scores.items()}
    notebook = NotebookResult("hw", "graded", 0.0, 2.0, cells, [], 0.1, None)
    return Result(student, "ps1", [notebook], [], "bwrap", 0.1)


def grade(student: str, cell: str, score: float | None, **more: float) -> Grade:
    return Grade(student, "hw", cell, score, 2.0, waiting=score is None, page="p", **more)


def printed(results: list[Result], grades: list[Grade]) -> str:
    out = io.StringIO()
    print_changes(Console(file=out, width=120), changes_of(results, grades))
    return out.getvalue()


def test_each_student_whose_points_change_is_shown_and_losses_come_first() -> None:
    said = printed(
        [result("ada", t1=2.0, t2=1.0), result("bob", t1=0.0, t2=2.0), result("cy", t1=2.0)],
        [
            grade("ada", "t1", 0.0), grade("ada", "t2", 1.0),
            grade("bob", "t1", 2.0), grade("bob", "t2", 2.0),
            grade("cy", "t1", 2.0),
        ],
    )  # fmt: skip
    lines = [line.strip() for line in said.splitlines()]
    assert "Points change for 2 of 3 students: more for 1, fewer for 1." in lines[0]
    assert "hw/t1: 1 up, 1 down" in lines
    bob, ada = (
        next(i for i, line in enumerate(lines) if line.startswith(s)) for s in ("bob", "ad")
    )
    assert bob < ada
    assert lines[ada].split() == ["ada", "1", "3", "hw/t1", "0", "→", "2"]
    assert "cy" not in said


def test_points_of_a_person_stay_and_extra_credit_is_added() -> None:
    (change,) = changes_of(
        [result("ada", t1=2.0, t2=1.0, essay=None)],
        [
            grade("ada", "t1", 1.5, manual=1.5),
            grade("ada", "t2", 1.0, extra=1.0),
            grade("ada", "essay", 2.0, manual=2.0),
        ],
    )
    assert change.cells == [("hw/t2", 1.0, 2.0)]
    assert change.kept == ["hw/t1", "hw/essay"]
    assert (change.before, change.after) == (4.5, 5.5)
    assert "Points that a person gave stay as they are, for 1 student;" in printed(
        [result("ada", t1=2.0, t2=1.0)], [grade("ada", "t1", 1.5, manual=1.5)]
    )


def test_a_new_test_and_one_that_is_gone_are_changes_too() -> None:
    (change,) = changes_of([result("ada", new=1.0)], [grade("ada", "old", 2.0)])
    assert change.cells == [("hw/old", 2.0, None), ("hw/new", None, 1.0)]
    assert (change.before, change.after) == (2.0, 1.0)


def test_that_nothing_changes_is_said() -> None:
    assert "No points change (1 student)." in printed(
        [result("ada", t1=2.0)], [grade("ada", "t1", 2.0)]
    )
