"""`make release`: an assignment is registered once."""

from __future__ import annotations

import shutil

import pytest

from course.core.paths import ROOT, Folders
from course.handout.register import register

A, T = "02-strides", "ravel"


@pytest.mark.slow
def test_an_assignment_is_registered_once_and_the_committed_exercises_stay(
    folders: Folders,
) -> None:
    (folders.root / "exercises").unlink()
    shutil.copytree(ROOT / "exercises", folders.exercises)
    before = {file: file.read_bytes() for file in folders.exercises.glob("*/*")}
    assert register(folders, A).points[T] == 4
    again = register(folders, A)
    assert again.points[T] == 4
    assert again.submissions == 0
    assert {file: file.read_bytes() for file in folders.exercises.glob("*/*")} == before
