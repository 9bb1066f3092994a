"""A course as nbgrader lays it out: its configuration, its folders, who handed in what and when."""

from __future__ import annotations

import difflib
import glob
import os
import re
import traceback
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from jupyter_core.application import JupyterApp
from traitlets import TraitError

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import STATE
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.results import Row, Store

if TYPE_CHECKING:
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

T = TypeVar("T")
CONFIG = "nbgrader_config"
TIMESTAMP = "timestamp.txt"
TIMESTAMP_BYTES = 1000
SECRET = "submission_secret.txt"  # noqa: S105 - a file's name
"""By what it says, nbgrader's exchange names a student's released feedback."""


class ConfigReader(JupyterApp):
    """Reads `nbgrader_config.py` from where Jupyter keeps settings, then from the course."""

    name = "nbgrader"
    config_file_name = CONFIG
    raise_config_file_errors = True
    folder = ""

    @property
    def config_file_paths(self) -> list[str]:
        """The folders that are read; the first has the last word."""
        return [self.folder, *super().config_file_paths]


@dataclass(frozen=True)
class Submission:
    """What one student handed in for one assignment.

    Parameters
    ----------
    student : str
    folder : Path
        Where it lies.
    graded : Path
        Where nbgrader wants it when it is graded.
    stamp : bytes or None
        The text of its `timestamp.txt`, as it stands there.
    """

    student: str
    folder: Path
    graded: Path
    stamp: bytes | None


