"""A gradebook is the file that the course's path names, whatever characters the path has."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.database import open_existing, open_gradebook
from nbgrader_isolate.gradebook.sqlite_urls import sqlite_file, sqlite_url


@pytest.mark.parametrize(
    "name", ["plain", "a b", "a%20b", "K %20 x", "a?b", "a#b", "a+b", "[x]", "Größe", "100%", "%41"]
)
def test_an_address_leads_to_the_file_that_it_was_made_of(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "gradebook.db"
    file.parent.mkdir()
    url = sqlite_url(file)
    assert sqlite_file(url) == file
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE here (x)"))
    engine.dispose()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("here",)]
    connection.close()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_server_has_no_file() -> None:
    assert sqlite_file("postgresql://host/grades") is None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", r"db_url = 'nonsense' is not the address .* such as sqlite:////home"),
        ("gradebook.db", "is not the address of a gradebook"),
        ("foo://host/grades", "is not the address of a gradebook"),
        ("foo://me:secret@host/grades", "db_url = '…@host/grades' is not"),
        ("mysql://host/grades", "needs the Python package MySQLdb.* `pip install 'mysqlclient'`"),
    ],
)
def test_an_address_that_leads_to_no_gradebook_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, says: str
) -> None:
    monkeypatch.setitem(sys.modules, "MySQLdb", None)
    (tmp_path / "nbgrader_config.py").write_text(f"c.CourseDirectory.db_url = {url!r}\n")
    for opened in (open_gradebook, open_existing):
        with pytest.raises(GraderError, match=says) as refusal:
            opened(Course(tmp_path), print)
        assert "secret" not in str(refusal.value)
