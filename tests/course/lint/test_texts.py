"""What would break a page or a grader is refused with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.errors import ContentFaultsError
from course.core.paths import Folders
from course.lint.texts import check_content
from support.checkout import HEADER, lesson_text, make, write_lesson

START = HEADER.count("\n") + 1  # the first line after the header


def faults(folders: Folders) -> list[tuple[int, str]]:
    with pytest.raises(ContentFaultsError) as raised:
        check_content(folders)
    return [(error.line, error.message) for error in raised.value.errors]


def cell(options: str) -> str:
    return f"# T\n\n```{{code-cell}}\n{options}\n\n1\n```\n"


def test_tags_and_a_sentence_about_a_cell_in_a_page_are_taken(tmp_path: Path) -> None:
    body = cell(":tags: [further, needs-64-bit]\n:in_page: The array has 4 TB, even as a view.")
    check_content(make(tmp_path, {"01-one": HEADER + body}))


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("# T\n\ntext ![](https://x.org/x.svg)\n", 2, "without alt text"),
        ("# T\n\nline\nline <img src='x.png'> end\n", 3, "without alt text"),
        ('# T\n\n<p>\n<img src="x.png"\n  alt="">\n</p>\n', 3, "without alt text"),
        ("# T\n\n[x](03-nowhere.ipynb)\n", 2, "a broken link: there is no 03-nowhere.ipynb"),
        ("# T\n\n- a\n- [x](../../outside.md)\n", 3, "a broken link"),
        ("# T\n\n[x](#Nowhere)\n", 2, "no heading there has the anchor #Nowhere"),
        ("# T\n\n[x](01-one.ipynb#Nowhere)\n", 2, "no heading there has the anchor"),
        ("# T\n\n| a |\n|---|\n| [x](gone.ipynb) |\n", 4, "a broken link"),
        ("# T\n\n![words](../img/gone.svg)\n", 2, "a broken link"),
        ("# T\n\nits byte: 1 · 40\n+ 1 · 8 = 48\n", 3, "`+` begins a list"),
        ("# T\n\nthe length (n −\n1) times its stride\n", 3, "`1)` begins a list"),
        ("Text.\n", 0, "no title"),
        ("# T\n\n# U\n", 2, "a second `# title`"),
        ("# T\n\n### U\n", 2, "write `## …` here"),
        ("# T\n\n```{code-cell}\n:grade_id: Bad Id\n\n1\n```\n", 3, "lowercase letters"),
        (f"# T\n\n```{{code-cell}}\nx = '{'x' * 80}'\n```\n", 3, "86 characters"),
        (cell(":tags: [needs-gpu]"), 2, "the tag 'needs-gpu' is not known: use one of expect-"),
        (cell(":tags: predict"), 2, "tags must be a list"),
        (cell(":tags: [needs-64-bit, needs-computer]"), 2, "one tag says why"),
        (cell(":in_page: no sentence"), 2, "`:in_page:` must be a sentence"),
        (cell(":in_page: A key: and a value."), 2, "`:in_page:` must be a sentence"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, body: str, line: int, words: str) -> None:
    folders = make(tmp_path, {"01-one": HEADER + body})
    ((found, message),) = faults(folders)
    assert words in message
    assert found == line + START


def test_a_grade_id_that_stands_twice_is_refused_at_the_second_place(tmp_path: Path) -> None:
    cell = ":grade_id: ravel\n\npass"
    folders = make(tmp_path, {}, {"02/ravel": lesson_text("T", cell, cell)})
    ((line, message),) = faults(folders)
    assert "'ravel' is used a second time" in message
    assert line == START + 10


def test_all_faults_are_told_at_once_each_on_one_line(tmp_path: Path) -> None:
    body = "# T\n\n![](x)\n\n[y](#z)\n"
    folders = make(tmp_path, {"01-one": HEADER + body, "02-two": HEADER + body})
    with pytest.raises(ContentFaultsError) as raised:
        check_content(folders)
    lines = str(raised.value).splitlines()
    assert len(lines) == 6  # the picture is nowhere, and has no alt text
    assert lines[0].startswith(f"content/lessons/01-one.md:{START + 2}: ")


def test_what_is_right_passes(tmp_path: Path) -> None:
    body = (
        "# T\n\n![a grid](../img/grid.svg) [two](02-two.ipynb#Two) [here](#Part-one)\n"
        "[out](https://numpy.org)\n\n## Part one\n\n`![](not a picture)`\n\n"
        "```python\n![](neither)\n```\n\nText:\n\n- a\n- b\n  - c\n\n+++\n- d\n\n"
        "Until\n1979. They\n"
    )
    folders = make(tmp_path, {"01-one": HEADER + body, "02-two": lesson_text("Two")})
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "grid.svg").write_text("<svg/>")
    check_content(folders)


def test_the_options_of_a_cell_may_be_longer_than_its_code(tmp_path: Path) -> None:
    alt = "a" * 90
    cell = f"---\nalt: {alt}\n---\n1 + 1"
    folders = make(tmp_path, {"01-one": lesson_text("One", cell)})
    check_content(folders)
    write_lesson(folders, "01-one", lesson_text("One", f"{cell}  # {alt}"))
    with pytest.raises(ContentFaultsError, match=r"a page shows 76"):
        check_content(folders)
