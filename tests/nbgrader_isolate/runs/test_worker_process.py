"""What a worker process is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import nbgrader_isolate
from nbgrader_isolate.runs.worker_process import LEFT_OUT, environment

if TYPE_CHECKING:
    import pytest


def test_a_worker_finds_this_package_by_the_folder_above_it() -> None:
    """And not by the package's own folder, where `notebook` is not the installed package."""
    first = Path(environment()["PYTHONPATH"].split(os.pathsep)[0])
    assert first == Path(nbgrader_isolate.__file__).parents[1]


def test_a_workers_python_is_not_changed_by_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """With `PYTHONOPTIMIZE`, for example, no assert of a test would fail."""
    for name in LEFT_OUT:
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")
    assert LEFT_OUT.isdisjoint(environment())
    assert environment()["PYTHONIOENCODING"] == "utf-8"
