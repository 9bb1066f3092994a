"""Grade one submission, from bytes to points: parse, rebuild, run, score."""

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
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.gradebook.results import BUSY
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import ran_completely, score, starved_cells
from nbgrader_isolate.grading.second_run import run_twice_if_refused
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

    def run(  # noqa: PLR0913 (what a run needs, by name)
        self,
        notebook: NotebookNode,
        *,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes] = NO_FILES,
        test_files: Mapping[str, bytes] = NO_FILES,
        time_factor: float = 1.0,
    ) -> NotebookNode:
        """Return the executed notebook, with outputs and complete records in its cells.

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
        With every notebook of the plan. If something went wrong with one of them, its status and
        its review reasons say so.

    Raises
    ------
    ValueError
        If the plan is not the one that the task names.
    """
    if task.plan != plan.digest:
        raise ValueError(
            f"{task.student}: the task needs plan {task.plan[:12]}, but this is plan "
            f"{plan.digest[:12]} of {plan.assignment}"
        )
    start = time.perf_counter()
    graded = [grade_notebook(task, plan, notebook, engine, limits) for notebook in plan.notebooks]
    seconds = time.perf_counter() - start
    return Result(
        task.student, task.assignment, graded, list(task.notices), engine.sandbox, seconds
    )


def grade_notebook(
    task: Task, plan: AssignmentPlan, notebook: NotebookPlan, engine: Engine, limits: Limits
) -> NotebookResult:
    """Grade one notebook of a submission; nothing in the submission raises an error here."""
    start = time.perf_counter()
    file = f"{notebook.name}.ipynb"
    doubts = [notice for notice in task.notices if notice.startswith(f"{file}: ")]
    try:
        if file not in task.files:
            if doubts:
                return ungraded_result(notebook, "unreadable", doubts[0])
            return ungraded_result(notebook, "missing", f"{file}: not handed in")
        rebuilt, findings = rebuild(notebook, parse(task.files[file], limits))
        executed = run_twice_if_refused(engine.run, rebuilt, run_inputs(task, plan, notebook))
        cells, more = score(executed)
        if starved := starved_cells(executed):
            more.append(BUSY.format(names=join_names(starved)))
        review_reasons, notices = split_findings([*doubts, *findings, *more])
    except UnreadableError as error:
        return ungraded_result(notebook, "unreadable", f"{file}: {error}")
    except Exception as error:  # noqa: BLE001 - one submission never stops the others
        text = printable(f"{type(error).__name__}: {error}", 300)
        return ungraded_result(notebook, "error", f"{file}: the grader failed: {text}")
    return NotebookResult(
        name=notebook.name,
        status="graded" if ran_completely(executed) else "partial",
        score=sum(cell.score or 0.0 for cell in cells.values()),
        max_score=sum(cell.max_score for cell in cells.values()),
        cells=cells,
        review_reasons=review_reasons,
        seconds=time.perf_counter() - start,
        notebook=inert(dict(executed)),
        notices=notices,
        starved=starved,
    )


def split_findings(findings: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the findings that are reasons to review a submission, and those that are notices."""
    review_reasons = [finding for finding in findings if not isinstance(finding, Notice)]
    return review_reasons, [str(finding) for finding in findings if isinstance(finding, Notice)]


def run_inputs(task: Task, plan: AssignmentPlan, notebook: NotebookPlan) -> RunInputs:
    """Return the arguments of `Engine.run` other than the notebook.

    A student's extra files go to the student's kernel only, where they replace files of the
    instructor's with the same names: the test process must not import them.
    """
    notebook_files = {f"{each.name}.ipynb" for each in plan.notebooks}
    extra = {name: data for name, data in task.files.items() if name not in notebook_files}
    return RunInputs(
        files=plan.files,
        student_names=notebook.student_names,
        seed=task.seed,
        student_files=extra,
        test_files=plan.test_files,
        time_factor=task.time_factor,
    )


def ungraded_result(notebook: NotebookPlan, status: Status, reason: str) -> NotebookResult:
    """Return the result of a notebook that was not run: no points, and the reason."""
    cells = {
        name: CellScore(0.0, points_of(cell), reason, notebook.modes.get(name))
        for cell in notebook.notebook["cells"]
        if is_grade(cell) or is_task(cell)
        for name in [str(name_of(cell))]
    }
    max_score = sum(cell.max_score for cell in cells.values())
    return NotebookResult(notebook.name, status, 0.0, max_score, cells, [reason], 0.0, None)
