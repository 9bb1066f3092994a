"""What the tests of the command share: a course, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import graded_course
from support.shared import made_once


@pytest.fixture(scope="session")
def made_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = made_once(tmp_path_factory, "made", lambda place: graded_course.make(place / "course"))
    return made / "course"


@pytest.fixture
def course(made_course: Path, tmp_path: Path) -> Path:
    return graded_course.copy(made_course, tmp_path / "course")


@pytest.fixture(scope="session")
def made_graded(made_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course after one undisturbed run of `grade`; to be read and copied."""

    def grade(place: Path) -> None:
        graded_course.grade(graded_course.copy(made_course, place / "course"))

    return made_once(tmp_path_factory, "graded", grade) / "course"


@pytest.fixture
def graded(made_graded: Path, tmp_path: Path) -> Path:
    """A copy of the course, graded."""
    return graded_course.copy(made_graded, tmp_path / "graded")
