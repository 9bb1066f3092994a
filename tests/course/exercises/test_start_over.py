"""`make start-over`: a fresh copy, and nothing is lost."""

from __future__ import annotations

import pytest

from course.core.errors import CourseError
from course.core.paths import Folders
from course.exercises.start_over import start_over
from support.exercise_course import A, T, write


@pytest.mark.parametrize(("a", "t"), [("02", None), (A, "unknown")])
def test_a_name_that_does_not_exist_is_answered_with_those_that_do(
    folders: Folders, a: str, t: str | None
) -> None:
    with pytest.raises(CourseError, match=A if t is None else T):
        start_over(folders, a, t)


def test_starting_over_gives_a_fresh_copy_and_keeps_the_old_one(folders: Folders) -> None:
    file = write(folders, "my first try")
    first = file.read_bytes()
    ((mine, kept),) = start_over(folders, A, T)
    assert mine.read_bytes() == (folders.exercises / A / f"{T}.ipynb").read_bytes()
    assert kept == folders.work / "kept" / A / "ravel-1.ipynb"
    assert kept.read_bytes() == first
    write(folders, "my second try")
    ((_, again),) = start_over(folders, A)
    assert again.name == "ravel-2.ipynb"
    assert kept.read_bytes() == first
    assert "my second try" in again.read_text()


def test_starting_over_leaves_alone_what_is_as_handed_out(folders: Folders) -> None:
    assert start_over(folders, A) == []
    assert not (folders.work / "kept").exists()


def test_starting_over_brings_back_a_lost_copy_and_renews_what_tests_share(
    folders: Folders,
) -> None:
    (folders.work / "exercises" / A / f"{T}.ipynb").unlink()
    (folders.work / "exercises" / A / "checking.py").write_text("mine")
    start_over(folders, A, T)
    assert (folders.work / "exercises" / A / f"{T}.ipynb").is_file()
    assert "def call(" in (folders.work / "exercises" / A / "checking.py").read_text()
    assert (folders.work / "kept" / A / "checking-1.py").read_text() == "mine"
