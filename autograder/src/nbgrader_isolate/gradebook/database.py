"""The gradebook of a course: checked, opened once, and written by one run at a time."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.sqlite_urls import address_error, sqlite_file

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import DBAPIError

T = TypeVar("T")
LOCK_SECONDS = 60.0
"""How long to wait for a locked gradebook, in s."""
RETRY_SECONDS = 0.2
BUSY = ("database is locked", "database table is locked", "database schema is locked")
FULL = ("database or disk is full", "disk i/o error", "no space left")
READ_ONLY = ("readonly database", "unable to open database file")


@contextmanager
def exclusive_run(course: Course) -> Iterator[None]:
    """Hold the course for one run; a second run is refused. The lock ends with its process.

    Raises
    ------
    GraderError
        If another run holds the course, or the course is not writable.
    """
    path = course.state / "run.lock"
    try:
        course.state.mkdir(mode=course.state_mode, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise GraderError(
            f"{course.root}: is not writable ({error.strerror}); grading writes to "
            "autograded/, gradebook.db and .autograder/ in this folder."
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
        with suppress(OSError):  # a full disk is reported clearly later
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


def open_gradebook(course: Course, tell: Callable[[str], None]) -> Gradebook:
    """Open the course's gradebook, and create it if it does not exist.

    Parameters
    ----------
    course : Course
    tell : callable
        Takes a line for the person who waits.

    Raises
    ------
    GraderError
        If it stays locked for a minute, has another version, or is not a gradebook.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.exc import ArgumentError, DatabaseError

    url = course.directory.db_url
    try:
        if (path := sqlite_file(url)) is not None:
            check_file(path)
        return retry_while_locked(lambda: Gradebook(url, course.directory.course_id), url, tell)
    except DatabaseError as error:
        raise database_error(error, url) from error
    except (ArgumentError, ModuleNotFoundError) as error:
        raise address_error(error, url) from error


def open_existing(course: Course, tell: Callable[[str], None]) -> Gradebook:
    """Open the course's gradebook, which must exist: reading it does not create one.

    Parameters and errors are those of `open_gradebook`.
    """
    path = sqlite_file(course.directory.db_url)
    if path is not None and not path.exists():
        raise GraderError(
            f"{path}: there is no gradebook yet; `nbgrader-isolate grade ASSIGNMENT` creates it."
        )
    return open_gradebook(course, tell)


def check_file(path: Path) -> None:
    """Check that a file is a gradebook, of a version that this nbgrader knows.

    Raises
    ------
    GraderError
        If it is not; the message says what to do.
    """
    if not path.exists() or not path.stat().st_size:
        return
    try:
        # "rw": what a killed run began is rolled back here, and that needs to write
        with sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True) as connection:
            missing = missing_columns(connection)
            versions = read_versions(connection)
        connection.close()
    except sqlite3.DatabaseError as error:
        if any(word in str(error) for word in BUSY):
            return
        raise GraderError(
            f"{path}: not a gradebook ({error}); restore a backup, or move it away and register "
            "the assignments again.",
            Exit.GRADEBOOK,
        ) from error
    if missing:
        raise GraderError(
            f"{path}: created by an older nbgrader (it lacks {missing[0]}); copy it, then run "
            "`nbgrader db upgrade` in the course's folder.",
            Exit.GRADEBOOK,
        )
    if unknown_versions := versions - known_versions():
        raise GraderError(
            f"{path}: created by another nbgrader (version {min(unknown_versions)} of the "
            "gradebook is not known here); install that nbgrader, or a newer one, then run "
            "`nbgrader db upgrade` in the course's folder.",
            Exit.GRADEBOOK,
        )


def missing_columns(connection: sqlite3.Connection) -> list[str]:
    """Return the columns of nbgrader's models that this file does not have."""
    from nbgrader.api import Base

    missing = []
    for table in Base.metadata.sorted_tables:
        rows = connection.execute(f'PRAGMA table_info("{table.name}")').fetchall()
        existing = {row[1] for row in rows}
        missing += [f"{table.name}.{c.name}" for c in table.columns if c.name not in existing]
    return missing


def read_versions(connection: sqlite3.Connection) -> set[str]:
    """Return the version that the gradebook records of itself."""
    try:
        return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
    except sqlite3.OperationalError:
        return set()


def known_versions() -> set[str]:
    """Return the gradebook versions that the installed nbgrader can upgrade."""
    from nbgrader.dbutil import ALEMBIC_DIR

    files = (Path(ALEMBIC_DIR) / "versions").glob("*.py")
    return {file.name.split("_")[0] for file in files}


