"""Render an executed notebook to HTML: nbconvert with the template in `web/templates/course/`."""

from __future__ import annotations

import posixpath
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import pass_context
from nbconvert.exporters import TemplateExporter
from traitlets.config import Config

from course.render.cells import SHOWN, prepare, without_repeats
from course.render.checks import check_page, fetches
from course.render.errors import LinkError, MathError
from course.render.exercise_page import ExerciseMarkdown, blocks
from course.render.markdown import PageMarkdown, highlight_code, summary, tab_stop
from course.render.widgets import collect
from stridescope.runtime.bundle import without_comments
from stridescope.runtime.styles import packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2.runtime import Context
    from nbformat import NotebookNode

    from course.core.exercises import Exercise
    from course.render.course_map import CourseMap

# The pages in addition to the lessons, in the root folder of the site, and their titles.
BESIDE = {"cheat-sheet": "Cheat sheet", "glossary": "Glossary", "teaching": "For teachers"}
# Only in a site whose cells run in the page.
BESIDE_LIVE = {"live": "What runs here"}
# The styles of pages with one of their own.
STYLES = {
    "index": ["home.css"],
    "exercise": ["exercises.css"],
    "exercises": ["exercises.css"],
}
EXERCISES = "../exercises/index.html"


def slimmed(file: Path) -> bytes:
    """Return a file as the site has it: a script or a style without comments and spaces."""
    if file.suffix == ".js":
        return f"{without_comments(file.read_text('utf-8'))}\n".encode()
    if file.suffix == ".css":
        return f"{packed(file.read_text('utf-8'))}\n".encode()
    return file.read_bytes()


