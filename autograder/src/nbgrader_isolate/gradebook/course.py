"""A course as nbgrader lays it out: its configuration, its folders, and what was submitted when."""

from __future__ import annotations

import difflib
import glob
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from traitlets import TraitError

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.limits import limits_of
from nbgrader_isolate.core.models import STATE
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.configuration import CONFIG_NAME, read_config
from nbgrader_isolate.gradebook.data_folders import data_folders
from nbgrader_isolate.gradebook.results import DAMAGED_ROWS, ResultRow, ResultStore, failure_row
from nbgrader_isolate.gradebook.settings import clock_of, ignored_settings
from nbgrader_isolate.gradebook.sqlite_urls import sqlite_url

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory

T = TypeVar("T")
TIMESTAMP = "timestamp.txt"
TIMESTAMP_BYTES = 1000
SUBMISSION_SECRET = "submission_secret.txt"  # noqa: S105 - a file's name
"""nbgrader's exchange names a student's released feedback after its contents."""


@dataclass(frozen=True)
class SubmittedFolder:
    """What one student submitted for one assignment.

    Parameters
    ----------
    student : str
    folder : Path
        The folder that was submitted.
    graded : Path
        The folder in which nbgrader expects the graded version.
    timestamp : bytes or None
        The contents of its `timestamp.txt`, unchanged.
    """

    student: str
    folder: Path
    graded: Path
    timestamp: bytes | None


