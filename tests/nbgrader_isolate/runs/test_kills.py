"""Killed at any moment, by -9: the next run goes on, and ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support import preloaded
from support.graded_course import A
from support.patience import patience, wait_until
from support.tiers import WHOLE

KILLS = 50 if WHOLE else 2
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000 if WHOLE else 600)]


def children(process: int) -> list[int]:
    """Return the processes that one started, and those that they did."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):  # it has ended since
            for child in map(int, task.read_text().split()):
                found += [child, *children(child)]
    return found


def killed(course: Path, chance: random.Random) -> str:
    """Begin a run, and kill the run itself or a process below it at some moment; return which."""
    run = preloaded.Command(gc.words("grade", A, "--course", course))
    victim = chance.choice(["run", "worker"])
    recorded = chance.randrange(0, 15)
    while run.poll() is None and len(list(course.glob(f"autograded/*/{A}"))) < recorded:
        time.sleep(0.002)
    time.sleep(chance.random() * 0.05)
    below = children(run.pid)
    if victim == "worker" and below:
        os.kill(chance.choice(below), signal.SIGKILL)
        run.wait(patience(60))
    else:
        run.kill()
        run.wait()
    left = f"a process of {below} outlived its run"
    wait_until(lambda: not any(Path(f"/proc/{one}").exists() for one in below), left)
    return victim


@pytest.mark.parametrize("seed", range(KILLS))
def test_after_a_kill_the_next_run_ends_as_an_undisturbed_one(
    seed: int, course: Path, made_graded: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    victims = [killed(course, chance) for _ in range(2)]
    done = gc.grade(course)
    assert gc.rows(course) == gc.rows(made_graded), (victims, done.stderr)
    assert gc.comments(course) == gc.comments(made_graded)
    assert gc.folders(course) == gc.folders(made_graded)
    assert not [*course.glob("autograded/*/.staged-*"), *course.glob("autograded/*/.writing-*")]


def server_of(process: int) -> list[int]:
    """Return the warm process below a run and the bubblewraps around it; kernels, forked from it,
    bear its name too."""
    found = []
    for one in children(process):  # parents first
        words: list[bytes] = []
        with suppress(OSError):  # it has ended since
            words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
        if b"nbgrader_isolate.forkserver.server" in words:
            found.append(one)
            if not words[0].endswith(b"bwrap"):
                return found
    return found


@pytest.mark.whole("test_engine.py restarts a warm process that is dead")
@pytest.mark.parametrize("seed", range(KILLS if WHOLE else 2))
def test_a_killed_fork_server_costs_nobody_a_point(seed: int, course: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    jobs = str(1 + seed % 2)
    run = preloaded.Command(gc.words("grade", A, "--course", course, "--jobs", jobs, program=None))
    graded = chance.randrange(1, 9)
    while run.poll() is None and len(list(course.glob(f"autograded/*/{A}"))) < graded:
        time.sleep(0.002)
    time.sleep(chance.random() * 0.3)
    servers = server_of(run.pid)
    assert servers or run.poll() is not None, "no warm process below the run"
    with suppress(ProcessLookupError):
        os.kill(chance.choice(servers or [run.pid]), signal.SIGKILL)
    run.wait(patience(60))
    done = gc.grade(course, program=None)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    totals = gc.totals(course)
    expected = {"ada": 11, "élise": 11, "grace": 9, "lena": 6, "nobody": 0, "wei": 9, "yusuf": 11}
    assert {name: totals[name] for name in expected} == expected
