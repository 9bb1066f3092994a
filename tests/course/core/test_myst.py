"""MyST text ↔ notebook: both ways, and the short forms."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course.core.errors import ContentError
from course.core.myst import to_notebook, to_text
from course.core.paths import ROOT
from support.checkout import HEADER, lesson_text

TEXTS = sorted((ROOT / "content").rglob("*.md"))
WORDS = st.text(st.sampled_from("ab é√ #*_`+-=[](){}.:\n"), min_size=1, max_size=40)


@pytest.mark.sample(every=6)
@pytest.mark.parametrize("file", TEXTS, ids=lambda file: file.stem)
def test_each_text_of_the_course_comes_back_from_its_notebook(file: Path) -> None:
    text = file.read_text("utf-8")
    assert to_text(to_notebook(text, file.name)) == text


@pytest.mark.slow
@settings(deadline=None)  # a busy machine is no fault of the text
@given(st.lists(st.tuples(st.booleans(), WORDS), min_size=1, max_size=6))
def test_any_cells_survive_the_way_to_text_and_back(cells: list[tuple[bool, str]]) -> None:
    made = [
        (nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell)(source)
        for code, source in [(False, "# Title"), *cells]
        if source.strip() and source == source.strip()
    ]
    text = to_text(nbformat.v4.new_notebook(cells=made))
    again = to_notebook(text, "x.md")
    assert to_text(again) == text


@pytest.mark.parametrize("source", ["+++", "above\n+++ {}\nbelow", "```\n+++\n```"])
def test_a_line_that_would_separate_cells_stays_in_its_cell(source: str) -> None:
    cells = [nbformat.v4.new_markdown_cell(one) for one in ("# Title", source)]
    again = to_notebook(to_text(nbformat.v4.new_notebook(cells=cells)), "x.md")
    assert [cell.source.replace("\\+++", "+++") for cell in again.cells] == ["# Title", source]


def test_cell_ids_are_the_same_in_every_build_and_differ_within_one() -> None:
    text = lesson_text("T", "x = 1", "x = 1", ":grade_id: mine\n\ny = 2")
    first, second = (to_notebook(text, "x.md") for _ in range(2))
    ids = [cell.id for cell in first.cells]
    assert ids == [cell.id for cell in second.cells]
    assert len(set(ids)) == len(ids)
    assert ids[-1] == "mine"
    assert ids[2] == f"{ids[1]}-2"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (":grade_id: f\n\n### BEGIN SOLUTION", {"grade": False, "solution": True, "locked": False}),
        (":grade_id: f\n:points: 2\n\nassert f", {"grade": True, "solution": False, "points": 2}),
        (":grade_id: f\n\nimport numpy", {"grade": False, "solution": False, "locked": True}),
    ],
)
def test_the_short_form_stands_for_nbgraders_metadata(cell: str, expected: dict[str, int]) -> None:
    made = to_notebook(lesson_text("T", cell), "x.md").cells[-1].metadata
    assert expected.items() <= made.nbgrader.items()
    assert made.nbgrader.schema_version == 3
    assert "grade_id" not in made
    assert "points" not in made


def test_folded_cells_are_folded_in_jupyterlab() -> None:
    made = to_notebook(lesson_text("T", ":tags: [predict]\n\n1", "2"), "x.md")
    assert made.cells[1].metadata.jupyter == {"source_hidden": True}
    assert "jupyter" not in made.cells[2].metadata


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("# No header\n", 1, "no header"),
        ("---\ncourse:\n  needs: [\n---\n# T\n", 4, "not YAML"),
        ("---\ntitle: T\n---\n# T\n", 1, "one key, `course:`"),
        ("---\ncourse:\n  minutes: 5\n---\n# T\n", 1, "`needs:` and `objectives:`"),
        ("---\ncourse:\n  needs: [1]\n---\n# T\n", 1, "quote numbers"),
        (f"{HEADER}\n# T\n\n```{{code-cell}}\n:tags: [a\n\n1\n```\n", 10, "cell options"),
    ],
)
def test_a_broken_text_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ContentError, match=words) as raised:
        to_notebook(text, "x.md")
    assert (raised.value.file, raised.value.line) == ("x.md", line)
