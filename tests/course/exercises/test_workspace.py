"""`make lab`: what is missing is copied into work/, what is there is a student's own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders
from course.exercises.workspace import fill


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    for name in ("lessons/02.ipynb", "exercises/02/ravel.ipynb", "img/a.svg"):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text("as handed out")
    return Folders(tmp_path)


def test_the_first_time_everything_is_copied(folders: Folders) -> None:
    made = {file.relative_to(folders.work).as_posix() for file in fill(folders)}
    assert made == {"lessons/02.ipynb", "exercises/02/ravel.ipynb", "img/a.svg"}


def test_a_students_work_is_never_overwritten(folders: Folders) -> None:
    fill(folders)
    own = folders.work / "exercises" / "02" / "ravel.ipynb"
    own.write_text("my answer")
    (folders.exercises / "02" / "ravel.ipynb").write_text("a new version")
    (folders.lessons / "03.ipynb").write_text("a new lesson")
    assert fill(folders) == [folders.work / "lessons" / "03.ipynb"]
    assert own.read_text() == "my answer"


def test_a_file_the_student_removed_comes_back_and_a_link_stays(folders: Folders) -> None:
    fill(folders)
    lesson = folders.work / "lessons" / "02.ipynb"
    lesson.unlink()
    link = folders.work / "img" / "a.svg"
    link.unlink()
    link.symlink_to("/nowhere")
    assert fill(folders) == [lesson]
    assert link.is_symlink()


def test_checkpoints_are_not_handed_out(folders: Folders) -> None:
    checkpoints = folders.lessons / ".ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "02-checkpoint.ipynb").write_text("old")
    assert all(".ipynb_checkpoints" not in file.parts for file in fill(folders))


def test_what_a_lesson_reads_lies_where_the_lesson_looks_for_it(tmp_path: Path) -> None:
    for name in ("lessons", "img"):
        shutil.copytree(ROOT / name, tmp_path / name)
    folders = Folders(tmp_path)
    fill(folders)
    read = [
        (lesson.parent / path)
        for lesson in (folders.work / "lessons").glob("*.ipynb")
        for path in re.findall(r"((?:\.\./img|recorded)/[\w./-]+)", lesson.read_text("utf-8"))
    ]
    assert [path for path in read if not path.is_file()] == []
    assert any(path.name == "lighthouse.jpg" for path in read)
