"""`accommodations.csv`: what it grants, and one line for what it cannot mean."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.accommodations import (
    FILE,
    Accommodation,
    accommodations,
    unknown_assignments,
)

HEAD = "assignment,student,extension_hours,excused,why\n"
TIMED = "assignment,student,time_factor\n"


def test_extensions_and_excuses_are_read_by_assignment(tmp_path: Path) -> None:
    assert accommodations(tmp_path, "ps1") == {}
    lines = f"{HEAD}ps1,ada,48,,ill\nps1,bob,,yes,\nps2,ada,,x,\nps1,cy,0,no,\n,,,,\n"
    (tmp_path / FILE).write_text(lines, "utf-8-sig")
    assert accommodations(tmp_path, "ps1") == {
        "ada": Accommodation(timedelta(hours=48)),
        "bob": Accommodation(excused=True),
        "cy": Accommodation(timedelta()),
    }
    assert accommodations(tmp_path, "ps2") == {"ada": Accommodation(excused=True)}
    (tmp_path / FILE).write_text("assignment,student,excused\nps1,ada,yes\n", "utf-8")
    assert accommodations(tmp_path, "ps1")["ada"].excused


def test_more_time_is_a_factor_and_an_empty_field_is_the_usual_time(tmp_path: Path) -> None:
    lines = f"{TIMED}ps1,ada,1.5\nps1,bob,2\nps1,cy,\nps1,dan,1\nps2,eve,3\n"
    (tmp_path / FILE).write_text(lines, "utf-8")
    assert accommodations(tmp_path, "ps1") == {
        "ada": Accommodation(time_factor=1.5),
        "bob": Accommodation(time_factor=2.0),
        "cy": Accommodation(),
        "dan": Accommodation(),
    }


def test_a_line_for_every_assignment_holds_where_no_other_says_something_else(
    tmp_path: Path,
) -> None:
    head = "assignment,student,extension_hours,excused,time_factor\n"
    lines = f"{head}*,ada,24,,1.5\nps1,ada,48,,\nps2,ada,,yes,2\nps1,bob,,,3\n*,cy,,,2\n"
    (tmp_path / FILE).write_text(lines, "utf-8")
    granted = {name: accommodations(tmp_path, name) for name in ("ps1", "ps2", "ps3")}
    day, two_days = timedelta(hours=24), timedelta(hours=48)
    assert [granted[name]["ada"] for name in granted] == [
        Accommodation(two_days, time_factor=1.5),
        Accommodation(day, excused=True, time_factor=2.0),
        Accommodation(day, time_factor=1.5),
    ]
    assert [name for name in granted if "bob" in granted[name]] == ["ps1"]
    assert {granted[name]["cy"] for name in granted} == {Accommodation(time_factor=2.0)}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (f"{HEAD}ps1,ada,two days,,\n", r"csv:2: extension_hours is 'two days'; write a number"),
        (f"{HEAD}ps1,ada,-1,,\n", "extension_hours is '-1'"),
        (f"{HEAD}ps1,ada,nan,,\n", "extension_hours is 'nan'"),
        (f"{HEAD}ps1,ada,1e99,,\n", "extension_hours is '1e99'"),
        (f"{HEAD}ps1,ada,,maybe,\n", "excused is 'maybe'; write yes, or leave it empty"),
        (f"{HEAD}ps1,ada,1,,\nps1,ada,2,,\n", "csv:3: ada has two lines for ps1"),
        (f"{TIMED}ps1,ada,twice\n", r"csv:2: time_factor is 'twice'; write a number from 1 to 10"),
        (f"{TIMED}ps1,ada,0\n", "time_factor is '0'"),
        (f"{TIMED}ps1,ada,-2\n", "time_factor is '-2'"),
        (f"{TIMED}ps1,ada,0.5\n", "time_factor is '0.5'"),
        (f"{TIMED}ps1,ada,inf\n", "time_factor is 'inf'"),
        (f"{TIMED}ps1,ada,nan\n", "time_factor is 'nan'"),
        (f"{TIMED}ps1,ada,1e9\n", "time_factor is '1e9'; write a number from 1 to 10, such as"),
        (f'{TIMED}ps1,ada,"1,5"\n', "time_factor is '1,5'"),
        (f"{TIMED}*,ada,11\n", "csv:2: time_factor is '11'"),
        (f"{TIMED}*,ada,2\n*,ada,2\n", r"csv:3: ada has two lines for \*"),
        ("assignment,who\nps1,ada\n", "has no column student; its first line is"),
        ("", "has no column assignment"),
        ("assignment,student,extension_hour\nps1,ada,4\n", "extension_hour; write extension_hours"),
        ("assignment,student,exused\nps1,ada,yes\n", "has a column exused; write excused"),
        (f"{HEAD.strip()},extension_hours\nps1,ada,1,,,\n", "has two columns extension_hours"),
        ("assignment,student,why\nps1,ada,ill\n", "has none of extension_hours, excused"),
        (f"{HEAD}PS1,ada,48,,\n", "csv:2: PS1 is not the name of an assignment; write ps1"),
        (f'{HEAD}ps1,"ada,48,,\nps1,bob,48,,"\n', "csv:2: a field has a line end in it"),
        (f'{HEAD}ps1,"ada,48,,\nps1,bob,48,,\n', "is not a table of comma-separated values"),
        (f"{TIMED}ps1,ada,1,5\n", "csv:2: has more fields than the first line; write 1.5"),
        (f"{HEAD}ps1,ada,1,,{'x' * 200_000}\n", "is not a table of comma-separated values"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line(
    tmp_path: Path, data: str, why: str
) -> None:
    (tmp_path / FILE).write_text(data, "utf-8")
    with pytest.raises(GraderError, match=why):
        accommodations(tmp_path, "ps1")


@pytest.mark.parametrize(
    "text",
    [
        "Assignment, Student ,Extension_hours,why\nps1,ada,48,x\n",
        "assignment;student;extension_hours\r\nps1;ada;48\r\n",
        "assignment\tstudent\textension_hours\rps1\tada\t48\r",
        'assignment,student,extension_hours,why\nps1,ada,48,"ill,\nvery"\n',
    ],
)
def test_a_table_of_any_spreadsheet_is_read(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_bytes(text.encode())
    assert accommodations(tmp_path, "ps1") == {"ada": Accommodation(timedelta(hours=48))}


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GraderError, match="is not UTF-8 text"):
        accommodations(tmp_path, "ps1")


def test_assignments_that_a_course_does_not_have_are_named(tmp_path: Path) -> None:
    assert unknown_assignments(tmp_path, ["ps1"]) == []
    (tmp_path / FILE).write_text(f"{HEAD}ps1,ada,1,,\n*,bob,1,,\nsp1,ada,1,,\n", "utf-8")
    (line,) = unknown_assignments(tmp_path, ["ps1"])
    assert line == "In accommodations.csv, but not an assignment of this course: sp1."
    assert unknown_assignments(tmp_path, ["ps1", "sp1"]) == []
