"""`python -m course lens --grader`: the autograder's tests on every Python and NumPy that the course promises.

Each pair gets an environment of its own below `_build/lens-grader/`, with all that the course needs, and runs the
tests of the autograder there, and a sample of the attacks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from course.core.paths import Folders
from course.qa.version_matrix import environment, name_of

# Beside Python 3.11 with the NumPy of requirements.lock, which `make test` tries.
LENSES = (("3.12", "2.2.*"), ("3.12", ""), ("3.13", "2.2.*"), ("3.13", ""))
TESTS = ("tests/nbgrader_isolate", "tests/attacks")
PACKAGES = ("--editable", ".[course,dev]")


def look(
    folders: Folders, tests: Sequence[str] = TESTS, say: Callable[[str], None] = print
) -> dict[str, bool]:
    """Run the autograder's tests on each pair whose Python is on this machine.

    Parameters
    ----------
    folders : Folders
        The checkout.
    tests : sequence of str
        Folders or files of tests.
    say : callable
        Takes each line for the reader.

    Returns
    -------
    dict of str to bool
        The pairs that could be tried, and whether all tests passed there.

    Raises
    ------
    CourseError
        If the packages cannot be had.
    """
    passed = {}
    for python, numpy in LENSES:
        name = name_of(python, numpy)
        home = folders.build / "lens-grader"
        interpreter = environment(folders, home, python, numpy, *PACKAGES)
        if interpreter is None:
            say(f"no Python {python} on this machine: {name} was not tried")
            continue
        say(f"{name}:")
        passed[name] = run_tests(interpreter, tests, folders.root) == 0
    return passed


def run_tests(interpreter: Path, tests: Sequence[str], root: Path) -> int:
    """Run tests with an environment's own commands first on the path; return pytest's exit status."""
    path = os.pathsep.join([str(interpreter.parent), os.environ["PATH"]])
    command = [str(interpreter), "-m", "pytest", "-n", "auto", "--dist", "loadfile", *tests]
    return subprocess.run(
        command, check=False, cwd=root, env={**os.environ, "PATH": path}
    ).returncode
