"""The pages of the exercises: one each, and one that lists all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from course.core.exercises import Exercise, exercise_files, read_exercise

if TYPE_CHECKING:
    from course.core.paths import Folders
    from course.render import Renderer
    from course.render.course_map import CourseMap, Lesson

LIST = "exercises"
"""The name of the page that lists all exercises."""


@dataclass(frozen=True)
class Assignment:
    """An assignment on the list.

    Parameters
    ----------
    name : str
        Its name, such as `02-strides`.
    exercises : list of Exercise
        Its exercises in order.
    lesson : Lesson or None
        The lesson with its number, if there is one that comes before it.
    """

    name: str
    exercises: list[Exercise]
    lesson: Lesson | None

    @property
    def number(self) -> str:
        """The number in its name."""
        return self.name.partition("-")[0]

    @property
    def follows(self) -> bool:
        """Whether the lesson before it has the same number, so that it is called like that."""
        return self.lesson is not None and self.lesson.number == self.number

    @property
    def title(self) -> str:
        """The title of its lesson, or else the words in its name."""
        if self.lesson is not None and self.follows:
            return self.lesson.title
        return self.name.partition("-")[2].replace("-", " ").capitalize()


def slugs(folders: Folders) -> dict[str, str]:
    """Return the names of the exercises' pages, and their paths in the site."""
    files = exercise_files(folders.exercises)
    names = [f"{LIST}/{file.parent.name}/{file.stem}" for file in files]
    return {name: f"{name}.html" for name in names}


class ExercisePages:
    """Builds the pages of one checkout's exercises.

    Parameters
    ----------
    folders : Folders
        The checkout.
    course : CourseMap
        Its lessons.
    """

    def __init__(self, folders: Folders, course: CourseMap) -> None:
        self.folders = folders
        self.course = course

    @cached_property
    def exercises(self) -> list[Exercise]:
        """The exercises, in the order in which they should be done."""
        return [read_exercise(file) for file in exercise_files(self.folders.exercises)]

    def bytes_of(self, renderer: Renderer, name: str) -> bytes:
        """Return the page of an exercise.

        Parameters
        ----------
        renderer : Renderer
            Has its template.
        name : str
            As `slugs` gives it, such as `exercises/02-strides/ravel`.
        """
        places = [one.place for one in self.exercises]
        at = places.index(name.removeprefix(f"{LIST}/"))
        own = self.exercises[at].assignment
        facts: dict[str, object] = {
            "assignment": next(one for one in self.assignments() if one.name == own),
            "before": self.exercises[at - 1] if at else None,
            "after": next(iter(self.exercises[at + 1 :]), None),
        }
        return renderer.exercise(self.exercises[at], facts).encode()

    def list_of_all(self, renderer: Renderer) -> bytes:
        """Return the page that lists all exercises."""
        facts: dict[str, object] = {"assignments": self.assignments(), "title": "Exercises"}
        if renderer.live:
            from course.live.build import LiveSite

            facts["script"] = LiveSite(self.folders).progress_name()
        return renderer.page(LIST, facts, LIST).encode()

    def assignments(self) -> list[Assignment]:
        """Return the assignments in order."""
        names = dict.fromkeys(one.assignment for one in self.exercises)
        return [
            Assignment(name, [one for one in self.exercises if one.assignment == name], lesson)
            for name in names
            for lesson in [self.lesson_before(name)]
        ]

    def lesson_before(self, assignment: str) -> Lesson | None:
        """Return the last lesson that an assignment needs, if it has a page."""
        ready = {lesson.number: lesson for lesson in self.course.ready}
        needs = [
            number
            for one in self.exercises
            if one.assignment == assignment
            for number in one.notebook.get("metadata", {}).get("course", {}).get("needs", [])
        ]
        return ready.get(max(needs, default=""))
