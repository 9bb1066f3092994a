"""The settings that make nbgrader's own commands use this grader."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from traitlets.config import Config

PREPROCESSORS = "nbgrader_isolate.nbgrader_plugin.preprocessors"


def configure(c: Config) -> None:
    """Make nbgrader's own commands, its `NbGraderAPI` and the formgrader safe and fast.

    The settings are only names, which nbgrader imports when it needs them. nbgrader would go on
    without them if a later line of the file failed. From this call on, such an error ends it.

    Parameters
    ----------
    c : traitlets.config.Config
        The object that `get_config()` returns in `nbgrader_config.py`.

    Examples
    --------
    A complete `nbgrader_config.py`::

        import nbgrader_isolate

        c = get_config()
        c.CourseDirectory.course_id = "signals-101"
        nbgrader_isolate.configure(c)
    """
    # not above: `doctor` has to import this package where its dependencies are missing
    from traitlets.config import Application

    if Application.initialized():
        Application.instance().raise_config_file_errors = True
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
