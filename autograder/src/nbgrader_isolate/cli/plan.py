"""`python -m nbgrader_isolate plan ASSIGNMENT`: fix where each test runs, at release, and say what to look at."""

from __future__ import annotations

import argparse
import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from nbgrader_isolate.cli.grade import opened, tell
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.notebook.cells import is_manual
from nbgrader_isolate.runs.pool import Pool

if TYPE_CHECKING:
    from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan
    from nbgrader_isolate.gradebook.course import Course


def plan(options: argparse.Namespace) -> Exit:
    """Make the plan of an assignment, unless a fresh one is there, and print it."""
    began = time.monotonic()
    course, assignment = opened(options)
    from nbgrader_isolate.gradebook.database import check_there, only_run

    check_there(course, assignment)
    with only_run(course):
        found, made = planned(course, assignment, "none" if options.no_sandbox else "auto")
    how = f"planned in {time.monotonic() - began:.1f} s" if made else "its plan is fresh"
    print(f"{printable(assignment)}: {how}.")
    for line in described(found):
        print(line)
    return Exit.DONE


def planned(course: Course, assignment: str, sandbox: str) -> tuple[AssignmentPlan, bool]:
    """Return the plan of an assignment, and whether it was made now."""
    from nbgrader_isolate.gradebook.database import open_gradebook, register
    from nbgrader_isolate.planning.plan import PlanError, fresh_plan, plan_for
    from nbgrader_isolate.runs.assignment import RemoteEngine, setup

    with open_gradebook(course, tell) as gradebook:
        if register(course, gradebook, assignment):
            tell(f"{assignment} was not in the gradebook; it is now.")
        try:
            known = fresh_plan(course.directory, gradebook, assignment)
            if known is not None:
                return known, False
            with contextlib.closing(Pool(1)) as pool:
                pool.configure(setup(course, sandbox))
                engine = RemoteEngine(pool, course.limits)
                return plan_for(course.directory, gradebook, assignment, engine, tell), True
        except PlanError as error:
            raise GraderError(str(error)) from error


def described(plan: AssignmentPlan) -> Iterator[str]:
    """Yield what a plan says, a line each: counts, unprotected tests and why, warnings."""
    for one in plan.notebooks:
        yield counted(one)
        for test, reason in sorted(one.reasons.items()):
            yield f"    {printable(test)} in the student's process, unprotected: {printable(reason, 300)}"
    for warning in plan.warnings:
        yield f"  Look at the assignment: {printable(warning, 300)}."


def counted(one: NotebookPlan) -> str:
    """Return how many tests of a notebook run where, and what a person marks, in one line."""
    alone = sum(mode == "same-process" for mode in one.modes.values())
    by_hand = sum(is_manual(cell) for cell in one.notebook["cells"])
    parts = {
        "tests apart from the student's process": len(one.modes) - alone,
        "tests in it": alone,
        "answers for a person": by_hand,
    }
    words = [f"{what} {count}" for what, count in parts.items() if count]
    return f"  {printable(one.name)}: {', '.join(words) or 'nothing to mark'}"
