"""What nbgrader's own `export` calls, to write the same table as `nbgrader-isolate export`.

Importing the base class takes seconds, so this class has a module of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.plugins import ExportPlugin

from nbgrader_isolate.gradebook.course import Course
from nbgrader_isolate.report.csv_export import score_table, write_csv

if TYPE_CHECKING:
    from nbgrader.api import Gradebook


class MarksExporter(ExportPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Writes one line per student and assignment, without texts that are formulas.

    The settings are those of nbgrader's exporter: `to`, `student`, `assignment`. `to = "-"` is
    standard output.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write the scores.

        Raises
        ------
        GraderError
            If the file cannot be written, or an assignment or student is not in the gradebook.
        """
        course = Course(Path(self.parent.coursedir.root))
        names, students = [*map(str, self.assignment)], [*map(str, self.student)]
        write_csv(self.to or "grades.csv", score_table(course, gradebook, names, students))
