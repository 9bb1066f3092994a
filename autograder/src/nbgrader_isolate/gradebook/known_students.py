"""The students of a course: those in the gradebook, and those who handed in something before."""

from __future__ import annotations

from collections.abc import Callable

from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.roster import Student


def known_students(course: Course, tell: Callable[[str], None]) -> list[Student]:
    """Return the students in the gradebook, and those who handed in something before."""
    from nbgrader_isolate.gradebook.database import open_gradebook
    from nbgrader_isolate.gradebook.sqlite_urls import sqlite_file

    students: dict[str, Student] = {}
    path = sqlite_file(course.directory.db_url)
    if path is None or path.exists():
        with open_gradebook(course, tell) as gradebook:
            for row in gradebook.students:
                fields = (row.first_name, row.last_name, row.email, row.lms_user_id)
                students[row.id] = Student(row.id, *(str(text or "") for text in fields))
    for assignment in course.assignments():
        for submission in course.handed_in(assignment):
            students.setdefault(submission.student, Student(submission.student))
    return list(students.values())
