"""nbgrader's steps of autograding, ours: rebuild, execute with isolated tests, save points that are proved, make inert.

They are named in `c.Autograde.sanitize_preprocessors` and `c.Autograde.autograde_preprocessors` by
`nbgrader_isolate.nbgrader_plugin.configure`, and share what their exporter holds (`stock.Run`).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import nbgrader.preprocessors as stock_preprocessors
from nbformat import from_dict
from nbformat.v4 import new_markdown_cell

from nbgrader_isolate.core.models import METADATA, NotebookPlan, NotebookResult, Status, Task
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.feedback.page import NOT_GRADED_ID
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.score import ran_completely, score
from nbgrader_isolate.grading.submission import run_inputs, split_findings, ungraded_result
from nbgrader_isolate.nbgrader_plugin.exporter import Place, Run, SubmissionExporter, save_scores
from nbgrader_isolate.notebook.parse import UnreadableError, parse
from nbgrader_isolate.notebook.sanitize import inert
from nbgrader_isolate.runs.assignment import seed_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

Resources = dict[str, Any]
RESOURCE = "autograder"


@dataclass
class State:
    """What is known of the notebook at hand while it goes through the preprocessors of one pass.

    Parameters
    ----------
    findings : list of str
        Reasons to review the notebook (before it is stored, notices are among them).
    status : Status
        Of what was handed in: "graded" if it can be.
    seconds : float
        That it ran.
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
    """A preprocessor that shares a `Run` with the others."""

    @property
    def run(self) -> Run:
        """What the exporter holds.

        Raises
        ------
        TypeError
            If the course's settings name another exporter.
        """
        if not isinstance(self.parent, SubmissionExporter):
            raise TypeError(
                "c.Autograde.exporter_class must be nbgrader_isolate.nbgrader_plugin.exporter.SubmissionExporter: call "
                "nbgrader_isolate.configure(c) last in nbgrader_config.py."
            )
        return self.parent.run

    def place(self, resources: Resources) -> Place:
        """Return which notebook is at hand."""
        names = resources["nbgrader"]
        return Place(names["student"], names["assignment"], names["notebook"])


class Rebuild(Step):
    """The instructor's notebook with the student's answers in it; what was submitted is read here."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:  # noqa: ARG002
        """Return the rebuilt notebook."""
        place = self.place(resources)
        plan = self.run.notebook_plan(place)
        submission = self.run.submission(place.student, place.assignment)
        made, state = self.rebuilt(plan, submission.files, submission.notices)
        for finding in state.findings:
            if finding not in submission.notices:
                self.log.warning("%s: %s", printable(place.student), finding)
        review_reasons, notices = split_findings(state.findings)
        made.metadata[METADATA] = {
            "status": state.status,
            "review_reasons": review_reasons,
            "notices": notices,
        }
        return made, resources

    def rebuilt(
        self, plan: NotebookPlan, files: dict[str, bytes], notices: list[str]
    ) -> tuple[NotebookNode, State]:
        """Return the rebuilt notebook; where there is nothing to grade, one that says why."""
        file = f"{plan.name}.ipynb"
        if file in files:
            try:
                made, findings = rebuild(plan, parse(files[file], self.run.limits))
            except UnreadableError as error:
                return unread(plan, State([f"{file}: {error}"], "unreadable"))
            return made, State(findings)
        refused = [notice for notice in notices if notice.startswith(f"{file}: ")]
        if refused:
            return unread(plan, State(refused[:1], "unreadable"))
        return unread(plan, State([f"{file}: not handed in"], "missing"))


def unread(plan: NotebookPlan, state: State) -> tuple[NotebookNode, State]:
    """Return a notebook without answers that begins with why there are none."""
    made, _ = rebuild(plan, None)
    said = new_markdown_cell(f"**Not graded.** {state.findings[0]}", id=NOT_GRADED_ID)
    said.metadata[METADATA] = {"owner": "student"}  # the sentence holds a name that a student chose
    made.cells.insert(0, said)
    return made, state


class Execute(Step):
    """Runs the rebuilt notebook: tests in one kernel, the student's cells in another, both in sandboxes."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the executed notebook, with a record in each cell."""
        known = nb.metadata[METADATA]
        state = State(known["review_reasons"], known["status"], notices=known["notices"])
        resources[RESOURCE] = state
        state.ran = True
        if state.status != "graded":
            return nb, resources
        place = self.place(resources)
        submission = self.run.submission(place.student, place.assignment)
        plan = self.run.plan(place.assignment)
        seed = seed_of(place.assignment, place.student)
        task = Task(place.student, place.assignment, plan.digest, submission.files, [], seed)
        start = time.perf_counter()
        made = self.run.engine.run(nb, **run_inputs(task, plan, self.run.notebook_plan(place)))
        state.seconds = time.perf_counter() - start
        made.metadata[METADATA] = known
        return made, resources


class SaveAutoGrades(Step):
    """Scores by the records of the run, and writes the points into the gradebook."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Save the points; the notebook stays as it is.

        Raises
        ------
        ValueError
            If the notebook was not executed: outputs that a submission brings along are not results.
        """
        state = resources.get(RESOURCE)
        if not isinstance(state, State) or not state.ran:
            raise ValueError("not executed: --no-execute cannot be used, points need a run.")
        place = self.place(resources)
        result = self.result(nb, self.run.notebook_plan(place), state)
        save_scores(self.run.gradebook, place, replace(result, notebook=nb))
        self.run.keep(place, result)
        return nb, resources

    def result(self, nb: NotebookNode, plan: NotebookPlan, state: State) -> NotebookResult:
        """Return the points of the notebook."""
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
    """nbgrader's own; it opens a gradebook of its own only for a submission that was late."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Assign a penalty where the course has one."""
        place = self.place(resources)
        gradebook = self.run.gradebook
        submission = gradebook.find_submission(place.assignment, place.student)
        notebook = gradebook.find_submission_notebook(
            place.notebook, place.assignment, place.student
        )
        due = submission.total_seconds_late > 0 or notebook.late_submission_penalty is not None
        gradebook.db.remove()
        if not due:
            return nb, resources
        made: tuple[NotebookNode, Resources] = stock_preprocessors.AssignLatePenalties.preprocess(
            self, nb, resources
        )
        return made


class Inert(Step):
    """Leaves nothing in the graded notebook that acts when an instructor looks at it."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        """Return the inert notebook."""
        return from_dict(inert(nb)), resources
