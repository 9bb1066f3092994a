"""content/ → lessons/, solutions/, exercises/: deterministic, and an edit is never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from course.content.build import EditedError, build, differs, render
from course.core.cache import digest
from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from support.built_course import TEXT, edit, product
from support.checkout import lesson_text, make, write_lesson


@pytest.mark.slow
def test_the_committed_notebooks_are_what_a_fresh_build_makes() -> None:
    folders = Folders()
    fresh = render(folders)
    committed = {
        file: file.read_bytes()
        for folder in (folders.lessons, folders.colab, folders.solutions, folders.exercises)
        for file in (*folder.rglob("*.ipynb"), *folder.glob("*/checking.py"))
        if ".ipynb_checkpoints" not in file.parts
    }
    assert {folders.relative(file) for file in committed} == {folders.relative(f) for f in fresh}
    assert [folders.relative(file) for file in fresh if committed[file] != fresh[file]] == []


def test_no_committed_notebook_has_outputs_and_no_exercise_has_answers() -> None:
    for file in ROOT.glob("*/**/*.ipynb"):
        if file.relative_to(ROOT).parts[0] not in ("lessons", "colab", "solutions", "exercises"):
            continue
        cells = json.loads(file.read_text("utf-8"))["cells"]
        assert not [c for c in cells if c.get("outputs") or c.get("execution_count")], file
        if file.is_relative_to(ROOT / "exercises"):
            text = file.read_text("utf-8")
            assert "BEGIN SOLUTION" not in text
            assert "BEGIN HIDDEN" not in text


def test_a_second_build_writes_nothing(folders: Folders) -> None:
    before = product(folders).read_bytes()
    assert build(folders, lessons_only=True).written == []
    (folders.build / "notebooks.json").unlink()
    assert build(folders, lessons_only=True).written == []
    assert product(folders).read_bytes() == before


def test_the_head_stands_under_the_title_and_in_the_metadata(folders: Folders) -> None:
    notebook = json.loads(product(folders).read_text("utf-8"))
    assert notebook["metadata"]["course"]["title"] == "One"
    assert notebook["metadata"]["course"]["minutes"] == 5
    head = "".join(notebook["cells"][1]["source"])
    assert "5 min · needs nothing before it · objectives" in head
    assert "- see it" in head


def test_an_edited_product_is_not_overwritten_and_the_verb_is_named(folders: Folders) -> None:
    edit(product(folders))
    write_lesson(folders, "01-one", TEXT.replace("print(x)", "print(-x)"))
    before = product(folders).read_bytes()
    with pytest.raises(EditedError, match=r"make import NB=lessons/01-one\.ipynb"):
        build(folders, lessons_only=True)
    assert product(folders).read_bytes() == before


def test_one_edited_product_stops_the_others_from_being_half_built(tmp_path: Path) -> None:
    folders = make(tmp_path, {"01-one": TEXT, "02-two": TEXT})
    build(folders, lessons_only=True)
    edit(product(folders))
    write_lesson(folders, "02-two", lesson_text("Two"))
    with pytest.raises(EditedError):
        build(folders, lessons_only=True)
    assert "One" in (folders.lessons / "02-two.ipynb").read_text("utf-8")


def test_outputs_are_no_edit_and_a_build_clears_them(folders: Folders) -> None:
    clean = product(folders).read_bytes()
    notebook = json.loads(clean)
    notebook["cells"][3]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "1\n"}]
    notebook["cells"][3]["execution_count"] = 7
    notebook["metadata"]["language_info"]["version"] = "3.99"
    product(folders).write_text(json.dumps(notebook), "utf-8")
    assert build(folders, lessons_only=True).written == [product(folders)]
    assert product(folders).read_bytes() == clean


def test_an_edited_copy_of_what_tests_share_is_not_overwritten(tmp_path: Path) -> None:
    copy = tmp_path / "checking.py"
    copy.write_text("x = 1\n")
    assert differs(copy, b"x = 2\n")
    assert not differs(copy, b"x = 1\n")
    assert not differs(copy, b"x = 2\n", last=digest(b"x = 1\n"))


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}'])
def test_a_product_that_cannot_be_read_counts_as_edited(folders: Folders, damage: str) -> None:
    product(folders).write_text(damage)
    with pytest.raises(EditedError, match=r"01-one\.ipynb was edited"):
        build(folders, lessons_only=True)


def test_a_notebook_of_ones_own_in_lessons_is_kept(folders: Folders) -> None:
    own = folders.lessons / "09-mine.ipynb"
    notebook = json.loads(product(folders).read_bytes())
    notebook["metadata"] = {}
    own.write_text(json.dumps(notebook))
    with pytest.raises(EditedError, match=r"make import NB=lessons/09-mine\.ipynb"):
        build(folders, lessons_only=True)
    assert own.is_file()


def test_the_product_of_a_removed_text_goes_with_it(folders: Folders) -> None:
    (folders.content / "lessons" / "01-one.md").unlink()
    assert build(folders, lessons_only=True).removed == [product(folders)]
    assert not product(folders).exists()


def test_a_faulty_text_writes_nothing(folders: Folders) -> None:
    before = product(folders).read_bytes()
    write_lesson(folders, "01-one", TEXT + "\n![](x.png)\n")
    with pytest.raises(CourseError, match="without alt text"):
        build(folders, lessons_only=True)
    assert product(folders).read_bytes() == before


def test_an_edit_of_a_copy_for_colab_is_not_overwritten(folders: Folders) -> None:
    place = "  repository: a/b\n  branch: main\n  files: https://x.example/\n"
    with (folders.content / "course.yml").open("a", encoding="utf-8") as file:
        file.write(f"published:\n{place}")
    copy = folders.colab / "01-one.ipynb"
    assert build(folders, lessons_only=True).written == [copy]
    edit(copy)
    with pytest.raises(EditedError, match=r"colab/01-one\.ipynb .* it is built from lessons/"):
        build(folders, lessons_only=True)
