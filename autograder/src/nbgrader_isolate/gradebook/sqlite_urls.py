"""The address of a gradebook in a file, whatever characters its path has."""

from __future__ import annotations

from pathlib import Path

SQLITE = "sqlite:///"
SPECIAL = "%?#"
"""Characters that mean something in an address; `%20` in a folder's name would become a space."""


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
