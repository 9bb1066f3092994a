"""The grades of a whole assignment, in two queries, are those of nbgrader's own objects."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.gradebook.database import open_existing
from nbgrader_isolate.gradebook.grades import grades_of, submissions_of
from support import graded_course as gc
from support.graded_course import A

pytestmark = pytest.mark.slow


def test_grades_and_submissions_are_those_of_nbgrader(graded: Path) -> None:
    gc.rows(graded, "update grade set manual_score = 0.5, extra_credit = 0.25 where rowid % 7 = 0")
    gc.rows(graded, "update submitted_notebook set late_submission_penalty = 1.5 where rowid = 1")
    gc.rows(graded, "update student set first_name = 'Ada', last_name = 'Lovelace'")
    with open_existing(Course(graded), print) as gradebook:
        grades, submissions = grades_of(gradebook, A), submissions_of(gradebook, A)
        for theirs in gradebook.assignment_submissions(A):
            own = [one for one in grades if one.student == theirs.student_id]
            assert sum(one.score or 0.0 for one in own) == pytest.approx(theirs.score)
            assert sum(one.max_score for one in own) == theirs.max_score
            assert any(one.waiting for one in own) == theirs.needs_manual_grade
            (line,) = (one for one in submissions if one.student == theirs.student_id)
            assert (line.name, line.timestamp) == ("Ada Lovelace", theirs.timestamp)
            assert line.penalty == (theirs.late_submission_penalty or 0.0)
            assert line.extension == (theirs.extension or timedelta())
        assert len(grades) == sum(
            len(notebook.grades)
            for one in gradebook.assignment_submissions(A)
            for notebook in one.notebooks
        )
        with pytest.raises(GraderError, match="lab2: not in the gradebook"):
            grades_of(gradebook, "lab2")
