"""What an instructor reads after a run: the scores, then which submissions need a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from nbgrader_isolate.core.atomic import write_output
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.models import IN_PROCESS
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.results import UNPROTECTED, ResultRow

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

PROBLEMS = {"partial", "missing", "unreadable", "error"}
"""Statuses that need a person."""
NOT_READ = {"missing", "unreadable"}
"""Statuses for which notices may explain what happened to the notebook."""
MAX_NOTICES = 10
"""Notices that a summary shows; `--json` contains all of them."""
WIDTH = 110
"""Columns of a summary that is not printed to a terminal."""


@dataclass
class Tally:
    """The totals of an assignment's rows. The rows themselves are not kept.

    Parameters
    ----------
    scores : dict of str to float
        Points of each student over all notebooks.
    max_scores : dict of str to float
        Maximum points of each student.
    statuses : collections.Counter
        Number of notebooks by status.
    review_reasons : list of (str, str, str)
        Student, notebook and reason, one for each reason to review a submission. Unprotected points
        are not among them: most students have the same, and `unprotected` counts them.
    notices : list of (str, str, str)
        The same for notices, which need no review.
    by_hand : collections.Counter
        Manually graded cells: how many are waiting.
    unprotected : collections.Counter
        In-process tests: how many students have points from them.
    sandboxes : collections.Counter
        The number of rows for each sandbox backend.
    """

    scores: dict[str, float] = field(default_factory=dict)
    max_scores: dict[str, float] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    review_reasons: list[tuple[str, str, str]] = field(default_factory=list)
    notices: list[tuple[str, str, str]] = field(default_factory=list)
    by_hand: Counter[str] = field(default_factory=Counter)
    unprotected: Counter[str] = field(default_factory=Counter)
    sandboxes: Counter[str] = field(default_factory=Counter)

    def add(self, row: ResultRow) -> None:
        """Count one row."""
        student, notebook = row["student"], row["notebook"] or ""
        self.statuses[row["status"]] += 1
        if row["status"] != "error":
            self.scores[student] = self.scores.get(student, 0.0) + row["score"]
            self.max_scores[student] = self.max_scores.get(student, 0.0) + row["max_score"]
            self.sandboxes[row["sandbox"]] += 1
        for name, cell in row["cells"].items():
            where = f"{notebook}/{name}"
            if cell["score"] is None:
                self.by_hand[where] += 1
            elif cell["mode"] == IN_PROCESS and cell["score"]:
                self.unprotected[where] += 1
        self.review_reasons += [(student, notebook, reason) for reason in review_reasons(row)]
        self.notices += [(student, notebook, notice) for notice in row["notices"]]


def review_reasons(row: ResultRow) -> list[str]:
    """Return why a person should review a row, most serious reason first."""
    status = row["status"]
    reasons = [why for why in row["review_reasons"] if not why.startswith(UNPROTECTED)]
    if status in NOT_READ:
        reasons += row["notices"]
    reasons = list(dict.fromkeys(reasons))
    if status in PROBLEMS and not reasons:
        return [status]
    if status in ("unreadable", "error"):
        return [f"{status}: {reasons[0]}", *reasons[1:]]
    return reasons


def without_repeats(
    lines: Iterable[tuple[str, str, str]], before: Iterable[tuple[str, str, str]] = ()
) -> list[tuple[str, str, str]]:
    """Return the lines with each sentence at most once per student, without those in `before`.

    A sentence about a whole submission is in the row of each of its notebooks.
    """
    seen = {
        (student, part) for student, _, text in before for part in with_and_without_status(text)
    }
    unique = []
    for student, notebook, text in lines:
        if (student, text) not in seen:
            seen |= {(student, part) for part in with_and_without_status(text)}
            unique.append((student, notebook, text))
    return unique


def with_and_without_status(text: str) -> tuple[str, str]:
    """Return a reason with and without the status in front of it."""
    return text, text.partition(": ")[2] if text.startswith(("unreadable: ", "error: ")) else text


def tally_rows(rows: Iterable[ResultRow]) -> Tally:
    """Add up rows."""
    tally = Tally()
    for row in rows:
        tally.add(row)
    return tally


def score_line(tally: Tally) -> str:
    """Return the scores of all students in one line."""
    scores = list(tally.scores.values())
    maximum = max(tally.max_scores.values(), default=0.0)
    if not scores:
        return "No scores."
    full = sum(score == tally.max_scores[name] for name, score in tally.scores.items())
    zero = sum(score == 0 for score in scores)
    return (
        f"Out of {maximum:g} points: mean {mean(scores):.1f}, median {median(scores):g}; "
        f"full marks: {full}, zero: {zero}."
    )


def print_summary(console: Console, head: str, tally: Tally) -> None:
    """Print the summary of an assignment."""
    print_line(console, head, style="bold")
    print_line(console, score_line(tally))
    for line in cell_lines(tally):
        print_line(console, line)
    print_review_reasons(console, tally)


def print_review_reasons(console: Console, tally: Tally) -> None:
    """Print which submissions need a person, then what is only for information."""
    if tally.review_reasons:
        students = len({student for student, _, _ in tally.review_reasons})
        print_line(console, "")
        print_line(console, f"Review {students} submission{'s'[: students != 1]}:")
        console.print(submissions_table(without_repeats(tally.review_reasons)))
    else:
        print_line(console, "No submission needs a review.")
    if notices := without_repeats(tally.notices, tally.review_reasons):
        print_line(console, "\nFor information only:")
        console.print(submissions_table(notices[:MAX_NOTICES]))
        if len(notices) > MAX_NOTICES:
            print_line(console, f"  and {len(notices) - MAX_NOTICES} more (--json lists all)")


def cell_lines(tally: Tally) -> list[str]:
    """Return one line for each thing to know about cells."""
    lines = []
    if tally.by_hand:
        lines.append(f"Waiting for manual grading in the formgrader: {counts_line(tally.by_hand)}.")
    if tally.unprotected:
        lines.append(
            "Unprotected points from in-process tests (number of students): "
            f"{counts_line(tally.unprotected)}."
        )
    if tally.sandboxes.get("none"):
        lines.append(f"Graded without a sandbox: {tally.sandboxes['none']} notebooks.")
    return lines


def counts_line(counter: Counter[str]) -> str:
    """Return cells and their counts in one line."""
    return ", ".join(f"{printable(name)} ({count})" for name, count in sorted(counter.items()))


def submissions_table(lines: Iterable[tuple[str, str, str]]) -> RenderableType:
    """Return a table of students, notebooks and sentences about them."""
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(max_width=32, overflow="fold")
    table.add_column(max_width=24, overflow="fold")
    table.add_column(overflow="fold")
    previous = ""
    for student, notebook, reason in lines:
        name = "" if student == previous else printable(student, 64)
        table.add_row(Text(name), Text(printable(notebook)), Text(printable(reason, 300)))
        previous = student
    return table


def scores_table(entries: Iterable[Mapping[str, Any]]) -> RenderableType:
    """Return a table of scores from the gradebook."""
    table = Table(box=None, padding=(0, 2, 0, 2))
    for name, justify in (
        ("student", "left"),
        ("points", "right"),
        ("of", "right"),
        ("late", "right"),
    ):
        table.add_column(name, justify=justify, overflow="fold")  # type: ignore[arg-type]
    table.add_column("")
    for entry in entries:
        late = f"−{entry['penalty']:g}" if entry["penalty"] else ""
        note = "waiting for manual grading" if entry["incomplete"] else ""
        table.add_row(
            Text(printable(entry["student"], 64)),
            f"{entry['score']:g}",
            f"{entry['max_score']:g}",
            late,
            note,
        )
    return table


def scores_of(gradebook: Gradebook, assignment: str) -> Iterator[dict[str, Any]]:
    """Yield the scores of an assignment as the gradebook has them, in the order of student ids.

    Raises
    ------
    GraderError
        If the gradebook does not know the assignment.
    """
    from nbgrader.api import MissingEntry

    try:
        submissions = gradebook.find_assignment(assignment).submissions
    except MissingEntry as error:
        raise GraderError(
            f"{assignment}: not in the gradebook; `nbgrader-isolate grade {assignment}` registers "
            "and grades it."
        ) from error
    for submission in sorted(submissions, key=lambda one: one.student_id):
        penalty = submission.late_submission_penalty or 0.0
        yield {
            "student": submission.student_id,
            "score": max(0.0, submission.score - penalty),
            "max_score": submission.max_score,
            "penalty": penalty,
            "incomplete": bool(submission.needs_manual_grade),
        }


def write_json(path: str, rows: Iterable[ResultRow]) -> None:
    """Write rows as a JSON list, whole or not at all; `-` is standard output.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    write_output(path, json.dumps(list(rows), indent=1) + "\n", "results")


def print_line(console: Console, line: str, style: str = "") -> None:
    """Print a line literally: strangers' names are never read as markup."""
    console.print(Text(line, style=style))


def make_console() -> Console:
    """Return the console for summaries."""
    console = Console(highlight=False)
    if console.is_terminal:
        return console
    return Console(highlight=False, width=max(console.width, WIDTH))
