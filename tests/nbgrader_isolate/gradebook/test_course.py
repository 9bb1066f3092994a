"""A course's configuration is read as nbgrader reads it, and what is wrong in it is named."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import TIMESTAMP, Course, read_timestamp
from nbgrader_isolate.gradebook.database import exclusive_run
from nbgrader_isolate.gradebook.sqlite_urls import sqlite_file

SHARED = "c.CourseDirectory.groupshared = True"


def course_with(root: Path, *lines: str) -> Course:
    (root / "nbgrader_config.py").write_text("\n".join(["c = get_config()", *lines]) + "\n")
    return Course(root)


def test_a_folder_without_a_configuration_is_a_course_with_default_limits(tmp_path: Path) -> None:
    course = Course(tmp_path)
    assert course.limits.memory_mb == 1024
    assert course.state == tmp_path / ".autograder"
    assert list(tmp_path.iterdir()) == []


def test_the_limits_of_the_configuration_count(tmp_path: Path) -> None:
    course = course_with(tmp_path, "c.Limits.memory_mb = 512", "c.Limits.cell_seconds = 2")
    assert (course.limits.memory_mb, course.limits.cell_seconds) == (512, 2.0)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("c.Limits.memory_mb = 'much'", "nbgrader_config.py: .*memory_mb"),
        ("c.Limits.cell_seconds = -1", "nbgrader_config.py: .*cell_seconds = -1.0: write a number"),
        ("1 / 0", "nbgrader_config.py:2: ZeroDivisionError: division by zero"),
        ("import no_such_module", "nbgrader_config.py:2: ModuleNotFoundError"),
        ("c.Limits = (", "nbgrader_config.py: SyntaxError"),
    ],
)
def test_a_configuration_that_cannot_be_used_is_named(
    tmp_path: Path, line: str, words: str
) -> None:
    with pytest.raises(GraderError, match=words):
        course_with(tmp_path, line)


def test_a_course_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="no such folder; give the course's folder"):
        Course(tmp_path / "gone")


def test_a_timestamp_is_read_unchanged_and_never_through_a_link(tmp_path: Path) -> None:
    assert read_timestamp(tmp_path) is None
    (tmp_path / TIMESTAMP).write_bytes(b"2026-11-20 10:00:00 UTC\n")
    assert read_timestamp(tmp_path) == b"2026-11-20 10:00:00 UTC\n"
    (tmp_path / TIMESTAMP).rename(tmp_path / "elsewhere")
    (tmp_path / TIMESTAMP).symlink_to(tmp_path / "elsewhere")
    assert read_timestamp(tmp_path) is None


def handed_in(course: Course, *students: str) -> list[str]:
    for student in students:
        (course.root / "submitted" / student / "ps1").mkdir(parents=True)
    return sorted(one.student for one in course.handed_in("ps1"))


@pytest.mark.parametrize("name", ["a[b]", "*", "CS101 [WS24] #1", "a?b", "Größe ; 日本", "a%20b"])
def test_a_course_may_have_any_folder_name(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    root.mkdir()
    course = Course(root)
    assert handed_in(course, "ada", "[zoe]") == ["[zoe]", "ada"]
    assert course.assignments() == ["ps1"]
    assert sqlite_file(course.directory.db_url) == root / "gradebook.db"


def test_settings_without_effect_are_among_the_notices(tmp_path: Path) -> None:
    course = course_with(tmp_path, "c.LimitOutput.max_lines = 3")
    (notice,) = course.notices
    assert notice.startswith("c.LimitOutput.max_lines in nbgrader_config.py has no effect")


@pytest.mark.parametrize(("lines", "mode"), [((), 0o700), ((SHARED,), 0o770)])
def test_the_graders_state_is_for_the_instructors_alone(
    tmp_path: Path, lines: tuple[str, ...], mode: int
) -> None:
    course = course_with(tmp_path, *lines)
    mask = os.umask(0)
    try:
        with exclusive_run(course):
            assert stat.S_IMODE(course.state.stat().st_mode) == mode
    finally:
        os.umask(mask)
