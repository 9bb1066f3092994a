"""Small changes of the reference solutions lose points, or tests/zoo/survivors.yml says why not.

A mutant of every fifth task runs by default; TEST_TIER=all (`make test-all`) runs them all.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from course.core.exercises import is_test, load
from course.core.paths import ROOT
from course.exercises.runner import ExerciseResult, run
from support import mutants as mutation
from support.cached import generated
from support.mutants import Mutant, changed, mutants, sample, survivors, with_mutant, within_marks
from support.tiers import WHOLE, some

FILE = ROOT / "tests" / "zoo" / "survivors.yml"
LISTED = survivors(FILE)
SAMPLE = 1
TASKS = {
    f"{file.parent.name}/{file.stem}": file
    for file in sorted((ROOT / "solutions").glob("*/*.ipynb"))
    if any(map(is_test, load(file)["cells"]))
}
TRIED = some(TASKS, every=5)
"""The tasks whose mutants run: in the whole tier all."""
pytestmark = pytest.mark.slow
Runs = dict[str, list[tuple[Mutant, Future[ExerciseResult]]]]


@pytest.fixture(scope="module")
def made() -> dict[str, list[Mutant]]:
    """The mutants of each task."""
    found = generated(
        "mutants",
        lambda: {t: [asdict(one) for one in mutants(load(f), t)] for t, f in TASKS.items()},
        files=[Path(mutation.__file__), *TASKS.values()],
        packages=["cosmic-ray", "parso"],
    )
    return {task: [Mutant(**one) for one in ones] for task, ones in found.items()}


@pytest.fixture(scope="module")
def runs(made: dict[str, list[Mutant]]) -> Runs:
    """All chosen mutants run side by side; a test waits for those of its own task."""
    pool = ThreadPoolExecutor(os.cpu_count())
    started: Runs = {}
    for task in TRIED:
        file = TASKS[task]
        notebook = load(file)
        started[task] = [
            (one, pool.submit(run, with_mutant(notebook, one), file.parent, seconds=60))
            for one in (made[task] if WHOLE else sample(made[task], SAMPLE))
        ]
    pool.shutdown(wait=False)
    return started


@pytest.mark.timeout(3600 if WHOLE else 300)
@pytest.mark.parametrize("task", TRIED)
def test_each_mutant_loses_points_or_is_listed_with_its_reason(runs: Runs, task: str) -> None:
    alive = [mutant for mutant, done in runs[task] if done.result().first_failure is None]
    unexplained = [one for one in alive if (task, one.was, one.now) not in LISTED]
    assert not unexplained, "these get all points:\n" + "".join(map(str, unexplained))


@pytest.mark.whole("a sample cannot tell")
@pytest.mark.parametrize("task", TRIED)
def test_what_is_listed_as_a_survivor_is_one(runs: Runs, task: str) -> None:
    alive = {
        (task, mutant.was, mutant.now)
        for mutant, done in runs[task]
        if done.result().first_failure is None
    }
    assert {entry for entry in LISTED if entry[0] == task} - alive == set()


def test_most_references_have_mutants(made: dict[str, list[Mutant]]) -> None:
    counts = [len(found) for found in made.values()]
    # If it only calls NumPy, as in `big[start:stop].copy()`, an operator has nothing to change.
    assert sum(counts) >= 10 * len(TASKS)
    assert sum(count > 0 for count in counts) >= 0.9 * len(TASKS)


def test_each_listed_survivor_has_a_task_and_a_reason_in_words() -> None:
    for (task, was, now), why in LISTED.items():
        assert task in TASKS, task
        assert len(why.split()) >= 5, (task, was, now)


def test_mutants_are_small_changes_of_the_reference_and_each_stands_once(
    made: dict[str, list[Mutant]],
) -> None:
    found = made["02-strides/ravel"]
    assert len(found) >= 10
    assert len({mutant.source for mutant in found}) == len(found)
    assert ("return row * n_cols + col", "return row * n_cols - col") in [
        (mutant.was, mutant.now) for mutant in found
    ]


def test_a_change_is_told_by_its_lines() -> None:
    assert changed("a\n  b = 1\nc\n", "a\n  b = 2\nc\n") == ("b = 1", "b = 2")


def test_what_is_given_in_a_solution_cell_is_not_changed() -> None:
    cell = "x = 1\n### BEGIN SOLUTION\ny = 2\n### END SOLUTION\nz = 3\n"
    assert within_marks(cell, cell.replace("2", "3"))
    assert within_marks(cell, cell.replace("y = 2\n", ""))
    assert not within_marks(cell, cell.replace("1", "2"))
    assert not within_marks(cell, cell.replace("z = 3", "z = 4"))
    assert not within_marks(cell, cell.replace("1", "2").replace("y = 2", "y = 3"))
