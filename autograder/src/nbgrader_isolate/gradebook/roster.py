"""The students of a course, and what learning platforms call them.

A platform names a student by a name, a number, or both. A roster file, which the platform exports,
connects these with the ids of the gradebook.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable

MAX_ROSTER_BYTES = 16 << 20
IDENTIFYING = (
    "student", "id", "name", "full name", "identifier", "email address", "email", "id number",
    "username", "user name", "orgdefinedid", "student id", "sid", "sis user id", "sis login id",
    "login id", "github_username", "github_id",
)  # fmt: skip
"""Columns of a roster, in lower case, whose values say who a student is: of Canvas, Moodle,
Blackboard, Brightspace, Gradescope and GitHub Classroom, and `name,student` of a file of your own.
"""
NAMES = {"name", "full name"}
"""Those of them that people choose themselves, as Canvas' "Student" beside its "ID"."""
GITHUB_NUMBER = "github_id"  # nothing in a download is named after it
ACCOUNTS = {"github_username", GITHUB_NUMBER}
"""Those of another platform, where people choose their names: they are never ids of the course."""
PARTS = {"last name", "first name"}
"""Columns that say who a student is only together."""
TWO_NAMES = 2
PARTICIPANT = re.compile(r"\D+ (\d+)")
"""Moodle's identifier, such as "Participant 7011"; a download has only the number."""


@dataclass(frozen=True)
class Submitter:
    """The person who submitted a file, as the download names them.

    Parameters
    ----------
    name : str
    number : str
        The platform's number, or "".
    permanent : bool
        Whether the number belongs to the user, as in Canvas. Moodle's differs for each assignment.
    is_id : bool
        Whether the name is the platform's name of the account, and not one that people choose.
    email : str
        The e-mail address of the platform's account, or "".
    """

    name: str
    number: str = ""
    permanent: bool = False
    is_id: bool = False
    email: str = ""

    def __str__(self) -> str:
        return f"{self.name}_{self.number}" if self.number else self.name


