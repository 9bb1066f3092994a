"""Read `nbgrader_config.py`: the course's own, and what the user has in Jupyter's folders."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from jupyter_core.application import JupyterApp

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from traitlets.config import Config

CONFIG_NAME = "nbgrader_config"


class ConfigReader(JupyterApp):
    """Reads `nbgrader_config.py` from Jupyter's configuration folders, or from the course's."""

    name = "nbgrader"
    config_file_name = CONFIG_NAME
    raise_config_file_errors = True
    folder: str | None = None

    @property
    def config_file_paths(self) -> list[str]:
        """The course's folder, or Jupyter's own folders; the first one has priority."""
        return super().config_file_paths if self.folder is None else [self.folder]


def read_config(root: Path) -> tuple[Config, list[str]]:
    """Return the settings of a course, from its folder and from Jupyter's own folders.

    Jupyter's may describe another course. Then what they say about folders and the gradebook does
    not count here.

    Parameters
    ----------
    root : Path
        The course's folder.

    Returns
    -------
    Config
    list of str
        What a person should know, one line each.

    Raises
    ------
    GraderError
        If a configuration cannot be read, with its line.
    """
    own, users = ConfigReader(), ConfigReader()
    own.folder = str(root)
    try:
        own.load_config_file(suppress_errors=False)
        users.load_config_file(suppress_errors=False)
    except (Exception, SystemExit) as error:  # a course's settings never end the program
        where = [f for f in traceback.extract_tb(error.__traceback__) if CONFIG_NAME in f.filename]
        line = f"{where[-1].filename}:{where[-1].lineno}" if where else f"{CONFIG_NAME}.py"
        raise GraderError(f"{line}: {type(error).__name__}: {error}") from error
    notices = []
    if own.config and "root" not in own.config.CourseDirectory:
        notices = leave_other_course(users.config, root)
    merged: Config = users.config
    merged.merge(own.config)
    return merged, notices


def leave_other_course(users: Config, root: Path) -> list[str]:
    """Remove what Jupyter's own folders say about a course that is not this one; say so."""
    other = users.get("CourseDirectory", {}).get("root")
    if not isinstance(other, str) or not other:
        return []
    if Path(other).expanduser().resolve() == root.resolve():
        return []
    del users["CourseDirectory"]
    notice = (
        f"Your own nbgrader_config.py describes the course in {printable(other, 200)}; this is "
        f"{printable(str(root), 200)}. nbgrader's own commands will use the other one until this "
        "course's nbgrader_config.py sets c.CourseDirectory.root."
    )
    return [notice]
