"""Students are found by what platforms call them; nobody is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook import roster as roster_module
from nbgrader_isolate.gradebook.roster import Roster, Student, Submitter
from nbgrader_isolate.gradebook.roster_file import read_roster

PEOPLE = [
    Student("kj1", "Katherine", "Johnson", "kj@example.org"),
    Student("kj2", "Katherine", "Johnson", "kate@example.org"),
    Student("gh", "Grace", "Hopper"),
    Student("ada", "Ada", "Lovelace", "ada@example.org", "1011"),
]
MOODLE = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade"
"Participant 7001","Katherine Johnson",,kj@example.org,Submitted,,10.00
"Participant 7002","Katherine Johnson",,kate@example.org,Submitted,,10.00
"Participant 7003",Somebody Else,,else@example.org,Submitted,,10.00
"""


def roster(tmp_path: Path, text: str, encoding: str = "utf-8") -> Roster:
    file = tmp_path / "roster.csv"
    file.write_bytes(text.encode(encoding))
    return Roster(PEOPLE, read_roster(file).aliases(PEOPLE))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_moodles_worksheet_tells_students_of_one_name_apart(tmp_path: Path, encoding: str) -> None:
    both = Submitter("Katherine Johnson", "7002")
    assert Roster(PEOPLE).find(both) == ["kj1", "kj2"]
    assert roster(tmp_path, MOODLE, encoding).find(both) == ["kj2"]


def test_moodles_worksheet_names_who_is_behind_a_blind_number(tmp_path: Path) -> None:
    found = roster(tmp_path, MOODLE)
    assert found.find(Submitter("Participant", "7001")) == ["kj1"]
    assert found.find(Submitter("Participant", "7003")) == []


def test_a_file_of_your_own_maps_names_to_ids(tmp_path: Path) -> None:
    found = roster(tmp_path, "name;student\njohnsonkatherine2;kj2\n")
    assert found.find(Submitter("johnsonkatherine2", "99", permanent=True)) == ["kj2"]


def test_github_names_come_from_the_classroom_roster(tmp_path: Path) -> None:
    text = "identifier,github_username,github_id,name\nada@example.org,countess,5,\n"
    assert roster(tmp_path, text).find(Submitter("countess")) == ["ada"]


def test_first_and_last_names_count_together_only(tmp_path: Path) -> None:
    found = roster(tmp_path, "First Name,Last Name,Username\nGrace,Hopper,rear-admiral\n")
    assert found.find(Submitter("rear-admiral")) == ["gh"]
    assert found.find(Submitter("Grace")) == []


@pytest.mark.parametrize(
    "name", ["Lab A-Grace Hopper", "Group 1-Hopper, Grace", "Grace Brewster Hopper"]
)
def test_a_group_or_a_middle_name_does_not_hide_a_student(name: str) -> None:
    assert Roster(PEOPLE).find(Submitter(name, "7")) == ["gh"]


@pytest.mark.parametrize("name", ["Smith-Grace Hopper", "Hopper", "-Grace Hopper Jones", "-"])
def test_part_of_another_name_is_not_a_student(name: str) -> None:
    assert Roster(PEOPLE).find(Submitter(name, "7")) == []


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"a,b\n1,2\n", "none of its columns says who a student is"),
        (b"", "none of its columns"),
        (b"student,student\nx,y\n", "has two columns student"),
        (b"student\n\xff\xff\xff", "is not UTF-8 text"),
        (b"x" * (17 << 20), "is too large"),
    ],
)
def test_what_is_not_a_roster_is_refused_in_one_line(tmp_path: Path, data: bytes, why: str) -> None:
    file = tmp_path / "roster.csv"
    file.write_bytes(data)
    with pytest.raises(GraderError, match=why):
        read_roster(file)
    with pytest.raises(GraderError, match="No such file"):
        read_roster(tmp_path / "none.csv")


