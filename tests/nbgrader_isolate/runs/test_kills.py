"""Killed at any moment, by -9: the next run goes on, and ends where an undisturbed one ends."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support.graded_course import A

WHOLE = os.environ.get("TEST_TIER") == "all"
KILLS = 50 if WHOLE else 3
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000 if WHOLE else 600)]


@pytest.fixture(scope="module")
def undisturbed(made_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = gc.copy(made_course, tmp_path_factory.mktemp("fair") / "course")
    gc.grade(course)
    return course


def children(process: int) -> list[int]:
    """Return the processes that one started, and those that they did."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *children(child)]
    return found


def killed(course: Path, chance: random.Random) -> str:
    """Begin a run, and kill the run itself or a process below it at some moment; return which."""
    line = gc.command("grade", A, "--course", course)
    run = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    victim = chance.choice(["run", "worker"])
    recorded = chance.randrange(0, 15)
    end = time.monotonic() + 60
    while run.poll() is None and time.monotonic() < end:
        if len(list(course.glob(f"autograded/*/{A}"))) >= recorded:
            break
        time.sleep(0.002)
    time.sleep(chance.random() * 0.05)
    try:
        below = children(run.pid)
    except OSError:
        below = []
    if victim == "worker" and below:
        os.kill(chance.choice(below), signal.SIGKILL)
        run.wait(120)
    else:
        run.kill()
        run.wait()
    end = time.monotonic() + 10
    while time.monotonic() < end and any(Path(f"/proc/{one}").exists() for one in below):
        time.sleep(0.05)
    assert not [one for one in below if Path(f"/proc/{one}").exists()], "a process outlived its run"
    return victim


@pytest.mark.parametrize("seed", range(KILLS))
def test_after_a_kill_the_next_run_ends_as_an_undisturbed_one(
    seed: int, course: Path, undisturbed: Path
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    victims = [killed(course, chance) for _ in range(2)]
    done = gc.grade(course)
    assert gc.rows(course) == gc.rows(undisturbed), (victims, done.stderr)
    assert gc.comments(course) == gc.comments(undisturbed)
    assert gc.folders(course) == gc.folders(undisturbed)
    assert not [*course.glob("autograded/*/.staged-*"), *course.glob("autograded/*/.writing-*")]


def server_of(process: int) -> list[int]:
    """Return the warm process below a run and the bubblewraps around it; kernels, forked from it, bear its name too."""
    found = []
    for one in children(process):  # parents first
        words = Path(f"/proc/{one}/cmdline").read_bytes().split(b"\0")
        if b"nbgrader_isolate.forkserver.server" in words:
            found.append(one)
            if not words[0].endswith(b"bwrap"):
                return found
    raise AssertionError("no warm process below the run")


@pytest.mark.parametrize("seed", range(KILLS if WHOLE else 2))
def test_a_killed_fork_server_costs_nobody_a_point(seed: int, course: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a moment, not a secret
    line = gc.command("grade", A, "--course", course, "--jobs", str(1 + seed % 2), program=None)
    run = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    graded = chance.randrange(1, 9)
    while run.poll() is None and len(list(course.glob(f"autograded/*/{A}"))) < graded:
        time.sleep(0.002)
    time.sleep(chance.random() * 0.3)
    os.kill(chance.choice(server_of(run.pid)), signal.SIGKILL)
    run.wait(120)
    done = gc.grade(course, program=None)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    totals = gc.totals(course)
    expected = {"ada": 11, "élise": 11, "grace": 9, "lena": 6, "nobody": 0, "wei": 9, "yusuf": 11}
    assert {name: totals[name] for name in expected} == expected
