"""The table of all courses, `courses.md`: written from results, and read again.

Results of a course are lost with the machine that has them. So the table itself is read before it
is written: a course that was not graded again keeps its row, and its share of the lists below.
"""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from courses_compare import Record, kinds

HEAD = """# Public nbgrader courses: the points of stock nbgrader and ours, cell by cell

For each assignment, the reference solution, the empty stub and variants of the reference (another
sign, off by one, other types, printing, half of it) were graded by nbgrader's own `autograde` and
by `nbgrader-isolate grade`, and the points of every graded cell were compared. "Asked" counts
cells for which ours gives no score and asks a person, where stock gives points; they are not among
those that differ. `benchmarks/courses.py` made this file. The courses are public repositories of
other people on GitHub; nothing of them is in this repository. Of each course, some notebooks were
graded, and most of these are the ones with the most tests. A test to which a course gives no points
got one. "Measured" is the day, and the commit of this repository that graded. A course that was not
graded again keeps its row and its share of the lists.
"""
COUNTS = (
    "assignments",
    "notebooks",
    "compared",
    "same",
    "asked",
    "differ",
    "isolated",
    "in-process",
)
COLUMNS = (
    *("course", "assignments", "notebooks", "cells compared", "same", "asked", "differ"),
    *("isolated", "in-process", "measured"),
)
IN_PROCESS = "Why the others run in the student's process"
DIFFER = "Cells with other points"
LEFT_OUT = "Notebooks that were left out"
ERRORS = "Errors are those of the reference solution here."
LISTS = {IN_PROCESS: "in_process", DIFFER: "differ", LEFT_OUT: "left_out"}
"""The headings of the lists, with the attributes of `Course` that they hold."""
ALL = "all"


@dataclass
class Course:
    """A row of the table, and the share of one course in the lists below it.

    Parameters
    ----------
    counts : Counter
        The numbers of `COUNTS`; empty if nothing of the course was compared.
    measured : str
        When, and with which commit.
    in_process, differ, left_out : Counter
        How often each reason was given: for a test in the student's process, for a cell with other
        points, and for a notebook that was left out.
    """

    counts: Counter[str] = field(default_factory=Counter)
    measured: str = ""
    in_process: Counter[str] = field(default_factory=Counter)
    differ: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)


def now() -> str:
    """Return the day, and the commit of this repository, if git knows it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=8", "--exclude=*"]
    day = f"{datetime.now(UTC):%Y-%m-%d}"
    try:
        done = subprocess.run(
            command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return day
    return f"{day}, {done.stdout.strip()}"


def course_of(records: list[Record]) -> Course:
    """Return what the records of the assignments of a course say together."""
    course = Course()
    graded = [one for one in records if "counts" in one]
    if graded:
        course.counts["assignments"] = len({one["assignment"] for one in graded})
        course.measured = "; ".join(sorted({one.get("measured", "") for one in graded}))
    for record in records:
        course.counts.update(record.get("counts", {}))
        course.counts["notebooks"] += len(record.get("modes", {}))
        for isolated, reasons in record.get("modes", {}).values():
            course.counts["isolated"] += isolated
            course.counts["in-process"] += len(reasons)
            course.in_process.update(name for reason in reasons for name in kinds(reason))
        course.differ.update(one["kind"] for one in record.get("differences", []))
        course.left_out.update(without_quotes(why) for why in record["skipped"].values())
    return course


def without_quotes(why: str) -> str:
    """Return why a notebook is left out, without what an error quotes of it."""
    return re.sub(r"(\w+(?:Error|Exception)): (?!No module).*", r"\1", why)


def table(courses: Mapping[str, Course]) -> str:
    """Return the text of courses.md.

    Parameters
    ----------
    courses : mapping of str to Course
        By address.
    """
    total: Counter[str] = Counter()
    rows = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    for address, course in sorted(courses.items()):
        if course.counts["compared"]:
            rows.append(row(address, course.counts, course.measured))
            total.update(course.counts)
    tests = total["isolated"] + total["in-process"]
    share = f"{100 * total['isolated'] / tests:.1f} %" if tests else "no test"
    left_out = sorted(
        (address, reason, number)
        for address, course in courses.items()
        for reason, number in course.left_out.items()
    )
    parts = [
        HEAD,
        *rows,
        row(ALL, total, ""),
        f"\nOf {tests} tests, {total['isolated']} ({share}) run isolated.",
        f"\n## {IN_PROCESS}\n",
        *by_reason({address: one.in_process for address, one in courses.items()}),
        f"\n## {DIFFER}\n",
        *by_reason({address: one.differ for address, one in courses.items()}),
        f"\n## {LEFT_OUT}\n",
        f"By course: how many, and why. {ERRORS}\n",
        *(f"- {address}: {number}, {reason}." for address, reason, number in left_out),
    ]
    return "\n".join(parts) + "\n"


def row(name: str, counts: Counter[str], measured: str) -> str:
    """Return one row of the table."""
    return f"| {' | '.join([name, *(f'{counts[key]:,}' for key in COUNTS), measured])} |"


def by_reason(found: Mapping[str, Counter[str]]) -> Iterator[str]:
    """Yield a line for each reason, the most frequent first: how often, and in which courses."""
    total: Counter[str] = sum(found.values(), Counter())
    for reason, number in sorted(total.items(), key=lambda one: (-one[1], one[0])):
        shares = [f"{name} {own[reason]}" for name, own in sorted(found.items()) if own[reason]]
        yield f"- {reason or 'no reason given'}: {number} ({', '.join(shares)})"


def courses_in(text: str) -> dict[str, Course]:
    """Return the courses of a table that `table` has written, by address.

    Raises
    ------
    ValueError
        If the text is not such a table; its numbers would be lost if it were written again.
    """
    courses: dict[str, Course] = {}
    heading = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line[3:]
        elif line.startswith("| ") and not line.startswith(f"| {COLUMNS[0]} |"):
            name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
            if len(cells) != len(COUNTS) + 1:
                raise ValueError(f"not a row of this table: {line}")
            if name != ALL:
                numbers = [int(cell.replace(",", "")) for cell in cells[:-1]]
                counts = Counter(dict(zip(COUNTS, numbers, strict=True)))
                courses[name] = Course(counts, cells[-1])
        elif line.startswith("- "):
            for name, reason, number in shares_in(heading, line):
                course = courses.setdefault(name, Course())
                getattr(course, LISTS[heading])[reason] = number
    if text != table(courses):
        raise ValueError("its lists or sums do not belong to its rows")
    return courses


def shares_in(heading: str, line: str) -> list[tuple[str, str, int]]:
    """Return course, reason and number of each share in a line of a list."""
    if heading == LEFT_OUT and (found := re.fullmatch(r"- (\S+): (\d+), (.+)\.", line)):
        return [(found[1], found[3], int(found[2]))]
    if heading in LISTS and (
        found := re.fullmatch(r"- (.+): \d+ \((\S+ \d+(?:, \S+ \d+)*)\)", line)
    ):
        shares = (share.rsplit(" ", 1) for share in found[2].split(", "))
        return [(name, found[1], int(number)) for name, number in shares]
    raise ValueError(f"not a line of this table: {line}")
