"""The whole command on weaker machines: without bubblewrap, and run by an ordinary user.

One machine by default; TEST_TIER=all runs all of them, and `demo` on each.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import scene
from machines import OTHERS, Machine

from nbgrader_isolate.cli import demo_assignment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]
Say = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(
    scope="module", params=OTHERS if scene.WHOLE else OTHERS[-1:], ids=lambda m: m.words
)
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param


@pytest.fixture(scope="module")
def course(machine: Machine, fresh: scene.Fresh) -> Path:
    """A course with the submissions of two honest students; each machine has its own."""
    return fresh(machine.backend)


@pytest.fixture(scope="module")
def say(machine: Machine, course: Path) -> Say:
    """A function that runs a command there; it must succeed."""

    def command(*words: str) -> subprocess.CompletedProcess[str]:
        done = scene.run(
            course, [sys.executable, "-m", "nbgrader_isolate", *words], machine=machine
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return command


def test_a_course_is_graded_fed_back_and_reported(machine: Machine, course: Path, say: Say) -> None:
    rows = json.loads(say("grade", "lab", "--json", "-").stdout)
    assert {row["student"]: row["score"] for row in rows} == dict.fromkeys(
        scene.HONEST, demo_assignment.FULL
    )
    assert {row["sandbox"] for row in rows} == {machine.backend}
    say("feedback", "lab")
    assert all("transpose" in scene.feedback(course, who) for who in scene.HONEST)
    report = [line.split() for line in say("report", "lab").stdout.splitlines()]
    full = f"{demo_assignment.FULL:g}"
    assert all([who, full, full] in report for who in scene.HONEST)


@pytest.mark.whole("tests/nbgrader_isolate/cli/test_doctor.py runs the doctor")
def test_the_doctor_finds_no_failure_and_lists_the_limitations_of_the_backend(
    machine: Machine, course: Path, say: Say
) -> None:
    output = say("doctor", "--course", str(course)).stdout
    assert re.search(rf"sandbox: {machine.backend}; \d\d escape attempts, all blocked", output)
    assert "FAIL" not in output
    assert ("of outside files can be seen" in output) == machine.landlock
    assert ("install bubblewrap" in output or "apt-get install" in output) == machine.landlock


@pytest.mark.whole("it takes minutes on each machine")
def test_the_demo_grades_its_thirty_submissions(machine: Machine, course: Path, say: Say) -> None:
    output = say("demo", str(course.parent / "demo")).stdout
    assert "30 submissions, 30 graded" in output
    assert f"sandbox: {machine.backend}" in output
