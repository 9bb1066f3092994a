"""Where the work stays: each submission on a processor of its own, if as many are graded at a time
as there are processors."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import ForkServer, Kernel
from support.forked import talk


@pytest.mark.parametrize(
    ("there", "jobs", "expected"),
    [
        ([0, 2, 5], 3, [0, 2, 5]),
        ([0, 2, 5], 5, [0, 2, 5, 0, 2]),
        ([0, 2, 5], 2, []),
        ([3], 2, []),
    ],
)
def test_a_processor_each_where_all_are_used(
    monkeypatch: pytest.MonkeyPatch, there: list[int], jobs: int, expected: list[int]
) -> None:
    monkeypatch.setattr(affinity, "usable_cpus", lambda: there)
    assert affinity.cpus_for_jobs(jobs) == expected


def test_a_processor_that_is_gone_changes_nothing() -> None:
    before = affinity.usable_cpus()
    affinity.pin_to({max(before) + 4096})
    assert affinity.usable_cpus() == before


def elsewhere(work: Callable[[], Any]) -> Any:  # noqa: ANN401
    """Do something in a thread: what it does to its processors, this one does not feel."""
    came: list[Any] = []
    thread = threading.Thread(target=lambda: came.append(work()))
    thread.start()
    thread.join()
    return came[0]


@pytest.mark.slow
def test_a_child_uses_the_processors_of_the_thread_that_asked_for_it() -> None:
    last = max(affinity.usable_cpus())

    def asked() -> Kernel:
        affinity.pin_to({last})
        return server.kernel()

    with ForkServer(Limits()) as server:
        there = [of_kernel(elsewhere(asked)), of_kernel(server.kernel())]
    assert there == [str([last]), str(affinity.usable_cpus())]


def of_kernel(kernel: Kernel) -> str:
    with talk(kernel) as told:
        return str(told.run("import os; print(sorted(os.sched_getaffinity(0)))"))
