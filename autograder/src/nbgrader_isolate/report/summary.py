"""What an instructor reads after a run: the marks in a few lines, then who needs a person, and why."""

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
"""Statuses that ask for a person."""
UNSEEN = {"missing", "unreadable"}
"""Statuses where notices may say what became of the notebook."""
MOST_NOTICES = 10
"""Notices that a summary shows; `--json` has all."""
WIDTH = 110
"""Columns of a summary that no terminal bounds."""


@dataclass
class Tally:
    """What the rows of an assignment add up to; rows themselves are not kept.

    Parameters
    ----------
    scores : dict of str to float
        Points of each student, over all notebooks.
    most : dict of str to float
        The most they could have.
    statuses : collections.Counter
        Of students, by the worst status of their notebooks.
    review_reasons : list of (str, str, str)
        Student, notebook and reason, one for each reason to review a submission. Unprotected points
        are not among them: most students have the same, and `unprotected` counts them.
    notices : list of (str, str, str)
        The same for notices, which need no review.
    by_hand : collections.Counter
        Cells that a person marks: how many wait.
    unprotected : collections.Counter
        Cells that ran in the student's process: how many students have points from them.
    sandboxes : collections.Counter
        The number of rows for each sandbox backend.
    """

    scores: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
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
            self.most[student] = self.most.get(student, 0.0) + row["max_score"]
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
    """Return why a person should look at a row, the gravest first; nothing if nobody need."""
    status = row["status"]
    found = [why for why in row["review_reasons"] if not why.startswith(UNPROTECTED)]
    if status in UNSEEN:
        found += row["notices"]
    found = list(dict.fromkeys(found))
    if status in PROBLEMS and not found:
        return [status]
    if status in ("unreadable", "error"):
        return [f"{status}: {found[0]}", *found[1:]]
    return found


def once(
    lines: Iterable[tuple[str, str, str]], before: Iterable[tuple[str, str, str]] = ()
) -> list[tuple[str, str, str]]:
    """Return what is said of students, each sentence once a student, and none that was said before.

    What is said of a whole submission stands in the row of each of its notebooks.
    """
    seen = {(student, part) for student, _, text in before for part in both(text)}
    kept = []
    for student, notebook, text in lines:
        if (student, text) not in seen:
            seen |= {(student, part) for part in both(text)}
            kept.append((student, notebook, text))
    return kept


def both(text: str) -> tuple[str, str]:
    """Return a reason with, and without, the status before it."""
    return text, text.partition(": ")[2] if text.startswith(("unreadable: ", "error: ")) else text


def tallied(rows: Iterable[ResultRow]) -> Tally:
    """Return the tally of rows."""
    tally = Tally()
    for row in rows:
        tally.add(row)
    return tally


def marks(tally: Tally) -> str:
    """Return the marks of all in one line."""
    scores, most = list(tally.scores.values()), max(tally.most.values(), default=0.0)
    if not scores:
        return "No marks."
    full = sum(score == tally.most[name] for name, score in tally.scores.items())
    none = sum(score == 0 for score in scores)
    return (
        f"Points of {most:g}: mean {mean(scores):.1f}, median {median(scores):g}; "
        f"all of them: {full}, none: {none}."
    )


def summary(console: Console, head: str, tally: Tally) -> None:
    """Print the summary of an assignment."""
    say(console, head, style="bold")
    say(console, marks(tally))
    for line in cell_notices(tally):
        say(console, line)
    print_review_reasons(console, tally)


def print_review_reasons(console: Console, tally: Tally) -> None:
    """Print who needs a person, and then what is worth a note."""
    if tally.review_reasons:
        students = len({student for student, _, _ in tally.review_reasons})
        say(console, "")
        say(console, f"A person should look at {students} submission{'s'[: students != 1]}:")
        console.print(attention(once(tally.review_reasons)))
    else:
        say(console, "Nothing needs a person.")
    if notices := once(tally.notices, tally.review_reasons):
        say(console, "\nNoted, and nobody need look:")
        console.print(attention(notices[:MOST_NOTICES]))
        if len(notices) > MOST_NOTICES:
            say(console, f"  and {len(notices) - MOST_NOTICES} more, in --json")


def cell_notices(tally: Tally) -> list[str]:
    """Return what holds for cells, in a line each."""
    lines = []
    if tally.by_hand:
        lines.append(f"Marked by a person, in the formgrader: {counted(tally.by_hand)}.")
    if tally.unprotected:
        lines.append(
            "Unprotected points, from tests in the student's own process (students who have them): "
            f"{counted(tally.unprotected)}."
        )
    if tally.sandboxes.get("none"):
        lines.append(f"Graded without a sandbox: {tally.sandboxes['none']} notebooks.")
    return lines


def counted(counter: Counter[str]) -> str:
    """Return cells and their counts."""
    return ", ".join(f"{printable(name)} ({count})" for name, count in sorted(counter.items()))


def attention(lines: Iterable[tuple[str, str, str]]) -> RenderableType:
    """Return the table of students, notebooks and what is said of them."""
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(max_width=32, overflow="fold")
    table.add_column(max_width=24, overflow="fold")
    table.add_column(overflow="fold")
    before = ""
    for student, notebook, reason in lines:
        name = "" if student == before else printable(student, 64)
        table.add_row(Text(name), Text(printable(notebook)), Text(printable(reason, 300)))
        before = student
    return table


def marks_table(entries: Iterable[Mapping[str, Any]]) -> RenderableType:
    """Return the table of marks from the gradebook: students, points, late penalty, what waits for a person."""
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
        waits = "waiting for manual grading" if entry["incomplete"] else ""
        table.add_row(
            Text(printable(entry["student"], 64)),
            f"{entry['score']:g}",
            f"{entry['max_score']:g}",
            late,
            waits,
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


def say(console: Console, line: str, style: str = "") -> None:
    """Print a line as it is: names of strangers hold no markup."""
    console.print(Text(line, style=style))


def console() -> Console:
    """Return the console that summaries are printed on."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=max(made.width, WIDTH))