@dataclass(frozen=True)
class Student:
    """A student of the course: the id, and other data in the gradebook, which may be empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


class Roster:
    """The students of a course, which can be found by what a platform writes.

    Parameters
    ----------
    students : iterable of Student
    aliases : mapping of str to set of str, optional
        Ids by the `name_key` of other names, as `RosterFile.aliases` returns them.
    """

    def __init__(
        self, students: Iterable[Student], aliases: Mapping[str, set[str]] | None = None
    ) -> None:
        self.students = list(students)
        self.aliases = aliases or {}
        self._same_numbers = self._same_emails = False

    def compare_with(self, submitters: Iterable[Submitter]) -> None:
        """Check whether numbers and addresses of a download are those of the gradebook.

        If one of them is, then the platform and the gradebook mean the same by them. A student
        whose own number or address is known is then nobody who has another.
        """
        numbers = {student.lms_user_id for student in self.students} - {""}
        emails = {student.email.casefold() for student in self.students} - {""}
        for one in submitters:
            self._same_numbers |= one.permanent and one.number in numbers
            self._same_emails |= one.email.casefold() in emails

    def contradicts(self, submitter: Submitter, student: Student) -> bool:
        """Return whether a student's known number or address is not that of a submitter."""
        number, email = submitter.number if submitter.permanent else "", submitter.email.casefold()
        if self._same_emails and email and student.email:
            return email != student.email.casefold()
        return bool(
            self._same_numbers and number and student.lms_user_id and number != student.lms_user_id
        )

    def has_other_number(self, submitter: Submitter) -> bool:
        """Return whether there is a student of that name, with another number or address."""
        named = [s for s in self.students if name_key(submitter.name) in student_keys(s)]
        return any(self.contradicts(submitter, student) for student in named)

    def find(self, submitter: Submitter) -> list[str]:
        """Return the ids of students that a name may refer to, by the first rule that finds any.

        The rules: the number, the roster's file, the e-mail address, the id, the name; then the
        name behind the name of a group, and the first and last name without those between. A name
        does not lead to a student whose number or address is known to be another.
        """
        number = submitter.number if submitter.permanent else ""
        by_number = [s.id for s in self.students if number and s.lms_user_id == number]
        ids = {normalize(submitter.name), normalize(str(submitter)), number} - {""}
        by_id = [s.id for s in self.students if normalize(s.id) in ids]
        key, email = name_key(submitter.name), submitter.email.casefold()
        by_email = [s.id for s in self.students if email and s.email.casefold() == email]
        possible = [s for s in self.students if not self.contradicts(submitter, s)]
        by_name = [s.id for s in possible if key and key in student_keys(s)]
        return (
            by_number
            or self.by_alias(submitter)
            or by_email
            or by_id
            or by_name
            or ([] if submitter.is_id else self.by_part_of_name(submitter.name, possible))
        )

    def is_sure(self, submitter: Submitter, student: str) -> bool:
        """Return whether a number or an account says who a submitter is, and not only a name."""
        number = submitter.number if submitter.permanent else ""
        account = normalize(submitter.name) if submitter.is_id else ""
        known = {account_key(submitter.name), name_key(number)} - {""}
        email = submitter.email.casefold()
        return any(self.aliases.get(key) == {student} for key in known) or any(
            {number, account} - {""} & {one.lms_user_id, normalize(one.id)}
            or (email and one.email.casefold() == email)
            for one in self.students
            if one.id == student
        )

    def by_alias(self, submitter: Submitter) -> list[str]:
        """Return the ids that the roster's file gives; a number says more than a name."""
        if ids := self.aliases.get(account_key(submitter.name)):
            return sorted(ids)
        for text in (submitter.number, submitter.name, str(submitter)):
            if text and (ids := self.aliases.get(name_key(text))):
                return sorted(ids)
        return []

    @staticmethod
    def by_part_of_name(name: str, students: Iterable[Student]) -> list[str]:
        """Return the ids for a name with a group before it, or with more names in the middle."""
        students = list(students)
        for rest in names_behind_group(name):
            if found := [s.id for s in students if name_key(rest) in student_keys(s)]:
                return found
        words = [name_key(word) for word in name.replace(",", " ").split()]
        ends = {words[0] + words[-1], words[-1] + words[0]} if len(words) > TWO_NAMES else set()
        return [s.id for s in students if ends & student_keys(s)]


def names_behind_group(name: str) -> Iterator[str]:
    """Yield what may be a name behind that of a group: Moodle writes `Lab A-Grace Hopper`.

    A single word before the hyphen belongs to the name, as in `Smith-Jones Ada`.
    """
    for hyphen in re.finditer("-", name):
        group, rest = name[: hyphen.start()], name[hyphen.end() :]
        if not group.isalpha() and group.strip() and " " in rest.strip():
            yield rest


def student_keys(student: Student) -> set[str]:
    """Return the names that a student is known by, as keys."""
    first, last = student.first_name, student.last_name
    full = (first + last, last + first) if first and last else ()
    return {name_key(text) for text in (student.id, student.email, *full)} - {""}


def normalize(text: str) -> str:
    """Return a text with accents in one form (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)


def name_key(text: str) -> str:
    """Return a name as lower-case letters: `Lovelace, Ada` and `lovelaceada` have the same key."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if character.isalnum())


def account_key(name: str) -> str:
    """Return the key of an account of another platform, which differs from all of `name_key`."""
    return f"account {name.casefold()}"


