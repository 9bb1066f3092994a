"""Our versions of nbgrader's autograding steps: rebuild, execute, save proven points, make inert.

`nbgrader_isolate.configure` names them in `c.Autograde.sanitize_preprocessors` and
`c.Autograde.autograde_preprocessors`. They share the `PluginSession` of their exporter.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbgrader.preprocessors as stock_preprocessors
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell

from nbgrader_isolate.core.memory_limit import memory_limit
from nbgrader_isolate.core.models import METADATA, STATE, NotebookPlan, NotebookResult, Status, Task
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.gradebook.results import BUSY, GRADED_AGAIN
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import ran_completely, score, starved_cells
from nbgrader_isolate.grading.second_run import run_twice_if_refused
from nbgrader_isolate.grading.submission import run_inputs, split_findings, ungraded_result
from nbgrader_isolate.nbgrader_plugin.exporter import SubmissionExporter
from nbgrader_isolate.nbgrader_plugin.session import NotebookKey, PluginSession, save_scores
from nbgrader_isolate.notebook.parse import UnreadableError, parse
from nbgrader_isolate.notebook.sanitize import NOT_GRADED_ID, inert
from nbgrader_isolate.runs.seed import course_secret, seed_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

Resources = dict[str, Any]
STATE_RESOURCE = "nbgrader_isolate"


@dataclass
class NotebookState:
    """What is known about a notebook while it passes through the preprocessors.

    Parameters
    ----------
    findings : list of str
        Reasons to review the notebook. `Rebuild` has the notices in this list too.
    status : Status
        "graded" if the submitted notebook can be graded.
    seconds : float
        How long it ran.
    ran : bool
    notices : list of str
        What was noticed and needs no review.
    """

    findings: list[str]
    status: Status = "graded"
    seconds: float = 0.0
    ran: bool = False
    notices: list[str] = field(default_factory=list)


class Step(stock_preprocessors.NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """A preprocessor that shares a `PluginSession` with the others."""

    @property
    def session(self) -> PluginSession:
        """The session of the exporter.

        Raises
        ------
        TypeError
            If the course's settings name another exporter.
        """
        if not isinstance(self.parent, SubmissionExporter):
            raise TypeError(
                "c.Autograde.exporter_class must be "
                "nbgrader_isolate.nbgrader_plugin.exporter.SubmissionExporter: call "
                "nbgrader_isolate.configure(c) last in nbgrader_config.py."
            )
        return self.parent.session

    def key(self, resources: Resources) -> NotebookKey:
        """Return which notebook is being processed."""
        names = resources["nbgrader"]
        return NotebookKey(names["student"], names["assignment"], names["notebook"])


class Rebuild(Step):
    """Reads the submission and puts the student's answers into the instructor's notebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:  # noqa: ARG002
        """Return the rebuilt notebook."""
        key = self.key(resources)
        plan = self.session.notebook_plan(key)
        submission = self.session.submission(key.student, key.assignment)
        rebuilt, state = self.rebuilt(plan, submission.files, submission.notices)
        for finding in state.findings:
            if finding not in submission.notices:
                self.log.warning("%s: %s", printable(key.student), finding)
        review_reasons, notices = split_findings(state.findings)
        rebuilt.metadata[METADATA] = {
            "status": state.status,
            "review_reasons": review_reasons,
            "notices": notices,
        }
        return rebuilt, resources

    def rebuilt(
        self, plan: NotebookPlan, files: dict[str, bytes], notices: list[str]
    ) -> tuple[NotebookNode, NotebookState]:
        """Return the rebuilt notebook; if there is nothing to grade, one that says why."""
        file = f"{plan.name}.ipynb"
        if file in files:
            try:
                notebook, findings = rebuild(plan, parse(files[file], self.session.limits))
            except UnreadableError as error:
                return not_graded(plan, NotebookState([f"{file}: {error}"], "unreadable"))
            return notebook, NotebookState(findings)
        refused = [notice for notice in notices if notice.startswith(f"{file}: ")]
        if refused:
            return not_graded(plan, NotebookState(refused[:1], "unreadable"))
        return not_graded(plan, NotebookState([f"{file}: not handed in"], "missing"))


