"""`nbgrader-isolate plan ASSIGNMENT`: decide where each test runs, and say what needs attention."""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.options import add_assignment, add_no_sandbox, open_course, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.models import IN_PROCESS
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.notebook.cells import is_manual
from nbgrader_isolate.planning.advice import advice_on

if TYPE_CHECKING:
    from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan
    from nbgrader_isolate.gradebook.course import Course

HELP = "Decide which process each test runs in; use it at release and after a change."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `plan`."""
    add_assignment(parser)
    parser.add_argument(
        "--explain",
        action="store_true",
        help="show the line that keeps a test in-process, and how to rewrite it",
    )
    parser.add_argument(
        "--force",
        action="store_true",
        help="plan again even if nothing has changed that the plan depends on",
    )
    add_no_sandbox(parser, "run your own solution without protection")


def run(options: argparse.Namespace) -> Exit:
    """Make the plan of an assignment, unless an up-to-date one exists, and print it."""
    course, assignment = open_course(options)
    from nbgrader_isolate.gradebook.database import check_known, exclusive_run

    check_known(course, assignment)
    with exclusive_run(course):
        sandbox = "none" if options.no_sandbox else "auto"
        plan, is_new = make_plan(course, assignment, sandbox, force=options.force)
    how = "the plan is new" if is_new else "the plan is up to date (--force makes a new one)"
    print(f"{printable(assignment)}: {how}.")
    for line in described(plan, explain=options.explain):
        print(line)
    return Exit.DONE


def make_plan(
    course: Course, assignment: str, sandbox: str, *, force: bool
) -> tuple[AssignmentPlan, bool]:
    """Return the plan of an assignment, and whether it was made just now."""
    from nbgrader_isolate.gradebook.database import open_gradebook, register
    from nbgrader_isolate.planning.plan import PlanError, current_plan, plan_for
    from nbgrader_isolate.runs.assignment import REGISTERED, worker_setup
    from nbgrader_isolate.runs.pool import Pool
    from nbgrader_isolate.runs.worker_engine import WorkerEngine

    with open_gradebook(course, tell) as gradebook:
        if register(course, gradebook, assignment):
            tell(f"{assignment}: {REGISTERED}")
        try:
            plan = current_plan(course.directory, gradebook, assignment)
            if plan is not None and not force:
                return plan, False
            with contextlib.closing(Pool(1)) as pool:
                pool.configure(worker_setup(course, sandbox))
                engine = WorkerEngine(pool, course.limits, tell)
                directory = course.directory
                plan = plan_for(directory, gradebook, assignment, engine, tell, force=force)
                return plan, True
        except PlanError as error:
            raise GraderError(str(error)) from error


def described(plan: AssignmentPlan, *, explain: bool = False) -> Iterator[str]:
    """Yield what a plan says, one thing a line: counts, unprotected tests and why, warnings.

    Parameters
    ----------
    plan : AssignmentPlan
    explain : bool
        Whether the lines that keep a test in-process follow, and what to write instead.
    """
    for notebook in plan.notebooks:
        yield counted(notebook)
        for test, reason in sorted(notebook.reasons.items()):
            yield f"    {printable(test)} runs in-process, unprotected: {printable(reason, 300)}"
            if explain:
                yield from explained(notebook, test)
    for warning in plan.warnings:
        yield f"  Check the assignment: {printable(warning, 300)}."


def explained(plan: NotebookPlan, test: str) -> Iterator[str]:
    """Yield the lines that keep a test in-process, and how it can be written instead."""
    for line in plan.evidence.get(test, ()):
        yield f"      {printable(line, 300)}"
    for advice in advice_on(plan.reasons[test]):
        yield f"      Instead: {advice}."


def counted(plan: NotebookPlan) -> str:
    """Return how many tests of a notebook run where, and what is graded by hand, in one line."""
    in_process = sum(mode == IN_PROCESS for mode in plan.modes.values())
    counts = {
        "isolated tests": len(plan.modes) - in_process,
        "in-process tests": in_process,
        "manually graded answers": sum(is_manual(cell) for cell in plan.notebook["cells"]),
    }
    parts = [f"{what}: {count}" for what, count in counts.items() if count]
    return f"  {printable(plan.name)}: {', '.join(parts) or 'nothing to grade'}"
