"""nbgrader's own `export`, with our exporter, in a Python of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc


@pytest.mark.slow
def test_nbgraders_own_export_writes_the_same_with_our_exporter(graded: Path) -> None:
    ours = gc.grade(graded, "--csv", graded / "ours.csv", verb="export")
    assert ours.returncode == Exit.DONE, ours.stderr
    scripts = Path(sys.executable).parent
    environment = {**os.environ, "PATH": f"{scripts}:{os.environ['PATH']}"}
    subprocess.run(
        [
            scripts / "nbgrader",
            "export",
            "--exporter=nbgrader_isolate.nbgrader_plugin.marks_exporter.MarksExporter",
        ],
        cwd=graded,
        env=environment,
        check=True,
        capture_output=True,
    )
    assert (graded / "grades.csv").read_bytes() == (graded / "ours.csv").read_bytes()
    assert (graded / "grades.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")
