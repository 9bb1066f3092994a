"""What `support.page_answers` runs in the Python of a page: exercises, one after the other.

One Python serves many answers, so whatever an answer imported or set is taken back before the next.
"""

from __future__ import annotations

import base64
import contextlib
import gc
import importlib
import io
import json
import os
import sys
import warnings
import zipfile

import numpy as np

MODULES: set[str] = set()
SETTINGS = (np.geterr(), np.get_printoptions(), sys.getrecursionlimit(), list(warnings.filters))


def install(archive: str) -> None:
    """Unpack, below the course's folder, an archive in base 64."""
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))) as opened:
        opened.extractall("/course")
    importlib.invalidate_caches()
    import runner_child  # noqa: F401

    MODULES.update(sys.modules)


def take_back() -> None:
    """Forget what the last exercise imported, and what it set."""
    for name in set(sys.modules) - MODULES:
        del sys.modules[name]
    errors, printing, depth, filters = SETTINGS
    np.seterr(**errors)
    np.set_printoptions(**printing)
    sys.setrecursionlimit(depth)
    warnings.filters[:] = filters
    gc.collect()


def run_cells(text: str) -> None:
    """Run the cells of a job, and print the lines that `course.exercises.runner.read` reads."""
    from runner_child import failure_of, namespace, tell

    job = json.loads(text)
    take_back()
    os.chdir(job["folder"])
    importlib.invalidate_caches()
    importlib.import_module("checking").SECONDS = job["call_seconds"]  # type: ignore[attr-defined]
    out, space = sys.stdout, namespace()
    for cell in job["cells"]:
        tell(out, {"start": cell["id"]})
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            message = failure_of(cell, space)
        tell(out, {"end": cell["id"], "message": message})
    tell(out, {"done": True})
