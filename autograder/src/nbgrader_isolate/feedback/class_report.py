"""The report on a class: one HTML page for the teacher, about what everybody did.

It shows how the scores are distributed, how each task went, what the tests said to many students,
with answers as examples, and which tasks hardly tell submissions apart. Like a feedback page, it is
one file without scripts, and it loads nothing. Names are left out unless they are asked for.
"""

from __future__ import annotations

import functools
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.models import IN_PROCESS
from nbgrader_isolate.feedback.hidden_tests import HiddenTestDelimiters, filter_of
from nbgrader_isolate.feedback.highlight import highlight_source
from nbgrader_isolate.feedback.page import TEMPLATES, shortened, template_environment
from nbgrader_isolate.gradebook.accommodations import accommodations
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.database import open_existing
from nbgrader_isolate.gradebook.grades import Submission, grades_of, submissions_of
from nbgrader_isolate.gradebook.results import ResultRow
from nbgrader_isolate.notebook.cells import current_metadata, is_solution, name_of
from nbgrader_isolate.notebook.safe_text import displayable, join_text
from nbgrader_isolate.report.class_statistics import (
    Scores,
    TaskStatistics,
    scores_of_class,
    task_statistics,
)
from nbgrader_isolate.report.misconceptions import Misconception, misconceptions

if TYPE_CHECKING:
    from jinja2 import Template
    from nbgrader.api import Gradebook

MAX_GROUPS = 12
"""Groups of messages that are shown with examples; the others are listed in one line each."""
MAX_LISTED = 30
MAX_EXAMPLES = 3
MAX_READ = 40
"""Submissions of a group that are read to find its most frequent answers."""
MAX_NAMES = 40
MAX_TITLE = 400


@dataclass(frozen=True)
class ExampleAnswer:
    """An answer that a test refused: its source as HTML, how many wrote it, and who."""

    source: Markup
    count: int
    names: str


@dataclass(frozen=True)
class ShownGroup:
    """A group of messages as the page shows it.

    Parameters
    ----------
    says, example : str
        What names the mistake, and a whole message if it says more.
    notebook : str
    count : int
        Students.
    share : float
        Of the class, between 0 and 1.
    tests : str
    names : str
        The students, or "" if they are not shown.
    answers : list of ExampleAnswer
    """

    says: str
    example: str
    notebook: str
    count: int
    share: float
    tests: str
    names: str
    answers: list[ExampleAnswer]


@dataclass(frozen=True)
class ClassReport:
    """What the page shows.

    Parameters
    ----------
    assignment : str
    made : str
        When the scores were read.
    scores : Scores
    tasks : list of TaskStatistics
    groups, others : list of ShownGroup
        With examples, and without.
    late : int
        Submissions from which points are taken off for lateness.
    excused : int
    seconds : dict of str to float
        Median time that a submission of each notebook took to grade, in s.
    """

    assignment: str
    made: str
    scores: Scores
    tasks: list[TaskStatistics]
    groups: list[ShownGroup]
    others: list[ShownGroup]
    late: int
    excused: int
    seconds: dict[str, float]


def class_report(
    course: Course, assignment: str, tell: Callable[[str], None], *, names: bool
) -> str:
    """Return the report on a class as an HTML page.

    Parameters
    ----------
    course : Course
    assignment : str
    tell : callable
        Takes a line for the person who waits.
    names : bool
        Whether to show who wrote an answer.

    Raises
    ------
    GraderError
        If the gradebook has no submission of the assignment.
    """
    from nbgrader_isolate.feedback.write import delimiters_of

    with open_existing(course, tell) as gradebook:
        grades = grades_of(gradebook, assignment)
        submissions = submissions_of(gradebook, assignment)
        sources = test_sources(gradebook, assignment)
    excused = {one for one, what in accommodations(course.root, assignment).items() if what.excused}
    counted = [one for one in submissions if one.student not in excused]
    if not counted:
        raise GraderError(
            f"{assignment}: the gradebook of {course.root} has no submission of this assignment."
        )
    grades = [grade for grade in grades if grade.student not in excused]
    points: dict[str, float] = defaultdict(float)
    for grade in grades:
        points[grade.student] += grade.score or 0.0
    totals = {one.student: max(0.0, points[one.student] - one.penalty) for one in counted}
    maximum = sum({(one.notebook, one.cell): one.max_score for one in grades}.values())
    delimiters = delimiters_of(course.config)
    rows = [
        without_hidden_lines(row, sources, delimiters)
        for row in course.results(assignment)
        if row["student"] in totals
    ]
    groups = shown_groups(course, assignment, misconceptions(rows), counted, names=names)
    return render(
        ClassReport(
            assignment=assignment,
            made=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            scores=scores_of_class(totals, maximum),
            tasks=task_statistics(grades, cell_order(rows)),
            groups=groups[:MAX_GROUPS],
            others=groups[MAX_GROUPS:],
            late=sum(one.penalty > 0 for one in counted),
            excused=len(submissions) - len(counted),
            seconds=median_seconds(rows),
        )
    )


