"""Digests of what runs and pages depend on: if they stay the same, there is nothing to do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from course.core.cache import digest, digest_files, files_below, installed_versions
from course.core.paths import Folders
from course.site import numpy_versions

PACKAGE = Path(__file__).parents[1]
RUNS_WITH = ("anywidget", "ipykernel", "ipython", "ipywidgets", "nbclient", "numpy")
RENDERS_WITH = ("jinja2", "latex2mathml", "nbconvert", "pygments")
# The modules that write the pages other than lessons.
OTHER_PAGES = (
    "live/runtime",
    "site/exercise_pages",
    "site/extra_pages",
    "site/sections",
    "site/search_index",
    "core/exercises",
    "core/headings",
    "lint/glossary",
    "lint/schedules",
    "content/lesson_header",
)


def of_all_runs(folders: Folders) -> str:
    """Return a digest of everything that the runs of all lessons depend on."""
    return digest(
        digest_files(files_below(folders.root / "stridescope" / "src"), folders.root),
        installed_versions(*RUNS_WITH),
        sys.version,
    )


def of_run(folders: Folders, shared: str, lesson: Path) -> str:
    """Return a digest of everything that a lesson's run depends on.

    Parameters
    ----------
    folders : Folders
        The checkout.
    shared : str
        The digest that all runs share.
    lesson : Path
        The notebook. The files that it names count, too.
    """
    text = lesson.read_bytes()
    files = [*companions(folders), *files_below(folders.root / "img")]
    named = [file for file in files if file.name.encode() in text]
    return digest(shared, text, digest_files(named, folders.root))


def companions(folders: Folders) -> list[Path]:
    """Return the files next to the lessons that cells use, such as a program and figures."""
    return [
        file
        for file in files_below(folders.lessons)
        if file.suffix != ".ipynb" and file != folders.lessons / numpy_versions.NAME
    ]


def of_all_pages(folders: Folders, lessons: Iterable[Path], *, live: bool) -> str:
    """Return a digest of everything that all pages depend on, besides their own lessons.

    Parameters
    ----------
    folders : Folders
        The checkout.
    lessons : iterable of Path
        The built lessons: every page shows their titles.
    live : bool
        Whether readers can run the cells of a page.
    """
    code = [PACKAGE / "core" / "published.py", PACKAGE / "site" / "numpy_versions.py"]
    code += (PACKAGE / "render").glob("*.py")
    return digest(
        str(live),
        digest_files(files_below(folders.web), folders.web),
        digest_files(code, PACKAGE),
        (folders.content / "course.yml").read_bytes(),
        *map(map_entry, lessons),
        digest_files(files_below(folders.root / "img", folders.exercises), folders.root),
        installed_versions(*RENDERS_WITH),
    )


def of_other_pages(folders: Folders, shared: str, lessons: Iterable[Path]) -> str:
    """Return a digest of everything that the pages other than lessons depend on.

    Parameters
    ----------
    folders : Folders
        The checkout.
    shared : str
        The digest that all pages share.
    lessons : iterable of Path
        The built lessons.
    """
    code = [PACKAGE / f"{name}.py" for name in OTHER_PAGES]
    names = ["content/glossary.yml", "content/schedules.yml", "docs/teaching.md"]
    names += ["vendor/pyodide/SHA256SUMS"]
    sources = [folders.root / name for name in names]
    return digest(
        shared,
        digest_files(code, PACKAGE),
        digest_files([file for file in sources if file.is_file()], folders.root),
        digest_files(lessons, folders.lessons),
    )


def of_exercise_pages(shared: str) -> str:
    """Return a digest of everything that the pages of the exercises depend on.

    Parameters
    ----------
    shared : str
        The digest that all pages share; the exercises are part of it.
    """
    code = [PACKAGE / f"{name}.py" for name in ("core/exercises", "site/exercise_pages")]
    return digest(shared, digest_files(code, PACKAGE))


def map_entry(lesson: Path) -> str:
    """Return what the map shows of a lesson (its title, minutes and so on) as JSON."""
    course = json.loads(lesson.read_bytes()).get("metadata", {}).get("course", {})
    shown = {key: course.get(key) for key in ("title", "minutes", "needs", "objectives")}
    return json.dumps([lesson.stem, shown], sort_keys=True)
