"""Feedback for all students in one zip file, in the shape in which a platform takes it back.

Canvas and Moodle recognize whose file it is by what came before its name in their download. Other
platforms have no way to upload feedback for a class; for them, the zip has a folder per student. In
the place of a group, each of its members has a folder.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Callable, Collection
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import counted, join_names
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.intake.places import read_places

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of files in an archive, so that the same feedback gives the same archive."""


def bundle_feedback(
    course: Course,
    assignment: str,
    students: Collection[str],
    target: Path,
    tell: Callable[[str], None],
) -> None:
    """Write the feedback pages of an assignment to a zip file.

    Parameters
    ----------
    course : Course
    assignment : str
    students : collection of str
        Only these; empty means all with a page.
    target : Path
    tell : callable
        Takes a line for the person who waits.

    Raises
    ------
    GraderError
        If there is no page, or the file cannot be written.
    """
    places = read_places(course.state, assignment)
    pages = [
        (student, file)
        for student, folder in feedback_folders(course, assignment)
        if not students or student in students
        for file in sorted(folder.glob("*.html"))
    ]
    if not pages:
        raise GraderError(f"{assignment}: there is no feedback; run `feedback {assignment}` first.")
    shared = Counter(places.values())
    beginnings = {
        student: f"{place}{student}/" if shared[place] > 1 else place
        for student, place in places.items()
    }
    elsewhere = sorted({student for student, _ in pages if student not in places})
    try:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for student, file in pages:
                name = beginnings.get(student, f"{student}/") + file.name
                archive.writestr(zipfile.ZipInfo(name, EPOCH), file.read_bytes())
    except OSError as error:
        raise GraderError(f"{target}: cannot be written: {error.strerror}.") from error
    tell(f"Wrote {counted(len(pages), 'page')} to {target}.")
    if places and elsewhere:
        tell(
            f"Not in the platform's download, and so in folders of their own: "
            f"{join_names(elsewhere)}."
        )


def feedback_folders(course: Course, assignment: str) -> list[tuple[str, Path]]:
    """Return the students who have a folder with feedback, and that folder."""
    everyone = {one.student for one in course.handed_in(assignment)}
    everyone |= {row["student"] for row in course.results(assignment)}
    folders = ((student, course.folder("feedback", student, assignment)) for student in everyone)
    return sorted((student, folder) for student, folder in folders if folder.is_dir())
