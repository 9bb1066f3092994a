"""Every task: its reference gets all points, its stub none, and each answer of the zoo its own.

By default, every third reference, stub and answer that misses the point of its task runs, and an
answer of the zoo for every second task; test_course_isolation.py has one for each of the others.
TEST_TIER=all (`make test-all`) runs all of them.
"""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from course.core.exercises import Notebook, load
from course.core.paths import ROOT
from course.exercises.answer_cases import (
    Answer,
    answered,
    answers,
    differences,
    explanations,
    sample,
)
from course.exercises.runner import ExerciseResult, run
from support.exercise_tasks import graded_tasks, with_stubs
from support.tiers import WHOLE, some

TASKS = graded_tasks()
ALL = answers(ROOT / "tests" / "zoo")
SOME_TASKS = some(TASKS, every=3)
"""The tasks whose reference and stub run."""
POINTLESS = [answer for answer in ALL if answer.catch]
"""Answers that miss the point of their task."""
CAUGHT = some(POINTLESS, every=3)
"""Those that run, here and with the visible tests alone."""
SAMPLE = ALL if WHOLE else sample(ALL, per_task=1)[1::2]
CHOSEN = [answer for answer in ALL if answer in SAMPLE or answer in CAUGHT]
FACTS: dict[str, list[str]] = yaml.safe_load(
    (ROOT / "tests" / "zoo" / "facts.yml").read_text("utf-8")
)

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
    for file in SOME_TASKS:
        jobs[f"reference {name_of(file)}"] = load(file)
        jobs[f"stub {name_of(file)}"] = with_stubs(file)
    for answer in CHOSEN:
        file = ROOT / "solutions" / answer.assignment / f"{answer.task}.ipynb"
        if file in TASKS:
            jobs[name_of(answer)] = answered(load(file), answer.source, answer.cell)
        if answer in CAUGHT:
            given = load(ROOT / "exercises" / answer.assignment / f"{answer.task}.ipynb")
            jobs[f"visible {name_of(answer)}"] = answered(given, answer.source, answer.cell)
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


@pytest.mark.parametrize("file", SOME_TASKS, ids=name_of)
def test_the_reference_gets_all_points(
    outcomes: dict[str, Future[ExerciseResult]], file: Path
) -> None:
    outcome = outcomes[f"reference {name_of(file)}"].result()
    assert [test for test in outcome.tests if test.message is not None] == []
    assert outcome.troubles == {}


@pytest.mark.parametrize("file", SOME_TASKS, ids=name_of)
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


@pytest.mark.parametrize("answer", CAUGHT, ids=name_of)
def test_the_visible_tests_catch_an_answer_that_misses_the_point(
    outcomes: dict[str, Future[ExerciseResult]], answer: Answer
) -> None:
    failed = outcomes[f"visible {name_of(answer)}"].result().first_failure
    assert failed is not None, f"{name_of(answer)}: {answer.source.splitlines()[0]}"


def test_each_task_names_an_answer_that_misses_its_point() -> None:
    named = {f"{answer.assignment}/{answer.task}" for answer in POINTLESS}
    assert [name_of(file) for file in TASKS if name_of(file) not in named] == []


def test_a_sentence_that_names_a_mistake_is_shown_for_no_other_mistake(
    outcomes: dict[str, Future[ExerciseResult]],
) -> None:
    mistakes: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for answer in CHOSEN:
        failed = outcomes[name_of(answer)].result().first_failure
        task = f"{answer.assignment}/{answer.task}"
        for sentence in explanations((failed and failed.message) or ""):
            if not sentence.startswith(tuple(FACTS.get(task, ()))):
                mistakes[task, sentence][answer.mistake].append(answer.file.stem)
    shared = {where: dict(given) for where, given in mistakes.items() if len(given) > 1}
    assert not shared, (
        "word these sentences as facts, or give the answers the same `# mistake:`\n"
        + "\n".join(f"{task}: {sentence}\n  {given}" for (task, sentence), given in shared.items())
    )


def test_each_fact_belongs_to_a_task() -> None:
    assert set(FACTS) <= {name_of(file) for file in TASKS}


def test_explanations_are_the_sentences_after_what_happened_without_their_numbers() -> None:
    message = "f([1.5]): expected 3, got 4. 4 is one too many. Take the first 3,000 (0 to 2999)."
    assert explanations(message) == ["# is one too many.", "Take the first # (# to #)."]
    assert explanations("f(2) returned None: end the function with `return`.") == []