class Course:
    """A course directory and its configuration.

    Parameters
    ----------
    root : Path
        The folder that holds `nbgrader_config.py` or, without one, `submitted/`.

    Attributes
    ----------
    notices : list of str
        What a person should know about the configuration, one line each.

    Raises
    ------
    GraderError
        If there is no such folder, or the configuration cannot be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        if not self.root.is_dir():
            raise GraderError(
                f"{root}: no such folder; give the course's folder with --course DIR."
            )
        self.config, self.notices = read_config(self.root)
        self.limits = self.configured(limits_of)
        named = self.limits.data_folders
        self.limits.data_folders = data_folders(named, self.root, self.config)
        self.notices += ignored_settings(self.config)
        self.clock = clock_of(self.config)
        self.state = self.root / STATE
        self._directory: CourseDirectory | None = None

    @property
    def state_mode(self) -> int:
        """The mode of the folder of the grader's state, which has expected values and scores."""
        return 0o770 if self.config.get("CourseDirectory", {}).get("groupshared") else 0o700

    @property
    def directory(self) -> CourseDirectory:
        """Nbgrader's course directory, created on first use."""
        if self._directory is None:
            from nbgrader_isolate.gradebook.lazy_nbgrader import load_nbgrader

            load_nbgrader()
            from nbgrader.coursedir import CourseDirectory

            given = {} if "root" in self.config.CourseDirectory else {"root": str(self.root)}
            directory = self.configured(CourseDirectory, **given)
            if "db_url" not in self.config.CourseDirectory:
                directory.db_url = sqlite_url(Path(directory.root).absolute() / "gradebook.db")
            self._directory = directory
        return self._directory

    def configured(self, kind: Callable[..., T], **given: str) -> T:
        """Return an object with the values of the course's configuration.

        Raises
        ------
        GraderError
            If a value has the wrong type.
        """
        try:
            return kind(config=self.config, **given)
        except TraitError as error:
            raise GraderError(f"{self.root / CONFIG_NAME}.py: {error}") from error

    def results(self, assignment: str, students: Collection[str] = ()) -> list[ResultRow]:
        """Return what the last runs noted of an assignment: of these students, or of all."""
        rows = ResultStore(self.state, assignment).all()
        return [row for row in rows if not students or row["student"] in students]

    def latest_results(self, assignment: str, students: Collection[str] = ()) -> list[ResultRow]:
        """Return what the last runs noted, also of submissions that they could not grade."""
        store = ResultStore(self.state, assignment)
        rows = list(store.latest())
        found = {row["student"] for row in rows}
        rows += [
            failure_row(one.student, DAMAGED_ROWS)
            for one in self.handed_in(assignment)
            if one.student not in found and store.is_damaged(one.student)
        ]
        return [row for row in rows if not students or row["student"] in students]

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of one of nbgrader's steps, such as `submitted` or `autograded`."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, student, assignment)))

    def submissions(self, assignment: str, wanted: Sequence[str] = ()) -> list[SubmittedFolder]:
        """Return the submissions of an assignment, in the order of student ids.

        Parameters
        ----------
        assignment : str
        wanted : sequence of str
            Only these students; if empty, all that the course's configuration includes.

        Raises
        ------
        GraderError
            If there are none, or not all of those that are wanted.
        """
        submissions = {s.student: s for s in self.handed_in(assignment)}
        if wanted:
            if missing := [student for student in wanted if student not in submissions]:
                message = self.no_submission(assignment, missing, list(submissions))
                raise GraderError(message)
            return [submissions[student] for student in sorted(set(wanted))]
        excluded = self.directory.student_id_exclude.split(",")
        chosen = [submissions[s] for s in sorted(submissions) if s not in excluded]
        if not chosen:
            raise GraderError(self.no_submissions(assignment))
        return chosen

    def handed_in(self, assignment: str) -> list[SubmittedFolder]:
        """Return all submissions that the course's configuration includes."""
        step = self.directory.submitted_directory
        pattern = self.pattern(self.directory.student_id, assignment)
        shape = self.directory.format_path(
            re.escape(step), "(?P<student>.*)", re.escape(assignment), escape=True
        )
        submissions = []
        for path in glob.glob(pattern):  # noqa: PTH207 - a complete path
            match = re.fullmatch(shape, path, re.DOTALL)
            if match and Path(path).is_dir():
                submissions.append(self.submission(match["student"], assignment))
        return submissions

    def pattern(self, student: str, assignment: str = "") -> str:
        """Return a pattern of submitted folders; the course's own path has no wildcards in it.

        Parameters
        ----------
        student : str
            A pattern.
        assignment : str
            A name; "" for all.
        """
        directory = self.directory
        step = glob.escape(directory.submitted_directory)
        name = glob.escape(assignment) if assignment else "*"
        pattern: str = directory.format_path(step, student, name)
        root = str(directory.root)
        if root and pattern.startswith(root):
            return glob.escape(root) + pattern[len(root) :]
        return pattern

    def submission(self, student: str, assignment: str) -> SubmittedFolder:
        """Return the submission of one student."""
        folder = self.folder("submitted", student, assignment)
        graded = self.folder("autograded", student, assignment)
        return SubmittedFolder(student, folder, graded, read_timestamp(folder))

    def no_submissions(self, assignment: str) -> str:
        """Return one line that says why there is nothing to grade."""
        others = [
            name for name in self.assignments() if name != assignment and list(self.handed_in(name))
        ]
        similar = difflib.get_close_matches(assignment, others, 1)
        where = self.folder("submitted", "*", assignment)
        hint = f" Did you mean {similar[0]}?" if similar else ""
        zips = self.zipped_line(assignment)
        return (
            f"no submissions of {assignment}.{hint} They are looked for in {where}."
            f"{' ' if zips else ''}{zips}"
        )

    def zipped(self, assignment: str) -> list[str]:
        """Return zip files in the place of folders, `submitted/STUDENT/ASSIGNMENT.zip`."""
        pattern = self.pattern("*", f"{assignment}.zip")
        return sorted(glob.glob(pattern))  # noqa: PTH207 - a complete path

    def zipped_line(self, assignment: str) -> str:
        """Return what to do with zip files in the place of folders; "" if there are none."""
        if not (zips := self.zipped(assignment)):
            return ""
        count = f"{len(zips)} zip file{'s'[: len(zips) != 1]}"
        return (
            f"{count} where a submission's folder should be, such as {printable(zips[0], 200)}: "
            f"run `nbgrader-isolate collect {assignment} {self.directory.submitted_directory}` to "
            "unpack them."
        )

    def overlooked(self, assignment: str) -> Iterator[str]:
        """Yield a line for each thing that looks like a submission but that nbgrader ignores."""
        pattern = self.pattern("*", assignment)
        for path in sorted(glob.glob(pattern, include_hidden=True)):  # noqa: PTH207 - as above
            name = printable(path, 200)
            if Path(path).parent.name.startswith("."):
                yield f"{name}: skipped: nbgrader ignores names that start with a dot; rename it."
            elif not Path(path).is_dir():
                yield f"{name}: skipped: it is not a folder, or it is a broken link."
        if line := self.zipped_line(assignment):
            yield line

    def no_submission(self, assignment: str, missing: list[str], existing: list[str]) -> str:
        """Return one line that names the students without a submission."""
        from nbgrader_isolate.core.text import join_names

        similar = difflib.get_close_matches(missing[0], existing, 1)
        hint = f" Did you mean {join_names(similar)}?" if similar else ""
        return f"{assignment}: no submission by {join_names(missing)}.{hint}"

    def assignments(self) -> list[str]:
        """Return the names of assignments in the source folder or among the submissions."""
        directory = self.directory
        sources = self.folder("source", ".", ".")
        names = {path.name for path in sources.glob("*/") if not path.name.startswith(".")}
        step = directory.submitted_directory
        shape = directory.format_path(
            re.escape(step), "[^/]*", "(?P<assignment>[^/]*)", escape=True
        )
        paths = glob.glob(self.pattern("*"))  # noqa: PTH207 - as above
        return sorted(names | {m["assignment"] for p in paths if (m := re.fullmatch(shape, p))})


def read_timestamp(folder: Path) -> bytes | None:
    """Return the contents of `timestamp.txt`; None unless it is a small regular file."""
    return read_small_file(folder, TIMESTAMP)


def read_small_file(folder: Path, name: str) -> bytes | None:
    """Return the bytes of a small regular file of a submission, or None; follow no links."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        handle = os.open(folder / name, flags)
    except OSError:
        return None
    with os.fdopen(handle, "rb") as file:
        try:
            data = file.read(TIMESTAMP_BYTES + 1)
        except OSError:
            return None
    return data if data.strip() and len(data) <= TIMESTAMP_BYTES else None
