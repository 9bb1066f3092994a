"""Every code cell of every lesson shows in a page what it shows natively, or is on the list.

Both run here: the lesson in a Jupyter kernel, and in the Python of the pages. Some lessons run by
default; TEST_TIER=all (`make test-all`) runs them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import nbformat
import pytest

from course.core.myst import tags
from course.core.paths import ROOT, Folders
from course.qa.page_lessons import PageLesson, run_lesson, run_lessons
from course.qa.page_python import page_python
from course.site import execute
from course.site.numpy_versions import MEASURES, code_cells, text_of
from support.page_differences import Difference, listed, objections, unknown
from support.tiers import WHOLE

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from course.site.execute import LessonRun

QUICK = ("00-start-here", "02-memory-layout-and-strides", "workbench")
LESSONS = {file.stem: file for file in sorted((ROOT / "lessons").glob("*.ipynb"))}
CHOSEN = {slug: file for slug, file in LESSONS.items() if WHOLE or slug in QUICK}
ALLOWED = listed()
pytestmark = pytest.mark.slow


@dataclass
class Both:
    """The chosen lessons, run natively and in the Python of a page."""

    native: dict[str, NotebookNode]
    page: dict[str, PageLesson]
    tagged: dict[str, PageLesson]
    """The lessons with tagged cells, with those cells run all the same."""


@pytest.fixture(scope="module")
def both() -> Both:
    native: dict[str, NotebookNode] = {}

    def keep(run: LessonRun) -> None:
        assert run.notebook is not None, run.error
        native[run.file.stem] = run.notebook

    execute.run_lessons(CHOSEN.values(), str, keep)
    with page_python(Folders()) as python:
        page = run_lessons(python, CHOSEN.values())
        tagged = {
            slug: run_lesson(python, CHOSEN[slug], tagged=True)
            for slug, lesson in page.items()
            if any(reason.startswith("needs-") for reason in lesson.recorded.values())
        }
    return Both(native, page, tagged)


@pytest.mark.timeout(1800 if WHOLE else 300)
@pytest.mark.parametrize("slug", list(CHOSEN))
def test_each_cell_shows_in_a_page_what_it_shows_natively(both: Both, slug: str) -> None:
    native, page = code_cells(both.native[slug]), code_cells(both.page[slug].shown())
    texts = {name: (text_of(native[name]), text_of(page[name])) for name in page}
    found = [
        Difference(f"{slug}: {k}", one, other) for k, (one, other) in texts.items() if one != other
    ]
    wrong = objections(found, [f"{slug}: {name}" for name in native], ALLOWED)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("slug", list(CHOSEN))
def test_each_tag_that_keeps_a_cell_from_running_is_needed(both: Both, slug: str) -> None:
    native = code_cells(both.native[slug])
    for name, reason in both.page[slug].recorded.items():
        if not reason.startswith("needs-"):
            continue
        cell = code_cells(both.tagged[slug].notebook)[name]
        if MEASURES.search(cell.source):  # what it shows differs from run to run
            assert cell.metadata.course.in_page, f"{slug}: {name} does not say what a page lacks"
            continue
        if "predict" in tags(cell):  # a question goes with the cell that answers it
            following = list(native)[list(native).index(name) + 1]
            assert following in both.page[slug].recorded, f"{slug}: {name} could be asked in a page"
            continue
        assert text_of(cell) != text_of(native[name]), (
            f"{slug}: {name} shows in a page what it shows natively: remove the tag {reason}"
        )


def test_the_list_names_only_cells_that_there_are() -> None:
    places = {
        f"{slug}: {name}"
        for slug, file in LESSONS.items()
        for name in code_cells(nbformat.read(file, as_version=4))
    }
    mine = {where: entry for where, entry in ALLOWED.items() if where.count("/") == 0}
    assert unknown(places, mine) == []
