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
