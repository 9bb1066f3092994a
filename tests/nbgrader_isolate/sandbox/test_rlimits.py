"""The limits of a process are those that the course sets, and are never raised."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import rlimits, watchdog


def test_each_resource_has_the_limit_of_the_course() -> None:
    limits = Limits(address_mb=100, cpu_seconds=7, file_mb=3, array_bytes=1, processes=9)
    table = rlimits.table(limits)
    assert table[resource.RLIMIT_AS] == 100 << 20
    assert table[resource.RLIMIT_CPU] == 7
    assert table[resource.RLIMIT_FSIZE] == 3 << 20
    assert table[resource.RLIMIT_NPROC] == 9
    assert table[resource.RLIMIT_CORE] == 1, "0 does not keep a crash from starting a program"
    assert rlimits.table(Limits(file_mb=1, array_bytes=5 << 20))[resource.RLIMIT_FSIZE] == 5 << 20


def test_a_limit_below_ours_stays_and_other_processes_are_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hard = {resource.RLIMIT_NOFILE: 100, resource.RLIMIT_NPROC: resource.RLIM_INFINITY}
    imposed: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (0, hard[kind]))
    monkeypatch.setattr(resource, "setrlimit", imposed.__setitem__)
    rlimits.impose({resource.RLIMIT_NOFILE: 256, resource.RLIMIT_NPROC: 64}, others=5)
    most = 16 * 64 + 5
    assert imposed == {resource.RLIMIT_NOFILE: (100, 100), resource.RLIMIT_NPROC: (69, most)}
    rlimits.impose({resource.RLIMIT_NPROC: 64})
    assert imposed[resource.RLIMIT_NPROC] == (64, 64)


def test_a_process_without_a_limit_on_processes_keeps_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    imposed: set[int] = set()
    monkeypatch.setattr(resource, "setrlimit", lambda kind, _: imposed.add(kind))
    rlimits.apply(Limits(), processes=False)
    assert imposed == set(rlimits.table(Limits())) - {resource.RLIMIT_NPROC}


def test_the_threads_of_this_user_are_counted() -> None:
    assert rlimits.threads_of_user() >= len(os.listdir("/proc/self/task"))  # noqa: PTH208


@pytest.mark.parametrize(("soft", "hard"), [(3, 5_000), (4_000, 5_000), (3, 3), (3, 5)])
def test_a_tree_that_shares_its_count_gets_room_for_its_own_processes(soft: int, hard: int) -> None:
    command = [sys.executable, "-c", "import time; print(flush=True); time.sleep(600)"]
    kind = resource.RLIMIT_NPROC
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            resource.prlimit(process.pid, kind, (soft, hard))
            before = rlimits.threads_of_user()
            rlimits.make_room([process.pid], 7)
            after = rlimits.threads_of_user()
            found, most = resource.prlimit(process.pid, kind)
        finally:
            process.kill()
    assert most == hard
    if (soft, hard) == (3, 5_000):
        room = 50  # other processes of this user start and end meanwhile
        assert min(before, after) + 6 - room <= found <= max(before, after) + 6 + room
    else:
        assert found == (5 if hard == 5 else soft)


def test_the_watchdog_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[int, int]] = []
    monkeypatch.setattr(rlimits, "make_room", lambda pids, count: asked.append((pids[0], count)))
    watched = watchdog.Watched(
        os.getpid(), Limits(processes=9_000, memory_mb=100_000, cpu_seconds=10**6)
    )
    for _ in range(6):
        watched.check(watchdog.Look())
    assert (watched.killed_by, asked) == ("", [(os.getpid(), 9_000)] * 2)
