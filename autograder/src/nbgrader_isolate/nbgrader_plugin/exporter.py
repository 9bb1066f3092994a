"""What `nbgrader autograde` needs besides preprocessors: safe intake, one engine, one session.

nbgrader copies a submission's folder before any preprocessor runs. It follows links, has no size
limit, and gives a student no points at all if one notebook cannot be read. `SubmissionExporter`
(`c.Autograde.exporter_class`) is created before that. It gives its converter a course directory in
which `submitted/<student>/<assignment>` is a clean folder, and reads the submission itself, once,
by the rules of `intake`.
"""

from __future__ import annotations

import atexit
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.converters.base import NbGraderException
from traitlets import DottedObjectName, Unicode
from traitlets.utils.importstring import import_item

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.gradebook.configuration import read_config
from nbgrader_isolate.gradebook.private_paths import private_paths
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.nbgrader_plugin.session import PluginSession

if TYPE_CHECKING:
    from nbgrader.converters.base import BaseConverter

_engines: dict[tuple[object, ...], Engine] = {}
"""Engines of this process: a command has one; a formgrader reuses it for every click."""


def skip_newlines_in_names(converter: BaseConverter) -> None:
    """Skip folders with a newline in their name, which nbgrader's patterns do not match."""
    for folder in [name for name in converter.assignments if "\n" in name]:
        converter.log.error("%s: skipped because its name has a newline; rename it.", ascii(folder))
        del converter.assignments[folder]


def put_current_folder_last() -> None:
    """Move the current folder to the end of the module search path.

    nbgrader puts the course folder first, so that plugins in it are found. They still are, but a
    `numpy.py` in the course no longer hides the installed NumPy from what is imported later.
    """
    folder = str(Path.cwd())
    if folder in sys.path:
        sys.path[:] = [*(path for path in sys.path if path != folder), folder]


def refuse_broken_config(converter: BaseConverter) -> None:
    """End nbgrader's command if it goes on without a configuration that it could not read.

    It does so if these settings come from `nbgrader_config.json`.
    """
    try:
        read_config(Path(converter.coursedir.root))
    except GraderError as error:
        reason = str(error)
    else:
        return
    converter.log.error("%s: nothing was graded, because this file cannot be read.", reason)
    raise NbGraderException(reason)


class SubmissionExporter(NotebookExporter):
    """Reads submissions for nbgrader's `Autograde`: `c.Autograde.exporter_class`."""

    engine_class = DottedObjectName(
        "nbgrader_isolate.grading.engine.Engine", help="The class that runs rebuilt notebooks."
    ).tag(config=True)
    sandbox = Unicode(
        "auto",
        help="The sandbox for students' code: auto, bwrap, landlock or none.",
    ).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - of nbconvert
        put_current_folder_last()
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]
        refuse_broken_config(self.parent)
        try:
            self.session = PluginSession(self.parent, self._engine)
        except GraderError as error:
            reason = f"Nothing was graded. {error}"
            self.log.error(reason)  # noqa: TRY400 - one line; nbgrader's command says no word of it
            raise NbGraderException(reason) from error
        skip_newlines_in_names(self.parent)

    def _engine(self, limits: Limits) -> Engine:
        values = repr(sorted(limits.as_dict().items()))
        converter: Any = self.parent
        private = private_paths(Path(converter.coursedir.root), converter.config)
        key = (self.engine_class, self.sandbox, values, *private)
        if key not in _engines:
            engine = import_item(self.engine_class)(limits, self.sandbox, private)
            _engines[key] = engine
            atexit.register(engine.close)
        return _engines[key]

    def from_filename(
        self,
        filename: str,
        resources: dict[str, Any] | None = None,
        **kw: Any,  # noqa: ANN401 - of nbconvert
    ) -> tuple[Any, dict[str, Any]]:
        """Convert a notebook; the preprocessor `Rebuild` reads a submitted one, not this method."""
        if Path(filename).parent == Path(self._graded_folder(resources or {})):
            converted = super().from_filename(filename, resources=resources, **kw)
            return converted[0], converted[1]
        empty = new_notebook()
        converted = self.from_notebook_node(empty, resources=resources, **kw)  # type: ignore[no-untyped-call]
        return converted[0], converted[1]

    def _graded_folder(self, resources: dict[str, Any]) -> str:
        names = resources["nbgrader"]
        step = self.session.course.autograded_directory
        path: str = self.session.course.format_path(step, names["student"], names["assignment"])
        return path
