"""From a platform's download into `submitted/`: regular files within a size, a student at a time, each in one step.

Nothing is written outside of `submitted/STUDENT/ASSIGNMENT`, nothing is overwritten unasked, and archives that students
handed in stay packed: grading opens them by the same rules.
"""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.course import SUBMISSION_SECRET, TIMESTAMP, Course
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.intake.lms_formats import Owner, Person, Roster, composed, key, reader, unfit
from nbgrader_isolate.intake.safe_files import MOST_FILES, Entry, Refused, opened_folder
from nbgrader_isolate.intake.zip_archives import opened

WRAPPERS = {"submitted", "submissions", "downloads"}
"""Folders that may be round a whole download of no known platform, and are no student."""
OURS = {TIMESTAMP, SUBMISSION_SECRET}
"""Files by which nbgrader knows when and by whom something was handed in: never a student's to write."""
MOST = 10 * MOST_FILES
"""Files of a whole download."""
MB = 1 << 20
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""Errors of writing that the next student would meet as well."""


@dataclass
class Collected:
    """What became of a download, by what it calls the students.

    Parameters
    ----------
    new, replaced, same : list of str
        Ids of students whose submission was written, written anew, or was there already.
    matched : dict of str to str
        Names that were taken for another id, and the id.
    left : dict of str to str
        Names of students or files that were not collected, and why.
    """

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    matched: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)


@contextmanager
def download(place: Path, left: dict[str, str]) -> Iterator[list[Entry]]:
    """Open a download, an archive or a folder; its files can be read as long as it is open.

    Raises
    ------
    GraderError
        If it cannot be read.
    """
    with ExitStack() as stack:
        try:
            if place.is_dir():
                found = stack.enter_context(opened_folder(place, left, MOST))
            else:
                file = stack.enter_context(place.open("rb"))
                found = stack.enter_context(opened(file)).entries(left)
        except (Refused, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else error
            raise GraderError(
                f"{place}: {why}; name a zip file as the platform gave it, or the folder it was unpacked to."
            ) from None
        yield found


class Collection:
    """Sorts a download by student and writes it into a course.

    Parameters
    ----------
    course : Course
    assignment : str
    people : list of Person
        The students of the course.
    force : bool
        Also over submissions that are there and differ.
    new : bool
        Also students that the course does not know, under the name that the download has.
    """

    def __init__(
        self, course: Course, assignment: str, people: list[Person], *, force: bool, new: bool
    ) -> None:
        self.course, self.assignment, self.force = course, assignment, force
        self.new = new or not people
        self.roster = Roster(people)
        self.done = Collected()

    def take(
        self, entries: list[Entry], wrappers: set[str], pattern: re.Pattern[str] | None
    ) -> None:
        """Take in what a download holds; `wrappers` are folders that may be round the whole of it."""
        paths = [entry.name for entry in entries]
        read = reader(paths, self.assignment, {*WRAPPERS, *wrappers}, pattern)
        theirs: dict[Owner, list[Entry]] = {}
        for entry in entries:
            found = read(entry.name)
            if found is None:
                self.done.left[entry.name] = "its name says no student"
                continue
            owner, name = found
            theirs.setdefault(owner, []).append(Entry(name, entry.read))
        for owner, student in self.students(list(theirs)).items():
            if str(owner) != student:
                self.done.matched[str(owner)] = student
            self.settle(student, theirs[owner], str(owner))

    def students(self, owners: list[Owner]) -> dict[Owner, str]:
        """Return which student each name is; names that are nobody's, or two at once, are left."""
        ids = {owner: self.student(owner, owners) for owner in owners}
        folders = {owner: self.place_of(student) for owner, student in ids.items()}
        count = Counter(folders.values())
        sure = {}
        for owner, student in ids.items():
            if not student:
                continue
            if count[folders[owner]] > 1:
                self.done.left[str(owner)] = f"another name in the download is {student}, too"
            elif why := unfit(student):
                self.done.left[str(owner)] = why
            else:
                sure[owner] = student
        return sure

    def place_of(self, student: str) -> str:
        """Return an id as it is counted: of those the course does not know, case does not tell two apart."""
        known = any(person.id == student for person in self.roster.people)
        return student if known else composed(student).casefold()

    def student(self, owner: Owner, owners: list[Owner]) -> str:
        """Return the id of one; an empty text if there is none, or it is not sure."""
        found = self.roster.find(owner)
        if len(found) == 1:
            return found[0]
        if found:
            self.done.left[str(owner)] = f"could be each of {', '.join(map(printable, found))}"
        elif not self.new:
            self.done.left[str(owner)] = "no student of this course has that name"
        else:
            alone = sum(key(other.name) == key(owner.name) for other in owners) == 1
            return owner.name if alone else str(owner)
        return ""

    def settle(self, student: str, entries: list[Entry], name: str) -> None:
        """Write the submission of one student, unless it is there."""
        target = self.course.folder("submitted", student, self.assignment)
        try:
            files = self.read(entries, name)
            there = target.exists() or target.is_symlink()
            if not files:
                self.done.left.setdefault(name, "nothing of it can be taken")
            elif there and present(target) == files:
                self.done.same.append(student)
            elif there and not self.force:
                self.done.left[name] = f"{target} is there and differs; --force replaces it"
            else:
                self.write(target, files)
                if there:
                    ResultStore(self.course.state, self.assignment).request_regrade(student)
                (self.done.replaced if there else self.done.new).append(student)
        except Refused as error:
            self.done.left[name] = str(error)
        except OSError as error:
            if error.errno in FULL:
                raise GraderError(
                    f"{error.filename or target}: {error.strerror}; mend that and run the same "
                    "command again: what was collected stays.",
                    Exit.GRADEBOOK,
                ) from error
            self.done.left[name] = f"cannot be written: {error.strerror}"

    def read(self, entries: list[Entry], name: str) -> dict[str, bytes]:
        """Return the files of one student; those that are not taken are left, by name."""
        room = self.course.limits.disk_mb * MB
        if len(entries) > MOST_FILES:
            raise Refused(f"holds {len(entries)} files, and at most {MOST_FILES} are read")
        twins = Counter(key_of(entry.name) for entry in entries)
        files: dict[str, bytes] = {}
        for entry in entries:
            try:
                check_file_name(entry.name, twins)
                files[entry.name] = entry.read(min(room, self.course.limits.file_mb * MB))
                room -= len(files[entry.name])
            except Refused as error:
                self.done.left[f"{name}: {entry.name}"] = str(error)
        return files

    def write(self, target: Path, files: dict[str, bytes]) -> None:
        """Bring files to their place, all at once."""
        shared = bool(self.course.directory.groupshared)
        staging.stage(target, files, mode=0o664 if shared else 0o644, shared=shared)
        staging.publish(target)


