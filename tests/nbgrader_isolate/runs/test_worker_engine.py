"""What a person who waits for a plan is told in the meantime."""

from __future__ import annotations

import json

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.notebook.parse import to_notebook_node
from nbgrader_isolate.runs.worker_engine import HOW_MANY, OVERHEAD_SECONDS, WorkerEngine

EMPTY = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}


class Echo:
    """Workers that return the notebook as it came."""

    def run(self, request: bytes, seconds: float) -> bytes:
        assert seconds > 0
        return json.dumps(json.loads(request)["notebook"]).encode()


class Waits(Echo):
    """Workers that note how long they may take."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def run(self, request: bytes, seconds: float) -> bytes:
        self.seconds.append(seconds)
        return super().run(request, seconds)


def said_after(*times: float) -> list[str]:
    """Return what is said if runs end so many seconds after the start."""
    said: list[str] = []
    engine = WorkerEngine(Echo(), Limits(), said.append)  # type: ignore[arg-type]
    for number, seconds in enumerate(times, 1):
        engine.runs = number
        engine.say_progress(engine.started + seconds)
    return said


def test_a_long_first_run_says_how_many_follow() -> None:
    assert said_after(40.0) == [f"1 run of the notebook done in 40 s; {HOW_MANY}"]
    assert "a plan needs 6 runs of each notebook" in HOW_MANY


def test_later_runs_are_counted_now_and_then() -> None:
    assert said_after(2.0, 20.0, 24.0, 80.0) == [
        f"2 runs of the notebook done in 20 s; {HOW_MANY}",
        "4 runs of the notebook done in 80 s",
    ]


def test_a_run_with_more_time_counts_as_hung_later() -> None:
    pool = Waits()
    engine = WorkerEngine(pool, Limits(notebook_seconds=100.0))  # type: ignore[arg-type]
    for factor in (1.0, 2.0):
        about = {"files": {}, "student_names": [], "seed": 0, "time_factor": factor}
        engine.run(to_notebook_node(EMPTY), **about)  # type: ignore[arg-type]
    assert pool.seconds == [100 + OVERHEAD_SECONDS, 200 + OVERHEAD_SECONDS]


def test_short_runs_say_nothing() -> None:
    assert said_after(0.2, 0.4, 0.6) == []


def test_runs_are_counted_and_nobody_has_to_listen() -> None:
    engine = WorkerEngine(Echo(), Limits())  # type: ignore[arg-type]
    for _ in range(2):
        ran = engine.run(to_notebook_node(EMPTY), files={}, student_names=[], seed=0)
        assert ran["cells"] == []
    assert engine.runs == 2
    engine.say_progress(engine.started + 100.0)
