"""`collect` as an instructor meets it: a download, then grades."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.gradebook.results import ResultStore
from support import graded_course as gc
from support.downloads import zipped
from support.graded_course import A

pytestmark = pytest.mark.slow

NOTEBOOK = b'{"cells": []}'


def test_the_command_collects_and_replaced_submissions_are_graded_again(graded: Path) -> None:
    course = graded

    def command(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return gc.run("collect", *arguments, "--course", course)

    mine = (course / f"submitted/ada/{A}/lab.ipynb").read_bytes()
    none = (course / f"submitted/nobody/{A}/lab.ipynb").read_bytes()
    download = course.parent / "all.zip"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("my homework/lab.ipynb", mine)
    zipped(download, {"ada/lab.ipynb": none, "newcomer/hw.zip": packed.getvalue()})
    assert command("lab9", download).stderr.endswith("has no such assignment. Did you mean lab1?\n")
    assert command(A, download, "--pattern", "(").returncode == Exit.USAGE
    assert "it has no group named student" in command(A, download, "--pattern", ".*").stderr
    done = command(A, download)
    assert done.returncode == Exit.INCOMPLETE, done.stderr
    assert "newcomer: no student of this course" in done.stdout
    assert "already exists and differs; --force replaces it" in done.stdout
    done = command(A, download, "--force", "--new")
    assert (done.returncode, done.stdout) == (Exit.DONE, f"{A}: 1 collected, 1 replaced.\n")
    assert "2 graded" in gc.grade(course, "--student", "ada", "--student", "newcomer").stdout
    assert gc.totals(course)["ada"] == 0
    assert gc.totals(course)["newcomer"] == 11
    again = gc.grade(course, "--student", "ada", "--json", "-")
    assert json.loads(again.stdout)[0]["score"] == 0
    assert not ResultStore(course / ".autograder", A).regrade_requested("ada")


def test_an_instructors_pattern_reads_another_platform(course: Path) -> None:
    download = zipped(
        course.parent / "all.zip", {"HW1_mia_attempt_2026-11-20-10-00-00_lab.ipynb": NOTEBOOK}
    )
    pattern = r"HW1_(?P<student>[^_]+)_attempt_[\d-]+_(?P<file>.+)"
    done = gc.run("collect", A, download, "--course", course, "--new", "--pattern", pattern)
    assert done.returncode == Exit.DONE, done.stderr
    assert (course / f"submitted/mia/{A}/lab.ipynb").read_bytes() == NOTEBOOK


def test_zip_files_instead_of_folders_are_named_and_can_be_collected(course: Path) -> None:
    mine = (course / f"submitted/ada/{A}/lab.ipynb").read_bytes()
    (course / "submitted/packer").mkdir()
    zipped(course / f"submitted/packer/{A}.zip", {"lab.ipynb": mine})
    graded = gc.grade(course, "--student", "ada")
    assert f"1 zip file where a submission's folder should be, such as {course}" in graded.stderr
    done = gc.python(course / "submitted", "--new", verb="collect", course=course)
    assert "1 collected" in done.stdout
    assert "replaced" not in done.stdout
    gc.grade(course, "--student", "packer")
    assert gc.totals(course)["packer"] == 11


BLACKBOARD = "Homework 1_{}_attempt_{}_lab.ipynb"


def test_times_of_a_platform_count_in_its_zone_and_attempts_replace_one_another(
    course: Path,
) -> None:
    files = {
        BLACKBOARD.format("bb1", "2026-11-20-12-00-00"): b"first",
        BLACKBOARD.format("bb1", "2026-11-21-12-00-00"): b"second",
        BLACKBOARD.format("bb2", "2026-11-20-12-00-00"): b"only",
    }
    download = zipped(course.parent / "bb.zip", files)
    done = gc.run("collect", A, download, "--course", course, "--new")
    assert done.returncode == Exit.DONE, done.stderr
    assert (course / "submitted" / "bb1" / A / "lab.ipynb").read_bytes() == b"second"
    assert "Only the newest attempt was taken of bb1." in done.stdout
    assert "but not in which time zone: use --zone" in done.stdout
    assert not (course / "submitted" / "bb1" / A / "timestamp.txt").exists()
    zone = ("--zone", "Europe/Berlin")
    done = gc.run("collect", A, download, "--course", course, "--new", *zone)
    assert done.returncode == Exit.DONE, done.stderr
    stamp = course / "submitted" / "bb1" / A / "timestamp.txt"
    assert stamp.read_text("utf-8") == "2026-11-21 11:00:00 UTC\n"
    assert "2 already there" in done.stdout
    wrong = gc.run("collect", A, download, "--course", course, "--zone", "Mars/Olympus")
    assert wrong.returncode == Exit.USAGE
    assert "--zone: Mars/Olympus is not the name of a time zone" in wrong.stderr


def test_canvas_marks_late_work_and_a_roster_tells_who_somebody_is(graded: Path) -> None:
    files = {
        "lovelaceada_LATE_1011_1_lab.ipynb": b"{}",
        "somebody_1012_2_lab.ipynb": b"old",
        "somebody_1012_13_lab-1.ipynb": b"new",
    }
    download = zipped(graded.parent / "canvas.zip", files)
    roster = graded / "roster.csv"
    roster.write_text("name,student\nlovelaceada,ada\nsomebody,grace\n", "utf-8")
    options = ("--course", graded, "--roster", roster, "--force")
    early = gc.run("collect", A, download, *options, "--late-by", "24")
    assert early.returncode == Exit.USAGE
    assert "has no due date in the gradebook" in early.stderr
    gc.rows(graded, "update assignment set duedate = '2026-11-20 10:00:00.000000'")
    told = gc.run("collect", A, download, *options)
    assert told.returncode == Exit.DONE, told.stdout
    assert "Marked late by Canvas, which does not say when: ada." in told.stdout
    assert (graded / "submitted" / "grace" / A / "lab.ipynb").read_bytes() == b"new"
    late = gc.run("collect", A, download, *options, "--late-by", "24")
    assert late.returncode == Exit.DONE, late.stderr
    stamp = graded / "submitted" / "ada" / A / "timestamp.txt"
    assert stamp.read_text("utf-8") == "2026-11-21 10:00:00 UTC\n"
    places = json.loads((graded / ".autograder" / "collected" / f"{A}.json").read_text("utf-8"))
    assert places["grace"] == "somebody_1012_13_"


def test_two_files_of_one_name_leave_the_whole_student_out(course: Path) -> None:
    files = {"bob/lab.ipynb": b"one", "bob/LAB.ipynb": b"other", "bob/notes.txt": b"x"}
    download = zipped(course.parent / "twice.zip", files | {"carla/lab.ipynb": b"{}"})
    done = gc.run("collect", A, download, "--course", course, "--new")
    assert done.returncode == Exit.INCOMPLETE
    assert "nothing says which is newer" in done.stdout
    assert not (course / "submitted" / "bob").exists()
    assert (course / "submitted" / "carla" / A / "lab.ipynb").exists()


def test_a_copy_with_the_answers_is_named(course: Path) -> None:
    released = (course / "release" / A / "lab.ipynb").read_bytes()
    answers = (course / "submitted" / "ada" / A / "lab.ipynb").read_bytes()
    files = {"mia/lab.ipynb": released, "mia/lab (1).ipynb": answers}
    download = zipped(course.parent / "copies.zip", files)
    done = gc.run("collect", A, download, "--course", course, "--new")
    assert done.returncode == Exit.DONE, done.stderr
    assert "  mia: lab (1).ipynb became lab.ipynb\n" in done.stdout
    assert (course / "submitted" / "mia" / A / "lab.ipynb").read_bytes() == answers
