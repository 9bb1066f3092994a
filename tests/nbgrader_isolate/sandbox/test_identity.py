"""Private folders are removed with the process that made them, also when it was killed."""

from __future__ import annotations

import os
from pathlib import Path

from nbgrader_isolate.sandbox import identity


def test_folders_of_makers_that_were_killed_are_swept_and_others_are_not(tmp_path: Path) -> None:
    dead, alive, foreign = (
        tmp_path / name for name in ("ag-4194399-x", f"ag-{os.getpid()}-y", "ag-z-x")
    )
    for folder in (dead, alive, foreign):
        folder.mkdir()
    identity.sweep(tmp_path)
    assert not dead.exists()
    assert alive.exists()
    assert foreign.exists()
