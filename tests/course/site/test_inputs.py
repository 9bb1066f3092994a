"""What a run and a page depend on: a change there is noticed, and a change elsewhere is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from course.content.build import build
from course.core.paths import Folders
from course.site import inputs
from support.checkout import lesson_text, make, own_web


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A course with two lessons; the first names a file beside it. Tests may change it all."""
    one, two = lesson_text("One", "open('data.csv')"), lesson_text("Two", "2 + 2")
    made = make(tmp_path_factory.mktemp("course"), {"01-one": one, "02-two": two})
    build(made, lessons_only=True)
    (made.lessons / "data.csv").write_text("1")
    (made.root / "img").mkdir()
    (made.root / "img" / "picture.svg").write_text("<svg/>")
    own_web(made)  # files are added to it
    return made


def lessons(folders: Folders) -> list[Path]:
    return sorted(folders.lessons.glob("*.ipynb"))


def runs(folders: Folders) -> list[str]:
    return [inputs.of_run(folders, "shared", lesson) for lesson in lessons(folders)]


def pages(folders: Folders) -> list[str]:
    return [inputs.of_all_pages(folders, lessons(folders), live=False)]


def other_pages(folders: Folders) -> list[str]:
    return [inputs.of_other_pages(folders, "shared", lessons(folders))]


def changed(folders: Folders, digests: Callable[[Folders], list[str]], name: str) -> list[bool]:
    """Return which digests change if a file of the course does."""
    before = digests(folders)
    with (folders.root / name).open("a", encoding="utf-8") as file:
        file.write("\n# more\n")
    return [one != other for one, other in zip(before, digests(folders), strict=True)]


def test_a_lesson_runs_again_if_a_file_that_it_names_changes(folders: Folders) -> None:
    assert changed(folders, runs, "lessons/data.csv") == [True, False]
    for name in ("lessons/other.csv", "img/picture.svg", "content/course.yml", "web/new.css"):
        assert changed(folders, runs, name) == [False, False], name


def test_every_page_is_rendered_again_if_what_they_share_changes(folders: Folders) -> None:
    for name in ("web/new.css", "img/picture.svg", "content/course.yml"):
        assert changed(folders, pages, name) == [True], name
    for name in ("docs/teaching.md", "content/glossary.yml", "lessons/data.csv"):
        assert changed(folders, pages, name) == [False], name


def test_the_other_pages_are_written_again_if_their_sources_change(folders: Folders) -> None:
    for name in ("docs/teaching.md", "content/glossary.yml", "content/schedules.yml"):
        assert changed(folders, other_pages, name) == [True], name
    assert changed(folders, other_pages, "lessons/data.csv") == [False]


def test_the_titles_of_all_lessons_are_part_of_every_page(folders: Folders) -> None:
    before = pages(folders)
    file = folders.lessons / "02-two.ipynb"
    file.write_text(file.read_text("utf-8").replace("2 + 2", "2 + 3"), "utf-8")
    assert pages(folders) == before
    file.write_text(file.read_text("utf-8").replace('"title": "Two"', '"title": "Too"'), "utf-8")
    assert pages(folders) != before
    assert inputs.of_all_pages(folders, lessons(folders), live=True) not in pages(folders)


def test_the_modules_that_write_other_pages_are_there() -> None:
    assert all((inputs.PACKAGE / f"{name}.py").is_file() for name in inputs.OTHER_PAGES)
