"""The map of the course: its lessons in order, and which of them exist."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from course.core.errors import CourseError
from course.core.published import Published, read_published

if TYPE_CHECKING:
    from pathlib import Path

SLUG = re.compile(r"(?:(\d\d)-)?[a-z0-9]+(?:-[a-z0-9]+)*")


class CourseMapError(CourseError):
    """The map, or the header of a lesson that it names, cannot be read.

    Parameters
    ----------
    file : Path
        The file with the mistake.
    message : str
        What is wrong and what to do.
    """

    def __init__(self, file: Path, message: str) -> None:
        super().__init__(f"{file.name}: {message}")
        self.file, self.message = file, message


@dataclass(frozen=True)
class Lesson:
    """One lesson of the map.

    Attributes
    ----------
    slug : str
        The name of its notebook and page, such as `02-memory-layout-and-strides`.
    number : str
        The two digits at the start of the slug, or an empty string (`myths`).
    title, about : str
        Plain text: the title, and the sentence that makes you want to read the lesson.
    minutes : int or None
        The time for the core path; None while the lesson is being written.
    needs : tuple of str
        The numbers of the lessons to read before.
    objectives : tuple of str
        What the reader can do afterwards.
    ready : bool
        Whether its notebook exists.
    picture, shows : str
        The picture of it on the first page, and the sentence below that; empty for most lessons.
    """

    slug: str
    number: str
    title: str
    about: str
    minutes: int | None
    needs: tuple[str, ...]
    objectives: tuple[str, ...]
    ready: bool
    picture: str = ""
    shows: str = ""


@dataclass(frozen=True)
class CourseMap:
    """The course: its title, its subtitle, its lessons in reading order, where it is published."""

    title: str
    subtitle: str
    lessons: tuple[Lesson, ...]
    published: Published | None = None

    @property
    def ready(self) -> tuple[Lesson, ...]:
        """The lessons that exist."""
        return tuple(lesson for lesson in self.lessons if lesson.ready)

    def lesson(self, slug: str) -> Lesson:
        """Return the lesson called `slug`.

        Raises
        ------
        KeyError
            If the map has no such lesson.
        """
        for lesson in self.lessons:
            if lesson.slug == slug:
                return lesson
        raise KeyError(slug)

    def neighbors(self, slug: str) -> tuple[Lesson | None, Lesson | None]:
        """Return the nearest existing lessons before and after `slug`."""
        here = self.lessons.index(self.lesson(slug))
        before = [lesson for lesson in self.lessons[:here] if lesson.ready]
        after = [lesson for lesson in self.lessons[here + 1 :] if lesson.ready]
        return (before[-1] if before else None, after[0] if after else None)


def load(file: Path, notebooks: Path) -> CourseMap:
    """Read the map, and find out which of its lessons exist.

    Parameters
    ----------
    file : Path
        The map, `content/course.yml`.
    notebooks : Path
        The folder of the built lessons. A lesson is ready if `<slug>.ipynb` exists there; its
        `metadata.course` then gives title, minutes, needs and objectives.

    Raises
    ------
    CourseMapError
        If the map or a notebook cannot be read, lacks a key or names a lesson twice.
    CourseError
        If the map does not say properly where the course is published.
    """
    raw = _read_yaml(file)
    lessons = tuple(_lesson(entry, file, notebooks) for entry in _list(raw, "lessons", file))
    slugs = [lesson.slug for lesson in lessons]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise CourseMapError(file, f"{twice[0]} is listed twice: keep one")
    title, subtitle = (_text(raw, key, file) for key in ("title", "subtitle"))
    return CourseMap(title, subtitle, lessons, read_published(file))


def _read_yaml(file: Path) -> dict[str, Any]:
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise CourseMapError(file, f"is not YAML: {error}") from error
    if not isinstance(raw, dict):
        raise CourseMapError(file, "must have `title:`, `subtitle:` and `lessons:`")
    return raw


def _list(raw: dict[str, Any], key: str, file: Path) -> list[Any]:
    value = raw.get(key)
    if not isinstance(value, list):
        raise CourseMapError(file, f"`{key}:` must be a list")
    return value


def _text(raw: dict[str, Any], key: str, file: Path) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CourseMapError(file, f"`{key}:` must be a string that is not empty")
    return " ".join(value.split())


def _lesson(entry: object, file: Path, notebooks: Path) -> Lesson:
    if not isinstance(entry, dict):
        raise CourseMapError(file, "give each lesson `slug:`, `title:` and `about:`")
    slug = _text(entry, "slug", file)
    match = SLUG.fullmatch(slug)
    if not match:
        raise CourseMapError(file, f"slug {slug!r}: use only lowercase letters, digits and hyphens")
    notebook = notebooks / f"{slug}.ipynb"
    head = _head(notebook) if notebook.exists() else None
    return Lesson(
        slug=slug,
        number=match[1] or "",
        title=_text(head, "title", notebook) if head else _text(entry, "title", file),
        about=_text(entry, "about", file),
        minutes=_minutes(head, notebook) if head else None,
        needs=_texts(head, "needs", notebook) if head else (),
        objectives=_texts(head, "objectives", notebook) if head else (),
        ready=head is not None,
        picture=_text(entry, "picture", file) if "picture" in entry else "",
        shows=_text(entry, "shows", file) if "picture" in entry else "",
    )


def _head(notebook: Path) -> dict[str, Any]:
    """Return `metadata.course` of a built lesson."""
    try:
        head = json.loads(notebook.read_text(encoding="utf-8"))["metadata"]["course"]
    except (ValueError, KeyError, TypeError) as error:
        message = "has no readable metadata.course: build it again with `make notebooks`"
        raise CourseMapError(notebook, message) from error
    if not isinstance(head, dict) or not head:
        raise CourseMapError(notebook, "metadata.course must be a mapping")
    return head


def _minutes(head: dict[str, Any], notebook: Path) -> int:
    value = head.get("minutes")
    if not isinstance(value, int) or value <= 0:
        raise CourseMapError(notebook, f"metadata.course.minutes is {value!r}, not a whole number")
    return value


def _texts(head: dict[str, Any], key: str, notebook: Path) -> tuple[str, ...]:
    value = head.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise CourseMapError(notebook, f"metadata.course.{key} must be a list of strings")
    return tuple(value)
