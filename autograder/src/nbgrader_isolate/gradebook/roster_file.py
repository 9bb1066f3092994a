"""The table of students that a platform exports: who is who, by the ids of the gradebook."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.roster import (
    Index,
    Student,
    account_key,
    address_key,
    ids_of,
    name_key,
)

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
PARTICIPANT = re.compile(r"\D+ (\d+)")
"""Moodle's identifier, such as "Participant 7011"; a download has only the number."""


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
        known = Index(students)
        sure = [self.by_id(row, known) for row in self.rows]
        found = [ids or self.by_name(row, known) for ids, row in zip(sure, self.rows, strict=True)]
        claims = Counter(student for ids in found for student in ids[:1] if len(ids) == 1)
        return [
            [] if len(ids) == 1 and claims[ids[0]] > 1 and not own else ids
            for ids, own in zip(found, sure, strict=True)
        ]

    def chosen(self) -> set[str]:
        """Return the columns, in lower case, with names that people choose themselves."""
        columns = {column.strip().casefold() for column in self.columns}
        return NAMES | ({"student"} if "id" in columns else set())

    def by_id(self, row: Mapping[str, str], students: Index) -> list[str]:
        """Return the students whose id, number or e-mail address is in a row."""
        values = identifying(row, self.chosen() | ACCOUNTS)
        keys = {name_key(value) for value in values}
        return ids_of(
            students.among(students.values, values) or students.among(students.own_keys, keys)
        )

    @staticmethod
    def by_name(row: Mapping[str, str], students: Index) -> list[str]:
        """Return the students whose name is in a row."""
        parts = {column.strip().casefold(): value for column, value in row.items()}
        keys = {name_key(value) for value in identifying(row, ACCOUNTS)}
        keys.add(name_key(parts.get("first name", "") + parts.get("last name", "")))
        return ids_of(students.among(students.keys, keys - {""}))

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
                    if "@" in value and key not in self.chosen():
                        found[address_key(value)] |= set(ids)
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
