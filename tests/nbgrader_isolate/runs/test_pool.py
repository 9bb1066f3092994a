"""The pool gives each worker its tasks, and a processor of its own if there is one for each."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from nbgrader_isolate.core import affinity
from nbgrader_isolate.runs.pool import GradingFailure, Pool
from support import TESTS
from support.patience import patience

pytestmark = pytest.mark.slow
SECONDS = patience(2)


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


def test_a_result_waits_while_another_submission_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))

    def tasks() -> Iterator[tuple[str, bytes]]:
        yield "first", b"1"
        yield "second", b"2"
        time.sleep(2 * SECONDS)  # longer than the first two may take
        yield "slow to read", b"3"

    pool = Pool(2)
    try:
        setup = {"limits": {}, "sandbox": "none", "grader": "support.fake_grader:SaysMuch"}
        pool.configure(setup)
        came = dict(pool.grade(tasks(), SECONDS))
    finally:
        pool.close()
    assert came == {
        "first": b"1" * 300_000,
        "second": b"2" * 300_000,
        "slow to read": b"3" * 300_000,
    }


def test_a_job_that_hangs_is_given_up_while_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    pool = Pool(1)
    try:
        pool.configure({"limits": {}, "sandbox": "none", "grader": "support.fake_grader:Hangs"})
        [(name, answer)] = pool.grade(iter([("hangs", b"{}")]), 1.0)
    finally:
        pool.close()
    assert name == "hangs"
    assert answer == GradingFailure("the grader took too long and was stopped")
