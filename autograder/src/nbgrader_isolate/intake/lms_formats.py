"""File names in a learning platform's download: which student submitted a file.

Names are read in the same way throughout a download, and only at its top level: the platform wrote
the names there, and a student wrote those below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
from pathlib import PurePosixPath

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import INVISIBLE, printable
from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake import platforms
from nbgrader_isolate.intake.attributions import Attribution, Reader, in_order
from nbgrader_isolate.intake.blackboard import BLACKBOARD, blackboard
from nbgrader_isolate.intake.canvas import CANVAS_NAME, canvas
from nbgrader_isolate.intake.google import GOOGLE, WORK, google_classroom

MAX_NAME_BYTES = 255
"""Length of a folder's name on common file systems, in bytes."""
MOODLE_NAME = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?")
"""Moodle: `Ada Lovelace_1234_assignsubmission_file_/hw.ipynb`, or the same with `_` for `/`."""
LAST_MOODLE_NAME = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>)")


def path_reader(  # noqa: PLR0913, PLR0917 (what is known about a download)
    paths: Sequence[str],
    assignment: str,
    wrappers: set[str],
    pattern: re.Pattern[str] | None = None,
    known: Callable[[str], bool] = lambda _name: False,
    own_files: Collection[str] = (),
    is_class: Callable[[Collection[str]], bool] = bool,
) -> Reader:
    """Return a function that reads the paths in a download.

    Parameters
    ----------
    paths : sequence of str
        All of them.
    assignment : str
    wrappers : set of str
        Names of a single enclosing folder to ignore; known platforms need none.
    pattern : re.Pattern, optional
        For other platforms. It must match the whole path; its group `student` names the student,
        and `file` (if it has one) the file. A group `attempt` tells which of two files is newer.
    known : callable
        Tells whether a name is that of a student of the course.
    own_files : collection of str
        Names of the assignment's own files.
    is_class : callable
        Tells whether so many students are named that they are a class.

    Raises
    ------
    GraderError
        If one folder encloses everything, and it may be a student's or the whole class's; or if it
        is not clear whether a platform wrote the names, or where a name in them begins.
    """
    if pattern is not None:
        return lambda path: read_by_pattern(path, pattern)
    folder = common_folder(paths)
    tops = {path.removeprefix(folder).partition("/")[0] for path in paths}
    if is_from(MOODLE_NAME, "Moodle", tops):
        return lambda path: read_moodle(path.removeprefix(folder))
    files = {path.removeprefix(folder) for path in paths} & tops
    if files and is_from(CANVAS_NAME, "Canvas", tops, files):
        return canvas(paths, folder, own_files)
    named = (
        blackboard(paths, folder, known)
        or platforms.brightspace(paths, folder)
        or google_classroom(paths, folder, known, own_files)
        or github_classroom(paths, folder, {*wrappers, assignment}, known)
    )
    if named:
        return named
    folder = enclosing_folders(paths, assignment, wrappers, known, is_class)
    nested = nested_students([path.removeprefix(folder) for path in paths], assignment)
    return lambda path: read_plain(path.removeprefix(folder), assignment, nested)


def github_classroom(
    paths: Sequence[str], folder: str, names: set[str], known: Callable[[str], bool]
) -> Reader | None:
    """Return a reader of GitHub Classroom's repositories, unless the folders are students' own."""
    own_name = folder.removesuffix("/")
    if known(platforms.account_of(own_name, names)):  # the only repository so far
        return platforms.github_classroom(paths, "", names)
    if any(known(path.removeprefix(folder).partition("/")[0]) for path in paths):
        return None
    return platforms.github_classroom(paths, folder, {*names, folder.removesuffix("/")})


def is_from(
    pattern: re.Pattern[str], platform: str, tops: set[str], files: set[str] | None = None
) -> bool:
    """Return whether most people at the top of a download have names that a platform writes.

    A student may have a name that looks like one, but the others then do not. However many files
    one person has, they count once.

    Parameters
    ----------
    pattern : re.Pattern
    platform : str
    tops : set of str
        Names of all files and folders.
    files : set of str, optional
        The names that may match, if not all of them.

    Raises
    ------
    GraderError
        If about as many names look like the platform's as do not.
    """
    found = {name: pattern.fullmatch(name) for name in (tops if files is None else files)}
    people = {(match["name"], match["number"]) for match in found.values() if match}
    matching = sorted(name for name, match in found.items() if match)
    others = sorted(tops - set(matching))
    total = len(people) + len(others)
    if 2 * len(people) > total:
        return True
    if 4 * len(people) <= total:
        return False
    raise GraderError(
        f"{len(matching)} of {len(tops)} names in the download look like {platform}'s, such as "
        f"{printable(matching[0])}, and others do not, such as {printable(others[0])}; say with "
        "--pattern how names are to be read."
    )


def stray_files(paths: Sequence[str]) -> set[str]:
    """Return the files beside a folder with everything else that cannot be anybody's submission.

    Such a file, perhaps a README, does not hide how the platform wrote the names in the folder.
    """
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    files = {path for path in paths if "/" not in path}
    return set() if len(folders) != 1 or any(map(can_be_submitted, files)) else files


