"""Private folders are removed with the process that created them, even if it was killed."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader_isolate.sandbox import identity


def test_only_folders_of_processes_that_are_gone_are_removed(tmp_path: Path) -> None:
    dead, alive, foreign = (
        tmp_path / name for name in ("ag-4194399-x", f"ag-{os.getpid()}-y", "ag-z-x")
    )
    for folder in (dead, alive, foreign):
        folder.mkdir()
    identity.remove_stale_folders(tmp_path)
    assert not dead.exists()
    assert alive.exists()
    assert foreign.exists()