def test_a_chosen_name_does_not_make_a_row_anothers(tmp_path: Path) -> None:
    text = "Student,ID,SIS Login ID\nada,1011,countess\nada,502,eve\ngh,503,mallory\n"
    found = roster(tmp_path, text)
    assert found.find(Submitter("somebody", "502", permanent=True)) == []
    assert found.find(Submitter("somebody", "1011", permanent=True)) == ["ada"]
    assert found.find(Submitter("somebody", "503", permanent=True)) == ["gh"]  # nobody else's row
    doubled = roster(tmp_path, "Student,ID\nGrace Hopper,1\nGrace Hopper,2\n")
    assert doubled.find(Submitter("x", "1", permanent=True)) == []


def test_a_github_name_is_never_an_id_of_the_course(tmp_path: Path) -> None:
    text = (
        "identifier,github_username,github_id,name\n"
        "ada@example.org,grace-hub,1,\nkj@example.org,gh,2,\ngh,gracehub,3,\n"
    )
    found = roster(tmp_path, text)
    assert found.find(Submitter("gh")) == ["kj1"]
    assert found.find(Submitter("grace-hub")) == ["ada"]
    assert found.find(Submitter("GraceHub")) == ["gh"]
    assert found.is_sure(Submitter("gh"), "kj1")
    assert not found.is_sure(Submitter("Grace Hopper"), "gh")


def test_a_number_in_a_name_is_not_moodles(tmp_path: Path) -> None:
    text = MOODLE.replace("Somebody Else,,else@", "Mallory 7001,gh,gh@")
    found = roster(tmp_path, text)
    assert found.find(Submitter("Participant", "7001")) == ["kj1"]
    assert found.find(Submitter("Participant", "7003")) == ["gh"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_roster_may_have_the_line_ends_of_any_system(tmp_path: Path, end: str) -> None:
    lines = ["", '"name","student","a;b;c;d"', "Ada L,ada,x"]
    (tmp_path / "roster.csv").write_bytes(end.join(lines).encode())
    assert read_roster(tmp_path / "roster.csv").rows == [
        {"name": "Ada L", "student": "ada", "a;b;c;d": "x"}
    ]


@pytest.mark.parametrize("field", ["x" * 200_000, '"x'])
def test_a_roster_that_is_no_table_is_refused_in_one_line(tmp_path: Path, field: str) -> None:
    (tmp_path / "roster.csv").write_text(f"name,student\nAda L,{field}\n", "utf-8")
    with pytest.raises(GraderError, match="is not a table of comma-separated values"):
        read_roster(tmp_path / "roster.csv")


@pytest.mark.parametrize("name", ["Somebody Else Again", "First7 Last7", "s7", "x-1 Last7 First7"])
def test_looking_somebody_up_goes_through_no_list_of_students(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    counts = []
    for size in (10, 1000):
        roster = Roster(Student(f"s{n}", f"First{n}", f"Last{n}") for n in range(size))
        roster.find(Submitter("anybody"))
        calls = count_calls(monkeypatch, roster_module, "name_key")
        compared = count_calls(monkeypatch, Roster, "contradicts")
        roster.find(Submitter(name))
        roster.has_other_number(Submitter(name, "7", permanent=True))
        counts.append((len(calls), len(compared)))
    assert counts[0] == counts[1]


def test_a_roster_is_assigned_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = count_calls(monkeypatch, roster_module, "student_keys")
    file = tmp_path / "roster.csv"
    file.write_text("name,student\n" + "".join(f"Nobody{n},x{n}\n" for n in range(50)))
    read_roster(file).assign(Student(f"s{n}") for n in range(50))
    assert len(calls) == 50, "once for each student, not for each pair"


def count_calls(
    monkeypatch: pytest.MonkeyPatch, owner: object, name: str
) -> list[tuple[object, ...]]:
    """Return a list that grows with each call of a function."""
    calls: list[tuple[object, ...]] = []
    function = getattr(owner, name)

    def counted(*arguments: object) -> object:
        calls.append(arguments)
        return function(*arguments)

    monkeypatch.setattr(owner, name, counted)
    return calls
