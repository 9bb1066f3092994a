"""Any submission gets a result; tasks, plans and results survive a round trip through JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbgrader_isolate.core.models import NotebookResult, Result, Task
from nbgrader_isolate.core.serialization import to_json
from nbgrader_isolate.grading.submission import grade
from support.small_course import LIMITS, InProcess, answered, assignment, code, plan_of, task_of
from support.tiers import examples

RIGHT = {
    "double": "def double(x):\n    return 2 * x",
    "area": "def area(r):\n    return 3.14 * r ** 2",
    "why": "Because.",
}


def graded(files: dict[str, bytes], notes: list[str] | None = None, **more: Any) -> Result:  # noqa: ANN401
    return grade(task_of(files, notes), assignment(**more), InProcess(), LIMITS)


def one(answers: dict[str, str]) -> NotebookResult:
    (graded_notebook,) = graded({"hw.ipynb": json.dumps(answered(answers)).encode()}).notebooks
    return graded_notebook


def points(graded_notebook: NotebookResult) -> dict[str, float | None]:
    return {name: cell.score for name, cell in graded_notebook.cells.items()}


def test_right_answers_get_their_points_and_open_ones_wait_for_a_person() -> None:
    graded_notebook = one(RIGHT)
    assert points(graded_notebook) == {
        "double-test": 2.0,
        "why": None,
        "task": None,
        "area-test": 1.0,
    }
    assert (
        graded_notebook.status,
        graded_notebook.score,
        graded_notebook.max_score,
        graded_notebook.review_reasons,
    ) == (
        "graded",
        3.0,
        10.0,
        [],
    )


def test_an_untouched_notebook_gets_no_points_and_a_message() -> None:
    graded_notebook = one({})
    assert points(graded_notebook) == {
        "double-test": 0.0,
        "why": 0.0,
        "task": None,
        "area-test": 0.0,
    }
    assert graded_notebook.cells["double-test"].message == "NotImplementedError: "
    assert graded_notebook.cells["why"].message == "No response."


def test_a_wrong_answer_costs_only_its_own_points() -> None:
    graded_notebook = one(RIGHT | {"double": "this is no Python"})
    assert points(graded_notebook) == {
        "double-test": 0.0,
        "why": None,
        "task": None,
        "area-test": 1.0,
    }


def test_a_notebook_that_was_not_handed_in_is_missing() -> None:
    (graded_notebook,) = graded({}).notebooks
    assert (graded_notebook.status, graded_notebook.score, graded_notebook.review_reasons) == (
        "missing",
        0.0,
        ["hw.ipynb: not handed in"],
    )
    assert set(points(graded_notebook).values()) == {0.0}
    assert graded_notebook.notebook is None


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "hw.ipynb: is empty"),
        (b"{", "hw.ipynb: is not JSON: "),
        (b"[" * 9999, "hw.ipynb: is nested"),
    ],
)
def test_a_notebook_that_cannot_be_read_is_unreadable(data: bytes, why: str) -> None:
    (graded_notebook,) = graded({"hw.ipynb": data}).notebooks
    assert graded_notebook.status == "unreadable"
    assert graded_notebook.review_reasons[0].startswith(why)
    assert (graded_notebook.score, graded_notebook.max_score) == (0.0, 10.0)


def test_a_notebook_that_intake_refused_is_unreadable_with_the_reason() -> None:
    note = "hw.ipynb: is a link, and links are not followed"
    result = graded({}, [note])
    assert (result.notebooks[0].status, result.notebooks[0].review_reasons) == (
        "unreadable",
        [note],
    )
    assert result.notices == [note]


def test_answers_in_a_second_file_are_a_reason_to_look() -> None:
    notice = "hw.ipynb: hw (1).ipynb has answers, too, and was not graded"
    submitted = {"hw.ipynb": json.dumps(answered(RIGHT)).encode()}
    (graded_notebook,) = graded(submitted, [notice, "left behind: hw (1).ipynb"]).notebooks
    assert (graded_notebook.score, graded_notebook.review_reasons) == (3.0, [notice])


def test_one_bad_notebook_does_not_cost_the_others() -> None:
    good = json.dumps(answered(RIGHT)).encode()
    plan = assignment(plan_of(), plan_of(name="part2"))
    result = grade(task_of({"hw.ipynb": b"\0", "part2.ipynb": good}), plan, InProcess(), LIMITS)
    assert [graded_notebook.status for graded_notebook in result.notebooks] == [
        "unreadable",
        "graded",
    ]
    assert [graded_notebook.score for graded_notebook in result.notebooks] == [0.0, 3.0]


class Broken(InProcess):
    def run(self, nb: Any, **inputs: Any) -> Any:  # noqa: ANN401, ARG002
        raise RuntimeError("the fork server\n\x1b[31mis gone")


def test_a_failure_of_the_grader_is_not_a_zero_for_the_student() -> None:
    task = task_of({"hw.ipynb": json.dumps(answered(RIGHT)).encode()})
    (graded_notebook,) = grade(task, assignment(), Broken(), LIMITS).notebooks
    assert graded_notebook.status == "error"
    assert graded_notebook.review_reasons[0].startswith(
        "hw.ipynb: the grader failed: RuntimeError: the fork server"
    )
    assert graded_notebook.review_reasons[0].isprintable()
    assert graded_notebook.notebook is None


def test_extra_files_go_to_the_students_kernel_only() -> None:
    engine = InProcess()
    plan = assignment(files={"data.csv": b"ours"}, extra_files=["*.csv"])
    files = {"hw.ipynb": json.dumps(answered(RIGHT)).encode(), "data.csv": b"theirs"}
    grade(task_of(files), plan, engine, LIMITS)
    assert engine.inputs["files"] == {"data.csv": b"ours"}
    assert engine.inputs["student_files"] == {"data.csv": b"theirs"}


def test_without_extra_files_the_engine_gets_those_of_the_plan() -> None:
    engine = InProcess()
    files = {"hw.ipynb": json.dumps(answered(RIGHT)).encode()}
    grade(task_of(files), assignment(files={"data.csv": b"1"}), engine, LIMITS)
    expected = {"files": {"data.csv": b"1"}, "student_names": ["double", "area"], "seed": 7}
    assert engine.inputs == expected | {"student_files": {}, "test_files": {}, "time_factor": 1.0}


def test_a_task_of_another_plan_is_refused() -> None:
    other = Task("ada", "ps1", "e" * 64, {}, [], 1)
    with pytest.raises(ValueError, match="the task needs plan eeeeeeeeeeee, but this is plan dddd"):
        grade(other, assignment(), InProcess(), LIMITS)


def test_the_same_task_gives_the_same_result() -> None:
    files = {"hw.ipynb": json.dumps(answered(RIGHT)).encode()}
    first, second = (json.loads(to_json(graded(files))) for _ in range(2))
    for result in (first, second):
        result.pop("seconds")
        result["notebooks"][0].pop("seconds")
    assert first == second


SOURCES = st.text(max_size=20) | st.sampled_from(
    ["def double(x): return 4", "1/0", "%%bash", "double = None", "def area(r): return 0"]
)


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(["double", "area", "why", None]), SOURCES), max_size=6))
@settings(max_examples=examples(100), deadline=None)
def test_no_submission_gets_more_points_than_there_are(cells: list[tuple[str | None, str]]) -> None:
    given_cells = [code(source, name, solution=True) for name, source in cells]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": given_cells}
    (graded_notebook,) = graded({"hw.ipynb": json.dumps(content).encode()}).notebooks
    assert graded_notebook.status in ("graded", "partial")
    assert 0 <= graded_notebook.score <= graded_notebook.max_score == 10
