"""Where a course keeps what no submission may see: its folders, its gradebook and the exchange."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from traitlets.config import Config

STEPS = ("source", "release", "submitted", "autograded", "feedback", "solution")
DEFAULT_EXCHANGE = "/usr/local/share/nbgrader/exchange"
"""nbgrader's default of `c.Exchange.root` on Linux."""
SQLITE = "sqlite:///"


def private_paths(root: Path, config: Config) -> list[str]:
    """Return the absolute paths of a course, wherever its configuration puts them.

    This reads the configuration and does not import nbgrader, so that workers need not wait.

    Parameters
    ----------
    root : Path
        The course's folder.
    config : traitlets.config.Config
        The settings of `nbgrader_config.py`.
    """
    paths = [os.path.join(root, path) for path in _configured(root, config)]  # noqa: PTH118
    return sorted({os.path.normpath(path) for path in paths})


def _configured(root: Path, config: Config) -> Iterator[str]:
    directory = section(config, "CourseDirectory")
    base = str(directory.get("root") or root)
    yield from (str(root), base)
    for step in STEPS:
        yield os.path.join(base, str(directory.get(f"{step}_directory") or step))  # noqa: PTH118
    url = str(directory.get("db_url") or f"{SQLITE}{base}/gradebook.db")
    if url.startswith(SQLITE):
        yield os.path.join(base, url.removeprefix(SQLITE))  # noqa: PTH118
    yield from (DEFAULT_EXCHANGE, str(Path("~/.local/share/jupyter/nbgrader_cache").expanduser()))
    for name in config:
        if str(name).startswith("Exchange"):
            exchange = section(config, name)
            yield from (str(exchange[key]) for key in ("root", "cache") if exchange.get(key))


def section(config: Config, name: str) -> dict[str, Any]:
    """Return the settings of one of nbgrader's classes."""
    return dict(config[name]) if name in config else {}
