"""Schedules for a class, from `content/schedules.yml`, with minutes that come from the lessons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from course.core.errors import ContentError
from course.core.headings import sections_of
from course.core.paths import Folders
from course.lint.glossary import in_order, slugs

# The minutes of a lesson's sections by heading, in order; None for a lesson that does not exist
# yet.
Minutes = Callable[[str], Mapping[str, float] | None]


@dataclass(frozen=True)
class Part:
    """The sections of one lesson that a session covers.

    Parameters
    ----------
    lesson : str
        The lesson's slug.
    sections : tuple of str
        The headings of the sections; the lesson's title means its first section, the puzzle.
    minutes : float
        How long they take.
    """

    lesson: str
    sections: tuple[str, ...]
    minutes: float


@dataclass(frozen=True)
class Session:
    """One session: its title and its parts."""

    title: str
    parts: tuple[Part, ...]

    @property
    def minutes(self) -> float:
        """How long its parts take together."""
        return sum(part.minutes for part in self.parts)


@dataclass(frozen=True)
class Schedule:
    """A way to divide the course into sessions.

    Parameters
    ----------
    name : str
        Its name.
    minutes : int
        How long a session lasts.
    sessions : tuple of Session
        The sessions whose lessons exist.
    alone : dict of str to float
        Slug → minutes of each lesson that no session covers, for reading between sessions, in the
        order of the course. This includes lessons that no session touches.
    complete : bool
        False if parts are left out because their lessons do not exist yet.
    """

    name: str
    minutes: int
    sessions: tuple[Session, ...]
    alone: dict[str, float]
    complete: bool


def load(folders: Folders, minutes_of: Minutes) -> list[Schedule]:
    """Return the schedules, without the lessons that do not exist yet.

    Parameters
    ----------
    folders : Folders
        The checkout.
    minutes_of : callable
        Slug → minutes of each section, or None.
    """
    entries = read(folders)
    return [schedule(entry, minutes_of, in_order(folders)) for entry in entries] if entries else []


def read(folders: Folders) -> list[dict[str, Any]]:
    """Return the schedules as the file lists them; an empty list if there is no file.

    Raises
    ------
    ContentError
        If the file is not YAML or not a list of schedules.
    """
    file = folders.content / "schedules.yml"
    if not file.is_file():
        return []
    name = folders.relative(file)
    try:
        raw = yaml.safe_load(file.read_text("utf-8"))
        for entry in raw:
            _ = entry["name"] + "", entry["minutes"] + 0
            for _slug, _headings in parts_of(entry):
                pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ContentError(name, line, f"the schedules are not YAML: {error.problem}") from error
    except (TypeError, KeyError, AttributeError) as error:
        message = (
            "give each schedule `name`, `minutes` and `sessions`, each session `title` and "
            "`parts`, each part `lesson` and `at`"
        )
        raise ContentError(name, 1, message) from error
    return list(raw)


def parts_of(entry: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the lesson and the headings of each part of a schedule."""
    for session in entry["sessions"]:
        _ = session["title"] + ""
        for part in session["parts"]:
            yield part["lesson"], list(part["at"])


def schedule(entry: Mapping[str, Any], minutes_of: Minutes, lessons: list[str]) -> Schedule:
    """Return one schedule; `lessons` are the slugs of all lessons in the order of the course."""
    alone = {
        slug: sum(there.values()) for slug in lessons if (there := minutes_of(slug)) is not None
    }
    complete = True
    sessions = []
    for session in entry["sessions"]:
        parts = []
        for part in session["parts"]:
            slug, headings = part["lesson"], tuple(part["at"])
            if (minutes := minutes_of(slug)) is None:
                complete = False
                continue
            here = sum(minutes[heading] for heading in headings)
            alone[slug] -= here
            parts.append(Part(slug, headings, here))
        if parts:
            sessions.append(Session(session["title"], tuple(parts)))
    return Schedule(entry["name"], entry["minutes"], tuple(sessions), alone, complete)


def faults(folders: Folders) -> list[ContentError]:
    """Return the mistakes in the schedules: lessons and sections that do not exist."""
    file = folders.content / "schedules.yml"
    try:
        entries = read(folders)
    except ContentError as error:
        return [error]
    errors = []
    for slug, headings in (part for entry in entries for part in parts_of(entry)):
        text = folders.content / "lessons" / f"{slug}.md"
        if slug not in slugs(folders):
            wrong = [(slug, f"no lesson {slug!r}: use a slug from content/course.yml")]
        elif text.is_file():
            there = main_headings(text.read_text("utf-8"))
            wrong = [
                (heading, f"{folders.relative(text)} has no section {heading!r}")
                for heading in headings
                if heading not in there
            ]
        else:
            wrong = []
        lines = file.read_text("utf-8").splitlines()
        for word, message in wrong:
            line = next((k for k, text in enumerate(lines, start=1) if word in text), 1)
            errors.append(ContentError(folders.relative(file), line, message))
    return errors


def main_headings(text: str) -> set[str]:
    """Return the title of a lesson and the headings of its sections."""
    return {name for level, name, _ in sections_of(text) if level <= 2}  # noqa: PLR2004
