"""What nbgrader's metadata says of a cell: who writes it, and how it is graded."""

from __future__ import annotations

import pytest

from nbgrader_isolate.notebook import cells
from support.small_course import code, text

PLAIN = code("1")
TEST = code("assert 1", "t", grade=True, points=2, locked=True)
ANSWER = code("def f(): ...", "a", solution=True)
ESSAY = text("Why?", "e", grade=True, solution=True, points=3)
TASK = text("Find one.", "k", task=True, points=4, locked=True)
READ_ONLY = code("import math", "r", locked=True)
UNLOCKED = code("assert 1", "u", grade=True, points=1)
CELLS = {
    "plain": PLAIN,
    "test": TEST,
    "answer": ANSWER,
    "essay": ESSAY,
    "task": TASK,
    "read-only": READ_ONLY,
    "unlocked test": UNLOCKED,
}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        (cells.is_grade, {"test", "essay", "unlocked test"}),
        (cells.is_solution, {"answer", "essay"}),
        (cells.is_task, {"task"}),
        (cells.is_locked, {"test", "task", "read-only", "unlocked test"}),
        (cells.is_test, {"test", "unlocked test"}),
        (cells.is_manual, {"essay", "task"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_each_kind_of_cell_is_told_by_its_metadata(question, names: set[str]) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    assert {name for name, cell in CELLS.items() if question(cell)} == names


def test_a_cell_without_metadata_or_with_odd_metadata_has_no_name_and_no_points() -> None:
    for metadata in ({}, {"nbgrader": {}}, {"nbgrader": {"grade_id": 3, "points": None}}):
        cell = {**PLAIN, "metadata": metadata}
        assert (cells.name_of(cell), cells.points_of(cell)) == (None, 0.0)
    assert (cells.name_of(TEST), cells.points_of(TEST)) == ("t", 2.0)


def test_an_answer_is_untouched_until_its_source_changes() -> None:
    assert cells.is_untouched(ANSWER)
    assert cells.is_untouched({**ANSWER, "source": " \n"})
    assert not cells.is_untouched({**ANSWER, "source": "def f(): return 1"})


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ({"autograder": {"mode": "two-kernel"}}, {"nbgrader_isolate": {"mode": "isolated"}}),
        ({"autograder": {"mode": "same-process"}}, {"nbgrader_isolate": {"mode": "in-process"}}),
        ({"autograder": {"owner": "student"}}, {"nbgrader_isolate": {"owner": "student"}}),
        ({"autograder": "text", "tags": []}, {"autograder": "text", "tags": []}),
        (
            {"autograder": {"mode": "two-kernel"}, "nbgrader_isolate": {}},
            {"autograder": {"mode": "two-kernel"}, "nbgrader_isolate": {}},
        ),
    ],
)
def test_metadata_of_earlier_versions_gets_the_current_names(
    former: dict[str, object], current: dict[str, object]
) -> None:
    assert cells.current_metadata(former) == current
