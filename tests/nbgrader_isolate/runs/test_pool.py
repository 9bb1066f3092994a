"""The pool gives each worker its tasks, and a processor of its own if there is one for each."""

from __future__ import annotations

import json

import pytest

from nbgrader_isolate.core import affinity
from nbgrader_isolate.runs.pool import Pool
from support import TESTS

pytestmark = pytest.mark.slow


def test_submissions_that_are_graded_together_are_on_different_processors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    there = affinity.usable_cpus()
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    setup = {"limits": {}, "sandbox": "none", "grader": "support.fake_grader:SaysWhere"}

    def told(jobs: int) -> set[tuple[int, ...]]:
        pool = Pool(jobs)
        try:
            pool.configure(setup)
            tasks = ((str(number), b"{}") for number in range(2 * jobs))
            return {tuple(json.loads(bytes(came))) for _, came in pool.grade(tasks, 60)}  # type: ignore[arg-type]
        finally:
            pool.close()

    assert told(len(there)) == {(one,) for one in there}
    if len(there) > 1:
        assert told(len(there) - 1) == {tuple(there)}
