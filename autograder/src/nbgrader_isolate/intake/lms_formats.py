"""What a learning platform gives to download: whose file is which, by its name; and which student of the course that is.

How a name is read is decided once for the whole download, and at its top level only: there the platform wrote it, deeper a
student did.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from nbgrader_isolate.core.text import INVISIBLE

LONGEST = 255
"""Bytes of a folder's name, on the usual disks."""
MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?")
"""Moodle: `Ada Lovelace_1234_assignsubmission_file_/hw.ipynb`, or the file name behind it and no folder."""
CANVAS = re.compile(
    r"(?P<name>[^_/]+)_(?:LATE_)?(?P<number>\d+)_\d+_(?P<file>.+?)(?:-\d+)?(?P<end>\.\w+)"
)
"""Canvas: `lovelaceada_LATE_1234_5678_hw-1.ipynb`; `-1` counts resubmissions."""


@dataclass(frozen=True)
class Owner:
    """Who handed a file in, as the download names them.

    Parameters
    ----------
    name : str
    number : str
        The platform's; empty where it wrote none.
    lasting : bool
        The number is the user's, as Canvas writes it; Moodle's is another one for each assignment.
    """

    name: str
    number: str = ""
    lasting: bool = False

    def __str__(self) -> str:
        return f"{self.name}_{self.number}" if self.number else self.name


Found = tuple[Owner, str] | None
"""Whose file it is, and its name in their submission; None: nobody's."""


def reader(
    paths: Sequence[str],
    assignment: str,
    wrappers: set[str],
    pattern: re.Pattern[str] | None = None,
) -> Callable[[str], Found]:
    """Return what reads the paths of a download.

    Parameters
    ----------
    paths : sequence of str
        All of them.
    assignment : str
    wrappers : set of str
        Folders that are no student when all lies in one of them; one round a known platform's files is seen without.
    pattern : re.Pattern, optional
        For other platforms: its group `student` names the student, `file` (if any) the file. It is held against the
        whole path.
    """
    if pattern is not None:
        return lambda path: by_pattern(path, pattern)
    folder = common_folder(paths)
    tops = {path.removeprefix(folder).partition("/")[0] for path in paths}
    if any(MOODLE.fullmatch(top) for top in tops):
        return lambda path: moodle(path.removeprefix(folder))
    if any(CANVAS.fullmatch(path.removeprefix(folder)) for path in paths):
        return lambda path: canvas(path.removeprefix(folder))
    folder = folder if folder.removesuffix("/") in wrappers else ""
    inside = [path.removeprefix(folder) for path in paths]
    packed = {path.partition("/")[0] for path in inside if is_of(path, assignment)}
    return lambda path: plain(path.removeprefix(folder), assignment, packed)


def common_folder(paths: Sequence[str]) -> str:
    """Return the one folder that all lies in, with its `/`; an empty text where there is none or it is a student's."""
    tops = {path.partition("/")[0] for path in paths if "/" in path}
    top = next(iter(tops), "")
    alone = len(tops) == 1 and all("/" in path for path in paths)
    return f"{top}/" if alone and not MOODLE.fullmatch(top) else ""


def by_pattern(path: str, pattern: re.Pattern[str]) -> Found:
    """Read a path by an instructor's pattern."""
    found = pattern.fullmatch(path)
    if not found or not found["student"]:
        return None
    file = found.groupdict().get("file")
    return Owner(found["student"]), file or PurePosixPath(path).name


def moodle(path: str) -> Found:
    """Read a path as Moodle writes it."""
    top, _, rest = path.partition("/")
    found = MOODLE.fullmatch(top)
    if not found or not (file := rest or found["file"]):
        return None
    return Owner(found["name"], found["number"]), file


def canvas(path: str) -> Found:
    """Read a path as Canvas writes it."""
    found = CANVAS.fullmatch(path)
    if not found or "/" in path:
        return None
    return Owner(found["name"], found["number"], lasting=True), found["file"] + found["end"]


def plain(path: str, assignment: str, packed: set[str]) -> Found:
    """Read `STUDENT/file`, `STUDENT/ASSIGNMENT/file`, `STUDENT/ASSIGNMENT.zip`, `STUDENT.zip` or `STUDENT.ipynb`."""
    student, _, rest = path.partition("/")
    if not rest:
        stem, _, end = student.rpartition(".")
        return (Owner(stem), student) if stem and end.lower() in ("zip", "ipynb") else None
    if student in packed and not is_of(path, assignment):
        return None
    return Owner(student), rest.removeprefix(f"{assignment}/")


def is_of(path: str, assignment: str) -> bool:
    """Tell whether a path says for which assignment it is, and that it is this one."""
    inside = path.split("/")[1:]
    return inside[:1] == [assignment] or inside == [f"{assignment}.zip"]


@dataclass(frozen=True)
class Person:
    """A student of the course: id, and what else the gradebook knows; texts may be empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


class Roster:
    """The students of a course, to be found by what a platform writes.

    Parameters
    ----------
    people : iterable of Person
    """

    def __init__(self, people: Iterable[Person]) -> None:
        self.people = list(people)

    def find(self, owner: Owner) -> list[str]:
        """Return the ids of those whom a name in a download may mean: by number, by id, then by name."""
        lasting = owner.number if owner.lasting else ""
        number = [p.id for p in self.people if lasting and p.lms_user_id == lasting]
        wanted = {composed(owner.name), composed(str(owner)), lasting} - {""}
        same = [p.id for p in self.people if composed(p.id) in wanted]
        sounds = key(owner.name)
        like = [p.id for p in self.people if sounds and sounds in names(p)]
        return number or same or like


def names(person: Person) -> set[str]:
    """Return by what a person is known, as keys."""
    first, last = person.first_name, person.last_name
    full = (first + last, last + first) if first and last else ()
    return {key(text) for text in (person.id, person.email, *full)} - {""}


def composed(text: str) -> str:
    """Return a text in one spelling of its accents."""
    return unicodedata.normalize("NFC", text)


def key(text: str) -> str:
    """Return a name without case, spaces and signs: `Lovelace, Ada` and `lovelaceada` are the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def unfit(name: str) -> str:
    """Return why a name can be no folder of a student's; an empty text if it can."""
    if not name or name in (".", "..") or "/" in name or "\\" in name:
        return "no name of a folder"
    if name.startswith("."):
        return "begins with a dot, and nbgrader does not see such folders"
    if any(unicodedata.category(character) in INVISIBLE for character in name):
        return "holds characters that are not printed"
    if len(name.encode()) > LONGEST:
        return f"longer than {LONGEST} bytes"
    return ""
