"""File names in a learning platform's download: which student submitted a file.

Names are read in the same way throughout a download, and only at its top level: the platform wrote
the names there, and a student wrote those below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath

from nbgrader_isolate.core.text import INVISIBLE
from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake import platforms
from nbgrader_isolate.intake.attributions import Attribution, Reader, in_order
from nbgrader_isolate.intake.blackboard import BLACKBOARD, blackboard
from nbgrader_isolate.intake.canvas import CANVAS_NAME, canvas
from nbgrader_isolate.intake.enclosing import enclosing_folder
from nbgrader_isolate.intake.google import WORK, google_classroom
from nbgrader_isolate.intake.mixed import is_platforms
from nbgrader_isolate.intake.moodle import MOODLE_NAME, read_moodle

MAX_NAME_BYTES = 255
"""Length of a folder's name on common file systems, in bytes."""
PERSON = {"name", "number", "head"}
"""Groups of a platform's pattern that tell people apart."""


def path_reader(  # noqa: PLR0913, PLR0917 (what is known about a download)
    paths: Sequence[str],
    assignment: str,
    wrappers: set[str],
    pattern: re.Pattern[str] | None = None,
    known: Callable[[str], bool] = lambda _name: False,
    own_files: Collection[str] = (),
) -> Reader:
    """Return a function that reads the paths in a download.

    Parameters
    ----------
    paths : sequence of str
        All of them.
    assignment : str
    wrappers : set of str
        Names that a folder around all students may have.
    pattern : re.Pattern, optional
        For other platforms. It must match the whole path; its group `student` names the student,
        and `file` (if it has one) the file. A group `attempt` tells which of two files is newer.
    known : callable
        Tells whether a name is that of a student of the course.
    own_files : collection of str
        Names of the assignment's own files.

    Raises
    ------
    GraderError
        If one folder encloses everything, and it may be a student's or the whole class's; or if it
        is not clear whether a platform wrote the names, or where a name in them begins.
    """
    if pattern is not None:
        return lambda path: read_by_pattern(path, pattern)
    folder = enclosing_folder(paths, assignment, wrappers, known)
    inside = {path.removeprefix(folder) for path in paths}
    tops = {path.partition("/")[0] for path in inside}
    files = inside & tops
    if is_from(MOODLE_NAME, "Moodle", tops, tops, known):
        return lambda path: read_moodle(path.removeprefix(folder))
    if is_from(CANVAS_NAME, "Canvas", tops, files, known):
        return canvas(paths, folder, own_files)
    if is_from(BLACKBOARD, "Blackboard", tops, files, known):
        return blackboard(paths, folder, known)
    if is_from(platforms.BRIGHTSPACE, "Brightspace", tops, tops - files, known):
        return platforms.brightspace(paths, folder)
    names = {*wrappers, assignment, folder.removesuffix("/").rpartition("/")[2]}
    repositories = not any(map(known, tops))
    return (
        google_classroom(paths, folder, known, own_files)
        or (platforms.github_classroom(paths, folder, names) if repositories else None)
        or plain_reader(paths, folder, assignment)
    )


def plain_reader(paths: Sequence[str], folder: str, assignment: str) -> Reader:
    """Return a reader of a download of no known platform."""
    nested = nested_students([path.removeprefix(folder) for path in paths], assignment)
    return lambda path: read_plain(path.removeprefix(folder), assignment, nested)


def is_from(
    pattern: re.Pattern[str],
    platform: str,
    tops: set[str],
    names: set[str],
    known: Callable[[str], bool],
) -> bool:
    """Return whether a download is of a platform that writes names in one form.

    A student may have a name that looks like one, but the others then do not. However many files
    one person has, they count once.

    Parameters
    ----------
    pattern : re.Pattern
    platform : str
    tops : set of str
        Names of all files and folders at the top.
    names : set of str
        Those of them that may match.
    known : callable
        Tells whether a name is that of a student of the course.

    Raises
    ------
    GraderError
        If it cannot be told; see `mixed.is_platforms`.
    """
    found = {name: match for name in names if (match := pattern.fullmatch(name))}
    people = {match.group(*set(pattern.groupindex) & PERSON) for match in found.values()}
    return is_platforms(platform, {*found}, len(people), tops - {*found}, known)


def read_by_pattern(path: str, pattern: re.Pattern[str]) -> Attribution | None:
    """Read a path by an instructor's pattern."""
    match = pattern.fullmatch(path)
    if not match or not match["student"]:
        return None
    groups = match.groupdict()
    file = groups.get("file") or PurePosixPath(path).name
    return Attribution(
        Submitter(match["student"]), file, attempt=in_order(groups.get("attempt") or ""), whole=True
    )


def nested_students(paths: Sequence[str], assignment: str) -> set[str]:
    """Return students whose work is in a folder or an archive named after the assignment.

    It is not if the folder has no notebook, or if there is one beside it.
    """
    files = [path for path in paths if path.casefold().endswith(WORK)]
    nested = {path for path in files if names_assignment(path, assignment)}
    beside = {path for path in files if path.count("/") == 1} - nested
    students, others = ({path.partition("/")[0] for path in one} for one in (nested, beside))
    return students - others


def read_plain(path: str, assignment: str, nested: set[str]) -> Attribution | None:
    """Read a path of no known platform.

    It is `STUDENT/file`, `STUDENT/ASSIGNMENT/file`, `STUDENT/ASSIGNMENT.zip`, `STUDENT.zip` or
    `STUDENT.ipynb`.

    Parameters
    ----------
    path, assignment : str
    nested : set of str
        Students whose files are in a folder or an archive named after the assignment.
    """
    student, _, rest = path.partition("/")
    if not rest:
        stem, _, suffix = student.rpartition(".")
        valid = stem and suffix.lower() in ("zip", "ipynb")
        return Attribution(Submitter(stem), student, f"{stem}/") if valid else None
    if student in nested and not names_assignment(path, assignment):
        return None
    file = rest.removeprefix(f"{assignment}/") if student in nested else rest
    return Attribution(Submitter(student), file, f"{student}/")


def names_assignment(path: str, assignment: str) -> bool:
    """Return whether the second part of a path names this assignment."""
    inside = path.split("/")[1:]
    return inside[:1] == [assignment] or inside == [f"{assignment}.zip"]


def folder_name_fault(name: str) -> str:
    """Return why a name cannot be that of a student's folder, or "" if it can."""
    if not name or name in (".", "..") or "/" in name or "\\" in name:
        return "is not a valid folder name"
    if name.startswith("."):
        return "starts with a dot, and nbgrader ignores such folders"
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        return "contains unprintable characters"
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"is longer than {MAX_NAME_BYTES} bytes"
    return ""
