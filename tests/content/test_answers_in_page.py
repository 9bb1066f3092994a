"""Every graded cell says in a page what it says natively: for the reference, the stub and the zoo.

Of the zoo, a sample runs by default; TEST_TIER=all (`make test-all`) runs it whole. One Python
serves many answers; what differs there is run again in a fresh one.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from course.core.exercises import Notebook, load
from course.core.paths import ROOT, Folders
from course.exercises.answer_cases import Answer, answered, answers, sample
from course.exercises.runner import ExerciseResult, run
from course.qa.page_python import page_python
from support.exercise_tasks import graded_tasks, task_name, with_stubs
from support.page_answers import PageAnswers
from support.page_differences import Difference, listed, objections, unknown
from support.patience import patience
from support.tiers import WHOLE

TASKS = {task_name(file): file for file in graded_tasks()}
ALL = answers(ROOT / "tests" / "zoo")
CHOSEN = ALL if WHOLE else sample(ALL, per_task=1)
ALLOWED = {where: entry for where, entry in listed().items() if "/" in where}
VARIES = (
    (r"(?s)^(ended Python itself|Python crashed|Python was killed|Exit: ).*", "ended Python"),
    (r"took longer than \S+ s", "took too long"),
    (r"[\d,]+ (bytes at a time; expected|steps of Python)", r"# \1"),
    # what Python's versions word differently
    (r"\binteger (division or modulo|modulo) by zero", "division by zero"),
    (r"Python int too large to convert to C long", "int too big to convert"),
    (r"to unpack \(expected (\d+), got \d+\)", r"to unpack (expected \1)"),
    (r"(recursion depth exceeded) in comparison", r"\1"),
)
"""Parts of messages that differ from run to run, or between versions of Python."""
CALL_SECONDS = 1
"""How long a call may take in a page that takes too long natively, where five seconds are
allowed."""
pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Trial:
    """One notebook to run on both sides.

    Parameters
    ----------
    name : str
        `02-strides/ravel reference`, `02-strides/ravel stub` or `02-strides/ravel/bytes`.
    task : str
        `02-strides/ravel`.
    notebook : dict
        The graded notebook with an answer in it.
    """

    name: str
    task: str
    notebook: Notebook

    def messages(self, outcome: ExerciseResult) -> dict[str, str]:
        """Return what each test and each other failing cell says, by place."""
        said = {test.grade_id: test.message for test in outcome.tests} | outcome.troubles
        start = self.task.split("/")[1] + "-"
        return {
            f"{self.name}: {cell.removeprefix(start)}": comparable(message or "")
            for cell, message in said.items()
        }


def comparable(message: str) -> str:
    """Return a message without what differs anyway."""
    for pattern, stand_in in VARIES:
        message = re.sub(pattern, stand_in, message)
    return message


def trials(task: str, file: Path, chosen: list[Answer]) -> list[Trial]:
    """Return the reference, the stub and the answers of a task."""
    notebook = load(file)
    return [
        Trial(f"{task} reference", task, notebook),
        Trial(f"{task} stub", task, with_stubs(file)),
        *(
            Trial(f"{task}/{one.file.stem}", task, answered(notebook, one.source, one.cell))
            for one in chosen
            if f"{one.assignment}/{one.task}" == task
        ),
    ]


TRIALS = {task: trials(task, file, CHOSEN) for task, file in TASKS.items()}


@pytest.fixture(scope="module")
def native(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Future[ExerciseResult]]:
    """What each trial says natively; all are started, and a test waits for its own."""
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    wanted = {item.callspec.params.get("task") for item in items if hasattr(item, "callspec")}
    folder = tmp_path_factory.mktemp("answers") / "solutions"
    shutil.copytree(ROOT / "solutions", folder)
    pool = ThreadPoolExecutor(os.cpu_count())
    started = {
        one.name: pool.submit(run, one.notebook, folder / task.split("/")[0], seconds=240)
        for task, ones in TRIALS.items()
        if task in wanted
        for one in ones
    }
    pool.shutdown(wait=False)
    return started


@pytest.fixture(scope="module")
def page() -> Iterator[PageAnswers]:
    with page_python(Folders()) as python:
        yield PageAnswers(python)


@pytest.mark.sample(every=9)
@pytest.mark.timeout(3600 if WHOLE else 300)
@pytest.mark.parametrize("task", list(TASKS))
def test_each_test_says_in_a_page_what_it_says_natively(
    native: dict[str, Future[ExerciseResult]], page: PageAnswers, task: str
) -> None:
    found, compared = [], []
    assignment = TASKS[task].parent.name
    for one in TRIALS[task]:
        expected = one.messages(native[one.name].result())
        late = any("took too long" in message for message in expected.values())
        seconds = CALL_SECONDS if late else 5
        got = one.messages(page.run(one.notebook, assignment, call_seconds=seconds))
        if got != expected:
            if not late:  # natively it was in time, so here it may only have been slow
                seconds = patience(seconds)
            outcome = page.run(one.notebook, assignment, call_seconds=seconds, fresh=True)
            got = one.messages(outcome)
        places = expected | got
        compared += places
        found += [
            Difference(place, expected.get(place, ""), got.get(place, ""))
            for place in places
            if expected.get(place, "") != got.get(place, "")
        ]
    wrong = objections(found, compared, ALLOWED)
    assert not wrong, "\n".join(wrong)


def test_the_list_names_only_answers_that_there_are() -> None:
    names = {one.name for task, file in TASKS.items() for one in trials(task, file, ALL)}
    mine = {where.partition(": ")[0]: entry for where, entry in ALLOWED.items()}
    assert unknown(names, mine) == []