def key_of(name: str) -> str:
    """Return a file's name as a disk sees it that knows no case."""
    return name.casefold()


def check_file_name(name: str, twins: Counter[str]) -> None:
    """Check that a name is one of a file below the submission, not nbgrader's own, and no other's twin.

    Raises
    ------
    Refused
    """
    if twins[key_of(name)] > 1:
        raise Refused("stands there twice, or differs from another only by upper and lower case")
    parts = PurePosixPath(name).parts
    if PurePosixPath(name).is_absolute() or ".." in parts or not parts:
        raise Refused("has a name that leads out of the submission")
    if name in OURS:
        raise Refused("is not a student's to write: nbgrader knows lateness by it")
    for part in parts:
        if why := unfit(part):
            raise Refused(f"has a name that is {why}" if why.startswith("no") else why)


def present(target: Path) -> dict[str, bytes] | None:
    """Return the files of a submission that is there, without nbgrader's own; None if they cannot be read."""
    refused: dict[str, str] = {}
    try:
        with opened_folder(target, refused) as entries:
            found = {entry.name: entry.read(1 << 30) for entry in entries if entry.name not in OURS}
    except Refused:
        return None
    return None if refused else found


def people_of(course: Course, tell: Callable[[str], None]) -> list[Person]:
    """Return the students of a course: those of the gradebook, and those who handed something in before."""
    from nbgrader_isolate.gradebook.database import SQLITE, open_gradebook

    known: dict[str, Person] = {}
    url = course.directory.db_url
    if not url.startswith(SQLITE) or Path(url.removeprefix(SQLITE)).exists():
        with open_gradebook(course, tell) as gradebook:
            for one in gradebook.students:
                words = (one.first_name, one.last_name, one.email, one.lms_user_id)
                known[one.id] = Person(one.id, *(str(word or "") for word in words))
    for assignment in course.assignments():
        for one in course.handed_in(assignment):
            known.setdefault(one.student, Person(one.student))
    return list(known.values())
