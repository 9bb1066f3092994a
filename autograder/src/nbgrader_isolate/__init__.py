"""Isolated, sandboxed, parallel grading for any nbgrader course.

A submission's way through the package: `intake` (its files, by name and size) → `grading.rebuild`
(the instructor's notebook with only the source of the student's cells in it) → `grading.engine`
(two processes, forked from a warm one inside a sandbox) → `grading.score` → `gradebook` (one
writer) → `feedback`. The command is `nbgrader-isolate`; `configure` brings the same to `nbgrader
autograde` and to the formgrader's button.
"""

from nbgrader_isolate.nbgrader_plugin.configure import configure

__all__ = ["configure"]
__version__ = "0.1.0"
