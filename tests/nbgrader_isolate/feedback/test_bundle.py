"""Feedback for all students in the shape in which a platform takes it back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import Exit
from nbgrader_isolate.feedback import bundle
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.intake.places import remember_places
from support import graded_course as gc
from support.graded_course import A

pytestmark = pytest.mark.slow


def test_each_page_is_where_the_platform_had_the_submission(graded: Path) -> None:
    places = {"ada": "lovelaceada_7_1234_", "grace": "Grace Hopper_9_assignsubmission_file_/"}
    remember_places(graded / ".autograder", A, places)
    target = graded / "back.zip"
    done = gc.grade(graded, "--zip", target, verb="feedback")
    assert done.returncode == Exit.DONE, done.stderr
    with zipfile.ZipFile(target) as archive:
        names = archive.namelist()
        page = archive.read("lovelaceada_7_1234_lab.html")
    assert "Grace Hopper_9_assignsubmission_file_/lab.html" in names
    assert "lena/lab.html" in names
    assert page == (graded / "feedback" / "ada" / A / "lab.html").read_bytes()
    assert "in folders of their own" in done.stderr
    data = target.read_bytes()
    gc.grade(graded, "--zip", target, "--student", "ada", verb="feedback")
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["lovelaceada_7_1234_lab.html"]
    assert data != target.read_bytes()
    lost = gc.grade(graded, "--zip", "/proc/x.zip", verb="feedback")
    assert lost.returncode == Exit.COURSE
    assert "/proc/x.zip: cannot be written" in lost.stderr


def test_members_of_a_group_do_not_overwrite_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = Course(tmp_path)
    remember_places(course.state, A, {"ada": "submission_1/", "bob": "submission_1/", "cy": "s_2/"})
    folders = [(name, tmp_path / "feedback" / name) for name in ("ada", "bob", "cy")]
    for name, folder in folders:
        folder.mkdir(parents=True)
        (folder / "hw.html").write_text(name, "utf-8")
    monkeypatch.setattr(bundle, "feedback_folders", lambda *_: folders)
    bundle.bundle_feedback(course, A, (), tmp_path / "back.zip", print)
    with zipfile.ZipFile(tmp_path / "back.zip") as archive:
        found = {name: archive.read(name).decode() for name in archive.namelist()}
    assert found == {
        "submission_1/ada/hw.html": "ada",
        "submission_1/bob/hw.html": "bob",
        "s_2/hw.html": "cy",
    }
