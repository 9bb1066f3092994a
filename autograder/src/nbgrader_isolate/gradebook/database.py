"""The gradebook of a course: opened once, checked first, written by one run at a time."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.gradebook.course import Course

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
SQLITE = "sqlite:///"
WAIT = 60.0
"""How long a locked gradebook is waited for, in s."""
PAUSE = 0.2
BUSY = ("database is locked", "database table is locked", "database schema is locked")
FULL = ("database or disk is full", "disk i/o error", "no space left")
READ_ONLY = ("readonly database", "unable to open database file")


@contextmanager
def only_run(course: Course) -> Iterator[None]:
    """Hold the course for one run; a second one is refused. A killed run lets go.

    Raises
    ------
    GraderError
        If another run holds it, or the course cannot be written to.
    """
    place = course.state / "run.lock"
    try:
        course.state.mkdir(exist_ok=True)
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise GraderError(
            f"{course.root}: cannot be written to ({error.strerror}); grading needs to write "
            "autograded/, gradebook.db and .autograder/ there."
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = os.read(handle, 100).decode("ascii", "replace").strip()
            raise GraderError(
                f"{course.root}: another run is grading here (process {other}); wait for it to end."
            ) from error
        os.ftruncate(handle, 0)
        with suppress(OSError):  # a full disk does not forbid to say so in a clear line later
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def open_gradebook(course: Course, tell: Callable[[str], None]) -> Gradebook:
    """Open the course's gradebook; one that does not exist is made.

    Parameters
    ----------
    course : Course
    tell : callable
        Takes a line for the person who waits.

    Raises
    ------
    GraderError
        If it is locked for a minute, of another version, or no gradebook.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DatabaseError

    url = course.directory.db_url
    if url.startswith(SQLITE):
        check_file(Path(url.removeprefix(SQLITE)))
    try:
        return patiently(lambda: Gradebook(url, course.directory.course_id), url, tell)
    except DatabaseError as error:
        raise refusal(error, url) from error


def open_existing(course: Course, tell: Callable[[str], None]) -> Gradebook:
    """Open the course's gradebook, which must be there: what only reads it makes none.

    Parameters, errors: as for `open_gradebook`.
    """
    url = course.directory.db_url
    if url.startswith(SQLITE) and not (place := Path(url.removeprefix(SQLITE))).exists():
        raise GraderError(
            f"{place}: there is no gradebook yet; `python -m nbgrader_isolate grade ASSIGNMENT` makes it."
        )
    return open_gradebook(course, tell)


def check_file(place: Path) -> None:
    """Check that a gradebook's file is one, and of a version that this nbgrader knows.

    Raises
    ------
    GraderError
        If it is not; the text says what to do.
    """
    if not place.exists() or not place.stat().st_size:
        return
    try:
        # "rw": what a killed run had begun is rolled back here, and that is to write
        with sqlite3.connect(f"{place.absolute().as_uri()}?mode=rw", uri=True) as connection:
            lacking = missing_columns(connection)
            found = versions(connection)
        connection.close()
    except sqlite3.DatabaseError as error:
        if any(word in str(error) for word in BUSY):
            return
        raise GraderError(
            f"{place}: no gradebook ({error}); put a backup in its place, or move it away and "
            "register the assignments again.",
            Exit.GRADEBOOK,
        ) from error
    if lacking:
        raise GraderError(
            f"{place}: made by an older nbgrader (it lacks {lacking[0]}); copy it, then run "
            "`nbgrader db upgrade` in the course's folder.",
            Exit.GRADEBOOK,
        )
    if unknown := found - known_versions():
        raise GraderError(
            f"{place}: made by another nbgrader (version {min(unknown)} of the gradebook is "
            "not known here); install that nbgrader, or a newer one, then run "
            "`nbgrader db upgrade` in the course's folder.",
            Exit.GRADEBOOK,
        )


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """Return the columns that nbgrader's models have and this file has not."""
    from nbgrader.api import Base

    lacking = []
    for table in Base.metadata.sorted_tables:
        rows = connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
        there = {row[1] for row in rows}
        lacking += [f"{table.name}.{c.name}" for c in table.columns if c.name not in there]
    return lacking


def versions(connection: sqlite3.Connection) -> set[str]:
    """Return what the gradebook says of its own version."""
    try:
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.OperationalError:
        return set()


