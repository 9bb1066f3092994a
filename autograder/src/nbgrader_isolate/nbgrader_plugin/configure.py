"""The settings that make nbgrader's own commands use this grader.

A course may have them in `nbgrader_config.json`, too, which nbgrader reads even if it cannot read
`nbgrader_config.py`; `docs/autograder/nbgrader-plugin.md` shows the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from traitlets.config import Config

PREPROCESSORS = "nbgrader_isolate.nbgrader_plugin.preprocessors"
SETTINGS: dict[str, dict[str, Any]] = {
    "Autograde": {
        "exporter_class": "nbgrader_isolate.nbgrader_plugin.exporter.SubmissionExporter",
        "sanitize_preprocessors": [f"{PREPROCESSORS}.Rebuild"],
        "autograde_preprocessors": [
            f"{PREPROCESSORS}.Execute",
            f"{PREPROCESSORS}.SaveAutoGrades",
            f"{PREPROCESSORS}.AssignLatePenalties",
            f"{PREPROCESSORS}.Inert",
        ],
    },
    "GenerateFeedback": {
        "exporter_class": "nbgrader_isolate.feedback.write.FeedbackExporter",
        "preprocessors": ["nbgrader.preprocessors.GetGrades"],
    },
    "HTMLExporter": {
        "filters": {
            "markdown2html": "nbgrader_isolate.feedback.markdown.markdown2html",
            "highlight_code": "nbgrader_isolate.feedback.highlight.highlight_code",
        }
    },
}
"""By class, as in a configuration in JSON."""


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
    for name, settings in SETTINGS.items():
        for setting, value in settings.items():
            setattr(c[name], setting, value)
