"""The settings that bring the autograder to nbgrader's own commands: one line in `nbgrader_config.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

PREPROCESSORS = "nbgrader_isolate.nbgrader_plugin.preprocessors"


def configure(c: Config) -> None:
    """Make `nbgrader autograde`, `generate_feedback`, `NbGraderAPI` and the formgrader safe and fast.

    Nothing is imported here: the settings are names, which nbgrader imports when it needs them.

    Parameters
    ----------
    c : traitlets.config.Config
        What `get_config()` returns in `nbgrader_config.py`.

    Examples
    --------
    The whole of a course's `nbgrader_config.py`::

        import nbgrader_isolate

        c = get_config()
        c.CourseDirectory.course_id = "signals-101"
        nbgrader_isolate.configure(c)
    """
    c.Autograde.exporter_class = "nbgrader_isolate.nbgrader_plugin.exporter.SubmissionExporter"
    c.Autograde.sanitize_preprocessors = [f"{PREPROCESSORS}.Rebuild"]
    c.Autograde.autograde_preprocessors = [
        f"{PREPROCESSORS}.Execute",
        f"{PREPROCESSORS}.SaveAutoGrades",
        f"{PREPROCESSORS}.AssignLatePenalties",
        f"{PREPROCESSORS}.Inert",
    ]
    c.GenerateFeedback.exporter_class = "nbgrader_isolate.feedback.write.FeedbackExporter"
    c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]
    c.HTMLExporter.filters = {
        "markdown2html": "nbgrader_isolate.feedback.markdown.markdown2html",
        "highlight_code": "nbgrader_isolate.feedback.highlight.highlight_code",
    }
