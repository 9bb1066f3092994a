"""The false sentences: each on the page once, refuted, linked, and the twelve asked before and
after."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import jupytext  # type: ignore[import-untyped]
import pytest
import yaml

from course.content.myths import HEADING, load, page, page_file, table, table_file, write
from course.core.errors import ContentError
from course.core.myst import tags
from course.core.paths import Folders
from support.checkout import make

if TYPE_CHECKING:
    from nbformat import NotebookNode

FOLDERS = Folders()
MYTHS = load(FOLDERS)
# Twelve, said in the words of content/course.yml and of lesson 00.
TWICE = 12
PAGE = """---
course: {}
---

# Myths

### 1. `a` is b

Taught in nowhere yet

### 2. Ice is warm

Taught in
"""


def notebook(slug: str) -> NotebookNode:
    made: NotebookNode = jupytext.read(FOLDERS.content / "lessons" / f"{slug}.md")
    return made


def asked(cell: NotebookNode) -> dict[str, object]:
    """Return what a cell gives to `ss.predict` as literals, by name; empty if it asks nothing."""
    for node in ast.walk(ast.parse(cell.source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ss.predict":
            return {
                str(word.arg): word.value.value
                for word in node.keywords
                if isinstance(word.value, ast.Constant)
            }
    return {}


def keys(slug: str) -> list[object]:
    cells = notebook(slug).cells
    questions = [asked(cell) for cell in cells if cell.cell_type == "code"]
    return [one["key"] for one in questions if "key" in one]


# The course's own page ----------------------------------------------------------------------------


def test_the_page_and_the_table_are_what_the_list_makes() -> None:
    told = "content/myths.yml, a lesson's heading or the page has changed: run `make myths`"
    assert page_file(FOLDERS).read_text("utf-8") == page(FOLDERS), told
    assert table_file(FOLDERS).read_text("utf-8") == table(FOLDERS), told


def test_there_are_34_and_every_text_that_counts_them_says_so() -> None:
    assert len({myth.sentence for myth in MYTHS}) == len(MYTHS) == 34
    for name in ("content/course.yml", "content/lessons/myths.md", "README.md"):
        text = (FOLDERS.root / name).read_text("utf-8")
        counted = re.findall(
            r"(\d+) (?:(?:false |common )?(?:sentences|statements)|myths) (?:about|of)", text
        )
        assert counted, name
        assert set(counted) == {"34"}, name


def test_each_sentence_is_asked_about_once_and_then_refuted_by_code() -> None:
    cells = notebook("myths").cells
    seen = {}
    for k, cell in enumerate(cells):
        for number, sentence in HEADING.findall(cell.source):
            following = cells[k + 1 : k + 4]
            question = next(n for n, one in enumerate(following) if "predict" in tags(one))
            seen[int(number)] = sentence
            assert str(asked(following[question])["why"]).startswith("In fact, "), sentence
            refutation = following[question + 1]
            assert refutation.cell_type == "code", sentence
            assert "predict" not in tags(refutation), sentence
            assert "print(" in refutation.source, sentence
    assert seen == {myth.number: myth.sentence for myth in MYTHS}


def test_twelve_are_asked_in_lesson_00_and_again_at_the_end() -> None:
    before = [myth.twice for myth in MYTHS if myth.twice]
    assert len(set(before)) == len(before) == TWICE
    assert sorted(map(str, keys("00-start-here"))) == sorted(before)
    assert sorted(map(str, keys("myths"))) == sorted(f"{key}-again" for key in before)
    last = next(cell.source for cell in notebook("myths").cells if "before_after" in cell.source)
    assert sorted(ast.literal_eval(last.split("=", 1)[1].split("\nss.")[0]).values()) == sorted(
        before
    )


def test_each_exercise_is_one_that_students_get() -> None:
    for myth in MYTHS:
        if myth.exercise:
            assert (FOLDERS.exercises / f"{myth.exercise}.ipynb").is_file(), myth.sentence


def test_each_lesson_named_is_one_of_the_course() -> None:
    course = yaml.safe_load((FOLDERS.content / "course.yml").read_text("utf-8"))
    assert {myth.slug for myth in MYTHS} <= {lesson["slug"] for lesson in course["lessons"]}


# Any page -----------------------------------------------------------------------------------------


def small(root: Path, section: str = "Heat") -> Folders:
    lesson = "---\ncourse: {}\n---\n\n# Lesson\n\n## `Heat` of (a, b)\n\n### Further in: ice\n"
    folders = make(root, {"myths": PAGE, "02-heat": lesson})
    entries = [
        {
            "myth": "`a` is b",
            "section": ["03-later", "Any"],
            "exercise": "03-views/x",
            "twice": "a",
        },
        {"myth": "Ice is warm", "section": ["02-heat", section]},
    ]
    task = folders.content / "solutions" / "03-views" / "x.md"
    task.parent.mkdir(parents=True)
    task.write_text("# Exercise: x\n", "utf-8")
    (folders.content / "myths.yml").write_text(yaml.safe_dump(entries), "utf-8")
    return folders


@pytest.mark.parametrize(
    ("section", "link"),
    [
        ("`Heat` of (a, b)", "[`Heat` of (a, b)](02-heat.ipynb#Heat-of-%28a,-b%29)"),
        ("Further in: ice", "[Further in: ice](02-heat.ipynb#Further-in%3A-ice)"),
    ],
)
def test_a_sentence_is_linked_to_its_section_once_the_lesson_is_there(
    tmp_path: Path, section: str, link: str
) -> None:
    folders = small(tmp_path, section)
    assert len(write(folders)) == 2
    text = page_file(folders).read_text("utf-8")
    assert "\nTaught in lesson 03, *Any* · [link to 1](#1.-a-is-b)\n\n### 2." in text
    assert text.endswith(f"\nTaught in lesson 02, {link} · [link to 2](#2.-Ice-is-warm)\n")
    assert write(folders) == []
    assert table_file(folders).read_text("utf-8").splitlines()[-2:] == [
        "| 1 | `a` is b | 03, Any | [03-views/x](../exercises/03-views/x.ipynb) | yes |",
        f"| 2 | Ice is warm | [02](../content/lessons/02-heat.md), {section} |  |  |",
    ]


def test_a_section_that_is_not_there_is_refused_and_those_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="02-heat has no section 'Cold'; it has Lesson, Heat-of"):
        write(small(tmp_path, "Cold"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("Ice is warm", "Ice is hot", "sentence 2 differs"),
        ("### 2. Ice is warm\n\nTaught in\n", "", "sentence 2 differs"),
        ("warm\n\nTaught in\n", "warm\n", "needs one line `Taught in` below 2"),
    ],
)
def test_a_page_that_differs_from_the_list_is_refused(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    folders = small(tmp_path, "Further in: ice")
    page_file(folders).write_text(PAGE.replace(old, new), "utf-8")
    with pytest.raises(ContentError, match=words):
        write(folders)


def test_an_exercise_that_is_not_there_is_named(tmp_path: Path) -> None:
    folders = small(tmp_path, "Further in: ice")
    (folders.content / "solutions" / "03-views" / "x.md").unlink()
    with pytest.raises(ContentError, match=r"no exercise '03-views/x'"):
        write(folders)
