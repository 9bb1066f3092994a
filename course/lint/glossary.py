"""The glossary, `content/glossary.yml`, checked against the lessons that define its terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from course.core.errors import ContentError
from course.core.headings import plain, sections_of
from course.core.paths import Folders

KEYS = {"means", "lesson", "at"}


@dataclass(frozen=True)
class Term:
    """One term.

    Parameters
    ----------
    name : str
        The term, as it is written in running text.
    means : str
        What it means: one plain sentence, which may have code in backticks.
    lesson : str
        The slug of the lesson that defines it.
    at : str
        The heading of the section that defines it, without markup.
    """

    name: str
    means: str
    lesson: str
    at: str

    @property
    def anchor(self) -> str:
        """Its anchor on the page of the glossary: letters and digits, joined by hyphens."""
        return "-".join(re.findall(r"[\w]+", self.name.lower()))


def file_of(folders: Folders) -> Path:
    """Return the path of the glossary."""
    return folders.content / "glossary.yml"


def load(folders: Folders) -> list[Term]:
    """Return the terms in alphabetical order; none if there is no glossary.

    Raises
    ------
    ContentError
        If the file cannot be read, or an entry is not `term: {means: …, lesson: …, at: …}`.
    """
    file = file_of(folders)
    if not file.is_file():
        return []
    name = folders.relative(file)
    try:
        raw = yaml.safe_load(file.read_text("utf-8")) or {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(name, line, f"the glossary is not YAML: {error.problem}") from error
    if not isinstance(raw, dict):
        raise ContentError(name, 1, "write each entry as `term: {means: …, lesson: …, at: …}`")
    terms = []
    for term, entry in raw.items():
        if (
            not isinstance(entry, dict)
            or set(entry) != KEYS
            or not all(isinstance(value, str) and value.strip() for value in entry.values())
        ):
            message = f"{term!r}: write `means:`, `lesson:` and `at:`, all strings (quote numbers)"
            raise ContentError(name, line_of(file, str(term)), message)
        terms.append(
            Term(str(term), *(" ".join(entry[k].split()) for k in ("means", "lesson", "at")))
        )
    return sorted(terms, key=lambda term: term.name.lower())


def faults(folders: Folders) -> list[ContentError]:
    """Return the mistakes in the glossary, one line each, in alphabetical order.

    A term of a lesson that is on the map but not written yet is not a mistake: the page leaves it
    out.
    """
    try:
        terms = load(folders)
    except ContentError as error:
        return [error]
    file = file_of(folders)
    anchors: dict[str, str] = {}
    errors = []
    for term in terms:
        message = fault(folders, term)
        if term.anchor in anchors:
            message = f"{term.name!r} and {anchors[term.anchor]!r} have the same anchor: keep one"
        anchors[term.anchor] = term.name
        if message:
            errors.append(ContentError(folders.relative(file), line_of(file, term.name), message))
    return errors


def fault(folders: Folders, term: Term) -> str:
    """Return what is wrong with a term, or an empty string."""
    if not term.means.endswith("."):
        return f"{term.name!r}: write its meaning as a sentence, with a period"
    if term.lesson not in slugs(folders):
        return f"{term.name!r}: no lesson {term.lesson!r}: use a slug from content/course.yml"
    text = folders.content / "lessons" / f"{term.lesson}.md"
    if not text.is_file():
        return ""
    parts = {name: below for _, name, below in sections_of(text.read_text("utf-8"))}
    if term.at not in parts:
        return f"{term.name!r}: {folders.relative(text)} has no heading {term.at!r}"
    if plain(term.name) not in parts[term.at]:
        return f"{term.name!r}: the section {term.at!r} of {folders.relative(text)} does not use it"
    return ""


def slugs(folders: Folders) -> set[str]:
    """Return the slugs of all lessons on the map."""
    return set(in_order(folders))


def in_order(folders: Folders) -> list[str]:
    """Return the slugs of all lessons on the map, in the order of the course."""
    course = yaml.safe_load((folders.content / "course.yml").read_text("utf-8"))
    return [entry["slug"] for entry in course["lessons"]]


def line_of(file: Path, term: str) -> int:
    """Return the line on which a term is defined, counted from 1."""
    pattern = re.compile(rf"['\"]?{re.escape(term)}['\"]?\s*:")
    lines = file.read_text("utf-8").splitlines()
    return next((k for k, line in enumerate(lines, start=1) if pattern.match(line)), 1)
