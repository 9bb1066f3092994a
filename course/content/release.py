"""Turn solutions into exercises with nbgrader's own converter, in a temporary course."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from course.core.errors import CourseError
from nbgrader_isolate.gradebook.sqlite_urls import sqlite_url

COURSE_ID = "inside-the-ndarray"
"""The same as in nbgrader_config.py."""


def release(solutions: dict[Path, bytes]) -> dict[Path, NotebookNode]:
    """Create the students' version of each solution.

    Parameters
    ----------
    solutions : dict of Path to bytes
        `assignment/name.ipynb` → the notebook with solutions and hidden tests.

    Returns
    -------
    dict of Path to NotebookNode
        The same paths → the released notebooks: stubs instead of solutions, no hidden tests,
        checksums.

    Raises
    ------
    CourseError
        If nbgrader refuses an assignment; the message ends with the last line of its log.
    """
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        root = Path(name)
        for path, data in solutions.items():
            (root / "solutions" / path).parent.mkdir(parents=True, exist_ok=True)
            (root / "solutions" / path).write_bytes(data)
        api = throwaway_course(root)
        for assignment in sorted({path.parent.name for path in solutions}):
            result = api.generate_assignment(assignment)
            if not result["success"]:
                raise CourseError(f"solutions/{assignment}: nbgrader: {last_words(result)}")
        return {path: nbformat.read(root / "exercises" / path, as_version=4) for path in solutions}


def throwaway_course(root: Path) -> NbGraderAPI:
    """Return nbgrader's API for a course below `root` that shares nothing with a real one."""
    return course_api(root, sqlite_url(root / "gradebook.db"))


def course_api(root: Path, db_url: str, release_directory: str = "exercises") -> NbGraderAPI:
    """Return nbgrader's API for the course in `root`.

    Parameters
    ----------
    root : Path
        The folder that contains `solutions/`.
    db_url : str
        The gradebook.
    release_directory : str
        Where releases are written; absolute, or relative to `root`.
    """
    scripts = str(Path(sys.executable).parent)
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        # nbgrader runs alembic by its name
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = COURSE_ID
    config.CourseDirectory.db_url = db_url
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.release_directory = release_directory
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def last_words(result: dict[str, str]) -> str:
    """Return the line of nbgrader's log or traceback that gives the reason."""
    lines = [line for line in (result.get("error") or result.get("log") or "").splitlines() if line]
    return lines[-1] if lines else "gave no reason"