@dataclass(frozen=True)
class RosterFile:
    """A table with a line for each student, as a platform exports it.

    Parameters
    ----------
    path : Path
    columns : list of str
    rows : list of dict
        Values by column, in the order of the file. Rows that name nobody are among them.
    """

    path: Path
    columns: list[str]
    rows: list[dict[str, str]]

    def assign(self, students: Iterable[Student]) -> list[list[str]]:
        """Return the ids of the students that each row may be about.

        A person may have chosen a name that is another's. So if several rows could be about one
        student, those count that have an id or address of the student, and no others.
        """
        known = list(students)
        sure = [self.by_id(row, known) for row in self.rows]
        found = [ids or self.by_name(row, known) for ids, row in zip(sure, self.rows, strict=True)]
        claims = Counter(student for ids in found for student in ids[:1] if len(ids) == 1)
        return [
            [] if len(ids) == 1 and claims[ids[0]] > 1 and not own else ids
            for ids, own in zip(found, sure, strict=True)
        ]

    def by_id(self, row: Mapping[str, str], students: Iterable[Student]) -> list[str]:
        """Return the students whose id, number or e-mail address is in a row."""
        columns = {column.strip().casefold() for column in self.columns}
        names = NAMES | ACCOUNTS | ({"student"} if "id" in columns else set())
        values = identifying(row, names)
        keys = {name_key(value) for value in values}
        found = [s.id for s in students if {s.id, s.lms_user_id, s.email} - {""} & values]
        return found or [
            s.id for s in students if {name_key(s.id), name_key(s.email)} - {""} & keys
        ]

    @staticmethod
    def by_name(row: Mapping[str, str], students: Iterable[Student]) -> list[str]:
        """Return the students whose name is in a row."""
        parts = {column.strip().casefold(): value for column, value in row.items()}
        keys = {name_key(value) for value in identifying(row, ACCOUNTS)}
        keys.add(name_key(parts.get("first name", "") + parts.get("last name", "")))
        return [s.id for s in students if keys - {""} & student_keys(s)]

    def aliases(self, students: Iterable[Student]) -> dict[str, set[str]]:
        """Return the ids of students by the keys of all that their rows call them."""
        found: dict[str, set[str]] = defaultdict(set)
        for row, ids in zip(self.rows, self.assign(students), strict=True):
            if len(ids) != 1:
                continue
            for column, value in row.items():
                key = column.strip().casefold()
                if key in IDENTIFYING and value and key != GITHUB_NUMBER:
                    found[account_key(value) if key in ACCOUNTS else name_key(value)] |= set(ids)
                    if key == "identifier" and (number := PARTICIPANT.fullmatch(value)):
                        found[number[1]] |= set(ids)
        return {key: ids for key, ids in found.items() if key}


def identifying(row: Mapping[str, str], left_out: Container[str]) -> set[str]:
    """Return the values of a row that say who a student is, without those of some columns."""
    keys = {column: column.strip().casefold() for column in row}
    return {
        value
        for column, value in row.items()
        if value and keys[column] in IDENTIFYING and keys[column] not in left_out
    }


def table_lines(text: str, path: Path) -> list[list[str]]:
    """Return the fields of each line of a table with commas, semicolons or tabs.

    Lines may end as on any system. Empty lines at the beginning do not count.

    Raises
    ------
    GraderError
        If it is not such a table.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")
    first = re.sub(r'"[^"\n]*"', "", text.partition("\n")[0])
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise GraderError(f"{path}: is not a table of comma-separated values: {error}.") from error


def read_roster(path: Path) -> RosterFile:
    """Read a roster: a CSV file with a line of column names first.

    Raises
    ------
    GraderError
        If it cannot be read, or none of its columns says who a student is.
    """
    try:
        data = path.read_bytes()[: MAX_ROSTER_BYTES + 1]
    except OSError as error:
        raise GraderError(f"{path}: {error.strerror}.") from error
    if len(data) > MAX_ROSTER_BYTES:
        raise GraderError(f"{path}: is too large for a roster.")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise GraderError(f"{path}: is not UTF-8 text; save it as CSV (UTF-8).") from error
    lines = table_lines(text, path)
    columns = lines[0] if lines else []
    if not {column.strip().casefold() for column in columns} & {*IDENTIFYING, *PARTS}:
        raise GraderError(
            f"{path}: none of its columns says who a student is ({printable(', '.join(columns))}); "
            "use the grades that your platform exports, or a file with the columns name,student."
        )
    if doubled := {column for column in columns if column and columns.count(column) > 1}:
        raise GraderError(f"{path}: has two columns {printable(min(doubled))}.")
    rows = [
        dict(zip(columns, [*line, *[""] * len(columns)], strict=False))
        for line in lines[1:]
        if line
    ]
    return RosterFile(path, columns, rows)