class Renderer:
    """Renders the pages of one course.

    Parameters
    ----------
    course : CourseMap
        The lessons, for the contents on every page.
    web : Path
        The folder with `templates/course/` and `static/`. Pictures and exercises are expected next
        to it, in `img/` and `exercises/`, and must be copied to the same places in the site.
    live : bool, optional
        Whether readers can run the cells of a page in it; the site then has `static/live/`.
    """

    def __init__(self, course: CourseMap, web: Path, *, live: bool = False) -> None:
        self._live = live
        self._beside = BESIDE | BESIDE_LIVE if live else BESIDE
        self._course = course
        self._web = web
        self._shared: dict[str, str] = {}
        self._markdown = PageMarkdown(frozenset())
        self._exporter = self._make_exporter()

    @property
    def live(self) -> bool:
        """Whether readers can run the cells of a page in it."""
        return self._live

    def lesson(self, notebook: NotebookNode, slug: str) -> str:
        """Return the page of one lesson, for `lessons/<slug>.html` in the site.

        Parameters
        ----------
        notebook : NotebookNode
            The executed notebook. The same notebook always gives the same bytes.
        slug : str
            Its name on the map of the course.

        Raises
        ------
        RenderError
            If something on the page would not work for a reader; the message says what and where.
        KeyError
            If the map has no such lesson.
        """
        lesson = self._course.lesson(slug)
        before, after = self._course.neighbors(slug)
        widgets = collect(notebook, slug)
        cells, styles = prepare(notebook, slug, widgets.names)
        styles = without_repeats(styles | widgets.styles)
        self._check_styles(styles, slug)
        self._shared |= styles | widgets.scripts()
        slugs = frozenset(ready.slug for ready in self._course.ready)
        self._markdown = PageMarkdown(slugs, self._web.parent / "img")
        facts = {
            "course": self._course,
            "lesson": lesson,
            "before": before,
            "after": after,
            "root": "../",
            "live": self._live,
            "styles": list(styles),
            "scripts": list(widgets.scripts()),
            "slug": slug,
        }
        page, _resources = self._exporter.from_notebook_node(cells, resources={"page": facts})
        check_page(page, slug, self._exists)
        return f"{page.strip()}\n"

    def index(self) -> str:
        """Return the course's first page, `index.html` in the site."""
        return self.page("index", {})

    def exercise(self, exercise: Exercise, facts: dict[str, object]) -> str:
        """Return the page of an exercise, `exercises/<assignment>/<name>.html` in the site.

        Parameters
        ----------
        exercise : Exercise
            The exercise as it is handed out.
        facts : dict
            What its template shows in addition: the exercises `before` and `after`, and `group`,
            the title of its assignment.

        Raises
        ------
        RenderError
            If something on the page would not work for a reader.
        """
        markdown = ExerciseMarkdown(frozenset(ready.slug for ready in self._course.ready))
        own = {
            "exercise": exercise,
            "place": exercise.place,
            "blocks": blocks(exercise, markdown),
            "title": exercise.title,
        }
        return self.page("exercise", own | facts, f"exercises/{exercise.assignment}")

    def page(self, name: str, facts: dict[str, object], folder: str = "") -> str:
        """Return a page other than a lesson, from its own template, `<name>-page.html.j2`.

        Parameters
        ----------
        name : str
            The name of the template: `index`, `exercise`, `exercises`, or one of `BESIDE` or
            `BESIDE_LIVE`.
        facts : dict
            What its template shows, in addition to the course.
        folder : str, optional
            The folder of the page in the site; the root folder by default.

        Raises
        ------
        RenderError
            If something on the page would not work for a reader.
        """
        template = self._exporter.environment.get_template(f"{name}-page.html.j2")
        around = {
            "course": self._course,
            "root": "../" * len(Path(folder).parts),
            "live": self._live,
            "styles": STYLES.get(name, ["extra_pages.css"] if name in self._beside else []),
            "title": self._beside.get(name, ""),
        }
        page = str(template.render(page={**around, **facts}))
        check_page(
            page,
            str(facts.get("place", name)),
            lambda path: self._exists(posixpath.join("..", folder, path)),
        )
        return f"{page.strip()}\n"

    def assets(self) -> dict[str, bytes]:
        """Return the files that pages share: path below `static/` in the site → bytes.

        Styles, front ends and states of instruments are named by their digest. Only those of the
        pages rendered by this object are returned: keep the others, because pages that were not
        rendered again still use them.
        """
        files = {
            file.relative_to(self._web / "static").as_posix(): slimmed(file)
            for file in sorted((self._web / "static").rglob("*"))
            if file.is_file()
        }
        return files | {name: text.encode() for name, text in sorted(self._shared.items())}

    def _make_exporter(self) -> TemplateExporter:
        """Return an exporter for our template, which uses nothing of what HTMLExporter adds."""
        config = Config()
        config.NbConvertBase.display_data_priority = list(SHOWN)
        config.TemplateExporter.template_name = "course"
        config.TemplateExporter.extra_template_basedirs = [str(self._web / "templates")]
        # Checked once as a whole, because cells.py has prepared it.
        config.TemplateExporter.optimistic_validation = True
        exporter = TemplateExporter(
            config=config, file_extension=".html", template_file="index.html.j2"
        )
        # Set here, not in the configuration, because traitlets would copy that and `self` with it.
        exporter.environment.filters |= {
            "markdown2html": self._markdown2html,
            "code": highlight_code,
            "summary": summary,
            "tab_stop": tab_stop,
        }
        exporter.environment.globals["beside"] = self._beside
        # A function, because nbconvert gives the template a copy of all facts before rendering, and
        # the sections are known only afterwards.
        exporter.environment.globals["sections"] = lambda: self._markdown.sections
        return exporter

    @pass_context
    def _markdown2html(self, context: Context, source: str) -> str:
        cell = context["cell"]
        try:
            return self._markdown.to_html(source, cell.get("attachments", {}))
        except ValueError as error:
            slug = context["resources"]["page"]["slug"]
            raise MathError(slug, cell.metadata.page.number, str(error)) from error

    @staticmethod
    def _check_styles(styles: dict[str, str], slug: str) -> None:
        if any(fetches(text) for text in styles.values()):
            raise LinkError(slug, None, "a style of an output uses url(…) or @import")

    def _exists(self, path: str) -> bool:
        """Return whether `path`, as seen from a page in `lessons/`, will exist in the site."""
        path = posixpath.normpath(path)
        if path.startswith(("../img/", "../exercises/")):
            file = self._web.parent / path.removeprefix("../")
            notebook = file.with_suffix(".ipynb") if file.suffix == ".html" else file
            return notebook.is_file() or path == EXERCISES
        if self._live and path.startswith("../static/live/"):
            return True  # course/live writes them after the pages
        beside = self._web.parent / "lessons" / path  # such as a program, which the site copies
        if not path.startswith("..") and beside.suffix != ".ipynb" and beside.is_file():
            return True
        return path in self._files or path in {f"../static/{name}" for name in self._shared}

    @cached_property
    def _files(self) -> frozenset[str]:
        """The files that the site will have, except the shared ones of rendered pages."""
        return frozenset(self._names())

    def _names(self) -> Iterator[str]:
        yield from (f"../{name}.html" for name in ("index", *self._beside))
        for lesson in self._course.ready:
            for folder in ("", "../lessons/"):
                yield f"{folder}{lesson.slug}.html"
                yield f"{folder}{lesson.slug}.ipynb"
        static = self._web / "static"
        yield from (
            f"../static/{file.relative_to(static).as_posix()}" for file in static.rglob("*")
        )
