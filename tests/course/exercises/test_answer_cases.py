"""Every task: its reference gets all points, its stub none, and each answer of the zoo its own.

A sample of the zoo runs by default; TEST_TIER=all (`make test-all`) runs it whole.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from course.core.exercises import Notebook, load
from course.core.paths import ROOT
from course.exercises.answer_cases import Answer, answered, answers, differences, sample
from course.exercises.runner import ExerciseResult, run
from support.exercise_tasks import graded_tasks, with_stubs

TASKS = graded_tasks()
WHOLE = os.environ.get("TEST_TIER") == "all"
ALL = answers(ROOT / "tests" / "zoo")
CHOSEN = ALL if WHOLE else sample(ALL, per_task=3)

Job = Callable[[], ExerciseResult]
pytestmark = pytest.mark.slow


def name_of(item: Path | Answer) -> str:
    """Return `02-strides/ravel` or `02-strides/ravel/swapped`."""
    file = item if isinstance(item, Path) else item.file
    parts = file.with_suffix("").parts
    return "/".join(parts[-2:] if isinstance(item, Path) else parts[-3:])


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[ExerciseResult]]:
    """Everything runs side by side, each in a process of its own; a test waits for its own
    result."""
    folder = tmp_path_factory.mktemp("zoo") / "solutions"
    shutil.copytree(ROOT / "solutions", folder)
    jobs: dict[str, Notebook] = {}
    for file in TASKS:
        jobs[f"reference {name_of(file)}"] = load(file)
        jobs[f"stub {name_of(file)}"] = with_stubs(file)
    for answer in CHOSEN:
        file = ROOT / "solutions" / answer.assignment / f"{answer.task}.ipynb"
        if file in TASKS:
            jobs[name_of(answer)] = answered(load(file), answer.source, answer.cell)
    pool = ThreadPoolExecutor(os.cpu_count())
    started = {
        name: pool.submit(run, notebook, folder / assignment_of(name), seconds=120)
        for name, notebook in jobs.items()
    }
    pool.shutdown(wait=False)
    return started


def assignment_of(name: str) -> str:
    """Return the assignment in the name of a job."""
    return name.rsplit(maxsplit=1)[-1].split("/", maxsplit=1)[0]


@pytest.mark.parametrize("file", TASKS, ids=name_of)
def test_the_reference_gets_all_points(
    outcomes: dict[str, Future[ExerciseResult]], file: Path
) -> None:
    outcome = outcomes[f"reference {name_of(file)}"].result()
    assert [test for test in outcome.tests if test.message is not None] == []
    assert outcome.troubles == {}


@pytest.mark.parametrize("file", TASKS, ids=name_of)
def test_the_untouched_stub_gets_no_points(
    outcomes: dict[str, Future[ExerciseResult]], file: Path
) -> None:
    outcome = outcomes[f"stub {name_of(file)}"].result()
    assert [test.grade_id for test in outcome.tests if test.score] == []


@pytest.mark.parametrize("answer", CHOSEN, ids=name_of)
def test_an_answer_of_the_zoo_gets_its_points_and_is_told_why(
    outcomes: dict[str, Future[ExerciseResult]], answer: Answer
) -> None:
    assert name_of(answer) in outcomes, f"no task solutions/{answer.assignment}/{answer.task}.ipynb"
    found = differences(answer, outcomes[name_of(answer)].result())
    assert not found, "\n".join([name_of(answer), *found])


def test_each_task_has_wrong_and_right_answers_in_the_zoo() -> None:
    for file in TASKS:
        mine = [answer for answer in ALL if name_of(answer).startswith(f"{name_of(file)}/")]
        wrong = sum(answer.points is not None for answer in mine)
        assert (wrong >= 6, len(mine) - wrong >= 2) == (True, True), name_of(file)
