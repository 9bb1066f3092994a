"""The copies of a notebook that Google Classroom makes, all in one folder of Drive.

Students can rename them, so a name says less here than on other platforms.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution, Reader

GOOGLE = re.compile(r"(?P<name>[^/]+?) - (?P<file>[^/]+)")
"""`Ada Lovelace - hw.ipynb`, the copy that Google Classroom made for a student."""
TWO_OF_ONE_NAME = (
    "several files have this name, more than the assignment has notebooks or two that differ only "
    "by a number, and they may be of two people: students can rename what they hand in; look at "
    "the files, and leave those that are this student's"
)
NUMBERED = re.compile(r" ?\(\d+\)(?=\.\w+$)")
"""What Drive and browsers put into the second of two equal names."""
WORK = (".ipynb", ".zip")


def google_classroom(
    paths: Sequence[str],
    folder: str,
    known: Callable[[str], bool] = lambda _name: False,
    own_files: Collection[str] = (),
) -> Reader | None:
    """Return a reader of the copies that Google Classroom makes, all in one folder of Drive.

    Students may put any number of files there, under any names. So people count and not files, and
    what cannot be the assignment counts neither way. If students of the course are known by one of
    two readings only, it is that one.

    Parameters
    ----------
    paths : sequence of str
    folder : str
        The folder around everything, or "".
    known : callable
        Tells whether a name is that of a student of the course.
    own_files : collection of str
        Names of the assignment's own files.

    Raises
    ------
    GraderError
        If students are known by both readings; or by none, and several names look like Google
        Classroom's, and more do not.
    """
    tops = {path.removeprefix(folder).partition("/")[0] for path in paths}
    files = {path.removeprefix(folder) for path in paths} & tops
    others = tops - files
    people: defaultdict[str, list[str]] = defaultdict(list)
    for file in sorted(file for file in files if file.lower().endswith(WORK)):
        if match := GOOGLE.fullmatch(file):
            people[match["name"]].append(NUMBERED.sub("", match["file"]).casefold())
        else:
            others.add(file)
    if not people or not is_google(people, others, known):
        return None
    notebooks = sum(name.lower().endswith(WORK[0]) for name in own_files)
    unclear = {
        name
        for name, own in people.items()
        if len(own) > max(notebooks, 1) or len({*own}) < len(own)
    }

    def read(path: str) -> Attribution | None:
        match = GOOGLE.fullmatch(path.removeprefix(folder))
        if not match:
            return None
        return Attribution(
            Submitter(match["name"]),
            match["file"],
            place=f"{match['name']} - ",
            doubt=TWO_OF_ONE_NAME if match["name"] in unclear else "",
        )

    return read


def is_google(
    people: dict[str, list[str]], others: Collection[str], known: Callable[[str], bool]
) -> bool:
    """Return whether a folder of Drive is Google Classroom's: by the students, or by most names.

    Raises
    ------
    GraderError
        If nobody can tell.
    """
    students = any(map(known, people))
    elsewhere = any(known(other.rpartition(".")[0] or other) for other in others)
    if students != elsewhere:
        return students
    if not students and len(people) > len(others):
        return True
    copies = [file for own in people.values() for file in {*own}]
    if students or len(copies) > len({*copies}):
        name = min(people)
        raise GraderError(
            f"{len(people)} names in the download look like Google Classroom's, such as "
            f"{printable(name)} - {printable(people[name][0])}, and {len(others)} do not, such as "
            f"{printable(min(others))}; say with --pattern how names are to be read, such as "
            "'(.+/)?(?P<student>[^/]+?) - (?P<file>[^/]+)'."
        )
    return False
