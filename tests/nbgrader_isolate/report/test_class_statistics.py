"""Numbers about a class are those that a teacher would compute by hand."""

from __future__ import annotations

import numpy as np
import pytest

from nbgrader_isolate.gradebook.grades import Grade
from nbgrader_isolate.report.class_statistics import (
    TaskStatistics,
    correlation,
    scores_of_class,
    task_statistics,
)


def grades(cell: str, *scores: float | None, maximum: float = 2.0) -> list[Grade]:
    """Return the points of students s00, s01 … in one cell."""
    return [
        Grade(f"s{i:02}", "hw", cell, score, maximum, waiting=score is None, page="p")
        for i, score in enumerate(scores)
    ]


def task(**values: float | None) -> TaskStatistics:
    fields = {"graded": 12, "waiting": 0, "success": 0.5, "full": 5, "none": 5}
    return TaskStatistics("hw", "t", 2.0, **(fields | {"discrimination": 0.5} | values))  # type: ignore[arg-type]


def test_the_distribution_counts_tenths_and_full_marks_apart() -> None:
    scores = {"a": 0.0, "b": 0.99, "c": 5.0, "d": 9.99, "e": 10.0, "f": 11.0}
    found = scores_of_class(scores, 10.0)
    assert found.bins == (2, 0, 0, 0, 0, 1, 0, 0, 0, 1)
    assert (found.count, found.full, found.median) == (6, 2, 7.495)
    assert scores_of_class({}, 10.0).count == 0
    assert scores_of_class({"a": 0.0}, 0.0).bins[0] == 1


def test_tasks_come_in_the_order_of_the_notebook_with_what_is_open_apart() -> None:
    found = task_statistics(
        [
            *grades("b", 2.0, 0.0, None),
            *grades("a", 1.0, 2.0, 2.0),
            *grades("free", 0.0, maximum=0),
        ],
        [("hw", "b"), ("hw", "a")],
    )
    assert [one.cell for one in found] == ["b", "a"]
    assert (found[0].graded, found[0].waiting, found[0].success) == (2, 1, 0.5)
    assert (found[1].full, found[1].none) == (2, 0)
    assert found[1].success == pytest.approx(5 / 6)
    assert found[0].discrimination is None


def test_the_correlation_is_with_the_points_of_all_other_tasks() -> None:
    rng = np.random.default_rng(7)
    columns = rng.integers(0, 3, (3, 20)).astype(float)
    found = task_statistics(
        [grade for i, column in enumerate(columns) for grade in grades(f"t{i}", *column)], []
    )
    for i, one in enumerate(found):
        others = np.delete(columns, i, axis=0).sum(axis=0)
        assert one.discrimination == pytest.approx(np.corrcoef(columns[i], others)[0, 1])
    assert correlation([1.0, 1.0], [1.0, 2.0]) is None


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (task(success=0.99), "Nearly everybody"),
        (task(success=0.01), "Nearly nobody"),
        (task(discrimination=-0.3), "weak elsewhere do better"),
        (task(discrimination=0.1), "hardly tells strong"),
        (task(discrimination=0.4), ""),
        (task(discrimination=None), ""),
        (task(graded=0, success=0.0), ""),
    ],
)
def test_a_remark_says_what_to_check(one: TaskStatistics, words: str) -> None:
    assert words in one.remark
    assert bool(words) == bool(one.remark)