def render(report: ClassReport) -> str:
    """Return a report as HTML."""
    css = "".join((TEMPLATES / f"{name}.css").read_text("utf-8") for name in ("feedback", "class"))
    html: str = template().render(
        report=report,
        css=Markup(css),  # noqa: S704 - our own files
        max_listed=MAX_LISTED,
    )
    return html


@functools.cache
def template() -> Template:
    """Return the page's template."""
    environment = template_environment()
    environment.filters["points"] = lambda value: f"{round(float(value), 2):g}"
    environment.filters["percent"] = lambda value: f"{100 * float(value):.0f}%"
    environment.filters["shown"] = displayable
    return environment.get_template("class.html.j2")


def cell_order(rows: Iterable[ResultRow]) -> list[tuple[str, str]]:
    """Return notebooks and their graded cells in the order of the notebooks."""
    cells = {(row["notebook"] or "", name): None for row in rows for name in row["cells"]}
    return list(cells)


def median_seconds(rows: Iterable[ResultRow]) -> dict[str, float]:
    """Return how long grading a submission took, by notebook; the median, in s."""
    seconds: dict[str, list[float]] = {}
    for row in rows:
        if row["notebook"] and row["seconds"]:
            seconds.setdefault(row["notebook"], []).append(row["seconds"])
    return {name: sorted(each)[len(each) // 2] for name, each in sorted(seconds.items())}


def test_sources(gradebook: Gradebook, assignment: str) -> dict[tuple[str, str], str]:
    """Return the sources of tests as nbgrader registered them, by notebook and name."""
    return {
        (notebook.name, cell.name): cell.source or ""
        for notebook in gradebook.find_assignment(assignment).notebooks
        for cell in notebook.source_cells
    }


def without_hidden_lines(
    row: ResultRow, sources: Mapping[tuple[str, str], str], delimiters: HiddenTestDelimiters
) -> ResultRow:
    """Return a row whose messages have no hidden line of an in-process test.

    Code in the process of such a test can read it, and one student's spying is not for the class.
    """
    lines = filter_of(
        (
            sources.get((row["notebook"] or "", name), "")
            for name, cell in row["cells"].items()
            if cell["mode"] == IN_PROCESS
        ),
        delimiters,
    )
    cells = {
        name: cell | {"message": lines.text(cell["message"] or "")}
        for name, cell in row["cells"].items()
    }
    return row | {"cells": cells}


def shown_groups(
    course: Course,
    assignment: str,
    found: Sequence[Misconception],
    submissions: Sequence[Submission],
    *,
    names: bool,
) -> list[ShownGroup]:
    """Return groups of messages as the page shows them; only the first ones get examples."""
    people = {one.student: one.name or one.student for one in submissions}
    shown = []
    for number, one in enumerate(found):
        examples = (
            example_answers(course, assignment, one, people if names else {})
            if number < MAX_GROUPS
            else []
        )
        who = sorted(people.get(student, student) for student in one.students)
        says, message = (displayable(shortened(text)) for text in (one.says, one.example))
        shown.append(
            ShownGroup(
                says=says[:MAX_TITLE],
                example="" if message == says else message,
                notebook=one.notebook,
                count=len(one.students),
                share=len(one.students) / len(submissions),
                tests=", ".join(name for name, _ in one.tests.most_common()),
                names=listed(who) if names else "",
                answers=examples,
            )
        )
    return shown


def example_answers(
    course: Course, assignment: str, group: Misconception, people: dict[str, str]
) -> list[ExampleAnswer]:
    """Return the most frequent answers of a group; answers with the same text count once."""
    test = group.tests.most_common(1)[0][0]
    writers: dict[str, list[str]] = {}
    for student in group.students[:MAX_READ]:
        folder = course.folder("autograded", student, assignment)
        if answer := answer_before(folder / f"{group.notebook}.ipynb", test):
            writers.setdefault(answer, []).append(student)
    counts = Counter({answer: len(students) for answer, students in writers.items()})
    return [
        ExampleAnswer(
            source=highlight_source(displayable(shortened(answer)), "python", 0),
            count=count,
            names=listed([people.get(student, student) for student in writers[answer]])
            if people
            else "",
        )
        for answer, count in counts.most_common(MAX_EXAMPLES)
    ]


def answer_before(notebook: Path, test: str) -> str:
    """Return the text of the last answer before a test of a graded notebook, or ""."""
    try:
        cells = json.loads(notebook.read_bytes())["cells"]
    except (OSError, ValueError, KeyError):
        return ""
    answer = ""
    for cell in cells:
        one = cell | {"metadata": current_metadata(cell["metadata"])}
        if name_of(one) == test:
            return answer
        if is_solution(one):
            answer = join_text(cell["source"]).strip()
    return answer


def listed(names: Sequence[str]) -> str:
    """Return names in one line, with the number of those that are left out."""
    some = ", ".join(displayable(name) for name in names[:MAX_NAMES])
    return some if len(names) <= MAX_NAMES else f"{some} and {len(names) - MAX_NAMES} more"
