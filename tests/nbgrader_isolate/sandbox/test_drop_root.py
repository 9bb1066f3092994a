"""Root's sandbox reaches what it needs, whatever the umask, or says what it cannot enter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import drop_root, mounts
from support.users import ORDINARY

pytestmark = pytest.mark.slow

ROOT_DROPS = os.getuid() == 0
"""An ordinary user has nothing to drop, and is told so."""


def started(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command as another user, who must be able to reach a folder, with umask 077."""
    reachable = "\n".join(map(str, (*mounts.python_roots(), folder)))
    script = [sys.executable, "-I", "-S", drop_root.__file__, str(ORDINARY), reachable]
    return subprocess.run(
        [*script, *command], capture_output=True, text=True, check=False, umask=0o077
    )


def needed(tmp_path: Path, mode: int) -> Path:
    """Return a folder with one file, below one that others cannot enter."""
    folder = tmp_path / "closed" / "between" / "needed"
    folder.mkdir(parents=True)
    (folder / "file").write_text("read\n")
    (tmp_path / "closed").chmod(0o700)
    folder.chmod(mode)
    return folder


def test_a_folder_below_a_closed_one_is_reached_with_any_umask(tmp_path: Path) -> None:
    folder = needed(tmp_path, 0o755)
    done = started(folder, "cat", str(folder / "file"))
    assert done.stdout == "read\n" if ROOT_DROPS else drop_root.FAILED in done.stderr


def test_a_folder_that_is_closed_itself_is_named(tmp_path: Path) -> None:
    folder = needed(tmp_path, 0o700)
    done = started(folder, "cat", str(folder / "file"))
    wrong = f"{drop_root.NOT_FOR_OTHERS}: {folder}\n"
    assert done.stderr == wrong if ROOT_DROPS else drop_root.FAILED in done.stderr
    assert done.returncode == 1
