"""The watchdog: what it measures, and what it kills."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from nbgrader_isolate.core import strange_folders
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
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # so many on one processor
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


class Unmeasurable(watchdog.Watched):
    """A tree that cannot be measured."""

    def share_processors(self, pids: Sequence[int]) -> None:
        raise ValueError(pids)


def test_a_tree_that_cannot_be_measured_is_killed_and_the_others_are_still_watched() -> None:
    guard = watchdog.Watchdog()
    odd = start("print(1, flush=True)\nimport time; time.sleep(30)")
    greedy = start(
        "b = bytearray(b'x') * (100 << 20); print(1, flush=True)\nimport time; time.sleep(30)"
    )
    with odd, greedy:
        watched = guard.add(odd.pid, Limits())
        strange = Unmeasurable(odd.pid, Limits(), descriptor=os.pidfd_open(odd.pid))
        strange.check(watchdog.Look())
        assert odd.wait(patience(5)) == -9
        assert strange.killed_by == "the watchdog could not measure it: ValueError"
        other = guard.add(greedy.pid, Limits(memory_mb=60))
        assert greedy.wait(patience(5)) == -9
        assert other.killed_by == "memory limit 60 MiB"
        for one in (watched, other):
            guard.remove(one)
        os.close(strange.descriptor)


ODD_NAME = r"""
import ctypes, time
ctypes.CDLL(None).prctl(15, b"\xff) R 1 1")
b = bytearray(b"x") * (100 << 20)
print(1, flush=True)
time.sleep(30)
"""


def test_the_name_of_a_process_may_be_any_bytes() -> None:
    guard = watchdog.Watchdog()
    with start(ODD_NAME) as process:
        assert procfs.processor_seconds(process.pid)[2] >= 0
        watched = guard.add(process.pid, Limits(memory_mb=60))
        assert process.wait(patience(5)) == -9
        assert watched.killed_by == "memory limit 60 MiB"
        guard.remove(watched)


WRITERS = {
    "plain": "keep = [open(f'f{i}', 'wb') for i in range(6)]\n",
    "deleted": (
        "keep = []\nfor i in range(6): keep.append(open(f'f{i}', 'wb')); os.unlink(f'f{i}')\n"
    ),
    "long path": (
        "for i in range(18): os.mkdir('d' * 250); os.chdir('d' * 250)\n"
        "keep = [open(f'f{i}', 'wb') for i in range(6)]\n"
    ),
    "unreadable": (
        "os.mkdir('s'); os.mkdir('s/t', 0o300)\n"
        "keep = [open(f's/t/f{i}', 'wb') for i in range(6)]\n"
    ),
    "mapped": (
        "import mmap; keep = []\n"
        "for i in range(6):\n"
        "    f = open(f'f{i}', 'w+b'); f.truncate(4 << 20); os.unlink(f'f{i}')\n"
        "    keep.append(mmap.mmap(f.fileno(), 0)); f.close()\n"
    ),
}


@pytest.mark.parametrize("how", WRITERS)
def test_what_a_tree_writes_counts_however_it_hides_it(tmp_path: Path, how: str) -> None:
    guard = watchdog.Watchdog()
    code = (
        f"import os, time; os.chdir({str(tmp_path)!r})\n{WRITERS[how]}"
        "for f in keep: f.write(b'x' * (4 << 20)); f.flush()\n"
        "print(1, flush=True); time.sleep(30)"
    )
    with start(code) as process:
        watched = guard.add(process.pid, Limits(disk_mb=16), folders=[tmp_path])
        assert process.wait(patience(5)) == -9
        assert watched.killed_by == "disk limit 16 MiB"
        guard.remove(watched)
    assert strange_folders.remove(tmp_path)


def test_folders_without_end_are_not_measured_but_ended(tmp_path: Path) -> None:
    guard = watchdog.Watchdog()
    code = (
        f"import os, time; os.chdir({str(tmp_path)!r})\n"
        "for i in range(1100): os.mkdir('d'); os.chdir('d')\n"
        "print(1, flush=True); time.sleep(30)"
    )
    with start(code) as process:
        watched = guard.add(process.pid, Limits(), folders=[tmp_path])
        assert process.wait(patience(5)) == -9
        assert watched.killed_by == "more than 100 folders inside each other"
        guard.remove(watched)
    assert strange_folders.remove(tmp_path)


def test_processor_time_counts_if_nobody_asks_how_children_ended() -> None:
    guard = watchdog.Watchdog()
    code = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print(1, flush=True)
while True:
    if os.fork() == 0:
        while time.process_time() < 0.5: pass
        os._exit(0)
    try: os.wait()
    except ChildProcessError: pass
"""
    with start(code) as process:
        watched = guard.add(process.pid, Limits(cpu_seconds=1))
        assert process.wait(patience(30)) == -9
        assert watched.killed_by == "processor limit 1 s"
        guard.remove(watched)


