"""What an instructor reads after a run: the scores, then which submissions need a person."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from nbgrader_isolate.core.atomic import write_output
from nbgrader_isolate.core.models import IN_PROCESS
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.grades import Grade, Submission
from nbgrader_isolate.gradebook.results import UNPROTECTED, ResultRow

PROBLEMS = {"partial", "missing", "unreadable", "error"}
"""Statuses that need a person."""
NOT_READ = {"missing", "unreadable"}
"""Statuses for which notices may explain what happened to the notebook."""
MAX_NOTICES = 10
"""Notices that a summary shows; `--json` contains all of them."""
MAX_CELLS = 8
"""Cells that one line of a summary names."""
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
    lines: Sequence[tuple[str, str, str]], before: Iterable[tuple[str, str, str]] = ()
) -> list[tuple[str, str, str]]:
    """Return the lines with each sentence once per student, without those in `before`.

    A sentence about a whole submission is in the row of each of its notebooks. The notebooks of a
    sentence are named together, so that none of them is overlooked.
    """
    seen = {
        (student, part) for student, _, text in before for part in with_and_without_status(text)
    }
    places: dict[tuple[str, str], list[str]] = {}
    for student, notebook, text in lines:
        if (student, text) in seen:
            continue
        short = with_and_without_status(text)[1]
        places.setdefault((student, short), []).append(notebook)
    texts = {
        (student, with_and_without_status(text)[1]): text for student, _, text in reversed(lines)
    }
    return [
        (student, ", ".join(dict.fromkeys(notebooks)), texts[student, short])
        for (student, short), notebooks in places.items()
    ]


def with_and_without_status(text: str) -> tuple[str, str]:
    """Return a reason with and without the status in front of it."""
    return text, text.partition(": ")[2] if text.startswith(("unreadable: ", "error: ")) else text


def tally_rows(rows: Iterable[ResultRow]) -> Tally:
    """Add up rows."""
    tally = Tally()
    for row in rows:
        tally.add(row)
    return tally


def add_scores(tally: Tally, grades: Iterable[Grade]) -> None:
    """Add the scores of students without rows: another program graded them."""
    known = set(tally.scores)
    for grade in grades:
        if grade.student not in known:
            own = tally.scores.get(grade.student, 0.0) + (grade.score or 0.0)
            most = tally.max_scores.get(grade.student, 0.0) + grade.max_score
            tally.scores[grade.student], tally.max_scores[grade.student] = own, most


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
        f"full marks: {full}, zero: {zero}.{' ' if tally.by_hand else ''}"
        f"{'Points that a person has not given yet count as 0.' if tally.by_hand else ''}"
    )


def print_summary(console: Console, head: str, tally: Tally, more: Iterable[str] = ()) -> None:
    """Print the summary of an assignment; `more` are lines about all of it."""
    print_line(console, head, style="bold")
    print_line(console, score_line(tally))
    for line in [*cell_lines(tally), *more]:
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
        print_line(console, "No submission has a problem.")
    if notices := without_repeats(tally.notices, tally.review_reasons):
        print_line(console, "\nFor information only:")
        console.print(submissions_table(notices[:MAX_NOTICES]))
        if len(notices) > MAX_NOTICES:
            print_line(console, f"  and {len(notices) - MAX_NOTICES} more (--json lists all)")


def cell_lines(tally: Tally) -> list[str]:
    """Return one line for each thing to know about cells."""
    lines = []
    if tally.by_hand:
        lines.append(
            f"Waiting for manual grading, without points until then: {counts_line(tally.by_hand)}."
        )
    if tally.unprotected:
        lines.append(
            "Unprotected points from in-process tests (number of students): "
            f"{counts_line(tally.unprotected)}."
        )
    if tally.sandboxes.get("none"):
        lines.append(f"Graded without a sandbox: {tally.sandboxes['none']} notebooks.")
    return lines


def counts_line(counter: Counter[str]) -> str:
    """Return cells and their counts in one line: the most frequent, and how many others."""
    some = counter.most_common(MAX_CELLS)
    shown = ", ".join(f"{printable(name)} ({count})" for name, count in sorted(some))
    return shown if len(some) == len(counter) else f"{shown} and {len(counter) - len(some)} more"


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


def scores_table(
    grades: Iterable[Grade], submissions: Iterable[Submission], excused: Collection[str] = ()
) -> RenderableType:
    """Return a table of scores from the gradebook, in the order of student ids."""
    table = Table(box=None, padding=(0, 2, 0, 2))
    table.add_column("student", overflow="fold")
    table.add_column("name", overflow="fold")
    for name in ("points", "of", "late"):
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("remarks", overflow="fold")
    by_student: dict[str, list[Grade]] = {}
    for grade in grades:
        by_student.setdefault(grade.student, []).append(grade)
    for one in submissions:
        own = by_student.get(one.student, [])
        score = max(0.0, sum(grade.score or 0.0 for grade in own) - one.penalty)
        waiting = sum(grade.max_score for grade in own if grade.waiting and grade.score is None)
        notes = ["excused"] if one.student in excused else []
        notes += [f"{waiting:g} points to grade by hand"] if waiting else []
        table.add_row(
            Text(printable(one.student, 64)),
            Text(printable(one.name)),
            f"{score:g}",
            f"{sum(grade.max_score for grade in own):g}",
            f"−{one.penalty:g}" if one.penalty else "",
            ", ".join(notes),
        )
    return table


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
