"""`make version-matrix` with `--grader`: the grader's tests on every supported Python and NumPy.

Each pair of a Python and a NumPy gets an environment of its own below `_build/grader-matrix/`, with
everything that the course needs. It runs the grader's tests and a sample of its attacks.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from course.core.paths import Folders
from course.qa.version_matrix import environment, name_of

# In addition to Python 3.11 with the NumPy of requirements.lock, which `make test` uses.
VERSIONS = (("3.12", "2.2.*"), ("3.12", ""), ("3.13", "2.2.*"), ("3.13", ""))
TESTS = ("tests/nbgrader_isolate", "tests/attacks")
PACKAGES = ("--editable", ".[course,dev]")


def run(
    folders: Folders, tests: Sequence[str] = TESTS, say: Callable[[str], None] = print
) -> dict[str, bool]:
    """Run the grader's tests on each pair whose Python is installed on this machine.

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
        For each pair that was tried, whether all its tests passed.

    Raises
    ------
    CourseError
        If the packages cannot be installed.
    """
    passed = {}
    for python, numpy in VERSIONS:
        name = name_of(python, numpy)
        home = folders.build / "grader-matrix"
        interpreter = environment(folders, home, python, numpy, *PACKAGES)
        if interpreter is None:
            say(f"Python {python} is not installed on this machine: {name} was not tried")
            continue
        say(f"{name}:")
        passed[name] = run_tests(interpreter, tests, folders.root) == 0
    return passed


def run_tests(interpreter: Path, tests: Sequence[str], root: Path) -> int:
    """Run tests in an environment with its commands first on the path; return pytest's status."""
    path = os.pathsep.join([str(interpreter.parent), os.environ["PATH"]])
    command = [str(interpreter), "-m", "pytest", "-n", "auto", "--dist", "loadfile", *tests]
    return subprocess.run(
        command, check=False, cwd=root, env={**os.environ, "PATH": path}
    ).returncode
