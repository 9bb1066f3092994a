"""`nbgrader-isolate regrade ASSIGNMENT`: after a correction, show what changes, then record it."""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.cli.grade import grading
from nbgrader_isolate.cli.options import (
    add_assignment,
    add_jobs,
    add_no_sandbox,
    add_scheduler,
    add_students,
    tell,
)
from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.core.text import counted, join_names, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbgrader_isolate.gradebook.course import Course
    from nbgrader_isolate.runs.regrade import RegradeRun

HELP = (
    "After you corrected a test: grade everything again, show whose points change, and record it "
    "if you say so. Points and comments that a person gave stay."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `regrade`."""
    add_assignment(parser)
    add_students(parser)
    parser.add_argument("--yes", action="store_true", help="record the new points without asking")
    add_jobs(parser)
    add_scheduler(parser)
    add_no_sandbox(parser, "run students' code without protection (recorded in every result)")


def run(options: argparse.Namespace) -> Exit:
    """Grade again, show what changes, ask, and record."""
    started = time.monotonic()
    with grading(options) as (course, assignment, pool), ExitStack() as stack:
        from nbgrader_isolate.runs.regrade import RegradeRun

        with ExitStack() as undo:
            register_changes(course, assignment, undo)
            regrade = RegradeRun(course, assignment, pool, tell)
            held = tempfile.TemporaryDirectory(prefix="regrade-", dir=course.state)
            regrade.held = Path(stack.enter_context(held))
            regrade.grade(options.student, force=True)
            changes = show(course, regrade, time.monotonic() - started)
            unread = [*unreadable(regrade)]
            if accepted := confirmed(options, changes=changes):
                undo.pop_all()
        if accepted:
            regrade.record_all()
            print(f"Recorded {counted(regrade.outcome.recorded, 'submission')}.")
        else:
            print(not_recorded(assignment, options.student, changes=changes))
        for row in regrade.outcome.failures:
            tell(f"{printable(row['student'])}: {printable(row['review_reasons'][0], 300)}")
        for line in unread:
            tell(line)
    return Exit.INCOMPLETE if regrade.outcome.failures or unread else Exit.DONE


def unreadable(regrade: RegradeRun) -> Iterator[str]:
    """Yield a line for each notebook that could not be read."""
    for result in regrade.results():
        for notebook in result.notebooks:
            if notebook.status == "unreadable":
                why = next(iter(notebook.review_reasons), notebook.name)
                yield f"{printable(result.student)}: unreadable: {printable(why, 300)}"


def not_recorded(assignment: str, students: list[str], *, changes: bool) -> str:
    """Return that nothing was recorded, why, and what would record it."""
    words = [assignment, *(word for one in students for word in ("--student", one)), "--yes"]
    command = f"`nbgrader-isolate regrade {printable(shlex.join(words), 500)}`"
    if not changes:
        return (
            f"Nothing was recorded. {command} grades again and records the new messages and "
            "outputs; the points stay."
        )
    if not sys.stdin.isatty():
        return (
            "Nothing was recorded: this is not a terminal, so you could not be asked. "
            f"{command} grades again and records the new points."
        )
    return f"Nothing was recorded. {command} grades again and records the new points."


def register_changes(course: Course, assignment: str, undo: ExitStack) -> None:
    """Register the tests that were edited in the source notebooks, and say which.

    Grading needs them in the gradebook. Until their points are recorded, the grades there belong to
    the earlier version.

    Parameters
    ----------
    course : Course
    assignment : str
    undo : contextlib.ExitStack
        Puts the gradebook back to the earlier version when it is closed.
    """
    from nbgrader_isolate.gradebook.changed_source import changed_tests, registered_cells
    from nbgrader_isolate.gradebook.database import (
        check_known,
        generate_assignment,
        open_gradebook,
        register,
    )

    check_known(course, assignment)
    with open_gradebook(course, tell) as gradebook:
        if register(course, gradebook, assignment):
            return
        changed = changed_tests(course, gradebook, assignment)
        before = registered_cells(gradebook, assignment)
    if changed:
        undo.callback(take_back, course, before)
        generate_assignment(course, assignment, course.folder("source", ".", assignment))
        tell(
            f"Registered cells that were edited in the source: {join_names(changed)}. To hand the "
            f"new version out, too, run `nbgrader generate_assignment {printable(assignment)} "
            "--force`."
        )


def take_back(course: Course, cells: list[tuple[Any, dict[str, Any]]]) -> None:
    """Register the earlier version of tests again, because no part of the new one is recorded."""
    from nbgrader_isolate.gradebook.changed_source import restore_cells
    from nbgrader_isolate.gradebook.database import open_gradebook

    with open_gradebook(course, tell) as gradebook:
        restore_cells(gradebook, cells)
    tell("The gradebook has the earlier version of these tests again, to which its points belong.")


def show(course: Course, regrade: RegradeRun, seconds: float) -> bool:
    """Print what changes for whom; return whether any points change."""
    from nbgrader_isolate.gradebook.database import open_existing
    from nbgrader_isolate.gradebook.grades import grades_of
    from nbgrader_isolate.report.score_changes import changes_of, print_changes
    from nbgrader_isolate.report.summary import make_console, print_line

    with open_existing(course, tell) as gradebook:
        grades = grades_of(gradebook, regrade.assignment)
    console = make_console()
    print_line(
        console,
        f"{printable(regrade.assignment)}: {counted(regrade.outcome.recorded, 'submission')} "
        f"graded again in {seconds:.1f} s; nothing is recorded yet.",
    )
    changes = changes_of(regrade.results(), grades)
    print_changes(console, changes)
    return any(one.cells for one in changes)


def confirmed(options: argparse.Namespace, *, changes: bool) -> bool:
    """Ask whether to record; where nobody can answer, the answer is no."""
    if options.yes:
        return True
    if not sys.stdin.isatty():
        return False
    what = "the new points" if changes else "the new messages and outputs"
    return input(f"Record {what}? [y/N] ").strip().casefold() in ("y", "yes")
