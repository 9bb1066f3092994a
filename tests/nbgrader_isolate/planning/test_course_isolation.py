"""This course's own tasks with isolated tests: references, stubs, and answer cases.

A sample by default; TEST_TIER=all (`make test-all`) runs every task and every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from course.core.exercises import is_test, load
from course.core.paths import ROOT
from course.exercises.answer_cases import Answer, answered, answers, differences, sample
from course.exercises.runner import ExerciseResult
from course.exercises.runner import Test as GradedTest
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import SOLUTIONS, from_course, records
from support.prepared import tests_of as results_of
from support.tiers import WHOLE

pytestmark = pytest.mark.slow

TASKS = [file for file in SOLUTIONS if any(map(is_test, load(file)["cells"]))]
KEPT = (
    TASKS
    if WHOLE
    else TASKS[::10] + [file for file in TASKS if file.stem in ("wide", "trim", "your-ndarray")]
)
ALL = answers(ROOT / "tests" / "zoo")
CHOSEN = ALL if WHOLE else sample(ALL, per_task=1)[::2]

GONE = "the student's process is gone"
OTHERWISE = {
    "02-strides/ravel/crashes": GONE,
    "02-strides/ravel/ends_python": GONE,
    "08-tricks/transpose/in-place": "in place cannot be graded",
    # its array is a view of the memory that both processes share, not of the array it was cut from
    "06-speed/norm/bytes-of-buffer": "Some elements are missing",
    # only the bytes that an argument reaches are there: no owner of a table, no neighbors in gaps
    "07-caches/standardize/owner": "invalid index to scalar variable",
    "08-tricks/wide/itemsize": "reaches bytes beside the arguments of the call",
    # the traceback, which names the function, stays in the student's process
    "09-capstone/your-ndarray/parts-missing": "a part that this uses is not written yet",
    "09-capstone/your-ndarray/step-2-unwritten": "a method or a part that this uses is not written",
    # on a busy machine its list fills the memory before it times out
    "07-caches/mini-runs/ones-end-a-piece": "memory limit",
}
"""Answers that isolated tests may give another message; they get the same points."""


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits()) as running:
        yield running


def name_of(item: Path | Answer) -> str:
    file = item if isinstance(item, Path) else item.file
    parts = file.with_suffix("").parts
    return "/".join(parts[-2:] if isinstance(item, Path) else parts[-3:])


@pytest.mark.parametrize("file", sorted(set(KEPT)), ids=name_of)
def test_the_reference_passes_every_test(engine: Engine, file: Path) -> None:
    notebook, files, names = from_course(file)
    results = records(engine.run(notebook, files=files, student_names=names, seed=1))
    assert [(one["outcome"], one["message"]) for one in results] == [("passed", "")] * len(results)
    assert all(one["completed"] for one in results if one.get("mode"))


@pytest.mark.parametrize("file", sorted(set(KEPT)), ids=name_of)
def test_the_untouched_stub_passes_none(engine: Engine, file: Path) -> None:
    handed_out = nbformat.read(ROOT / "exercises" / file.parent.name / file.name, 4)
    stubs = {
        one.metadata.nbgrader.grade_id: one.source
        for one in handed_out.cells
        if one.cell_type == "code" and one.metadata.get("nbgrader", {}).get("solution")
    }
    notebook, files, names = from_course(file, stubs)
    executed = engine.run(notebook, files=files, student_names=names, seed=1)
    assert [name for name, one in results_of(executed).items() if one["outcome"] == "passed"] == []


@pytest.mark.parametrize("answer", CHOSEN, ids=name_of)
def test_an_answer_case_loses_its_points_and_is_told_why(engine: Engine, answer: Answer) -> None:
    file = ROOT / "solutions" / answer.assignment / f"{answer.task}.ipynb"
    notebook, files, names = from_course(file)
    sources = answered(load(file), answer.source, answer.cell)["cells"]
    for cell, source in zip(notebook.cells, sources, strict=True):
        cell.source = source["source"]
    executed = engine.run(notebook, files=files, student_names=names, seed=1)
    outcome = outcome_of(executed)
    problems = differences(answer, outcome)
    if problems and (says := OTHERWISE.get(name_of(answer))):
        problems = differences(replace(answer, says=says), outcome)
    assert not problems, "\n".join(problems)


def test_every_answer_with_another_message_is_an_answer_case() -> None:
    assert set(OTHERWISE) <= {name_of(answer) for answer in ALL}


def outcome_of(executed: nbformat.NotebookNode) -> ExerciseResult:
    """Return what answer cases are compared by: points and messages of tests, and other
    messages."""
    tests, troubles = [], {}
    for cell in executed.cells:
        if cell.cell_type != "code":
            continue
        record, facts = cell.metadata["nbgrader_isolate"], cell.metadata.get("nbgrader") or {}
        message = None if record["outcome"] == "passed" else record["message"]
        if record.get("mode"):
            tests.append(GradedTest(facts["grade_id"], facts["points"], message))
        elif message:
            troubles[facts.get("grade_id", "?")] = message
    return ExerciseResult(tests, troubles)
