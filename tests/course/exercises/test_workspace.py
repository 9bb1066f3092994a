"""`make lab`: what is missing is copied into work/, what is there is a student's own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.exercises.workspace import as_opened, fill, first_notebook, is_unchanged, lab


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


def notebook(text: str) -> str:
    metadata = {"kernelspec": {"display_name": "Python 3", "name": "python3"}}
    return json.dumps({"cells": [{"source": text}], "metadata": metadata})


def test_a_copy_has_the_names_that_jupyterlab_notes_and_counts_as_unchanged(
    folders: Folders,
) -> None:
    original = folders.lessons / "02.ipynb"
    original.write_text(notebook("text"), "utf-8")
    fill(folders)
    copy = folders.work / "lessons" / "02.ipynb"
    noted = json.loads(copy.read_text("utf-8"))["metadata"]
    assert noted["kernelspec"]["language"] == "python"
    assert noted["language_info"]["version"].startswith("3.")
    assert is_unchanged(copy, original)
    copy.write_text(notebook("mine"), "utf-8")
    assert not is_unchanged(copy, original)


@pytest.mark.parametrize("text", ["as handed out", "[]", '{"metadata": {}}'])
def test_what_is_no_notebook_of_ours_is_copied_as_it_is(text: str) -> None:
    assert as_opened(text.encode()) == text.encode()


def test_jupyterlab_opens_the_first_lesson_and_later_what_was_changed_last(
    folders: Folders,
) -> None:
    assert first_notebook(folders) is None
    fill(folders)
    assert first_notebook(folders) == folders.work / "lessons" / "02.ipynb"
    own = folders.work / "exercises" / "02" / "ravel.ipynb"
    own.write_text("my answer")
    assert first_notebook(folders) == own


def test_root_is_told_how_to_start_jupyterlab(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    with pytest.raises(CourseError, match="make lab OPTIONS=--allow-root"):
        lab(folders, [])
    assert not folders.work.exists()
