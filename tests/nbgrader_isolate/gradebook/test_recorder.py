"""What lies in the gradebook and in `autograded/` is what nbgrader's own command leaves there."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support import preloaded
from support.graded_course import A

pytestmark = pytest.mark.slow
HONEST = ("ada", "grace", "lena", "nobody", "name with  spaces")


def stock(course: Path) -> None:
    """Run nbgrader's own `autograde`, without settings of ours."""
    done = preloaded.nbgrader("autograde", A, cwd=course)
    assert done.returncode == 0, done.stderr[-2000:]


def keep(course: Path, students: tuple[str, ...]) -> None:
    """Leave only these submissions."""
    for folder in (course / "submitted").iterdir():
        if folder.name not in students:
            shutil.rmtree(folder)


def change(course: Path, *statements: str) -> None:
    """Change a gradebook, as a formgrader would."""
    with sqlite3.connect(course / "gradebook.db") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_honest_submissions_leave_the_rows_and_files_of_stock_nbgrader(course: Path) -> None:
    keep(course, HONEST)
    theirs = gc.copy(course, course.with_name("stock"))
    stock(theirs)
    assert gc.grade(course).returncode == Exit.DONE
    assert gc.rows(course) == gc.rows(theirs)
    about = {name: mode for name, (mode, _) in gc.folders(course).items()}
    assert about == {name: mode for name, (mode, _) in gc.folders(theirs).items()}
    ours = [row for row in gc.comments(course) if "Unprotected" not in (row[2] or "")]
    assert [row for row in gc.comments(theirs) if row in ours] == ours
    assert [row for row in gc.comments(course) if row[:2] == ("nobody", "windows")] == [
        ("nobody", "windows", "No response.")
    ]
    for table in ("student", "submitted_assignment", "submitted_notebook", "grade", "comment"):
        count = f"select count(*) from {table}"  # noqa: S608 - names of ours
        assert gc.rows(course, count) == gc.rows(theirs, count), table


def test_a_persons_marks_stay_and_ask_to_be_looked_at_again(course: Path) -> None:
    keep(course, ("ada",))
    gc.grade(course)
    change(course, "UPDATE grade SET manual_score = 0.5, extra_credit = 2")
    gc.grade(course, "--force")
    marks = gc.rows(course, "select manual_score, extra_credit, needs_manual_grade from grade")
    assert marks == [(0.5, 2.0, 1)] * 6


def test_late_penalties_are_those_of_nbgraders_plugin(course: Path) -> None:
    keep(course, ("ada", "nobody", "grace"))
    config = course / "nbgrader_config.py"
    config.write_text(
        config.read_text()
        + "from nbgrader.plugins import LateSubmissionPlugin\n\n\n"
        + "class Harsh(LateSubmissionPlugin):\n"
        + "    def late_submission_penalty(self, student_id, score, total_seconds_late):\n"
        + "        return total_seconds_late / 60\n\n\n"
        + "c.AssignLatePenalties.plugin_class = Harsh\n"
    )
    stamps = {"ada": "10:03:00", "nobody": "11:00:00", "grace": "09:00:00"}
    for student, stamp in stamps.items():
        place = course / "submitted" / student / A / "timestamp.txt"
        place.write_text(f"2026-11-20 {stamp} UTC\n")
    change(course, "UPDATE assignment SET duedate = '2026-11-20 10:00:00.000000'")
    assert gc.grade(course).returncode == Exit.DONE
    found = gc.rows(
        course,
        "select s.student_id, b.late_submission_penalty from submitted_notebook b "
        "join submitted_assignment s on s.id = b.assignment_id order by 1",
    )
    assert found == [("ada", 3.0), ("grace", None), ("nobody", 0.0)]


def test_an_extension_of_the_courses_file_counts_and_is_in_the_gradebook(course: Path) -> None:
    keep(course, ("ada", "grace"))
    config = course / "nbgrader_config.py"
    late = "LateSubmissionPlugin.penalty_method"
    config.write_text(f"{config.read_text()}\nc.{late} = 'zero'\n")
    for student in ("ada", "grace"):
        place = course / "submitted" / student / A / "timestamp.txt"
        place.write_text("2026-11-20 11:00:00 UTC\n")
    gc.grade(course)
    change(course, "UPDATE assignment SET duedate = '2026-11-20 10:00:00.000000'")
    lines = f"assignment,student,extension_hours\n{A},ada,2\n"
    (course / "accommodations.csv").write_text(lines)
    done = gc.grade(course, "--force")
    penalties = gc.rows(
        course,
        "select s.student_id, s.extension is not null, b.late_submission_penalty "
        "from submitted_notebook b join submitted_assignment s on s.id = b.assignment_id "
        "order by 1",
    )
    assert [row[:2] for row in penalties] == [("ada", 1), ("grace", 0)]
    assert penalties[0][2] is None
    assert penalties[1][2] > 0
    said = " ".join(done.stdout.split())
    assert "points deducted from 1: grace (1 hour" in said
    assert "With an extension: ada (2 hours)." in said
    (course / "accommodations.csv").write_text(lines.replace("ada", "grace"))
    gc.grade(course, "--force")
    assert gc.rows(
        course, "select student_id, extension is not null from submitted_assignment order by 1"
    ) == [("ada", 0), ("grace", 1)], "a line that was wrong is taken back"


def test_a_student_that_the_gradebook_may_not_add_is_named(course: Path) -> None:
    keep(course, ("ada",))
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.Autograde.create_student = False\n")
    done = gc.grade(course)
    assert done.returncode == Exit.INCOMPLETE
    assert "nbgrader db student add" in done.stdout
    assert not gc.rows(course)
    assert not gc.folders(course)


def test_folders_of_a_shared_course_can_be_written_by_its_group(course: Path) -> None:
    keep(course, ("ada",))
    config = course / "nbgrader_config.py"
    config.write_text(config.read_text() + "c.CourseDirectory.groupshared = True\n")
    gc.grade(course)
    folder = course / "autograded" / "ada" / A
    assert folder.stat().st_mode & 0o2770 == 0o2770
    assert {mode for mode, _ in gc.folders(course).values()} == {0o664}
