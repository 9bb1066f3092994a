"""Collect a platform's download into `submitted/`: regular files within a size, student by student.

A student's files are written in one step. Nothing is written outside
`submitted/STUDENT/ASSIGNMENT`, and nothing is overwritten without `--force`. Archives that students
handed in stay packed; grading opens them by the same rules.
"""

from __future__ import annotations

import errno
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from nbgrader_isolate.core.atomic import write_atomically
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook import staging
from nbgrader_isolate.gradebook.course import TIMESTAMP, Course, read_small_file
from nbgrader_isolate.gradebook.results import ResultStore
from nbgrader_isolate.gradebook.roster import Roster, Submitter, name_key, normalize
from nbgrader_isolate.intake.attributions import Attribution
from nbgrader_isolate.intake.collected_files import (
    case_key,
    check_file_name,
    gradescope_data,
    is_in_download,
    newest_attempt,
    read_existing,
    zoned_time,
)
from nbgrader_isolate.intake.enclosing import below, enclosing_folder, stray_files
from nbgrader_isolate.intake.lms_formats import folder_name_fault, path_reader
from nbgrader_isolate.intake.platforms import GRADESCOPE_DATA, gradescope
from nbgrader_isolate.intake.safe_files import (
    MAX_FILES,
    Entry,
    FileRefusedError,
    open_download_folder,
)
from nbgrader_isolate.intake.worked_in import put_in_place, released_notebooks
from nbgrader_isolate.intake.zip_archives import MAX_DOWNLOAD_TABLE, open_zip, plain_path

