"""The page of an exercise: what it shows, what it folds away, and what it never contains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from course.core.exercises import Kind, read_exercise
from course.core.paths import ROOT
from course.render import LinkError, Renderer
from course.render.errors import MathError
from course.render.exercise_page import ExerciseMarkdown, blocks
from support import handed_out
from support.lesson_page import COURSE, WEB

if TYPE_CHECKING:
    from pathlib import Path

    from course.core.exercises import Exercise


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """The folder of templates and styles, beside which the exercises are."""
    (tmp_path / "web").symlink_to(WEB)
    return tmp_path / "web"


def twice(web: Path, cells: list[dict[str, object]] | None = None) -> Exercise:
    """Write an exercise, and another one that it links to."""
    folder = web.parent / "exercises" / "01-numbers"
    handed_out.write(folder, "once", handed_out.cells())
    return handed_out.write(folder, "twice", cells or handed_out.cells())


def page_of(web: Path, exercise: Exercise, *, live: bool = True) -> BeautifulSoup:
    """Return the page of an exercise."""
    page = Renderer(COURSE, web, live=live).exercise(exercise, {"before": None, "after": None})
    return BeautifulSoup(page, "html.parser")


def test_the_page_has_the_cells_in_order(web: Path) -> None:
    page = page_of(web, twice(web))
    assert page.body is not None
    assert page.body["data-exercise"] == "01-numbers/twice"
    assert [str(one["data-cell"]) for one in page.select("[data-cell]")] == list("12356")
    assert page.h1 is not None
    assert page.h1.get_text() == "Exercise: twice"
    assert "def twice(x)" in page.select(".answer .in")[0].get_text()
    assert "def check" in page.select("details.source .in")[0].get_text()
    assert [li.get_text() for li in page.select(".later li")] == [
        "many numbers. 2 points",
        "large ones. 1 point",
    ]


def test_links_to_notebooks_lead_to_pages(web: Path) -> None:
    page = page_of(web, twice(web))
    assert page.select(".prose a")[0]["href"] == "once.html"
    assert [a["href"] for a in page.select(".take a")] == ["twice.ipynb"]


def test_what_to_run_in_jupyterlab_is_left_out(web: Path) -> None:
    cells = handed_out.cells()
    assert handed_out.INTRO not in page_of(web, twice(web, cells)).get_text()
    cells[3]["source"] += "\n\nOne thing more. Double-click the text to edit it. Another."
    text = page_of(web, twice(web, cells)).get_text()
    assert "One thing more. Another." in text
    assert "Run it" not in text


def test_no_page_of_an_exercise_names_a_command_that_a_page_does_not_have() -> None:
    command = re.compile(r"\bmake (?:[a-z]+-)*(?:capstone|start-over|check|lab|html|setup|test)\b")
    markdown = ExerciseMarkdown(frozenset())
    shown = {
        file: "\n".join(
            block.html if block.kind == Kind.PROSE else block.part.source
            for block in blocks(read_exercise(file), markdown)
        )
        for file in handed_out.REAL
    }
    shown |= {file: file.read_text("utf-8") for file in (ROOT / "exercises").glob("*/checking.py")}
    found = {
        str(file.relative_to(ROOT)): command.findall(text)
        for file, text in shown.items()
        if command.search(text)
    }
    assert found == {}
    capstone = next(file for file in handed_out.REAL if file.stem == "your-ndarray")
    assert "make capstone" in capstone.read_text("utf-8")
    assert "Copy in my parts" in shown[capstone]


def test_only_a_live_page_has_buttons_and_they_wait_for_the_script(web: Path) -> None:
    exercise = twice(web)
    live = page_of(web, exercise)
    assert [str(one["data-do"]) for one in live.select("button[data-do]")] == [
        "run",
        "edit",
        "check",
        "hand-in",
        "open",
        "bring-back",
    ]
    assert all(part.has_attr("hidden") for part in live.select(".bar, .handin"))
    plain = page_of(web, exercise, live=False)
    assert plain.select("button[data-do]") == []
    assert [a["href"] for a in plain.select(".take a")] == ["twice.ipynb"]


def test_a_file_that_the_notebook_needs_is_offered_beside_it(web: Path) -> None:
    cells = handed_out.cells()
    cells[4]["source"] = "from checking import call"
    exercise = twice(web, cells)
    for name in ("checking.py", "other.py"):
        exercise.file.with_name(name).touch()
    links = page_of(web, exercise).select(".take a")
    assert [a["href"] for a in links] == ["twice.ipynb", "checking.py"]


def test_a_broken_link_or_formula_is_refused_with_its_place(web: Path) -> None:
    cells = handed_out.cells()
    cells[0]["source"] = "# Twice\n\nSee [three](three.ipynb)."
    with pytest.raises(LinkError, match=r"01-numbers/twice.*three\.html"):
        page_of(web, twice(web, cells))
    cells[0]["source"] = "# Twice\n\n$\\frac{1$"
    with pytest.raises(MathError, match="01-numbers/twice"):
        page_of(web, twice(web, cells))
