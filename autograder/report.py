"""What an instructor reads after a run: the marks in a few lines, then who needs a person, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import mean, median
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from autograder.store import Row
from autograder.words import shown

PROBLEMS = {"partial", "missing", "unreadable", "error"}
"""Statuses that ask for a person."""
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
    look : list of (str, str, str)
        Student, notebook and reason, one for each thing a person should look at.
    by_hand : collections.Counter
        Cells that a person marks: how many wait.
    unprotected : collections.Counter
        Cells that ran in the student's process: how many students have points from them.
    sandboxes : collections.Counter
        Rows by the tier of the sandbox they ran in.
    """

    scores: dict[str, float] = field(default_factory=dict)
    most: dict[str, float] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    look: list[tuple[str, str, str]] = field(default_factory=list)
    by_hand: Counter[str] = field(default_factory=Counter)
    unprotected: Counter[str] = field(default_factory=Counter)
    sandboxes: Counter[str] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
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
            elif cell["mode"] == "same-process" and cell["score"]:
                self.unprotected[where] += 1
        for reason in reasons(row):
            self.look.append((student, notebook, reason))


def reasons(row: Row) -> list[str]:
    """Return why a person should look at a row, the gravest first; nothing if nobody need."""
    told = list(dict.fromkeys(row["flags"]))
    status = row["status"]
    if status in PROBLEMS and not told:
        return [status]
    if status in ("unreadable", "error") and told:
        return [f"{status}: {told[0]}", *told[1:]]
    return told


def tallied(rows: Iterable[Row]) -> Tally:
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
    for line in remarks(tally):
        say(console, line)
    if not tally.look:
        say(console, "Nothing needs a person.")
        return
    students = len({student for student, _, _ in tally.look})
    say(console, "")
    say(console, f"A person should look at {students} submission{'s'[: students != 1]}:")
    console.print(attention(tally))


def remarks(tally: Tally) -> list[str]:
    """Return what holds for cells, in a line each."""
    lines = []
    if tally.by_hand:
        lines.append(f"Marked by a person, in the formgrader: {counted(tally.by_hand)}.")
    if tally.unprotected:
        lines.append(
            f"Unprotected points, from tests in the student's own process: {counted(tally.unprotected)}."
        )
    if tally.sandboxes.get("none"):
        lines.append(f"Graded without a sandbox: {tally.sandboxes['none']} notebooks.")
    return lines


def counted(counter: Counter[str]) -> str:
    """Return cells and their counts."""
    return ", ".join(f"{shown(name)} ({count})" for name, count in sorted(counter.items()))


def attention(tally: Tally) -> RenderableType:
    """Return the table of what needs a person."""
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(max_width=32, overflow="fold")
    table.add_column(max_width=24, overflow="fold")
    table.add_column(overflow="fold")
    before = ""
    for student, notebook, reason in tally.look:
        name = "" if student == before else shown(student, 64)
        table.add_row(Text(name), Text(shown(notebook)), Text(shown(reason, 300)))
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
        waits = "marks are not complete" if entry["waits"] else ""
        table.add_row(
            Text(shown(entry["student"], 64)),
            f"{entry['score']:g}",
            f"{entry['most']:g}",
            late,
            waits,
        )
    return table


def say(console: Console, line: str, style: str = "") -> None:
    """Print a line as it is: names of strangers hold no markup."""
    console.print(Text(line, style=style))


def console() -> Console:
    """Return the console that summaries are printed on."""
    made = Console(highlight=False)
    return made if made.is_terminal else Console(highlight=False, width=max(made.width, WIDTH))
