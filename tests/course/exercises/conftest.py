"""A course with one exercise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.exercises.workspace import fill
from support.exercise_course import A, T


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A course with one exercise, and a student's copy of it."""
    for name in ("exercises", "solutions"):
        (tmp_path / name / A).mkdir(parents=True)
        for file in (f"{T}.ipynb", "checking.py"):
            shutil.copy(ROOT / name / A / file, tmp_path / name / A)
    made = Folders(tmp_path)
    fill(made)
    return made
