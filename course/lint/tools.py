"""The programs that `make lint` runs before the course's own checks of its texts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def commands() -> list[list[str]]:
    """Return the command line of each program: style, formatting, types, who may import whom."""
    python = [sys.executable, "-m"]
    return [
        [*python, "ruff", "check"],
        [*python, "ruff", "format", "--check"],
        [*python, "mypy"],
        [str(Path(sys.executable).with_name("lint-imports")), "--no-logo"],
    ]


def run(root: Path) -> bool:
    """Run every program in `root`, even after one has found something.

    Returns
    -------
    bool
        Whether none of them found anything.
    """
    statuses = [subprocess.run(command, check=False, cwd=root).returncode for command in commands()]
    return not any(statuses)
