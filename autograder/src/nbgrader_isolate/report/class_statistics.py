"""Numbers about a class: how the scores are distributed, and how each graded cell did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from nbgrader_isolate.gradebook.grades import Grade

BINS = 10
"""Equal parts of the range of scores; full marks are counted apart."""
MIN_STUDENTS = 10
"""Smallest class for which a correlation is given."""
WEAK = 0.2
"""A correlation below this says that a task hardly tells strong submissions from weak ones.

Source: Ebel, "Measuring Educational Achievement" (1965), which calls items below 0.2 poor.
"""
NEARLY_ALL, NEARLY_NONE = 0.95, 0.05


@dataclass(frozen=True)
class Scores:
    """The scores of a class.

    Parameters
    ----------
    count : int
        Students with a score.
    max_score, mean, median : float
        In points.
    bins : tuple of int
        How many students are in each tenth of the range, from the lowest on, without full marks.
    full : int
        How many have all points or more.
    """

    count: int
    max_score: float
    mean: float
    median: float
    bins: tuple[int, ...]
    full: int


@dataclass(frozen=True)
class TaskStatistics:
    """How a class did in one graded cell.

    Parameters
    ----------
    notebook, cell : str
    max_score : float
    graded, waiting : int
        Submissions with points, and those that a person has not graded yet.
    success : float
        Mean share of the points, between 0 and 1.
    full, none : int
        Submissions with all points, and with none.
    discrimination : float or None
        Correlation of the cell's points with the points of all other cells; None if it cannot be
        computed, because the class is too small or all have the same points.
    """

    notebook: str
    cell: str
    max_score: float
    graded: int
    waiting: int
    success: float
    full: int
    none: int
    discrimination: float | None

    @property
    def remark(self) -> str:
        """What a teacher should know about the task; "" if there is nothing special."""
        weak = self.discrimination is not None and self.discrimination < WEAK
        remarks = {
            "": not self.graded,
            "Nearly everybody has all points, so it does not tell submissions apart.": (
                self.success >= NEARLY_ALL
            ),
            "Nearly nobody has points: check the task and its test.": self.success <= NEARLY_NONE,
            "Submissions that are weak elsewhere do better here than strong ones: check the task "
            "and its test.": weak and (self.discrimination or 0.0) < 0,
            "It hardly tells strong submissions from weak ones: check what it asks.": weak,
        }
        return next((remark for remark, applies in remarks.items() if applies), "")


def scores_of_class(scores: Mapping[str, float], max_score: float) -> Scores:
    """Return how the scores of students, by id, are distributed.

    Parameters
    ----------
    scores : mapping of str to float
    max_score : float
        The points of the assignment.
    """
    bins = [0] * BINS
    full = 0
    for score in scores.values():
        if max_score > 0 and score >= max_score:
            full += 1
        else:
            share = score / max_score if max_score > 0 else 0.0
            bins[min(max(int(share * BINS), 0), BINS - 1)] += 1
    values = list(scores.values()) or [0.0]
    return Scores(len(scores), max_score, mean(values), median(values), tuple(bins), full)


def task_statistics(
    grades: Iterable[Grade], order: Sequence[tuple[str, str]]
) -> list[TaskStatistics]:
    """Return how a class did in each cell that has points.

    Parameters
    ----------
    grades : iterable of Grade
    order : sequence of (str, str)
        Notebook and grade_id in the order of the notebooks; others follow by name.
    """
    by_cell: dict[tuple[str, str], list[Grade]] = defaultdict(list)
    totals: dict[str, float] = defaultdict(float)
    for grade in grades:
        if grade.max_score > 0:
            by_cell[grade.notebook, grade.cell].append(grade)
            totals[grade.student] += grade.score or 0.0
    place = {cell: number for number, cell in enumerate(order)}
    names = sorted(by_cell, key=lambda cell: (place.get(cell, len(place)), cell))
    return [statistics_of_task(by_cell[name], totals) for name in names]


def statistics_of_task(grades: Sequence[Grade], totals: Mapping[str, float]) -> TaskStatistics:
    """Return how a class did in one cell; `totals` are the students' points in all cells."""
    first = grades[0]
    points = {one.student: one.score for one in grades if one.score is not None}
    own = list(points.values())
    others = [totals[student] - score for student, score in points.items()]
    return TaskStatistics(
        notebook=first.notebook,
        cell=first.cell,
        max_score=first.max_score,
        graded=len(own),
        waiting=len(grades) - len(own),
        success=mean(own) / first.max_score if own else 0.0,
        full=sum(score >= first.max_score for score in own),
        none=sum(score <= 0 for score in own),
        discrimination=correlation(own, others) if len(own) >= MIN_STUDENTS else None,
    )


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Return Pearson's correlation of two sequences; None if one of them is constant."""
    mean_one, mean_other = mean(one), mean(other)
    covariance = sum((a - mean_one) * (b - mean_other) for a, b in zip(one, other, strict=True))
    spread = sum((a - mean_one) ** 2 for a in one) * sum((b - mean_other) ** 2 for b in other)
    return None if spread <= 0 else float(covariance / spread**0.5)
