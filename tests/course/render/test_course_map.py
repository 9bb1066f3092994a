"""The map of the course: which lessons stand in it, and which are ready."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from course.render.course_map import CourseMapError, load

if TYPE_CHECKING:
    from pathlib import Path

MAP = """title: T
subtitle: S
lessons:
  - {slug: 00-start, title: Start, about: Begin here.}
  - {slug: 01-dtypes, title: Dtypes, about: Why 127 + 1.}
  - {slug: myths, title: Myths, about: False sentences.}
"""
HEAD = {
    "title": "Shape and dtype",
    "minutes": 70,
    "needs": ["00"],
    "objectives": ["choose a dtype"],
}


def write(folder: Path, text: str = MAP, head: object = None) -> tuple[Path, Path]:
    file = folder / "course.yml"
    file.write_text(text)
    if head is not None:
        made = {"cells": [], "metadata": {"course": head}, "nbformat": 4, "nbformat_minor": 5}
        (folder / "01-dtypes.ipynb").write_text(json.dumps(made))
    return file, folder


def test_a_lesson_is_ready_when_its_notebook_is_there(tmp_path: Path) -> None:
    course = load(*write(tmp_path, head=HEAD))
    start, dtypes, myths = course.lessons
    assert [lesson.number for lesson in course.lessons] == ["00", "01", ""]
    assert course.ready == (dtypes,)
    assert (start.ready, start.minutes, start.title) == (False, None, "Start")
    assert (dtypes.title, dtypes.minutes) == ("Shape and dtype", 70)
    assert (dtypes.needs, dtypes.objectives) == (("00",), ("choose a dtype",))
    assert dtypes.about == "Why 127 + 1."
    assert course.neighbors("myths") == (dtypes, None)
    assert course.lesson("myths") == myths


def test_the_maps_of_this_course_can_be_read(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    course = load(pytestconfig.rootpath / "content" / "course.yml", tmp_path)
    assert [lesson.number for lesson in course.lessons] == [f"0{n}" for n in range(10)] + [
        "",  # myths
        "",  # workbench
    ]
    assert all(lesson.about.endswith(".") for lesson in course.lessons)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: [", "not YAML"),
        ("- 1", "must have"),
        (MAP.replace("title: T", "title: ''", 1), "`title:` must be a string"),
        ("title: T\nsubtitle: S\n", "`lessons:` must be a list"),
        (MAP.replace("about: Begin here.", "aboot: x"), "`about:` must be"),
        (MAP.replace("00-start", "Start Here"), "lowercase letters"),
        (MAP.replace("00-start", "../x"), "lowercase letters"),
        (MAP.replace("00-start", "01-dtypes"), "is listed twice"),
    ],
)
def test_a_map_that_cannot_be_used_says_why(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(CourseMapError, match=message) as caught:
        load(*write(tmp_path, text))
    assert str(caught.value).startswith("course.yml: ")


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ({}, "must be a mapping"),
        ({**HEAD, "minutes": "70"}, "not a whole number"),
        ({**HEAD, "minutes": 0}, "not a whole number"),
        ({**HEAD, "needs": "00"}, "must be a list of strings"),
        ({**HEAD, "title": ""}, "`title:` must be"),
    ],
)
def test_a_notebook_with_a_bad_head_is_named(tmp_path: Path, head: object, message: str) -> None:
    with pytest.raises(CourseMapError, match=message) as caught:
        load(*write(tmp_path, head=head))
    assert caught.value.file.name == "01-dtypes.ipynb"


def test_a_notebook_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "01-dtypes.ipynb").write_text("{}")
    with pytest.raises(CourseMapError, match="build it again"):
        load(*write(tmp_path))
