"""What has moved leads to something that is there, and from names that nothing has."""

from __future__ import annotations

from course.core import moved
from course.core.exercises import exercise_files
from course.core.paths import ROOT

LESSONS = {file.stem for file in (ROOT / "lessons").glob("*.ipynb")}
EXERCISES = {f"{file.parent.name}/{file.stem}" for file in exercise_files(ROOT / "exercises")}


def test_a_new_name_is_that_of_a_lesson_or_an_exercise() -> None:
    assert set(moved.LESSONS.values()) <= LESSONS
    assert set(moved.EXERCISES.values()) <= EXERCISES


def test_an_old_name_is_nobodys_today() -> None:
    assert not set(moved.LESSONS) & LESSONS
    assert not set(moved.EXERCISES) & EXERCISES


def test_each_exercise_came_from_one_place() -> None:
    assert len(set(moved.EXERCISES.values())) == len(moved.EXERCISES)


def test_the_site_has_an_address_for_each() -> None:
    addresses = moved.addresses()
    assert addresses["lessons/04-speed.html"] == "lessons/06-measuring-speed.html"
    assert addresses["exercises/05-tricks/stretch.html"] == "exercises/05-broadcasting/stretch.html"
    assert len(addresses) == len(moved.LESSONS) + len(moved.EXERCISES)
