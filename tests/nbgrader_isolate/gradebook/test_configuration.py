"""The course's own configuration counts for the course; the user's for everything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.sqlite_urls import sqlite_file


def course_with(root: Path, *lines: str) -> Course:
    (root / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]) + "\n")
    return Course(root)


@pytest.fixture
def users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user's own Jupyter settings, which name another course."""
    folder = tmp_path / "jupyter"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(folder))
    (folder / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f"c.CourseDirectory.root = {str(tmp_path / 'other')!r}\n"
        "c.CourseDirectory.db_url = 'sqlite:////other.db'\n"
        "c.Limits.memory_mb = 512\n"
    )
    return folder


@pytest.mark.usefixtures("users")
def test_a_course_with_its_own_configuration_is_not_replaced_by_the_users(tmp_path: Path) -> None:
    course = course_with(tmp_path, "c.CourseDirectory.course_id = 'this'")
    assert Path(course.directory.root) == tmp_path
    assert sqlite_file(course.directory.db_url) == tmp_path / "gradebook.db"
    assert course.limits.memory_mb == 512, "what is not about a course still counts"
    (notice,) = course.notices
    assert "describes the course in" in notice
    assert "sets c.CourseDirectory.root" in notice


@pytest.mark.usefixtures("users")
def test_a_root_in_the_courses_own_configuration_needs_no_notice(tmp_path: Path) -> None:
    course = course_with(tmp_path, f"c.CourseDirectory.root = {str(tmp_path)!r}")
    assert Path(course.directory.root) == tmp_path
    assert course.notices == []


@pytest.mark.usefixtures("users")
def test_without_a_configuration_here_the_users_course_is_meant(tmp_path: Path) -> None:
    course = Course(tmp_path)
    assert Path(course.directory.root) == tmp_path / "other"
    assert course.notices == []


@pytest.mark.usefixtures("users")
def test_a_link_to_this_course_is_this_course(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "other").symlink_to(tmp_path / "course")
    course = course_with(tmp_path / "course", "c.CourseDirectory.course_id = 'this'")
    assert course.notices == []
    assert course.config.CourseDirectory.db_url == "sqlite:////other.db"


@pytest.mark.parametrize("line", ["raise SystemExit(0)", "import sys; sys.exit()", "1 / 0"])
def test_settings_that_end_the_program_are_named_with_their_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(GraderError, match=r"nbgrader_config\.py:2: (SystemExit|ZeroDivision)"):
        course_with(tmp_path, line)
