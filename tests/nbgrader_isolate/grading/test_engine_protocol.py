"""An engine that is written to the protocol, and to nothing else, grades."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, get_type_hints

import pytest

from nbgrader_isolate.core.models import NO_FILES, AssignmentPlan, RunInputs, Task
from nbgrader_isolate.grading import engine as real
from nbgrader_isolate.grading.rebuild import rebuild
from nbgrader_isolate.grading.submission import Engine, grade, run_inputs
from nbgrader_isolate.runs.worker import run_reference
from nbgrader_isolate.runs.worker_engine import WorkerEngine
from support.fake_grader import FakeEngine
from support.small_course import LIMITS, answered, assignment, parsed, task_of

if TYPE_CHECKING:
    from nbformat import NotebookNode

RIGHT = {"double": "def double(x):\n    return 2 * x", "area": "def area(r):\n    return 3 * r"}


class Exact:
    """An engine with the members of the protocol and no other; it passes every cell."""

    def __init__(self) -> None:
        self.inputs: list[RunInputs] = []

    @property
    def sandbox(self) -> str:
        return "none"

    def run(  # noqa: PLR0913 (as in the protocol)
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
        self.inputs.append(
            RunInputs(
                files=files,
                student_names=student_names,
                seed=seed,
                student_files=student_files,
                test_files=test_files,
                time_factor=time_factor,
            )
        )
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.metadata["nbgrader_isolate"].update(outcome="passed", completed=True)
        return notebook


def submitted() -> tuple[Task, AssignmentPlan]:
    files = {"hw.ipynb": json.dumps(answered(RIGHT)).encode(), "data.csv": b"1,2"}
    return replace(task_of(files), time_factor=1.5), assignment()


def test_an_engine_written_to_the_protocol_grades_a_submission_with_files_of_its_own() -> None:
    task, plan = submitted()
    engine = Exact()
    result = grade(task, plan, engine, LIMITS)
    (graded_notebook,) = result.notebooks
    assert (graded_notebook.status, graded_notebook.review_reasons, result.sandbox) == (
        "graded",
        [],
        "none",
    )
    assert engine.inputs == [run_inputs(task, plan, plan.notebooks[0])]
    assert engine.inputs[0]["student_files"] == {"data.csv": b"1,2"}
    assert engine.inputs[0]["time_factor"] == 1.5


def test_a_reference_reaches_the_engine_of_a_worker_with_all_that_it_was_given() -> None:
    task, plan = submitted()
    inputs = run_inputs(task, plan, plan.notebooks[0])
    engine = Exact()

    class Pool:
        """Runs a notebook as a worker does, in this process."""

        def run(self, data: bytes, _seconds: float) -> bytes:
            return run_reference(engine, data)

    rebuilt, _ = rebuild(plan.notebooks[0], parsed(answered(RIGHT)))
    executed = WorkerEngine(Pool(), LIMITS).run(rebuilt, **inputs)  # type: ignore[arg-type]
    assert executed.cells
    assert engine.inputs == [inputs]


@pytest.mark.parametrize("kind", [Exact, real.Engine, WorkerEngine, FakeEngine])
def test_every_engine_takes_what_the_protocol_says(kind: type) -> None:
    parameters = inspect.signature(Engine.run).parameters
    taken = inspect.signature(kind.run).parameters
    assert [(p.name, p.kind, p.default) for p in taken.values()] == [
        (p.name, p.kind, p.default) for p in parameters.values()
    ]
    beside = [p.name for p in parameters.values() if p.kind is p.KEYWORD_ONLY]
    assert beside == list(get_type_hints(RunInputs))
