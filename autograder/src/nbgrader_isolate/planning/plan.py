"""The plan of an assignment: its notebooks, files and modes.

A plan is made once and kept until the assignment changes, or the packages and limits with which its
reference solution was run. Only `draft` and `base_notebook`
read the gradebook and the course's folders; they return plain data.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.models import STATE, AssignmentPlan
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.core.text import join_names
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.planning.base_notebook import PlanError
from nbgrader_isolate.planning.draft import AssignmentDraft
from nbgrader_isolate.planning.environment import differences

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory

PLANNING = "planning where each test runs, once"
PLANNING_AGAIN = "planning again"
RUNS = "this runs the reference solution and the empty notebook several times."
NO_REFERENCE = "there is no reference solution to run."

__all__ = [
    "PlanError",
    "current_plan",
    "load_plan",
    "make_plan",
    "plan_file",
    "plan_for",
    "save_plan",
]


def plan_for(  # noqa: PLR0913 (what is planned, with what, and how)
    coursedir: CourseDirectory,
    gradebook: Gradebook,
    assignment: str,
    engine: Engine | None = None,
    tell: Callable[[str], object] | None = None,
    *,
    force: bool = False,
) -> AssignmentPlan:
    """Return the plan of an assignment: the stored one or, if it is out of date, a new one.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
    gradebook : nbgrader.api.Gradebook
    assignment : str
    engine : Engine, optional
        For the dry run, if a new plan is made.
    tell : callable, optional
        Is given lines for the person who waits, if a new plan is made.
    force : bool
        Whether to make a new plan in any case.

    Raises
    ------
    PlanError
        If the assignment cannot be planned.
    """
    draft = AssignmentDraft(coursedir, gradebook, assignment)
    file = plan_file(Path(coursedir.root), assignment)
    stored = load_plan(file)
    if stored is not None and is_current(stored, draft) and not force:
        return stored
    if tell is not None:
        runs = RUNS if any(one.reference for one in draft.notebooks) else NO_REFERENCE
        tell(f"{assignment}: {why_planned(stored, draft)}; {runs}")
    started = time.monotonic()
    plan = draft.plan(engine)
    save_plan(file, plan)
    if tell is not None:
        tell(f"{assignment}: planned in {time.monotonic() - started:.1f} s.")
    return plan


def is_current(stored: AssignmentPlan, draft: AssignmentDraft) -> bool:
    """Return whether a stored plan is of this assignment, and of these packages and limits."""
    return stored.digest == draft.digest and stored.environment == draft.environment


def why_planned(stored: AssignmentPlan | None, draft: AssignmentDraft) -> str:
    """Return why a plan is made now."""
    if stored is None:
        return PLANNING
    if stored.digest != draft.digest:
        return f"the assignment changed since it was planned; {PLANNING_AGAIN}"
    if changes := differences(stored.environment, draft.environment):
        return f"changed since it was planned: {join_names(changes)}; {PLANNING_AGAIN}"
    return PLANNING_AGAIN


def current_plan(
    coursedir: CourseDirectory, gradebook: Gradebook, assignment: str
) -> AssignmentPlan | None:
    """Return the stored plan; None if there is none, or if what it was made from has changed.

    Parameters, errors: as for `plan_for`.
    """
    stored = load_plan(plan_file(Path(coursedir.root), assignment))
    if stored is None or not is_current(stored, AssignmentDraft(coursedir, gradebook, assignment)):
        return None
    return stored


def make_plan(
    coursedir: CourseDirectory,
    gradebook: Gradebook,
    assignment: str,
    engine: Engine | None = None,
) -> AssignmentPlan:
    """Make the plan of an assignment; `plan_for` also stores it.

    Parameters, errors: as for `plan_for`.
    """
    return AssignmentDraft(coursedir, gradebook, assignment).plan(engine)


def plan_file(root: Path, assignment: str) -> Path:
    """Return the file of an assignment's plan in a course."""
    return root / STATE / f"{assignment}.json"


def load_plan(file: Path) -> AssignmentPlan | None:
    """Read a plan; None if there is none, or if this version cannot read it."""
    try:
        return from_json(AssignmentPlan, file.read_bytes())
    except (OSError, ValueError):
        return None


def save_plan(file: Path, plan: AssignmentPlan) -> None:
    """Write a plan atomically. It contains hidden tests, so only its owner can read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic.write_atomically(file, to_json(plan), 0o600)