def known_versions() -> set[str]:
    """Return the versions of the gradebook that the installed nbgrader can lead to its own."""
    from nbgrader.dbutil import ALEMBIC_DIR

    names = (Path(ALEMBIC_DIR) / "versions").glob("*.py")
    return {name.name.split("_")[0] for name in names}


def register(course: Course, gradebook: Gradebook, assignment: str) -> bool:
    """Make an assignment known to the gradebook, from the course's source folder.

    Nbgrader's own converter does it; what it would release goes to a temporary folder.

    Returns
    -------
    bool
        Whether that was necessary.

    Raises
    ------
    GraderError
        If there is no such assignment, or nbgrader refuses it.
    """
    from nbgrader.api import MissingEntry

    with suppress(MissingEntry):
        if gradebook.find_assignment(assignment).notebooks:
            return False
    source = course.folder("source", ".", assignment)
    if not list(source.glob("*.ipynb")):
        raise GraderError(unknown(course, assignment, source))
    gradebook.db.remove()
    convert(course, assignment, source)
    return True


def check_there(course: Course, assignment: str) -> None:
    """Check that there is a gradebook or a source to make an assignment known from, before anything is written.

    Raises
    ------
    GraderError
        If there is neither.
    """
    url = course.directory.db_url
    source = course.folder("source", ".", assignment)
    made = not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).exists()
    if not made and not list(source.glob("*.ipynb")):
        raise GraderError(unknown(course, assignment, source))


def convert(course: Course, assignment: str, source: Path, *, keep: bool = False) -> None:
    """Run nbgrader's `generate_assignment`; the release goes to a temporary folder unless it is to be kept."""
    from copy import deepcopy

    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    with tempfile.TemporaryDirectory(prefix="release-") as name:
        config = deepcopy(course.config)
        config.CourseDirectory.root = course.directory.root
        if not keep:
            config.CourseDirectory.release_directory = name
        result = NbGraderAPI(CourseDirectory(config=config), config=config).generate_assignment(
            assignment
        )
    if not result["success"]:
        lines = [
            line for line in (result.get("error") or result.get("log") or "").splitlines() if line
        ]
        raise GraderError(f"{source}: nbgrader: {lines[-1] if lines else 'gave no reason'}")


def unknown(course: Course, assignment: str, source: Path) -> str:
    """Return that an assignment is not known, in one line."""
    import difflib

    near = difflib.get_close_matches(assignment, course.assignments(), 1)
    hint = f" Did you mean {near[0]}?" if near and near[0] != assignment else ""
    return (
        f"{assignment}: not in the gradebook, and no notebook in {source}; run `nbgrader "
        f"generate_assignment {assignment}` where its source is.{hint}"
    )


def patiently(work: Callable[[], T], url: str, tell: Callable[[str], None]) -> T:
    """Do what needs the gradebook; while another program holds it, wait and try again.

    Raises
    ------
    GraderError
        If it stays locked.
    """
    from sqlalchemy.exc import OperationalError

    end, told = time.monotonic() + WAIT, False
    while True:
        try:
            return work()
        except OperationalError as error:
            if not busy(error):
                raise
            if not told:
                tell(f"The gradebook is locked by another program; waiting up to {WAIT:.0f} s …")
                told = True
            if time.monotonic() > end:
                raise GraderError(
                    f"{url}: still locked after {WAIT:.0f} s; close the program that holds it "
                    "(a formgrader, an export, a database browser) and run the same command "
                    "again: it goes on where it stopped.",
                    Exit.GRADEBOOK,
                ) from error
            time.sleep(PAUSE)


def busy(error: DBAPIError) -> bool:
    """Tell whether a database error says that somebody else holds the database."""
    return any(word in str(error.orig).lower() for word in BUSY)


def refusal(error: DBAPIError, url: str) -> GraderError:
    """Return what ends a run on a database error, as one line that says what to do."""
    text = str(error.orig).lower()
    if any(word in text for word in FULL):
        advice = (
            "make room on that disk and run the same command again: it goes on where it stopped."
        )
    elif any(word in text for word in READ_ONLY):
        advice = "let this user write to the file and its folder, then run the same command again."
    elif "no such column" in text or "no such table" in text:
        advice = "copy it, then run `nbgrader db upgrade` in the course's folder."
    else:
        advice = "look at the database; nothing of the last submission was recorded."
    return GraderError(f"{url}: {error.orig}; {advice}", Exit.GRADEBOOK)
