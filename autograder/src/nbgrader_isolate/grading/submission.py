"""One submission from bytes to points: parse, rebuild, run, score. The same on any process or machine."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import (
    NO_FILES,
    AssignmentPlan,
    CellScore,
    NotebookPlan,
    NotebookResult,
    Notice,
    Result,
    RunInputs,
    Status,
    Task,
)
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import is_whole, score
from nbgrader_isolate.notebook.cells import is_grade, is_task, name_of, points_of
from nbgrader_isolate.notebook.parse import UnreadableError, parse
from nbgrader_isolate.notebook.sanitize import inert

if TYPE_CHECKING:
    from nbformat import NotebookNode


class Engine(Protocol):
    """What runs a rebuilt notebook: `nbgrader_isolate.grading.engine.Engine`."""

    @property
    def sandbox(self) -> str:
        """The name of the sandbox backend."""

    def run(
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
    ) -> NotebookNode:
        """Return the notebook executed: outputs filled, the records of its cells complete.

        The parameters are those of `nbgrader_isolate.core.models.RunInputs`.
        """


def grade(task: Task, plan: AssignmentPlan, engine: Engine, limits: Limits) -> Result:
    """Grade one submission.

    Parameters
    ----------
    task : Task
        The submission's files. Nothing in them is trusted.
    plan : AssignmentPlan
        The plan that the task names.
    engine : Engine
    limits : Limits

    Returns
    -------
    Result
        Of every notebook of the plan. What goes wrong with one of them is said in its status and review reasons.

    Raises
    ------
    ValueError
        If the plan is not the one that the task names.
    """
    if task.plan != plan.digest:
        raise ValueError(
            f"{task.student}: the task is for plan {task.plan[:12]}, and this is plan "
            f"{plan.digest[:12]} of {plan.assignment}"
        )
    start = time.perf_counter()
    graded = [grade_notebook(task, plan, one, engine, limits) for one in plan.notebooks]
    seconds = time.perf_counter() - start
    return Result(
        task.student, task.assignment, graded, list(task.notices), engine.sandbox, seconds
    )


def grade_notebook(
    task: Task, plan: AssignmentPlan, one: NotebookPlan, engine: Engine, limits: Limits
) -> NotebookResult:
    """Grade one notebook of a submission; never raises for what the submission holds."""
    start = time.perf_counter()
    file = f"{one.name}.ipynb"
    try:
        if file not in task.files:
            refused = [notice for notice in task.notices if notice.startswith(f"{file}: ")]
            if refused:
                return nothing(one, "unreadable", refused[0])
            return nothing(one, "missing", f"{file}: not handed in")
        rebuilt, findings = rebuild(one, parse(task.files[file], limits))
        executed = engine.run(rebuilt, **inputs(task, plan, one))
        cells, more = score(executed)
        review_reasons, notices = by_kind([*findings, *more])
    except UnreadableError as error:
        return nothing(one, "unreadable", f"{file}: {error}")
    except Exception as error:  # noqa: BLE001 - one submission never stops the others
        text = printable(f"{type(error).__name__}: {error}", 300)
        return nothing(one, "error", f"{file}: the grader failed: {text}")
    return NotebookResult(
        name=one.name,
        status="graded" if is_whole(executed) else "partial",
        score=sum(cell.score or 0.0 for cell in cells.values()),
        max_score=sum(cell.max_score for cell in cells.values()),
        cells=cells,
        review_reasons=review_reasons,
        seconds=time.perf_counter() - start,
        notebook=inert(dict(executed)),
        notices=notices,
    )


def by_kind(findings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the findings that are reasons to review a submission, and those that are notices."""
    review_reasons = [finding for finding in findings if not isinstance(finding, Notice)]
    return review_reasons, [str(finding) for finding in findings if isinstance(finding, Notice)]


def inputs(task: Task, plan: AssignmentPlan, one: NotebookPlan) -> RunInputs:
    """Return what the engine is given beside the notebook.

    A student's extra files are for the student's kernel alone, where they hide files of the instructor's that have
    their names: the test kernel must not import them.
    """
    notebooks = {f"{each.name}.ipynb" for each in plan.notebooks}
    extra = {name: data for name, data in task.files.items() if name not in notebooks}
    return RunInputs(
        files=plan.files, student_names=one.student_names, seed=task.seed, student_files=extra
    )


def nothing(one: NotebookPlan, status: Status, why: str) -> NotebookResult:
    """Return the result of a notebook that was not run: no points, and why."""
    cells = {
        str(name_of(cell)): CellScore(0.0, points_of(cell), why, one.modes.get(str(name_of(cell))))
        for cell in one.notebook["cells"]
        if is_grade(cell) or is_task(cell)
    }
    most = sum(cell.max_score for cell in cells.values())
    return NotebookResult(one.name, status, 0.0, most, cells, [why], 0.0, None)
