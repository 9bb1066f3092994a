"""`make release`: register an assignment in the gradebook; exercises/ stays unchanged."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass

from course.core.errors import CourseError
from course.core.paths import Folders


@dataclass(frozen=True)
class Registered:
    """What the gradebook has for an assignment.

    Parameters
    ----------
    points : dict of str to float
        The points of each notebook.
    submissions : int
        How many submissions the gradebook had before.
    """

    points: dict[str, float]
    submissions: int


def register(folders: Folders, assignment: str) -> Registered:
    """Register an assignment in `gradebook.db`, as `nbgrader generate_assignment` does.

    The release itself goes to a temporary folder. Students get `exercises/`, which the build
    creates and nbgrader's exchange hands out.

    Raises
    ------
    CourseError
        If there is no such assignment, or nbgrader refuses it.
    """
    from nbgrader.api import Gradebook, MissingEntry

    from course.content.release import course_api, last_words
    from course.handout.pack import assignments
    from nbgrader_isolate.gradebook.sqlite_urls import sqlite_url

    assignments(folders, assignment)
    url = sqlite_url(folders.root / "gradebook.db")
    with tempfile.TemporaryDirectory(prefix="release-") as name:
        api = course_api(folders.root, url, release_directory=name)
        with Gradebook(url, api.course_id) as gradebook:
            try:
                submissions = len(gradebook.assignment_submissions(assignment))
            except MissingEntry:
                submissions = 0
        result = api.generate_assignment(assignment)
    if not result["success"]:
        raise CourseError(f"solutions/{assignment}: nbgrader: {last_words(result)}")
    with Gradebook(url, api.course_id) as gradebook:
        registered = gradebook.find_assignment(assignment)
        points = {notebook.name: float(notebook.max_score) for notebook in registered.notebooks}
    return Registered(points, submissions)
