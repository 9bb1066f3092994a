"""What commands share is checked before anything is started."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from nbgrader_isolate.cli.options import check_course_folder, open_course
from nbgrader_isolate.core.errors import GraderError


@pytest.mark.parametrize(
    "name", [".", "..", ".ps1", "../ps1", "a/b", "/", "a\0b", "ps1+ps2", "ps1\n"]
)
def test_a_name_that_is_not_one_of_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    options = argparse.Namespace(assignment=name, course=tmp_path)
    with pytest.raises(GraderError, match="is not the name of an assignment: give the name of"):
        check_course_folder(options)


@pytest.mark.parametrize("name", ["ps1", "Problem Set 1", "ps1.2", "übung"])
def test_other_names_are_taken_and_none_means_all(tmp_path: Path, name: str) -> None:
    check_course_folder(argparse.Namespace(assignment=name, course=tmp_path))
    check_course_folder(argparse.Namespace(assignment="", course=tmp_path))


def test_a_course_that_is_not_a_folder_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    for course in (tmp_path / "gone", file):
        with pytest.raises(GraderError, match="no such folder; give the course's folder"):
            check_course_folder(argparse.Namespace(assignment="ps1", course=course))


@pytest.mark.parametrize(("given", "absolute"), [("out.json", True), ("-", False)])
def test_the_file_for_results_stays_where_the_user_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str, *, absolute: bool
) -> None:
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path)
    options = argparse.Namespace(assignment="ps1", course=Path("course"), json=given)
    course, assignment = open_course(options)
    assert (Path.cwd(), assignment) == (tmp_path / "course", "ps1")
    assert course.root == tmp_path / "course"
    assert options.json == (os.fspath(tmp_path / given) if absolute else given)
