"""`make html`: run the lessons that changed, render the pages that changed, write `_site/`.

Both steps record digests of their inputs. Timestamps would not do: a checkout changes them even
where files stay the same. An edited template renders every page but runs no lesson; an edited
lesson runs and renders only that one; a run with nothing to do does not import Jupyter.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from course.content import build as notebooks
from course.core import moved
from course.core.cache import BuildCache, digest, files_below, write_atomically
from course.core.errors import CourseError
from course.core.paths import Folders
from course.site import exercise_pages, inputs, numpy_versions, redirects
from course.site.numpy_versions import Record

if TYPE_CHECKING:
    from course.render import Renderer
    from course.site.execute import LessonRun

# The pages in addition to the lessons, the search index, and the modules that they depend on.
BESIDE = {
    "index": "index.html",
    "cheat-sheet": "cheat-sheet.html",
    "exercises": "exercises/index.html",
    "glossary": "glossary.html",
    "teaching": "teaching.html",
    "search-index": "static/search-index.js",
}
NAMED_BY_DIGEST = re.compile(r"-[0-9a-f]{8}\.\w+$")
# What is in img/ for others than the pages.
NO_PICTURES = ("*.py", "*.md", "architecture-*", "workbench.png", "__pycache__")
# Only where cells run in the page.
BESIDE_LIVE = {"live": "live.html"}


@dataclass
class BuildResult:
    """The result of one `make html`.

    Parameters
    ----------
    pages : int
        How many lesson pages the site has now.
    ran, rendered : list of str
        The slugs of the lessons that were run, and of the pages that were rendered.
    errors : list of CourseError
        What failed; the pages in question stay as they were.
    """

    pages: int = 0
    ran: list[str] = field(default_factory=list)
    rendered: list[str] = field(default_factory=list)
    errors: list[CourseError] = field(default_factory=list)


class Site:
    """The site of one checkout.

    Parameters
    ----------
    folders : Folders
        The checkout.
    say : callable
        Takes each line for the reader.
    live : bool, optional
        Whether the cells of a page can be run in it; needs `vendor/`.
    with_matplotlib : bool, optional
        Whether these cells can use Matplotlib; it is downloaded once.
    """

    def __init__(
        self,
        folders: Folders,
        say: Callable[[str], None] = print,
        *,
        live: bool = False,
        with_matplotlib: bool = False,
    ) -> None:
        self.folders = folders
        self.say = say
        self.live = live
        self.with_matplotlib = with_matplotlib
        self.beside = BESIDE | BESIDE_LIVE if live else BESIDE
        self.exercises = exercise_pages.slugs(folders)
        self.cache = BuildCache(folders.build / "site.json")
        self.ran: dict[str, str] = self.cache.entries.setdefault("ran", {})
        self.rendered: dict[str, str] = self.cache.entries.setdefault("rendered", {})

    def build(self, *, jobs: int | None = None) -> BuildResult:
        """Bring `_site/` up to date with the lessons.

        Parameters
        ----------
        jobs : int, optional
            How many lessons to run at a time; by default, one per CPU.
        """
        outcome = BuildResult()
        try:
            if (self.folders.content / "lessons").is_dir():  # not in the students' copy
                notebooks.build(self.folders, lessons_only=True)
        except notebooks.EditedError as error:
            self.say(f"{error}\nThe site is built from lessons/ as it is.")
        lessons = {file.stem: file for file in sorted(self.folders.lessons.glob("*.ipynb"))}
        self.forget_all_but(set(lessons))
        self.run(lessons, jobs, outcome)
        self.render(lessons, outcome)
        self.write_live()
        redirects.write(self.folders.site)
        outcome.pages = len({file.stem for file in self.pages.glob("*.html")} - set(moved.LESSONS))
        return outcome

    @cached_property
    def elsewhere(self) -> Record:
        """What cells show on other versions of NumPy, by lesson.

        See `course.site.numpy_versions`.
        """
        return numpy_versions.read(self.folders)

    @property
    def pages(self) -> Path:
        """The folder of the lessons' pages."""
        return self.folders.site / "lessons"

    def executed(self, slug: str) -> Path:
        """Return where the executed notebook of a lesson is stored."""
        return self.folders.build / "executed" / f"{slug}.ipynb"

    def forget_all_but(self, slugs: set[str]) -> None:
        """Remove the pages and records of lessons that no longer exist."""
        kept = slugs | set(self.beside) | set(self.exercises)
        for slug in (set(self.ran) | set(self.rendered)) - kept:
            for file in (
                self.page(slug),
                self.executed(slug),
                *(self.pages / f"{slug}{end}" for end in (".html", ".ipynb")),
            ):
                file.unlink(missing_ok=True)
            self.ran.pop(slug, None)
            self.rendered.pop(slug, None)
            self.cache.save()

    def run(self, lessons: dict[str, Path], jobs: int | None, outcome: BuildResult) -> None:
        """Run the lessons that changed since they last ran, and store their outputs."""
        shared = inputs.of_all_runs(self.folders)
        keys = {slug: inputs.of_run(self.folders, shared, file) for slug, file in lessons.items()}
        stale = {
            lessons[slug]: slug
            for slug, key in keys.items()
            if self.ran.get(slug) != key or not self.executed(slug).is_file()
        }
        if not stale:
            return
        from course.core.progress import progress
        from course.site.execute import Conditions, run_lessons

        with progress("Running", len(stale), self.say) as step:

            def done(run: LessonRun) -> None:
                slug = stale[run.file]
                step(slug, run.summary)
                if run.notebook is None:
                    outcome.errors.append(run.error or CourseError(slug))
                    return
                write_atomically(self.executed(slug), run.file_bytes())
                self.ran[slug] = keys[slug]
                self.cache.save()
                outcome.ran.append(slug)

            run_lessons(list(stale), self.folders.relative, done, Conditions(jobs=jobs))

    def render(self, lessons: dict[str, Path], outcome: BuildResult) -> None:
        """Render the pages whose lesson, template or place on the map changed."""
        shared = inputs.of_all_pages(self.folders, lessons.values(), live=self.live)
        wanted = {
            slug: digest(
                shared,
                file.read_bytes(),
                self.executed(slug).read_bytes(),
                json.dumps(self.elsewhere.get(slug)),
            )
            for slug, file in lessons.items()
            if self.executed(slug).is_file() and slug in self.ran
        }
        others = inputs.of_other_pages(self.folders, shared, lessons.values())
        wanted |= dict.fromkeys(self.beside, digest(others, str(self.with_matplotlib)))
        wanted |= dict.fromkeys(self.exercises, inputs.of_exercise_pages(shared))
        stale = [slug for slug, key in wanted.items() if self.is_stale(slug, key)]
        if not stale:
            return
        from course.render import Renderer, course_map
        from course.site.extra_pages import SitePages

        course = course_map.load(self.folders.content / "course.yml", self.folders.lessons)
        renderer = Renderer(course, self.folders.web, live=self.live)
        beside = SitePages(self.folders, course, with_matplotlib=self.with_matplotlib)
        for slug in stale:
            try:
                if slug in self.beside or slug in self.exercises:
                    write_atomically(self.page(slug), beside.bytes_of(renderer, slug))
                else:
                    self.write_page(renderer, slug)
            except CourseError as error:
                outcome.errors.append(error)
                continue
            self.rendered[slug] = wanted[slug]
            outcome.rendered.append(slug)
        self.write_shared(renderer)
        self.cache.save()

    def is_stale(self, slug: str, key: str) -> bool:
        """Return whether a page is missing or was made from other inputs."""
        return self.rendered.get(slug) != key or not self.page(slug).is_file()

    def page(self, slug: str) -> Path:
        """Return the path of a page."""
        if slug.startswith(f"{exercise_pages.LIST}/"):
            return self.folders.site / f"{slug}.html"
        beside = BESIDE | BESIDE_LIVE
        return self.folders.site / beside[slug] if slug in beside else self.pages / f"{slug}.html"

    def write_page(self, renderer: Renderer, slug: str) -> None:
        """Render one page, and write it and the notebook to download to the site."""
        import nbformat

        notebook = nbformat.read(self.executed(slug), as_version=4)
        numpy_versions.annotate(notebook, self.elsewhere.get(slug, {}))
        page = renderer.lesson(notebook, slug)
        lesson = (self.folders.lessons / f"{slug}.ipynb").read_bytes()
        write_atomically(self.pages / f"{slug}.ipynb", lesson)
        write_atomically(self.page(slug), page.encode())

    def write_live(self) -> None:
        """Update `static/live/` from its sources, or remove it from a plain site."""
        if not self.live and "live" not in self.cache.entries:
            return
        from course.live.build import LiveSite

        live = LiveSite(self.folders, with_matplotlib=self.with_matplotlib)
        key = live.key() if self.live else ""
        if self.cache.entries.get("live") == key and (key == "" or live.is_there()):
            return
        if self.live:
            live.write()
        else:
            live.remove()
        self.cache.entries["live"] = key
        self.cache.save()

    def write_shared(self, renderer: Renderer) -> None:
        """Write styles and scripts, copy pictures, and delete what no page uses any longer."""
        static = self.folders.site / "static"
        assets = renderer.assets()
        for name, data in assets.items():
            write_atomically(static / name, data)
        used = {
            name
            for page in self.folders.site.rglob("*.html")
            for name in re.findall(r"static/([\w.-]+)", page.read_text("utf-8"))
        }
        fixed = {name for name in assets if not NAMED_BY_DIGEST.search(name)}
        needed = used | fixed | {Path(name).name for name in BESIDE.values()}
        for file in static.iterdir():
            if file.is_file() and file.name not in needed:
                file.unlink()
        for folder, others in (
            (self.folders.root / "img", NO_PICTURES),
            (self.folders.exercises, ()),
        ):
            if folder.is_dir():
                mirror(folder, self.folders.site / folder.name, others)
        for file in inputs.companions(self.folders):
            write_atomically(
                self.folders.site / file.relative_to(self.folders.root), file.read_bytes()
            )


def mirror(source: Path, copy: Path, left_out: Iterable[str]) -> None:
    """Bring the copy of a folder in the site up to date; pages that are in it stay.

    Parameters
    ----------
    source, copy : Path
        The folder, and its copy in the site.
    left_out : iterable of str
        Patterns of names that are not copied.
    """
    shutil.copytree(source, copy, ignore=shutil.ignore_patterns(*left_out), dirs_exist_ok=True)
    for file in files_below(copy):
        place = file.relative_to(copy)
        unwanted = any(fnmatch(part, name) for part in place.parts for name in left_out)
        if file.suffix != ".html" and (unwanted or not (source / place).is_file()):
            file.unlink()