def test_locked_parts_of_files_are_counted(tmp_path: Path) -> None:
    guard = watchdog.Watchdog()
    code = f"""
import fcntl, time
file = open({str(tmp_path / "locked")!r}, "w")
for part in range(12_000): fcntl.lockf(file, fcntl.LOCK_EX, 1, 2 * part)
print(1, flush=True)
time.sleep(60)
"""
    with (
        start(code) as process,
        start("print(1, flush=True)\nimport time; time.sleep(60)") as other,
    ):
        watched = [guard.add(one.pid, Limits()) for one in (process, other)]
        assert process.wait(patience(15)) == -9
        assert watched[0].killed_by == "limit of 10000 locked parts of files"
        assert other.poll() is None
        for one in watched:
            guard.remove(one)
        other.kill()


def test_the_locks_of_all_processes_are_read_once_for_all_trees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reads: list[int] = []
    monkeypatch.setattr(procfs, "held_locks", lambda: dict.fromkeys(map(str, reads), 10_001))
    look = watchdog.Look()
    with start("print(1, flush=True)\nimport time; time.sleep(30)") as process:
        reads.append(process.pid)
        trees = [watchdog.Watched(process.pid, Limits(), kill=list, checks=2) for _ in range(2)]
        trees[0].check(look)
        reads.clear()
        trees[1].check(look)
        process.kill()
    assert [one.killed_by for one in trees] == ["limit of 10000 locked parts of files"] * 2


def test_a_tree_that_takes_too_long_to_measure_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = iter(range(10_000))  # each process takes 0.3 s
    monkeypatch.setattr("time.thread_time", lambda: next(spent) * 0.3)
    code = (
        "import os, time\nfor _ in range(4):\n    if os.fork() == 0: break\n"
        "else: print(1, flush=True)\ntime.sleep(30)"
    )
    with start(code) as process:
        few = watchdog.Watched(process.pid, Limits(), kill=process.kill)
        pids = procfs.tree(process.pid)
        assert len(pids) == 5
        few.check(watchdog.Look())
        assert few.killed_by == "it takes too long to measure its processes"
        process.wait(patience(5))


class CountingLock:
    """A lock that knows how often it was taken."""

    def __init__(self) -> None:
        self.taken, self.lock = 0, threading.Lock()

    def __enter__(self) -> None:
        self.lock.acquire()
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def test_whoever_starts_a_process_waits_for_the_look_at_one_tree_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    guard, lock, looks = watchdog.Watchdog(), CountingLock(), []
    monkeypatch.setattr(guard, "_lock", lock)
    monkeypatch.setattr(watchdog.Watched, "check", lambda *_: looks.append(lock.taken))
    with start("import time; print(1, flush=True); time.sleep(30)") as process:
        watched = [guard.add(process.pid, Limits()) for _ in range(2)]
        wait_until(lambda: len(looks) > 4, "the watchdog did not look")
        for one in watched:
            guard.remove(one)
        process.kill()
    assert len({*looks}) == len(looks)