class Course:
    """A course directory and its configuration.

    Parameters
    ----------
    root : Path
        The folder that holds `nbgrader_config.py` or, without one, `submitted/`.

    Raises
    ------
    GraderError
        If there is no such folder, or its configuration cannot be read.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        if not self.root.is_dir():
            raise GraderError(
                f"{root}: no such folder; name the course's folder with --course DIR."
            )
        self.config = self.read_config()
        self.limits = self.configured(Limits)
        self.state = self.root / STATE
        self.made: CourseDirectory | None = None

    def read_config(self) -> Config:
        """Return what `nbgrader_config.py` says, here and in Jupyter's own folders."""
        reader = ConfigReader()
        reader.folder = str(self.root)
        try:
            reader.load_config_file(suppress_errors=False)
        except Exception as error:
            where = [f for f in traceback.extract_tb(error.__traceback__) if CONFIG in f.filename]
            line = f"{where[-1].filename}:{where[-1].lineno}" if where else f"{CONFIG}.py"
            raise GraderError(f"{line}: {type(error).__name__}: {error}") from error
        return reader.config

    @property
    def directory(self) -> CourseDirectory:
        """The course directory of nbgrader, made on first use."""
        if self.made is None:
            from nbgrader_isolate.gradebook.lazy_nbgrader import load_nbgrader

            load_nbgrader()
            from nbgrader.coursedir import CourseDirectory

            given = {} if "root" in self.config.CourseDirectory else {"root": str(self.root)}
            self.made = self.configured(CourseDirectory, **given)
        return self.made

    def configured(self, kind: Callable[..., T], **given: str) -> T:
        """Return an object that takes its values from the course's configuration.

        Raises
        ------
        GraderError
            If a value there is of a wrong kind.
        """
        try:
            return kind(config=self.config, **given)
        except TraitError as error:
            raise GraderError(f"{self.root / CONFIG}.py: {error}") from error

    def results(self, assignment: str, students: Collection[str] = ()) -> list[Row]:
        """Return what the last runs noted of an assignment: of these students, or of all."""
        rows = Store(self.state, assignment).all()
        return [row for row in rows if not students or row["student"] in students]

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """Return the folder of a step of nbgrader's, such as `submitted` or `autograded`."""
        name = getattr(self.directory, f"{step}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, student, assignment)))

    def submissions(self, assignment: str, wanted: Sequence[str] = ()) -> list[Submission]:
        """Return who handed in an assignment, by student.

        Parameters
        ----------
        assignment : str
        wanted : sequence of str
            Only these students; empty: all that the course's configuration lets through.

        Raises
        ------
        GraderError
            If nobody did, or not the ones that are wanted.
        """
        found = {s.student: s for s in self.handed_in(assignment)}
        if wanted:
            if missing := [student for student in wanted if student not in found]:
                raise GraderError(self.no_submission(assignment, missing, list(found)))
            return [found[student] for student in sorted(set(wanted))]
        out = self.directory.student_id_exclude.split(",")
        chosen = [found[student] for student in sorted(found) if student not in out]
        if not chosen:
            raise GraderError(self.nothing(assignment))
        return chosen

    def handed_in(self, assignment: str) -> list[Submission]:
        """Return all submissions that the course's configuration lets through."""
        step = self.directory.submitted_directory
        pattern = self.directory.format_path(
            step, self.directory.student_id, glob.escape(assignment)
        )
        shape = self.directory.format_path(
            re.escape(step), "(?P<student>.*)", re.escape(assignment), escape=True
        )
        submissions = []
        for place in glob.glob(pattern):  # noqa: PTH207 - nbgrader's pattern is a whole path
            match = re.fullmatch(shape, place, re.DOTALL)
            if match and Path(place).is_dir():
                submissions.append(self.submission(match["student"], assignment))
        return submissions

    def submission(self, student: str, assignment: str) -> Submission:
        """Return the submission of one student."""
        folder = self.folder("submitted", student, assignment)
        graded = self.folder("autograded", student, assignment)
        return Submission(student, folder, graded, read_stamp(folder))

    def nothing(self, assignment: str) -> str:
        """Return why there is nothing to grade, in one line."""
        others = [
            name for name in self.assignments() if name != assignment and list(self.handed_in(name))
        ]
        near = difflib.get_close_matches(assignment, others, 1)
        where = self.folder("submitted", "STUDENT", assignment)
        hint = f" Did you mean {near[0]}?" if near else ""
        zips = self.packed_line(assignment)
        return f"{where}: nobody handed in {assignment}.{hint}{' ' if zips else ''}{zips}"

    def packed(self, assignment: str) -> list[str]:
        """Return the zip files that lie where the folders of submissions should: `submitted/STUDENT/ASSIGNMENT.zip`."""
        step = self.directory.submitted_directory
        pattern = self.directory.format_path(step, "*", glob.escape(f"{assignment}.zip"))
        return sorted(glob.glob(pattern))  # noqa: PTH207 - nbgrader's pattern is a whole path

    def packed_line(self, assignment: str) -> str:
        """Return what to do with zip files in the place of folders; an empty text if there are none."""
        if not (found := self.packed(assignment)):
            return ""
        count = f"{len(found)} zip file{'s'[: len(found) != 1]}"
        return (
            f"{count} where a submission's folder should be, such as {printable(found[0], 200)}: run "
            f"`nbgrader-isolate collect {assignment} {self.directory.submitted_directory}` to "
            "unpack them."
        )

    def overlooked(self, assignment: str) -> Iterator[str]:
        """Yield a line on each thing that looks like a submission, and that nbgrader does not see."""
        step = self.directory.submitted_directory
        pattern = self.directory.format_path(step, "*", glob.escape(assignment))
        for place in sorted(glob.glob(pattern, include_hidden=True)):  # noqa: PTH207 - as above
            if Path(place).parent.name.startswith("."):
                yield f"{printable(place, 200)}: left out: nbgrader sees no name that begins with a dot; rename it."
            elif not Path(place).is_dir():
                yield f"{printable(place, 200)}: left out: it is no folder, or a link that leads nowhere."
        if line := self.packed_line(assignment):
            yield line

    def no_submission(self, assignment: str, missing: list[str], found: list[str]) -> str:
        """Return which students handed nothing in, in one line."""
        from nbgrader_isolate.core.text import join_names

        near = difflib.get_close_matches(missing[0], found, 1)
        hint = f" Did you mean {join_names(near)}?" if near else ""
        return f"{assignment}: no submission of {join_names(missing)}.{hint}"

    def assignments(self) -> list[str]:
        """Return the names of assignments that stand in the source folder, or were handed in."""
        directory = self.directory
        sources = self.folder("source", ".", ".")
        names = {place.name for place in sources.glob("*/") if not place.name.startswith(".")}
        step = directory.submitted_directory
        shape = directory.format_path(
            re.escape(step), "[^/]*", "(?P<assignment>[^/]*)", escape=True
        )
        places = glob.glob(directory.format_path(step, "*", "*"))  # noqa: PTH207 - as above
        return sorted(names | {m["assignment"] for p in places if (m := re.fullmatch(shape, p))})


def read_stamp(folder: Path) -> bytes | None:
    """Return the text of a submission's `timestamp.txt`; None where there is none that is a small plain file."""
    return read_small(folder, TIMESTAMP)


def read_small(folder: Path, name: str) -> bytes | None:
    """Return the bytes of a small plain file of a submission; None where there is none. No link is followed."""
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


def moment(stamp: bytes | None) -> datetime | None:
    """Return the time that a stamp names, in UTC without a zone, as nbgrader's gradebook wants it.

    Raises
    ------
    ValueError
        If it names none.
    """
    if stamp is None:
        return None
    from nbgrader.utils import parse_utc

    try:
        found: datetime = parse_utc(stamp.decode().strip())
    except (ValueError, OverflowError, TypeError) as error:
        text = printable(stamp.decode("utf-8", "replace").strip(), 40)
        raise ValueError(f"timestamp.txt names no time: {text!r}") from error
    return found
