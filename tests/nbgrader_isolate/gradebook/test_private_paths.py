"""What is private of a course, by its configuration alone."""

from __future__ import annotations

from pathlib import Path

from traitlets.config import Config

from nbgrader_isolate.gradebook.private_paths import DEFAULT_EXCHANGE, private_paths


def test_without_settings_it_is_the_course_and_nbgraders_own_folders() -> None:
    paths = private_paths(Path("/c"), Config())
    assert {"/c", "/c/submitted", "/c/source", "/c/gradebook.db", DEFAULT_EXCHANGE} <= set(paths)


def test_settings_move_folders_gradebook_and_exchange() -> None:
    config = Config()
    config.CourseDirectory.root = "/data/course"
    config.CourseDirectory.submitted_directory = "/srv/handed-in"
    config.CourseDirectory.source_directory = "solutions"
    config.CourseDirectory.db_url = "sqlite:////var/lib/grades.db"
    config.Exchange.root = "/mnt/exchange"
    config.ExchangeCollect.root = "/mnt/other"
    paths = private_paths(Path("/c"), config)
    expected = {"/c", "/data/course", "/srv/handed-in", "/data/course/solutions"}
    expected |= {"/var/lib/grades.db", "/mnt/exchange", "/mnt/other"}
    assert expected <= set(paths)


def test_a_database_server_has_no_file() -> None:
    config = Config()
    config.CourseDirectory.db_url = "postgresql://host/grades"
    assert not any("grades" in path for path in private_paths(Path("/c"), config))
