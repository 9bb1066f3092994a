"""What a worker process is given."""

from __future__ import annotations

import os
from pathlib import Path

import nbgrader_isolate
from nbgrader_isolate.runs.worker_process import environment


def test_a_worker_finds_this_package_by_the_folder_above_it() -> None:
    """And not by the package's own folder, where `notebook` is not the installed package."""
    first = Path(environment()["PYTHONPATH"].split(os.pathsep)[0])
    assert first == Path(nbgrader_isolate.__file__).parents[1]
