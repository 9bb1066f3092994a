"""Scores go into the table that a platform exports, and nothing else of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.cli.export import told
from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.roster import Student
from nbgrader_isolate.gradebook.roster_file import RosterFile, read_roster
from nbgrader_isolate.report.csv_export import Line, as_csv
from nbgrader_isolate.report.platform_grades import (
    PlatformGrades,
    absent,
    canvas_grades,
    moodle_grades,
)

STUDENTS = [
    Student("ada", "Ada", "Lovelace", "ada@example.org", "1011"),
    Student("bob", "Robert", "Tables", "bob@example.org"),
    Student("cy", "Cy", "Young", "cy@example.org"),
    Student("gone", "Gone", "Away"),
]
CANVAS = """\
Student,ID,SIS Login ID,Section,ps1 (77),ps10 (78),Final Score
    Points Possible,,,,10,5,(read only)
"Lovelace, Ada",1011,ada@example.org,A,,3,90
"Tables, Robert",1012,bob@example.org,A,,,
"Young, Cy",1013,cy@example.org,B,,,
"Student, Test",1099,,A,,,
"""
MOODLE = """\
Identifier,Full name,Email address,Status,Grade,Maximum grade,Feedback comments
Participant 7001,Ada Lovelace,ada@example.org,Submitted,,{0},
Participant 7002,Robert Tables,bob@example.org,Submitted,,{0},see me
Participant 7003,Cy Young,cy@example.org,No submission,,{0},
"""


def line(student: str, score: float | None, **more: str) -> Line:
    status = {"status": "graded", "complete": "yes", "excused": "no"}
    return {"student": student, "score": score, "max_score": 12.0, **status, **more}


SCORES = {
    "ada": line("ada", 9.5),
    "bob": line("bob", 4.0, complete="no"),
    "cy": line("cy", 0.0, status="not handed in", excused="yes"),
    "gone": line("gone", 1.0),
}


def roster(folder: Path, text: str) -> RosterFile:
    (folder / "roster.csv").write_text(text, "utf-8")
    return read_roster(folder / "roster.csv")


def test_canvas_gets_its_ids_and_one_column_and_nothing_for_what_is_not_complete(
    tmp_path: Path,
) -> None:
    table = roster(tmp_path, CANVAS)
    found = canvas_grades("ps1", table, STUDENTS, SCORES, None)
    assert found.columns == ["Student", "ID", "SIS Login ID", "Section", "ps1 (77)"]
    assert [(one["Student"], one["ps1 (77)"]) for one in found.lines] == [
        ("    Points Possible", 12.0),
        ("Lovelace, Ada", 9.5),
        ("Young, Cy", "EX"),
    ]
    assert found.empty == {"bob": "not complete", "cy": "excused"}
    assert found.strangers == ["Student, Test"]
    assert absent(found, table, STUDENTS) == ["gone"]


@pytest.mark.parametrize(
    ("theirs", "other"), [("10", 10.0), ("12", None), ("12,0", None), ("", None)]
)
def test_another_maximum_at_canvas_is_said(
    tmp_path: Path, theirs: str, other: float | None
) -> None:
    table = roster(tmp_path, CANVAS.replace(",,,,10,", f',,,,"{theirs}",'))
    found = canvas_grades("ps1", table, STUDENTS, SCORES, None)
    assert found.other_maximum == other
    said = [line for line in told(found, "canvas") if "has 10 points for this assignment" in line]
    assert len(said) == (other is not None)


def test_a_column_of_canvas_is_found_by_its_name_or_named(tmp_path: Path) -> None:
    table = roster(tmp_path, CANVAS)
    assert canvas_grades("ps2", table, STUDENTS, {}, None).columns[-1] == "ps2"
    assert canvas_grades("x", table, STUDENTS, SCORES, "ps10 (78)").columns[-1] == "ps10 (78)"
    with pytest.raises(GraderError, match="has no column 'homework'"):
        canvas_grades("ps1", table, STUDENTS, SCORES, "homework")
    double = roster(tmp_path, CANVAS.replace("ps10 (78)", "ps1 (78)"))
    with pytest.raises(GraderError, match=r"ps1 \(77\), ps1 \(78\) could all be ps1"):
        canvas_grades("ps1", double, STUDENTS, SCORES, None)


def moodle(folder: Path, maximum: str, *, scale: bool = False) -> PlatformGrades:
    return moodle_grades(roster(folder, MOODLE.format(maximum)), STUDENTS, SCORES, scale=scale)


def test_moodles_worksheet_keeps_all_its_columns_and_gets_the_grade(tmp_path: Path) -> None:
    found = moodle(tmp_path, "12.00")
    assert found.columns[4:6] == ["Grade", "Maximum grade"]
    assert [one["Grade"] for one in found.lines] == [9.5, "", ""]
    assert found.lines[1]["Feedback comments"] == "see me"


def test_moodles_old_grade_is_taken_out_where_there_is_none_now(tmp_path: Path) -> None:
    text = MOODLE.format(12).replace("Submitted,,", "Submitted,7.00,")
    text = text.replace("No submission,,", "-,9.00,").replace("see me", "Good; -2 for style")
    text += "Participant 7004,Some Body,some@example.org,Submitted,3.00,12,=1+1\n"
    found = moodle_grades(roster(tmp_path, text), STUDENTS, SCORES, scale=False)
    assert [one["Grade"] for one in found.lines] == [9.5, "", "", "3.00"]
    written = as_csv(found.columns, found.lines)
    assert "Submitted,,12,Good; -2 for style\r\n" in written
    assert ",-,,12,\r\n" in written
    assert ",'=1+1\r\n" in written


def test_another_maximum_is_refused_or_converted(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match=r"Moodle's maximum grade is 100, and .* 12 points"):
        moodle(tmp_path, "100.00")
    scaled = moodle(tmp_path, '"100,00"', scale=True).lines[0]["Grade"]
    assert scaled == pytest.approx(9.5 / 12 * 100)


def test_a_table_of_another_platform_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="not a table of Canvas"):
        canvas_grades("ps1", roster(tmp_path, MOODLE), STUDENTS, SCORES, None)
    with pytest.raises(GraderError, match="not a grading worksheet of Moodle"):
        moodle_grades(roster(tmp_path, CANVAS), STUDENTS, SCORES, scale=False)


def test_two_rows_never_get_the_score_of_one_student(tmp_path: Path) -> None:
    text = CANVAS.replace("Young, Cy", "Lovelace, Ada").replace("cy@", "eve@")
    table = roster(tmp_path, text)
    found = canvas_grades("ps1", table, STUDENTS, SCORES, None)
    scored = [(one["ID"], one["ps1 (77)"]) for one in found.lines if one["ID"]]
    assert scored == [("1011", 9.5)]
    assert found.strangers == ["Lovelace, Ada", "Student, Test"]
    doubled = roster(tmp_path, CANVAS.replace("1013,cy@", "1013,ada@"))
    found = canvas_grades("ps1", doubled, STUDENTS, SCORES, None)
    assert [one["ID"] for one in found.lines] == [""]
    assert found.doubled == ["ada"]


@pytest.mark.parametrize("name", ["    Points Possible", "Cy (Points Possible)"])
def test_a_student_who_is_called_like_the_row_of_maxima_gets_a_students_score(
    tmp_path: Path, name: str
) -> None:
    table = roster(tmp_path, CANVAS.replace('"Young, Cy"', f'"{name}"'))
    scores = {**SCORES, "cy": line("cy", 0.5)}
    found = canvas_grades("ps1", table, STUDENTS, scores, None)
    assert [(one["ID"], one["ps1 (77)"]) for one in found.lines] == [
        ("", 12.0),
        ("1011", 9.5),
        ("1013", 0.5),
    ]