WRAPPERS = {"submitted", "submissions", "downloads"}
"""Names of an enclosing folder in a download of no known platform, which are not students."""
MB = 1 << 20
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""Errors while writing that would also occur for the next student."""
NO_STUDENT_NAMED = "its path does not name a student"
AMBIGUOUS = "could be any of"
UNKNOWN_STUDENT = "no student of this course has that name"
ANOTHER_NUMBER = "the gradebook has another number or e-mail address for the student of that name"


@dataclass
class Collected:
    """The outcome of collecting a download.

    Parameters
    ----------
    new, replaced, unchanged : list of str
        Ids of students whose submission was written, replaced, or already there.
    matched : dict of str to str
        Names in the download that belong to a student with another id, and that id.
    skipped : dict of str to str
        Names of students or files that were not collected, and why.
    older : list of str
        Names in the download with an earlier attempt, which was left out.
    late : list of str
        Ids of students whose submission the platform calls late.
    timed : list of str
        Ids of students whose time of submission was written down.
    times_without_zone : bool
        Whether the download has times that are in a zone it does not name.
    places : dict of str to str
        What the platform writes before a student's files, by id.
    copies : dict of str to str
        Names in the download where a copy took the place of a notebook without any answer, and
        which.
    """

    new: list[str] = field(default_factory=list)
    replaced: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    matched: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    older: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    timed: list[str] = field(default_factory=list)
    times_without_zone: bool = False
    places: dict[str, str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)


@contextmanager
def open_download(path: Path, skipped: dict[str, str]) -> Iterator[list[Entry]]:
    """Open a download, an archive or a folder; its files can be read as long as it is open.

    Raises
    ------
    GraderError
        If it cannot be read.
    """
    with ExitStack() as stack:
        try:
            if path.is_dir():
                entries = stack.enter_context(open_download_folder(path, skipped))
            else:
                file = stack.enter_context(path.open("rb"))
                archive = stack.enter_context(open_zip(file, MAX_DOWNLOAD_TABLE))
                entries = archive.all_entries(skipped)
        except (FileRefusedError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise GraderError(
                f"{path}: {reason}; give the platform's zip file, or the folder you unpacked it to."
            ) from None
        yield entries


class Collection:
    """Sorts a download by student and writes it into a course.

    Parameters
    ----------
    course : Course
    assignment : str
    roster : Roster
        The students of the course.
    force : bool
        Whether to replace submissions that differ from the download.
    new : bool
        Whether to accept students that the course does not know, under the names in the download.

    Attributes
    ----------
    time_of : callable
        Takes an attribution and returns the time in UTC to write down, or None. Unless it is
        replaced, only times with a zone count.
    """

    def __init__(
        self,
        course: Course,
        assignment: str,
        roster: Roster,
        *,
        force: bool,
        new: bool,
    ) -> None:
        self.course, self.assignment, self.force = course, assignment, force
        self.new = new or not roster.students
        self.roster = roster
        self.collected = Collected()
        self.time_of: Callable[[Attribution], datetime | None] = zoned_time
        self.times: dict[str, datetime] = {}
        self.released = released_notebooks(course.folder("release", ".", assignment))

    def collect(
        self,
        entries: list[Entry],
        wrappers: set[str],
        pattern: re.Pattern[str] | None,
        inside: str = "",
    ) -> None:
        """Collect a download.

        Parameters
        ----------
        entries : list of Entry
        wrappers : set of str
            Names that a folder around all students may have.
        pattern : re.Pattern or None
            See `path_reader`.
        inside : str
            The folder of the download that is the class's; what is outside is left out.

        Raises
        ------
        GraderError
            If it is not clear how to read the names in it, if it has no such folder, or if
            the disk refuses.
        """
        refused = filter(is_in_download, self.collected.skipped)  # they show how it is built, too
        paths = [*(entry.name for entry in entries), *refused]
        if inside:
            folder = f"{inside.strip('/')}/"
            paths, entries = below(paths, folder), self.entries_below(entries, folder)
            wrappers = {*wrappers, folder.split("/")[-2]}
        by_submitter = self.by_submitter(entries, paths, wrappers, pattern)
        self.leave_out_doubtful(by_submitter)
        self.roster.compare_with(by_submitter)
        for submitter, student in self.assign_students(list(by_submitter)).items():
            if str(submitter) != student or submitter.account:
                self.collected.matched[str(submitter)] = student
            newest = newest_attempt(by_submitter[submitter])
            if len(newest) < len(by_submitter[submitter]):
                self.collected.older.append(str(submitter))
            self.note(student, [attribution for attribution, _ in newest])
            self.store(student, [entry for _, entry in newest], str(submitter))

    def by_submitter(
        self,
        entries: list[Entry],
        paths: list[str],
        wrappers: set[str],
        pattern: re.Pattern[str] | None,
    ) -> dict[Submitter, list[tuple[Attribution, Entry]]]:
        """Return the files of each person whom the download names; `paths` are all names in it."""
        strays = stray_files(paths)
        paths = [path for path in paths if path not in strays]
        known, names = cache(self.is_known), {*WRAPPERS, *wrappers}
        exported, gradescope_file = None, ""
        if not pattern:
            folder = enclosing_folder(paths, self.assignment, names, known)
            gradescope_file = folder + GRADESCOPE_DATA
            exported = gradescope(paths, folder, gradescope_data(entries, folder))
        read_path = exported or path_reader(
            paths, self.assignment, names, pattern, known, self.own_files()
        )
        by_submitter: dict[Submitter, list[tuple[Attribution, Entry]]] = {}
        for entry in entries:
            attribution = None if entry.name in strays else read_path(entry.name)
            if attribution is None:
                if not exported or entry.name != gradescope_file:
                    self.collected.skipped[entry.name] = NO_STUDENT_NAMED
                continue
            if not attribution.file:
                continue
            named = attribution, Entry(plain_path(attribution.file), entry.read)
            for submitter in (attribution.submitter, *attribution.others):
                by_submitter.setdefault(submitter, []).append(named)
        return by_submitter

    def entries_below(self, entries: list[Entry], folder: str) -> list[Entry]:
        """Return the files in a folder of the download, under their names in it."""
        inside = [entry for entry in entries if entry.name.startswith(folder)]
        if not inside:
            raise GraderError(
                f"--inside: the download has no folder {printable(folder)} with files in it.",
                Exit.USAGE,
            )
        for entry in entries:
            if not entry.name.startswith(folder):
                self.collected.skipped[entry.name] = f"is not in {folder}"
        return [Entry(entry.name.removeprefix(folder), entry.read) for entry in inside]

    def leave_out_doubtful(
        self, by_submitter: dict[Submitter, list[tuple[Attribution, Entry]]]
    ) -> None:
        """Leave out whose files nobody can tell apart, and say why."""
        for submitter, files in list(by_submitter.items()):
            if doubts := [attribution.doubt for attribution, _ in files if attribution.doubt]:
                self.collected.skipped[str(submitter)] = doubts[0]
                del by_submitter[submitter]

    def is_known(self, name: str) -> bool:
        """Return whether a name is that of a student of the course."""
        return bool(self.roster.find(Submitter(name)))

    def own_files(self) -> set[str]:
        """Return the names of the files that the assignment consists of."""
        steps = [self.course.folder(step, ".", self.assignment) for step in ("source", "release")]
        return {file.name for folder in steps if folder.is_dir() for file in folder.iterdir()}

    def note(self, student: str, attributions: list[Attribution]) -> None:
        """Remember what the platform says about a submission beside its files."""
        collected = self.collected
        collected.places[student] = attributions[0].place
        if any(one.late for one in attributions):
            collected.late.append(student)
        times = [(one, self.time_of(one)) for one in attributions]
        collected.times_without_zone |= any(one.time and not time for one, time in times)
        if known := [time for _, time in times if time]:
            self.times[student] = max(known)
            collected.timed.append(student)

    def assign_students(self, submitters: list[Submitter]) -> dict[Submitter, str]:
        """Return the student of each name, and skip names that match nobody, or somebody twice.

        A name that only resembles a student's does not keep out the one whose number it is.
        """
        names = Counter(name_key(submitter.name) for submitter in submitters)
        ids = {submitter: self.find_student(submitter, names) for submitter in submitters}
        sharing: dict[str, list[Submitter]] = {}
        for submitter, student in ids.items():
            if student:
                sharing.setdefault(self.folder_key(student), []).append(submitter)
        assigned = {}
        for several in sharing.values():
            student = ids[several[0]]
            sure = [one for one in several if self.roster.is_sure(one, student)]
            chosen = several if len(several) == 1 else sure if len(sure) == 1 else []
            for one in several:
                if one not in chosen:
                    reason = f"two names in the download match the student {student}"
                    self.collected.skipped[str(one)] = reason
                elif fault := folder_name_fault(student):
                    self.collected.skipped[str(one)] = fault
                else:
                    assigned[one] = student
        return assigned

    def folder_key(self, student: str) -> str:
        """Return the key by which ids are compared; unknown ids are compared without case."""
        return student if student in self.roster.index.ids else normalize(student).casefold()

    def find_student(self, submitter: Submitter, names: Mapping[str, int]) -> str:
        """Return the id of a submitter, or "" if there is none or it is uncertain.

        `names` says how many submitters have each name.
        """
        ids = self.roster.find(submitter)
        if len(ids) == 1:
            return ids[0]
        if ids:
            reason = f"{AMBIGUOUS} {', '.join(map(printable, ids))}"
            self.collected.skipped[str(submitter)] = reason
        elif self.roster.has_other_number(submitter):
            self.collected.skipped[str(submitter)] = ANOTHER_NUMBER
        elif not self.new:
            self.collected.skipped[str(submitter)] = UNKNOWN_STUDENT
        else:
            unique = names[name_key(submitter.name)] == 1
            return submitter.name if unique else submitter.numbered
        return ""

    def store(self, student: str, entries: list[Entry], name: str) -> None:
        """Write the submission of one student, unless it is already there."""
        target = self.course.folder("submitted", student, self.assignment)
        skipped = self.collected.skipped
        try:
            files = self.read_files(entries, name)
            for notebook, copy in put_in_place(files, self.released, self.course.limits).items():
                self.collected.copies[name] = f"{copy} became {notebook}"
            exists = target.exists() or target.is_symlink()
            if not files:
                skipped.setdefault(name, "none of its files can be collected")
            elif exists and read_existing(target) == files:
                self.collected.unchanged.append(student)
                self.update_time(student, target)
            elif exists and not self.force:
                skipped[name] = f"{target} already exists and differs; --force replaces it"
            else:
                self.write_files(target, files | self.timestamp(student))
                if exists:
                    ResultStore(self.course.state, self.assignment).request_regrade(student)
                (self.collected.replaced if exists else self.collected.new).append(student)
        except FileRefusedError as error:
            skipped[name] = str(error)
        except (ValueError, RecursionError) as error:  # whatever its files are called
            skipped[name] = f"cannot be written: {printable(str(error), 200)}"
        except OSError as error:
            if error.errno in DISK_ERRORS:
                raise GraderError(
                    f"{error.filename or target}: {error.strerror}; fix this and run the same "
                    "command again: what was collected so far stays.",
                    Exit.GRADEBOOK,
                ) from error
            skipped[name] = f"cannot be written: {error.strerror}"

    def read_files(self, entries: list[Entry], name: str) -> dict[str, bytes]:
        """Return the files of one student; files that are not collected are skipped by name."""
        budget = self.course.limits.disk_mb * MB
        if len(entries) > MAX_FILES:
            raise FileRefusedError(f"contains {len(entries)} files; the limit is {MAX_FILES}")
        counts = Counter(case_key(entry.name) for entry in entries)
        if doubled := [entry.name for entry in entries if counts[case_key(entry.name)] > 1]:
            raise FileRefusedError(
                f"{printable(doubled[0])} is there twice (or differs only by case), and nothing "
                "says which is newer: remove one, or add a group (?P<attempt>…) to --pattern"
            )
        files: dict[str, bytes] = {}
        for entry in entries:
            try:
                check_file_name(entry.name, counts)
                files[entry.name] = entry.read(min(budget, self.course.limits.file_mb * MB))
                budget -= len(files[entry.name])
            except FileRefusedError as error:
                self.collected.skipped[f"{name}: {entry.name}"] = str(error)
        return files

    def timestamp(self, student: str) -> dict[str, bytes]:
        """Return nbgrader's file about the time of a submission, if the platform gave one."""
        if time := self.times.get(student):
            return {TIMESTAMP: f"{time:%Y-%m-%d %H:%M:%S} UTC\n".encode()}
        return {}

    def update_time(self, student: str, target: Path) -> None:
        """Write down the time of a submission that is there already, if it was not known."""
        for name, data in self.timestamp(student).items():
            if read_small_file(target, name) != data and not (target / name).is_symlink():
                write_atomically(target / name, data, 0o644)
                ResultStore(self.course.state, self.assignment).request_regrade(student)

    def write_files(self, target: Path, files: dict[str, bytes]) -> None:
        """Write the files of a submission, all at once."""
        shared = bool(self.course.directory.groupshared)
        staging.stage(target, files, mode=0o664 if shared else 0o644, shared=shared)
        staging.publish(target)
