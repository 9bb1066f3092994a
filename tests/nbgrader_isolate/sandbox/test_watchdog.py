"""The watchdog: what it measures, and what it kills."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from pathlib import Path

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import procfs, watchdog
from support.patience import patience, wait_until
from support.started import start

pytestmark = pytest.mark.slow
IDLE = os.sched_getscheduler(0) == os.SCHED_IDLE
"""Whether these tests themselves run only when nobody else wants a processor."""


def test_a_tree_over_its_limit_is_killed_and_its_neighbor_is_not() -> None:
    guard = watchdog.Watchdog()
    greedy = start(
        "b = bytearray(b'x') * (100 << 20); print(1, flush=True)\nimport time; time.sleep(30)"
    )
    modest = start("print(1, flush=True)\nimport time; time.sleep(30)")
    with greedy, modest:
        watched = [guard.add(p.pid, Limits(memory_mb=60)) for p in (greedy, modest)]
        assert greedy.wait(patience(5)) == -9
        assert modest.poll() is None
        assert [one.killed_by for one in watched] == ["memory limit 60 MiB", ""]
        assert watched[0].peak > 60 << 20
        for one in watched:
            guard.remove(one)
        modest.kill()


def test_a_tree_that_was_removed_is_left_alone() -> None:
    guard = watchdog.Watchdog()
    with start("print(1, flush=True)\nimport time; time.sleep(30)") as process:
        watched = guard.add(process.pid, Limits(notebook_seconds=0.4))
        guard.remove(watched)
        time.sleep(0.8)
        assert process.poll() is None
        assert not watched.killed_by
        process.kill()


SPINNERS = """
import os, sys, time
for _ in range(14):
    if os.fork() == 0:
        os.setsid()
        end = time.monotonic() + 20
        while time.monotonic() < end: pass
        os._exit(0)
print(1, flush=True)
time.sleep(20)
"""


def test_a_crowd_of_busy_processes_stands_back_and_one_does_not() -> None:
    guard = watchdog.Watchdog()
    crowd = start(SPINNERS)
    alone = start("print(1, flush=True)\nimport time\nwhile time.monotonic(): pass")
    with crowd, alone:
        limits = Limits(notebook_seconds=20)
        watched = [guard.add(process.pid, limits) for process in (crowd, alone)]
        members = procfs.tree(crowd.pid)[1:]
        assert len(members) == 14
        try:
            wait_until(
                lambda: {os.sched_getscheduler(pid) for pid in members} == {os.SCHED_IDLE},
                "they do not stand back",
            )
            assert os.sched_getscheduler(alone.pid) != os.SCHED_IDLE or IDLE
            assert not watched[0].killed_by
        finally:
            for pid in members:
                os.kill(pid, signal.SIGKILL)
            for one in watched:
                guard.remove(one)
            crowd.kill()
            alone.kill()


def test_the_processor_time_of_all_processes_together_is_limited() -> None:
    guard = watchdog.Watchdog()
    code = "import os\nfor _ in range(3): os.fork()\nprint(1, flush=True)\nwhile True: pass"
    with start(code) as process:
        # all of them, or those that fork later are left behind
        wait_until(lambda: len(procfs.tree(process.pid)) == 8, "the processes do not start")
        members = procfs.tree(process.pid)
        watched = guard.add(process.pid, Limits(cpu_seconds=1))
        try:
            assert process.wait(patience(20)) == -9
            assert watched.killed_by == "processor limit 1 s"
        finally:
            for pid in members[1:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            guard.remove(watched)


def test_a_process_that_is_already_gone_cannot_be_watched() -> None:
    with start("print(1)") as process:
        process.wait()
    with pytest.raises(ProcessLookupError):
        watchdog.Watchdog().add(process.pid, Limits())


def test_a_folder_s_size_counts_empty_files_and_follows_no_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "big").write_bytes(bytes(1 << 20))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    for number in range(100):
        (folder / f"empty{number}").touch()
    assert 100 << 10 <= watchdog.size(folder) < 1 << 20
