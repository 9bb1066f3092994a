"""Folders around a download: whether the one around everything is the class's or one student's.

A student chooses what is in a folder of their own, and may name folders and files there after
classmates. So what is in a folder never shows that it is the class's; its own name does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.intake import platforms
from nbgrader_isolate.intake.blackboard import BLACKBOARD
from nbgrader_isolate.intake.canvas import CANVAS_NAME
from nbgrader_isolate.intake.google import GOOGLE, WORK
from nbgrader_isolate.intake.moodle import MOODLE_NAME

EXPORT = re.compile(r"assignment_\d+_export")
"""What Gradescope calls the folder around an export."""
WRITTEN = (MOODLE_NAME, platforms.BRIGHTSPACE, CANVAS_NAME, BLACKBOARD)
"""Names that a platform writes for one student, which nobody has by chance."""
SHOWN = 10


def stray_files(paths: Sequence[str]) -> set[str]:
    """Return the files beside a folder with everything else that cannot be anybody's submission.

    Such a file, perhaps a README, does not hide how the platform wrote the names in the folder.
    """
    folders = {path.partition("/")[0] for path in paths if "/" in path}
    files = {path for path in paths if "/" not in path}
    return set() if len(folders) != 1 or any(map(can_be_submitted, files)) else files


def can_be_submitted(name: str) -> bool:
    """Return whether a file at the top of a download may be what a student handed in."""
    return (
        name.casefold().endswith(WORK)
        or name == platforms.GRADESCOPE_DATA
        or any(pattern.fullmatch(name) for pattern in (*WRITTEN, GOOGLE))
    )


def common_folder(paths: Sequence[str]) -> str:
    """Return the folder around everything, with a trailing slash; "" if there is none.

    Files beside it that cannot be a submission do not count.
    """
    strays = stray_files(paths)
    tops = {path.partition("/")[0] for path in paths if path not in strays}
    top = next(iter(tops), "")
    return f"{top}/" if len(tops) == 1 and any("/" in path for path in paths) else ""


def enclosing_folder(
    paths: Sequence[str], assignment: str, wrappers: set[str], known: Callable[[str], bool]
) -> str:
    """Return the folders around those of the students, with a trailing slash, or "".

    Parameters
    ----------
    paths : sequence of str
        All of the download.
    assignment : str
    wrappers : set of str
        Names that a folder around the students' may have, such as that of the download.
    known : callable
        Tells whether a name is that of a student of the course.

    Raises
    ------
    GraderError
        If a folder has no such name, and what is in it could be the work of several students.
    """
    names = {*wrappers, assignment}
    chain, inside = "", list(paths)
    while folder := common_folder(inside):
        top = folder.removesuffix("/")
        if is_one_persons(top, names, known):
            break
        inside = below(inside, folder)
        if not is_around_all(top, names, assignment):
            if several := could_be_several(inside, assignment, known):
                raise GraderError(ambiguous(chain + top, several))
            break
        chain += folder
    return chain


def below(paths: Sequence[str], folder: str) -> list[str]:
    """Return the paths in a folder, without its name."""
    return [path.removeprefix(folder) for path in paths if path.startswith(folder)]


def is_one_persons(top: str, names: set[str], known: Callable[[str], bool]) -> bool:
    """Return whether a folder is named after one person: a student, an account, by a platform."""
    account = platforms.account_of(top, names)
    written = MOODLE_NAME.fullmatch(top) or platforms.BRIGHTSPACE.fullmatch(top)
    return written is not None or known(top) or bool(account and known(account))


def is_around_all(top: str, names: set[str], assignment: str) -> bool:
    """Return whether a folder has a name that one around all students has.

    It is that of the download or of the assignment, or one that a platform or nbgrader writes. A
    second download has a number behind it: `HW 1 (1)`.
    """
    plain = {without_number(name) for name in names}
    plain |= {f"{name}-submissions" for name in plain}
    named = without_number(top) in plain or EXPORT.fullmatch(top) is not None
    return named and not is_submission(top, assignment)


def is_submission(folder: str, assignment: str) -> bool:
    """Return whether a folder has the name of one submission, as GitHub's or Gradescope's have."""
    name = folder.casefold()
    repository = name.startswith(f"{assignment.casefold()}-") and not name.endswith("submissions")
    return repository or platforms.GRADESCOPE_TOP.fullmatch(name) is not None


def without_number(name: str) -> str:
    """Return the name of a folder without the number that a second download gets: `HW 1 (1)`."""
    return re.sub(r" ?\(\d+\)$", "", name).casefold()


def could_be_several(
    paths: Sequence[str], assignment: str, known: Callable[[str], bool]
) -> list[str]:
    """Return the names in a folder if they could be those of several students, or else none.

    Parameters
    ----------
    paths : sequence of str
        What is in the folder.
    assignment : str
    known : callable

    Returns
    -------
    list of str
        At the first level where one is a student of the course, where a platform wrote one, where a
        folder contains one for the assignment, or where there are several folders.
    """
    inside = list(paths)
    while inside:
        tops = {path.partition("/")[0] for path in inside}
        folders = {path.partition("/")[0] for path in inside if "/" in path}
        if (
            len(folders) > 1
            or any(path.split("/")[1:2] == [assignment] for path in inside)
            or any(seems_a_persons(top, top in folders, known) for top in tops)
            or len({match["name"] for top in tops if (match := GOOGLE.fullmatch(top))}) > 1
        ):
            return sorted(f"{top}/" if top in folders else top for top in tops)
        inside = below(inside, common_folder(inside)) if common_folder(inside) else []
    return []


def seems_a_persons(top: str, is_folder: bool, known: Callable[[str], bool]) -> bool:  # noqa: FBT001
    """Return whether a file or a folder may be all that one student handed in."""
    name = top if is_folder else top.rpartition(".")[0]
    google = GOOGLE.fullmatch(top)
    return (
        known(name)
        or any(pattern.fullmatch(top) for pattern in WRITTEN)
        or (is_folder and platforms.GRADESCOPE_TOP.fullmatch(top) is not None)
        or bool(google and known(google["name"]))
    )


def ambiguous(folder: str, below: list[str]) -> str:
    """Return what was seen of a download in one folder, and how to say what it is."""
    names = "\n".join(f"  {printable(folder)}/{printable(name)}" for name in below[:SHOWN])
    more = f"\n  and {len(below) - SHOWN} more" if len(below) > SHOWN else ""
    return (
        f"All files are in one folder, {printable(folder)}, with this in it:\n{names}{more}\n"
        "Is each of them a student's, or is all of it one student's? If they are those of the "
        f"class, add --inside '{printable(folder)}'. If it is all one student's, add "
        f"{printable(folder.rpartition('/')[2])} to the gradebook first, or say whose it is with "
        "--roster."
    )
