"""The exercises in the site: a page each, a list of all, and nothing of the hidden tests."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from course.core.exercises import read_exercise
from course.core.paths import ROOT, Folders
from course.live import exercises, pack
from course.live.build import LiveSite
from course.render import Renderer
from course.render.course_map import load
from course.site.build import Site
from course.site.exercise_pages import slugs
from course.site.extra_pages import SitePages
from support import handed_out
from support.checkout import lesson_text, make

if TYPE_CHECKING:
    from pathlib import Path

    from course.site.build import BuildResult

pytestmark = pytest.mark.slow
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", re.DOTALL)
LESSON = "01-numbers"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """A course with a lesson and two exercises, and its plain site; to be copied."""
    folders = make(tmp_path_factory.mktemp("made"), {LESSON: lesson_text("Numbers", "1 + 1")})
    for name in ("once", "twice"):
        handed_out.write(folders.exercises / "01-doubles", name, handed_out.cells())
    assert build(folders).errors == []
    return folders


@pytest.fixture
def folders(made: Folders, tmp_path: Path) -> Folders:
    return Folders(shutil.copytree(made.root, tmp_path / "course", symlinks=True))


def build(folders: Folders) -> BuildResult:
    return Site(folders, say=lambda _line: None).build()


def page(folders: Folders, path: str) -> BeautifulSoup:
    return BeautifulSoup((folders.site / path).read_text("utf-8"), "html.parser")


def test_the_contents_of_an_exercise_lead_to_the_lessons_and_to_all_exercises(
    folders: Folders,
) -> None:
    once = page(folders, "exercises/01-doubles/once.html")
    assert once.select_one("header [popovertarget=contents]") is not None
    links = [str(link["href"]) for link in once.select("#contents a")]
    beside = [f"exercises/01-doubles/{task}" for task in ("once", "twice")]
    names = [f"lessons/{LESSON}", *beside, "exercises/index", "cheat-sheet", "glossary"]
    assert links == [f"../../{name}.html" for name in names]


def test_a_plain_site_has_a_readable_page_with_the_notebook(folders: Folders) -> None:
    once = page(folders, "exercises/01-doubles/once.html")
    assert once.select("script[src*=live]") == once.select("[data-do]:is(button)") == []
    assert "data-live" not in str(once.body)[:200]
    assert (folders.site / "exercises/01-doubles/once.ipynb").is_file()
    (after,) = once.select(".steps a")
    assert after["href"] == "../01-doubles/twice.html"


def test_the_list_has_every_exercise_under_its_assignment(folders: Folders) -> None:
    listed = page(folders, "exercises/index.html")
    assert [h2.get_text(" ", strip=True) for h2 in listed.select("h2")] == ["01 Numbers"]
    assert [li["data-exercise"] for li in listed.select("li[data-exercise]")] == [
        "01-doubles/once",
        "01-doubles/twice",
    ]
    lesson = listed.select(f'main a[href="../lessons/{LESSON}.html"]')
    assert [a.get_text() for a in lesson] == ["lesson 01"]
    first = page(folders, "index.html")
    assert [a.get_text() for a in first.select('a[href="exercises/index.html#01-doubles"]')] == [
        "2 exercises"
    ]


def test_an_assignment_without_a_lesson_of_its_number_has_a_title_of_its_own(
    folders: Folders,
) -> None:
    handed_out.write(folders.exercises / "07-the-capstone", "once", handed_out.cells())
    build(folders)
    listed = page(folders, "exercises/index.html")
    heading = listed.find(id="07-the-capstone")
    assert heading is not None
    assert heading.get_text(" ", strip=True) == "07 The capstone"
    after = heading.find_next("p")
    assert after is not None
    assert after.get_text() == "After the lesson Numbers"


def test_the_end_of_a_lesson_calls_each_exercise_by_its_title() -> None:
    titles = {one.place: one.title for one in map(read_exercise, handed_out.REAL)}
    links = re.compile(r"\[([^]]+)\]\(\.\./exercises/([\w/-]+)\.ipynb\)")
    found = 0
    for lesson in sorted((ROOT / "lessons").glob("[0-9]*.ipynb")):
        cells = json.loads(lesson.read_text("utf-8"))["cells"]
        text = "".join("".join(cell["source"]) for cell in cells)
        for label, place in links.findall(text.partition("## Where to go from here")[2]):
            assert " ".join(label.split()) == titles[place], lesson.name
            found += 1
    assert found > 20


def test_an_exercise_that_is_gone_takes_its_page_along(folders: Folders) -> None:
    (folders.exercises / "01-doubles" / "twice.ipynb").unlink()
    build(folders)
    assert not (folders.site / "exercises/01-doubles/twice.html").exists()
    assert page(folders, "exercises/index.html").select('[data-exercise="01-doubles/twice"]') == []
    assert page(folders, "exercises/01-doubles/once.html").select(".steps a") == []


def test_an_edited_exercise_is_rendered_again(folders: Folders) -> None:
    cells = handed_out.cells()
    cells[0]["source"] = "# Exercise: two times"
    handed_out.write(folders.exercises / "01-doubles", "once", cells)
    outcome = build(folders)
    assert outcome.ran == []
    assert "exercises/01-doubles/once" in outcome.rendered
    assert "two times" in page(folders, "exercises/index.html").get_text()


def test_an_exercise_that_cannot_be_rendered_is_named_and_its_page_stays(folders: Folders) -> None:
    before = (folders.site / "exercises/01-doubles/once.html").read_bytes()
    cells = handed_out.cells()
    cells[0]["source"] = "# Once\n\n[nowhere](nowhere.ipynb)"
    handed_out.write(folders.exercises / "01-doubles", "once", cells)
    (error,) = build(folders).errors
    assert "01-doubles/once" in str(error)
    assert (folders.site / "exercises/01-doubles/once.html").read_bytes() == before


@pytest.fixture(scope="module")
def real() -> dict[str, bytes]:
    """All that a live site says of the real exercises: pages, scripts, Python's files."""
    folders = Folders(ROOT)
    course = load(folders.content / "course.yml", folders.lessons)
    renderer, pages = Renderer(course, folders.web, live=True), SitePages(folders, course)
    names = ["exercises", *slugs(folders)]
    files = {name: pages.bytes_of(renderer, name) for name in names}
    live = LiveSite(folders)
    files |= {str(file): exercises.script(read_exercise(file)) for file in live.exercises}
    return files | pack.course_files(folders.root, live.companions)


def test_no_hidden_test_is_anywhere_in_the_site(real: dict[str, bytes]) -> None:
    """The lines of hidden tests, as they are and as JSON writes them."""
    handed = " ".join(file.read_text("utf-8") for file in handed_out.REAL)
    whole = b"\n".join(real.values()).decode("utf-8", "replace")
    lines = 0
    for file in handed_out.REAL:
        solved = read_exercise(ROOT / "solutions" / file.parent.name / file.name)
        for cell in solved.notebook["cells"]:
            for line in " ".join(HIDDEN.findall(cell["source"])).splitlines():
                text = json.dumps(line.strip(), ensure_ascii=False)[1:-1]
                if len(text) > 20 and text not in handed:
                    lines += 1
                    assert text not in whole, (file, text)
                    assert line.strip() not in whole, (file, line)
    assert lines > 500


def test_no_solution_is_in_a_page(real: dict[str, bytes]) -> None:
    whole = b"\n".join(real.values()).decode("utf-8", "replace")
    assert "### BEGIN" not in whole
    assert "row * n_cols + col\n" not in whole


def test_every_real_page_is_small(real: dict[str, bytes]) -> None:
    for name in slugs(Folders(ROOT)):
        assert len(real[name]) <= 120_000, name
