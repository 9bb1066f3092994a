"""What grading again changes: for whom, in which cells, and what a person gave and keeps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from nbgrader_isolate.core.models import NotebookResult, Result
from nbgrader_isolate.core.text import counted, printable
from nbgrader_isolate.gradebook.grades import Grade
from nbgrader_isolate.report.summary import print_line

if TYPE_CHECKING:
    from rich.console import Console

MAX_CELLS = 4
"""Changed cells that are named for each student."""


@dataclass
class StudentChange:
    """What changes for one student.

    Parameters
    ----------
    student : str
    before, after : float
        Points, without late penalties.
    cells : list of (str, float or None, float or None)
        Notebook and cell, the points before and after; None if a person has to grade it.
    kept : list of str
        Cells whose points a person gave; they stay, and the cell asks for another look.
    """

    student: str
    before: float = 0.0
    after: float = 0.0
    cells: list[tuple[str, float | None, float | None]] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


def student_change(result: Result, grades: Iterable[Grade]) -> StudentChange:
    """Return what changes for a student.

    Parameters
    ----------
    result : Result
        Of grading again.
    grades : iterable of Grade
        The student's points in the gradebook now.
    """
    change = StudentChange(result.student)
    old = {(grade.notebook, grade.cell): grade for grade in grades}
    change.before = sum(grade.score or 0.0 for grade in old.values())
    new = dict(new_scores(result.notebooks))
    for place in {**old, **new}:
        grade, score = old.get(place), new.get(place)
        after = score
        if grade is not None and grade.manual is not None:
            after = grade.manual + grade.extra
            change.kept.append("/".join(place))
        elif grade is not None and score is not None:
            after = score + grade.extra
        before = grade.score if grade else None
        change.after += after or 0.0
        if before != after:
            change.cells.append(("/".join(place), before, after))
    return change


def new_scores(
    notebooks: Iterable[NotebookResult],
) -> Iterator[tuple[tuple[str, str], float | None]]:
    """Yield notebook and cell, and the points of the cell in a result."""
    for notebook in notebooks:
        for name, cell in notebook.cells.items():
            yield (notebook.name, name), cell.score


def changes_of(results: Iterable[Result], grades: Iterable[Grade]) -> list[StudentChange]:
    """Return what changes, for each student with a result."""
    by_student: dict[str, list[Grade]] = defaultdict(list)
    for grade in grades:
        by_student[grade.student].append(grade)
    return [student_change(result, by_student[result.student]) for result in results]


def print_changes(console: Console, changes: list[StudentChange]) -> None:
    """Print for whom points change; those who lose some come first."""
    changed = [one for one in changes if one.cells]
    if not changed:
        print_line(console, f"No points change ({counted(len(changes), 'student')}).")
        return
    changed.sort(key=lambda one: (one.after - one.before, one.student))
    more = sum(one.after > one.before for one in changed)
    fewer = sum(one.after < one.before for one in changed)
    print_line(
        console,
        f"Points change for {len(changed)} of {counted(len(changes), 'student')}: "
        f"more for {more}, fewer for {fewer}.",
        style="bold",
    )
    for line in cell_totals(changed):
        print_line(console, line)
    table = Table(box=None, padding=(0, 2, 0, 2))
    for name, justify in (("student", "left"), ("before", "right"), ("after", "right")):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("changes")
    for one in changed:
        cells = [f"{printable(name)} {points(a)} → {points(b)}" for name, a, b in one.cells]
        left = f" and {len(cells) - MAX_CELLS} more" if len(cells) > MAX_CELLS else ""
        table.add_row(
            Text(printable(one.student, 64)),
            f"{one.before:g}",
            f"{one.after:g}",
            Text(", ".join(cells[:MAX_CELLS]) + left),
        )
    console.print(table)
    if kept := [one for one in changes if one.kept]:
        print_line(
            console,
            f"Points that a person gave stay as they are, for {counted(len(kept), 'student')}; the "
            "formgrader will ask to look at these cells again.",
        )


def cell_totals(changed: Iterable[StudentChange]) -> Iterator[str]:
    """Yield a line for each cell: for how many students its points rise or fall."""
    up: Counter[str] = Counter()
    down: Counter[str] = Counter()
    for one in changed:
        for name, before, after in one.cells:
            (up if (after or 0.0) >= (before or 0.0) else down)[name] += 1
    for name in sorted({**up, **down}):
        yield f"  {printable(name)}: {up[name]} up, {down[name]} down"


def points(score: float | None) -> str:
    """Return points, or what stands for points that are not known."""
    return "open" if score is None else f"{score:g}"
