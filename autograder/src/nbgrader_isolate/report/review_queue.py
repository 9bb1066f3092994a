"""One queue of what needs a person: submissions with a reason, then answers to grade by hand.

Answers to one question follow one another, because a person grades them best in a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from rich.table import Table
from rich.text import Text

from nbgrader_isolate.core.text import counted, join_names, printable
from nbgrader_isolate.gradebook.grades import Grade, Submission
from nbgrader_isolate.gradebook.results import ResultRow
from nbgrader_isolate.report.summary import MAX_CELLS, print_line, review_reasons

if TYPE_CHECKING:
    from rich.console import Console

MAX_WHAT = 1000
"""Characters of what is said about a page; the names of some cells have to fit in."""
FORMGRADER = "http://localhost:8888/formgrader"
"""Where nbgrader's formgrader is if JupyterLab runs on this machine as usual."""


@dataclass(frozen=True)
class ReviewItem:
    """One page of the formgrader that somebody should open.

    Parameters
    ----------
    student, name : str
        The id; first and last name, or "".
    notebook : str
    reasons : tuple of str
        Why; empty if there is only something to grade by hand.
    cells : tuple of str
        Cells that wait for points from a person.
    page : str
        Id of the submitted notebook, or "" if the gradebook has none.
    unread : bool
        Whether the notebook could not be read, so that each cell waits for points.
    """

    student: str
    name: str
    notebook: str
    reasons: tuple[str, ...]
    cells: tuple[str, ...]
    page: str
    unread: bool = False

    def link(self, formgrader: str) -> str:
        """Return the address of the page in a formgrader; "" if there is none."""
        return f"{formgrader.rstrip('/')}/submissions/{quote(self.page)}/" if self.page else ""

    @property
    def what(self) -> str:
        """What to do, in one line."""
        parts = [*self.reasons]
        if self.unread:
            parts.append("its page in the formgrader takes points by hand")
        elif self.cells:
            parts.append(f"grade by hand: {join_names(self.cells, MAX_CELLS)}")
        return "; ".join(parts)


def review_queue(
    rows: Iterable[ResultRow], grades: Iterable[Grade], submissions: Iterable[Submission]
) -> list[ReviewItem]:
    """Return what needs a person, problems first, then by notebook and cell.

    Parameters
    ----------
    rows : iterable of ResultRow
        What the last runs noted.
    grades : iterable of Grade
    submissions : iterable of Submission
    """
    names = {one.student: one.name for one in submissions}
    reasons: dict[tuple[str, str], list[str]] = defaultdict(list)
    unread: set[tuple[str, str]] = set()
    for row in rows:
        if row["status"] == "unreadable":
            unread.add((row["student"], row["notebook"] or ""))
        reasons[row["student"], row["notebook"] or ""] += review_reasons(row)
    pages: dict[tuple[str, str], str] = {}
    waiting: dict[tuple[str, str], list[str]] = defaultdict(list)
    for grade in grades:
        place = grade.student, grade.notebook
        pages[place] = grade.page
        if grade.waiting:
            waiting[place].append(grade.cell)
    items = [
        ReviewItem(
            student,
            names.get(student, ""),
            notebook,
            tuple(dict.fromkeys(reasons.get((student, notebook), ()))),
            tuple(waiting.get((student, notebook), ())),
            pages.get((student, notebook), ""),
            (student, notebook) in unread,
        )
        for student, notebook in {**reasons, **waiting}
        if reasons.get((student, notebook)) or waiting.get((student, notebook))
    ]
    return sorted(items, key=lambda one: (not one.reasons, one.notebook, one.cells, one.student))


def print_queue(console: Console, items: list[ReviewItem], formgrader: str) -> None:
    """Print a queue with a link for each page; links are whole, so that a terminal opens them."""
    if not items:
        print_line(console, "Nothing needs a person.")
        return
    problems = sum(bool(item.reasons) for item in items)
    by_hand = sum(len(item.cells) for item in items if not item.unread)
    print_line(
        console,
        f"{counted(len(items), 'page')} to look at: {problems} with a reason, "
        f"{counted(by_hand, 'answer')} to grade by hand.",
        style="bold",
    )
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    table.add_column(max_width=32, overflow="fold")
    table.add_column(max_width=24, overflow="fold")
    table.add_column(overflow="fold")
    for item in items:
        table.add_row(
            Text(printable(item.name or item.student, 64)),
            Text(printable(item.notebook)),
            Text(printable(item.what, MAX_WHAT)),
        )
        if link := item.link(formgrader):
            table.add_row("", "", Text(link, style="dim"))
    console.print(table)


def queue_lines(items: Iterable[ReviewItem], formgrader: str) -> Iterator[dict[str, str]]:
    """Yield a queue as the lines of a table for a spreadsheet, to share out among graders."""
    for item in items:
        yield {
            "student": item.student,
            "name": item.name,
            "notebook": item.notebook,
            "reasons": "; ".join(item.reasons),
            "grade_by_hand": ", ".join(item.cells),
            "link": item.link(formgrader),
        }
