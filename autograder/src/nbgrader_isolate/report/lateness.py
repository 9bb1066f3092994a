"""Late submissions, what that costs, and students with an extension, more time or an excuse."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.gradebook.accommodations import Accommodation
from nbgrader_isolate.gradebook.grades import Submission

HOUR, DAY = 3600.0, 86400.0


def lateness_lines(
    submissions: Iterable[Submission], granted: Mapping[str, Accommodation], *, due: bool
) -> Iterator[str]:
    """Yield what a summary says about late work, one thing a line.

    Parameters
    ----------
    submissions : iterable of Submission
    granted : mapping of str to Accommodation
        What students were granted, by id.
    due : bool
        Whether the assignment has a due date.
    """
    known = list(submissions)
    penalized = [one for one in known if one.penalty]
    free = [one for one in known if one.late and not one.penalty]
    if penalized:
        names = join_names(
            [f"{one.student} ({duration(one.late)}, −{one.penalty:g})" for one in penalized]
        )
        total = sum(one.penalty for one in penalized)
        yield f"Late, {total:g} points deducted from {len(penalized)}: {names}."
    if free:
        names = join_names([f"{one.student} ({duration(one.late)})" for one in free])
        yield f"Late, without a penalty: {names}."
    if extended := [one for one in known if one.extension]:
        names = join_names(
            [f"{one.student} ({duration(one.extension.total_seconds())})" for one in extended]
        )
        yield f"With an extension: {names}."
    if slower := sorted(student for student, what in granted.items() if what.time_factor != 1):
        names = join_names([f"{one} (× {granted[one].time_factor:g})" for one in slower])
        yield f"With more time for their code to run: {names}."
    if excused := sorted(student for student, what in granted.items() if what.excused):
        yield f"Excused, and not counted: {join_names(excused)}."
    untimed = [one for one in known if one.timestamp is None]
    if due and untimed:
        yield (
            f"When it was submitted is unknown, so it counts as on time: {len(untimed)} "
            f"submission{'s'[: len(untimed) != 1]}."
        )
    there = {one.student for one in known}
    if typos := sorted(student for student in granted if student not in there):
        yield f"In accommodations.csv, without a submission: {join_names(typos)}."


def duration(seconds: float) -> str:
    """Return a length of time in days, hours or minutes, rounded."""
    for length, name in ((DAY, "day"), (HOUR, "hour"), (60.0, "minute")):
        if seconds >= length:
            count = round(seconds / length, 1)
            return f"{count:g} {name}{'s'[: count != 1]}"
    return printable(f"{seconds:.0f} s")
