"""Where the course is published is said once; links on our pages agree with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.core.published import Published, read_published

GIVEN = "published:\n  repository: a/b\n  branch: main\n  files: https://x.example/\n"
OURS = read_published(Folders().content / "course.yml")


def read(folder: Path, text: str) -> Published | None:
    (folder / "course.yml").write_text(text, "utf-8")
    return read_published(folder / "course.yml")


def test_the_addresses_are_those_of_the_services(tmp_path: Path) -> None:
    found = read(tmp_path, GIVEN)
    assert found == Published("a/b", "main", "https://x.example/")
    assert found.colab("02-x") == (
        "https://colab.research.google.com/github/a/b/blob/main/colab/02-x.ipynb"
    )
    assert found.page("docs/hub.md") == "https://github.com/a/b/blob/main/docs/hub.md"
    assert found.binder.startswith("https://mybinder.org/v2/gh/a/b/main?urlpath=lab/tree/work/")
    assert found.codespaces == "https://codespaces.new/a/b/tree/main"


def test_a_course_need_not_be_published(tmp_path: Path) -> None:
    assert read(tmp_path, "title: T\n") is None


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  branch: main\n", "", r"give `published:` `repository:`, `branch:` and `files:`"),
        ("a/b", "b", "is not owner/name, as GitHub writes it"),
        ("a/b", "https://github.com/a/b", "is not owner/name"),
        ("main", "'a b'", "is not the name of a branch"),
        ("https://x.example/", "https://x.example", "end with a slash"),
        ("https://x.example/", "../files/", "is not the address of a folder"),
        ("published:", "published: [", "is not YAML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        read(tmp_path, GIVEN.replace(old, new, 1))


def test_the_readme_opens_each_lesson_where_the_course_is_published() -> None:
    assert OURS is not None
    lessons = [file.stem for file in sorted(Folders().colab.glob("*.ipynb"))]
    service = r"\((https://(?:colab\.research|mybinder|codespaces)[^)\s]+)\)"
    linked = re.findall(service, (ROOT / "README.md").read_text("utf-8"))
    assert sorted(linked) == sorted([OURS.binder, OURS.codespaces, *map(OURS.colab, lessons)])
