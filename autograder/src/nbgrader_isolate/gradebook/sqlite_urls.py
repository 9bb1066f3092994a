"""The address of a gradebook: in a file, whatever characters its path has, or one that is wrong."""

from __future__ import annotations

from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable

SQLITE = "sqlite:///"
SPECIAL = "%?#"
"""Characters that mean something in an address; `%20` in a folder's name would become a space."""

DRIVERS = {
    "MySQLdb": "mysqlclient",
    "psycopg": "psycopg[binary]",
    "psycopg2": "psycopg2-binary",
}
"""Packages with the modules for databases on a server."""


def sqlite_url(path: Path) -> str:
    """Return the address of a gradebook, with an absolute path."""
    text = str(path)
    if not any(character in text for character in SPECIAL):
        return f"{SQLITE}{text}"
    from sqlalchemy import URL

    return URL.create("sqlite", database=text).render_as_string(hide_password=False)


def sqlite_file(url: str) -> Path | None:
    """Return the file of a gradebook; None if it is on a database server."""
    if not url.startswith(SQLITE):
        return None
    if not any(character in url for character in SPECIAL):
        return Path(url.removeprefix(SQLITE))
    from sqlalchemy import make_url

    return Path(make_url(url).database or "")


def address_error(error: Exception, url: str) -> GraderError:
    """Return what to do about an address of a gradebook that leads to none.

    It may contain a password, which is not shown.
    """
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = DRIVERS.get(error.name, error.name)
        return GraderError(
            f"c.CourseDirectory.db_url needs the Python package {error.name}, which is not "
            f"installed: run `pip install '{package}'`."
        )
    shown = repr(f"…@{url.rpartition('@')[2]}" if "@" in url else url)
    return GraderError(
        f"c.CourseDirectory.db_url = {printable(shown, 200)} is not the address of a gradebook; "
        "write one such as sqlite:////home/ada/course/gradebook.db, with four slashes before a "
        "full path, or postgresql://ada@localhost/course."
    )