def register(course: Course, gradebook: Gradebook, assignment: str) -> bool:
    """Add an assignment to the gradebook, from the course's source folder.

    nbgrader's own converter does it; the release that it writes goes to a temporary folder.

    Returns
    -------
    bool
        Whether it had to be added.

    Raises
    ------
    GraderError
        If there is no such assignment, or nbgrader rejects it.
    """
    from nbgrader.api import MissingEntry

    with suppress(MissingEntry):
        if gradebook.find_assignment(assignment).notebooks:
            return False
    source = course.folder("source", ".", assignment)
    if not list(source.glob("*.ipynb")):
        raise GraderError(unknown_assignment(course, assignment, source))
    gradebook.db.remove()
    generate_assignment(course, assignment, source)
    return True


def check_known(course: Course, assignment: str) -> None:
    """Check, before anything is written, that a gradebook or the assignment's source exists.

    Raises
    ------
    GraderError
        If neither exists.
    """
    path = sqlite_file(course.directory.db_url)
    source = course.folder("source", ".", assignment)
    exists = path is None or path.exists()
    if not exists and not list(source.glob("*.ipynb")):
        raise GraderError(unknown_assignment(course, assignment, source))


def generate_assignment(
    course: Course, assignment: str, source: Path, *, keep: bool = False
) -> None:
    """Run nbgrader's `generate_assignment`; without `keep`, the release is thrown away."""
    from copy import deepcopy

    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    with tempfile.TemporaryDirectory(prefix="release-") as name:
        config = deepcopy(course.config)
        config.CourseDirectory.root = course.directory.root
        config.CourseDirectory.db_url = course.directory.db_url
        if not keep:
            config.CourseDirectory.release_directory = name
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        with warnings.catch_warnings():  # nbformat's, about ids that old notebooks lack
            warnings.simplefilter("ignore", FutureWarning)
            result = api.generate_assignment(assignment)
    if not result["success"]:
        lines = [
            line for line in (result.get("error") or result.get("log") or "").splitlines() if line
        ]
        raise GraderError(f"{source}: nbgrader: {lines[-1] if lines else 'gave no reason'}")


def unknown_assignment(course: Course, assignment: str, source: Path) -> str:
    """Return one line that says the assignment is unknown, and what to do."""
    import difflib

    similar = difflib.get_close_matches(assignment, course.assignments(), 1)
    hint = f" Did you mean {similar[0]}?" if similar and similar[0] != assignment else ""
    return (
        f"{assignment}: not in the gradebook, and no notebook in {source}; run `nbgrader "
        f"generate_assignment {assignment}` where its source is.{hint}"
    )


def retry_while_locked(work: Callable[[], T], url: str, tell: Callable[[str], None]) -> T:
    """Do some work on the gradebook; while another program locks it, wait and try again.

    Raises
    ------
    GraderError
        If it stays locked.
    """
    from sqlalchemy.exc import OperationalError

    deadline, announced = time.monotonic() + LOCK_SECONDS, False
    while True:
        try:
            return work()
        except OperationalError as error:
            if not is_locked(error):
                raise
            if not announced:
                limit = f"{LOCK_SECONDS:.0f} s"
                tell(f"The gradebook is locked by another program; waiting up to {limit} …")
                announced = True
            if time.monotonic() > deadline:
                raise GraderError(
                    f"{url}: still locked after {LOCK_SECONDS:.0f} s; close the program that uses "
                    "it (a formgrader, an export, a database browser) and run the same command "
                    "again; it resumes where it stopped.",
                    Exit.GRADEBOOK,
                ) from error
            time.sleep(RETRY_SECONDS)


def is_locked(error: DBAPIError) -> bool:
    """Tell whether a database error says that another program locks the database."""
    return any(word in str(error.orig).lower() for word in BUSY)


def database_error(error: DBAPIError, url: str) -> GraderError:
    """Return the error that ends a run after a database error, with what to do."""
    text = str(error.orig).lower()
    if any(word in text for word in FULL):
        advice = (
            "free space on that disk and run the same command again; it resumes where it stopped."
        )
    elif any(word in text for word in READ_ONLY):
        advice = "give this user write access to the file and its folder, then run it again."
    elif "no such column" in text or "no such table" in text:
        advice = "copy it, then run `nbgrader db upgrade` in the course's folder."
    else:
        advice = "check the database; the last submission was not recorded."
    return GraderError(f"{url}: {error.orig}; {advice}", Exit.GRADEBOOK)