def can_be_submitted(name: str) -> bool:
    """Return whether a file at the top of a download may be what a student handed in."""
    written = (MOODLE_NAME, CANVAS_NAME, BLACKBOARD, GOOGLE)
    return (
        name.casefold().endswith(WORK)
        or name == platforms.GRADESCOPE_DATA
        or any(pattern.fullmatch(name) for pattern in written)
    )


def common_folder(paths: Sequence[str], *, strays: bool = False) -> str:
    """Return the common top folder with a trailing slash, or "" if it is a student's or missing.

    With `strays`, files beside it that cannot be a submission do not count.
    """
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    top = next(iter(tops), "")
    beside = [path for path in paths if "/" not in path]
    single = len(tops) == 1 and (
        not beside or (strays and not any(read_plain(path, "", set()) for path in beside))
    )
    return f"{top}/" if single and not MOODLE_NAME.fullmatch(top) else ""


def enclosing_folders(
    paths: Sequence[str],
    assignment: str,
    wrappers: set[str],
    known: Callable[[str], bool],
    is_class: Callable[[Collection[str]], bool],
) -> str:
    """Return the folders around those of the students, with a trailing slash, or "".

    The folder around everything is a student's if the course has a student of that name. It is the
    class's if it has the name of the download, if the folders in it are those of a class, or if
    they are those of strangers and contain one for this assignment. Students may call folders of
    their own after others, so a few folders with names of students say nothing.

    Raises
    ------
    GraderError
        If it contains several folders, or one with a student's name, and could be either.
    """
    plain = {without_number(one) for one in wrappers}
    chain = ""
    for folder in (*folders_around(paths), ""):
        inside = [path.removeprefix(chain).split("/") for path in paths]
        below = {parts[0] for parts in inside if len(parts) > 1}
        students = {name for name in below if known(name)}
        nested = any(parts[1:2] == [assignment] for parts in inside)
        around = chain.removesuffix("/")
        if (students or nested) and is_submission(around.rpartition("/")[2], assignment):
            raise GraderError(ambiguous(around, sorted(below)))
        named = {without_number(part) for part in around.split("/") if part} <= plain
        if students and not (named or is_class(students)):
            raise GraderError(ambiguous(around, sorted(below)))
        if students or nested:
            return chain
        chain += folder
    outer = ""
    for folder in folders_around(paths):
        if folder.removesuffix("/") not in wrappers:
            inside = [path.removeprefix(outer + folder).split("/") for path in paths]
            below = {parts[0] for parts in inside if len(parts) > 1}
            if len(below) > 1:
                raise GraderError(ambiguous(folder.removesuffix("/"), sorted(below)))
            break
        outer += folder
    return outer


def is_submission(folder: str, assignment: str) -> bool:
    """Return whether a folder has the name of one submission, as GitHub's or Gradescope's have.

    Folders in it may be named after classmates.
    """
    name = folder.casefold()
    repository = name.startswith(f"{assignment.casefold()}-") and not name.endswith("submissions")
    return repository or platforms.GRADESCOPE_TOP.fullmatch(name) is not None


def without_number(name: str) -> str:
    """Return the name of a folder without the number that a second download gets: `HW 1 (1)`."""
    return re.sub(r" ?\(\d+\)$", "", name).casefold()


def folders_around(paths: Sequence[str]) -> list[str]:
    """Return the folders that enclose everything, from the outermost on, with trailing slashes."""
    folders: list[str] = []
    inside = list(paths)
    while folder := common_folder(inside, strays=True):
        folders.append(folder)
        inside = [path.removeprefix(folder) for path in inside if path.startswith(folder)]
    return folders


def ambiguous(folder: str, below: list[str]) -> str:
    """Return what was seen of a download in one folder, and how to say what it is."""
    names = "\n".join(f"  {printable(folder)}/{printable(name)}/" for name in below[:10])
    more = f"\n  and {len(below) - 10} more" if len(below) > 10 else ""  # noqa: PLR2004
    return (
        f"All files are in one folder, {printable(folder)}, with {len(below)} folders in it:\n"
        f"{names}{more}\nIs each of them a student, or is all of it one student's? For students, "
        "give the folder itself instead of what encloses it, or say where the names are with "
        "--pattern '[^/]+/(?P<student>[^/]+)/(?P<file>.+)'. For one student, add "
        f"{printable(folder)} to the gradebook first."
    )


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


def read_moodle(path: str) -> Attribution | None:
    """Read a path as Moodle writes it."""
    top, _, rest = path.partition("/")
    match = MOODLE_NAME.fullmatch(top)
    several = top.count("_assignsubmission_") > 1
    if several and rest:  # the student's own name contains what Moodle puts behind it
        match = LAST_MOODLE_NAME.fullmatch(top)
    elif several:  # so does the name of a file, and nobody can tell
        return None
    if not match or not (file := rest or match["file"]):
        return None
    place = f"{top}/" if rest else top.removesuffix(file)
    return Attribution(Submitter(match["name"], match["number"]), file, place)


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
