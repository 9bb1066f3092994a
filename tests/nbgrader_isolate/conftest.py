"""What the tests of the command share: a course, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import graded_course


@pytest.fixture(scope="session")
def made_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graded_course.make(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def course(made_course: Path, tmp_path: Path) -> Path:
    return graded_course.copy(made_course, tmp_path / "course")
