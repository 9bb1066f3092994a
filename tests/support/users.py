"""Run the commands of a test as root, and as an ordinary user who can read this project."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from nbgrader_isolate.sandbox import drop_root, mounts

ORDINARY = 65001
USERS = ("root", "ordinary") if os.getuid() == 0 else ("ordinary",)


def ordinary_home() -> tempfile.TemporaryDirectory[str]:
    home = tempfile.TemporaryDirectory(prefix="agt-", dir="/tmp")
    Path(home.name).chmod(0o777)
    return home


def as_ordinary(home: str) -> list[str]:
    """Return the prefix that runs a command as an ordinary user, if the tests run as root."""
    if os.getuid():
        return []
    root = Path(__file__).resolve().parents[2]
    reachable = [*mounts.python_roots(), root, Path(home)]
    folders = "\n".join(map(str, reachable))
    return [sys.executable, "-I", "-S", drop_root.__file__, str(ORDINARY), folders]
