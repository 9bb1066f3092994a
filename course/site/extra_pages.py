"""The pages other than lessons (first page, cheat sheet, glossary, for teachers), and the search.

Each page is built from the lessons that exist.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from course.core.headings import without_header
from course.core.myst import tags
from course.lint import glossary, schedules
from course.render import BESIDE
from course.render.markdown import PageMarkdown, code_in
from course.site import exercise_pages, search_index
from course.site.exercise_pages import ExercisePages
from course.site.sections import Section, main_sections, sections

if TYPE_CHECKING:
    from course.core.paths import Folders
    from course.render import Renderer
    from course.render.course_map import CourseMap, Lesson

# The text of a card: from its heading to the next one.
CARD = re.compile(r"\A\s*#+ [^\n]*\n(.*?)(?=^#+ |\Z)", re.DOTALL | re.MULTILINE)


class RootMarkdown(PageMarkdown):
    """Renders Markdown from `lessons/` or `docs/` for a page one folder above."""

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Adjust a relative link, and turn a link to a lesson's notebook into one to its page."""
        stem, dot, rest = url.partition(".ipynb")
        slug = stem.removeprefix("./").removeprefix("../lessons/")
        if dot and slug in self._slugs:
            url = f"lessons/{slug}.html{rest}"
        return super().link(text, url.removeprefix("../"), title)


@dataclass(frozen=True)
class Card:
    """The rules of one lesson, as HTML."""

    lesson: Lesson
    rules: str


class SitePages:
    """Builds the pages of one checkout.

    Parameters
    ----------
    folders : Folders
        The checkout.
    course : CourseMap
        Its lessons.
    """

    def __init__(
        self, folders: Folders, course: CourseMap, *, with_matplotlib: bool = False
    ) -> None:
        self.folders = folders
        self.with_matplotlib = with_matplotlib
        self.course = course
        self._sections: dict[str, list[Section]] = {}

    @cached_property
    def exercises(self) -> ExercisePages:
        """The pages of the exercises."""
        return ExercisePages(self.folders, self.course)

    @cached_property
    def notebooks(self) -> dict[str, NotebookNode]:
        """The lessons that exist, by slug, without outputs."""
        return {
            lesson.slug: nbformat.read(self.folders.lessons / f"{lesson.slug}.ipynb", as_version=4)
            for lesson in self.course.ready
        }

    def bytes_of(self, renderer: Renderer, name: str) -> bytes:
        """Return the file of a page, or of the search index.

        Parameters
        ----------
        renderer : Renderer
            Has the template of that name.
        name : str
            `index`, `cheat-sheet`, `exercises`, `glossary`, `teaching`, `search-index`, or the
            name of an exercise's page, such as `exercises/02-strides/ravel`.
        """
        if name == "search-index":
            return self.search_index().encode()
        if name == exercise_pages.LIST:
            return self.exercises.list_of_all(renderer)
        if name.startswith(f"{exercise_pages.LIST}/"):
            return self.exercises.bytes_of(renderer, name)
        facts: dict[str, Callable[[], dict[str, object]]] = {
            "index": self.index,
            "cheat-sheet": lambda: {"cards": self.cards()},
            "glossary": lambda: {"terms": self.terms()},
            "teaching": self.teaching,
            "live": self.live,
        }
        return renderer.page(name, facts[name]()).encode()

    def index(self) -> dict[str, object]:
        """Return the assignments, by the number that they share with a lesson."""
        return {"assignments": {one.number: one for one in self.exercises.assignments()}}

    def cards(self) -> list[Card]:
        """Return the rule cards of the lessons, in the order of the map."""
        return [
            Card(self.course.lesson(slug), self.markdown(card[1]))
            for slug, notebook in self.notebooks.items()
            for cell in notebook.cells
            if "rules" in tags(cell) and (card := CARD.match(cell.source))
        ]

    def terms(self) -> list[dict[str, str]]:
        """Return the terms of the lessons that exist, with the place that defines each."""
        return [
            {
                "name": term.name,
                "anchor": term.anchor,
                "initial": term.name[0].upper(),
                "means": code_in(html.escape(term.means, quote=False)),
                "lesson": term.lesson,
                "title": self.course.lesson(term.lesson).title,
                "at": term.at,
                "place": self.place(term.lesson, term.at),
            }
            for term in glossary.load(self.folders)
            if term.lesson in self.notebooks
        ]

    def place(self, slug: str, heading: str) -> str:
        """Return the anchor of a heading in a lesson; for the title, that of the page's text."""
        for section in self.sections(slug):
            if section.heading == heading:
                return "text" if section.level == 1 else section.anchor
        raise KeyError(f"{slug}: no heading {heading!r}")

    def sections(self, slug: str) -> list[Section]:
        """Return the sections of a lesson, which are read once."""
        if slug not in self._sections:
            self._sections[slug] = sections(self.notebooks[slug])
        return self._sections[slug]

    def teaching(self) -> dict[str, object]:
        """Return the text for teachers in two parts, and the schedules that go between them."""
        text = (self.folders.root / "docs" / "teaching.md").read_text("utf-8")
        body, _ = without_header(text)
        before, _, after = body.partition("<!-- schedules -->")
        return {
            "before": self.markdown(before),
            "after": self.markdown(after),
            "schedules": schedules.load(self.folders, self.minutes),
        }

    def live(self) -> dict[str, object]:
        """Return what runs in the pages, and how much the first press of Run loads."""
        from course.live.build import LiveSite
        from course.live.contents import contents

        site = LiveSite(self.folders)
        return {
            "contents": contents(
                self.folders.root / "vendor", with_matplotlib=self.with_matplotlib
            ),
            "megabytes": round(site.first_bytes() / 1e6),
            "client": site.client_name(),
        }

    def minutes(self, slug: str) -> dict[str, float] | None:
        """Return the minutes of each section of a lesson, or None if it does not exist yet."""
        return main_sections(self.notebooks[slug]) if slug in self.notebooks else None

    def markdown(self, source: str) -> str:
        """Return HTML for a page in the root folder of the site."""
        return RootMarkdown(frozenset(self.notebooks)).to_html(source, {})

    def search_index(self) -> str:
        """Return the script with everything that the search finds."""
        entries = [search_index.of_exercise(one) for one in self.exercises.exercises]
        entries += [
            search_index.Entry(
                "glossary.html", BESIDE["glossary"], t.anchor, t.name, t.means.replace("`", "")
            )
            for t in glossary.load(self.folders)
            if t.lesson in self.notebooks
        ]
        for lesson in self.course.ready:
            where = f"{lesson.number} {lesson.title}".strip()
            page = f"lessons/{lesson.slug}.html"
            entries += search_index.of_lesson(page, where, self.sections(lesson.slug))
        return search_index.script(entries)
