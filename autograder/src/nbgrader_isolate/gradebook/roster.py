"""The students of a course, and what learning platforms call them.

A platform names a student by a name, a number, an address, or several of these. People choose their
names themselves on many platforms, so a name counts only if no number or address says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

TWO_NAMES = 2


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
    account : bool
        Whether the name is that of an account elsewhere, as at GitHub, where people choose them.
    written : str
        What the download has in its place, if it was not clear which part of that is the name.
    """

    name: str
    number: str = ""
    permanent: bool = False
    is_id: bool = False
    email: str = ""
    account: bool = False
    written: str = ""

    def __str__(self) -> str:
        return self.written or self.numbered

    @property
    def numbered(self) -> str:
        """The name with the number, which tells people of one name apart."""
        return f"{self.name}_{self.number}" if self.number else self.name


@dataclass(frozen=True)
class Student:
    """A student of the course: the id, and other data in the gradebook, which may be empty."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


class Index:
    """The students of a course by what they are called, so that nobody has to look through all."""

    def __init__(self, students: Iterable[Student]) -> None:
        self.students = list(students)

    @cached_property
    def ids(self) -> dict[str, list[Student]]:
        """Students by the id as it is written."""
        return self._by(lambda student: {student.id})

    @cached_property
    def normalized(self) -> dict[str, list[Student]]:
        """Students by the id, with accents in one form."""
        return self._by(lambda student: {normalize(student.id)})

    @cached_property
    def numbers(self) -> dict[str, list[Student]]:
        """Students by the platform's number."""
        return self._by(lambda student: {student.lms_user_id})

    @cached_property
    def emails(self) -> dict[str, list[Student]]:
        """Students by the e-mail address, in lower case."""
        return self._by(lambda student: {student.email.casefold()})

    @cached_property
    def values(self) -> dict[str, list[Student]]:
        """Students by the id, the number and the e-mail address, as they are written."""
        return self._by(lambda student: {student.id, student.lms_user_id, student.email})

    @cached_property
    def own_keys(self) -> dict[str, list[Student]]:
        """Students by the keys of id and e-mail address."""
        return self._by(lambda student: {name_key(student.id), name_key(student.email)})

    @cached_property
    def keys(self) -> dict[str, list[Student]]:
        """Students by the keys of all their names."""
        return self._by(student_keys)

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each student is in the order of the course, by the id."""
        return {student.id: place for place, student in enumerate(self.students)}

    def _by(self, called: Callable[[Student], set[str]]) -> dict[str, list[Student]]:
        found: defaultdict[str, list[Student]] = defaultdict(list)
        for student in self.students:
            for text in called(student) - {""}:
                found[text].append(student)
        return dict(found)

    def among(self, table: Mapping[str, list[Student]], texts: Iterable[str]) -> list[Student]:
        """Return the students whom a table has for any of some texts, in the course's order."""
        found = {student.id: student for text in texts for student in table.get(text, ())}
        return sorted(found.values(), key=lambda student: self.places[student.id])


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
        self.index = Index(self.students)
        self.aliases = aliases or {}
        self._has_accounts = any(map(is_account_key, self.aliases))
        self._same_numbers = self._same_emails = False

    def compare_with(self, submitters: Iterable[Submitter]) -> None:
        """Check whether numbers and addresses of a download are those of the gradebook.

        If one of them is, then the platform and the gradebook mean the same by them. A student
        whose own number or address is known is then nobody who has another. If none is, and several
        people of a known name have another one, then the gradebook's are of another kind; a single
        one is more likely a person who has chosen that name.
        """
        numbers, emails = self.index.numbers, self.index.emails
        known = list(submitters)
        self._same_numbers = self._same_emails = True
        single = sum(map(self.has_other_number, known)) == 1
        self._same_emails = single or any(one.email.casefold() in emails for one in known)
        self._same_numbers = any(one.permanent and one.number in numbers for one in known) or (
            single and not any(one.email for one in known)
        )

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
        if self.find(submitter):
            return False
        named = self.find(Submitter(submitter.name, is_id=submitter.is_id))
        same = self.index.among(self.index.ids, named)
        return any(self.contradicts(submitter, one) for one in same)

    def find(self, submitter: Submitter) -> list[str]:
        """Return the ids of students that a submitter may be, by the first rule that finds any.

        The rules: the number, the account or the address; then the roster's file, the id, the name,
        the name behind the name of a group, and the first and last name without those between. A
        name does not lead to a student whose number or address is known to be another, and if the
        roster has accounts, an account that is not in it is nobody's.
        """
        found = self.by_account(submitter)
        if found or (submitter.account and self._has_accounts):
            return found
        index = self.index
        key = name_key(submitter.name)

        def possible(table: Mapping[str, list[Student]], texts: Iterable[str]) -> list[str]:
            found = index.among(table, texts)
            return [student.id for student in found if not self.contradicts(submitter, student)]

        return (
            possible(index.ids, self.aliases.get(key, ()))
            or possible(
                index.normalized, (normalize(submitter.name), normalize(submitter.numbered))
            )
            or possible(index.keys, {key} - {""})
            or ([] if submitter.is_id else self.by_part_of_name(submitter.name, possible))
        )

    def by_account(self, submitter: Submitter) -> list[str]:
        """Return the ids by what people do not choose: numbers, accounts, addresses.

        What `collect` printed for somebody, with the number, counts in a roster's file as well.
        """
        number = submitter.number if submitter.permanent else ""
        address = submitter.email.casefold()
        printed = {submitter.number, submitter.numbered, str(submitter)} - {submitter.name, ""}
        keys = [account_key(submitter.name), *map(name_key, sorted(printed, key=len))]
        keys += [address_key(address)]
        index = self.index
        return (
            ids_of(index.numbers.get(number, ()))
            or next((sorted(self.aliases[key]) for key in keys if self.aliases.get(key)), [])
            or ids_of(index.emails.get(address, ()))
            or ids_of(index.normalized.get(number, ()))
        )

    def is_sure(self, submitter: Submitter, student: str) -> bool:
        """Return whether a number or an account says who a submitter is, and not only a name."""
        account = normalize(submitter.name) if submitter.is_id else ""
        index = self.index
        same = [*index.normalized.get(account, ()), *index.numbers.get(account, ())]
        by_account = list(dict.fromkeys(ids_of(same)))
        return (self.by_account(submitter) or by_account) == [student]

    def by_part_of_name(
        self,
        name: str,
        possible: Callable[[Mapping[str, list[Student]], Iterable[str]], list[str]],
    ) -> list[str]:
        """Return the ids for a name with a group before it, or with more names in the middle."""
        keys = self.index.keys
        for rest in names_behind_group(name):
            if found := possible(keys, {name_key(rest)} - {""}):
                return found
        words = [name_key(word) for word in name.replace(",", " ").split()]
        ends = {words[0] + words[-1], words[-1] + words[0]} if len(words) > TWO_NAMES else set()
        return possible(keys, ends - {""})


def ids_of(students: Iterable[Student]) -> list[str]:
    """Return the ids of students."""
    return [student.id for student in students]


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


def is_account_key(key: str) -> bool:
    """Return whether a key is one of `account_key`."""
    return key.startswith("account ")


def address_key(address: str) -> str:
    """Return the key of an e-mail address, which differs from all of `name_key`."""
    return f"address {address.casefold()}"