def not_graded(plan: NotebookPlan, state: NotebookState) -> tuple[NotebookNode, NotebookState]:
    """Return a notebook without answers that begins with the reason why there are none."""
    notebook, _ = rebuild(plan, None)
    reason = new_markdown_cell(f"**Not graded.** {state.findings[0]}", id=NOT_GRADED_ID)
    reason.metadata[METADATA] = {"owner": "student"}  # it contains a name that a student chose
    notebook.cells.insert(0, reason)
    return notebook, state


class Execute(Step):
    """Runs the rebuilt notebook: tests and student code in separate sandboxed processes."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the executed notebook, with a record in each cell."""
        entry = nb.metadata[METADATA]
        state = NotebookState(entry["review_reasons"], entry["status"], notices=entry["notices"])
        resources[STATE_RESOURCE] = state
        state.ran = True
        if state.status != "graded":
            return nb, resources
        key = self.key(resources)
        submission = self.session.submission(key.student, key.assignment)
        plan = self.session.plan(key.assignment)
        secret = course_secret(Path(self.session.course.root) / STATE)
        seed = seed_of(secret, key.assignment, key.student)
        factor = self.session.time_factor(key.student)
        task = Task(key.student, key.assignment, plan.digest, submission.files, [], seed, factor)
        inputs = run_inputs(task, plan, self.session.notebook_plan(key))
        start = time.perf_counter()
        with memory_limit(self.session.limits.grader_mb):
            executed = run_twice_if_refused(self.session.engine.run, nb, inputs)
            if starved_cells(executed):
                state.notices.append(GRADED_AGAIN)
                again = run_twice_if_refused(self.session.engine.run, nb, inputs)
                executed = max(again, executed, key=points_in)
        if starved := starved_cells(executed):
            state.findings.append(BUSY.format(names=join_names(starved)))
        state.seconds = time.perf_counter() - start
        executed.metadata[METADATA] = entry
        return executed, resources


def points_in(executed: NotebookNode) -> float:
    """Return the points of an executed notebook."""
    return sum(cell.score or 0.0 for cell in score(executed)[0].values())


class SaveAutoGrades(Step):
    """Scores the notebook by the records of the run, and writes the scores into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the scores without changing the notebook.

        Raises
        ------
        ValueError
            If the notebook was not executed: outputs in a submission are not results.
        """
        state = resources.get(STATE_RESOURCE)
        if not isinstance(state, NotebookState) or not state.ran:
            raise ValueError("not executed: points need a run, so --no-execute cannot be used.")
        key = self.key(resources)
        result = self.result(nb, self.session.notebook_plan(key), state)
        save_scores(self.session.gradebook, key, replace(result, notebook=nb))
        self.session.store(key, result)
        return nb, resources

    def result(self, nb: NotebookNode, plan: NotebookPlan, state: NotebookState) -> NotebookResult:
        """Return the result of the notebook."""
        if state.status != "graded":
            return ungraded_result(plan, state.status, state.findings[0])
        cells, more = score(nb)
        return NotebookResult(
            name=plan.name,
            status="graded" if ran_completely(nb) else "partial",
            score=sum(cell.score or 0.0 for cell in cells.values()),
            max_score=sum(cell.max_score for cell in cells.values()),
            cells=cells,
            review_reasons=[*state.findings, *more],
            seconds=state.seconds,
            notebook=None,
            notices=list(state.notices),
        )


class AssignLatePenalties(Step, stock_preprocessors.AssignLatePenalties):  # type: ignore[misc]
    """nbgrader's own preprocessor, used only for late submissions; it opens another gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Assign a late penalty if the course has one."""
        key = self.key(resources)
        gradebook = self.session.gradebook
        submission = gradebook.find_submission(key.assignment, key.student)
        notebook = gradebook.find_submission_notebook(key.notebook, key.assignment, key.student)
        due = submission.total_seconds_late > 0 or notebook.late_submission_penalty is not None
        gradebook.db.remove()
        if not due:
            return nb, resources
        processed: tuple[NotebookNode, Resources]
        processed = stock_preprocessors.AssignLatePenalties.preprocess(self, nb, resources)
        return processed


class Inert(Step):
    """Removes active content from the graded notebook, which an instructor will open."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the inert notebook."""
        return from_dict(inert(nb)), resources
