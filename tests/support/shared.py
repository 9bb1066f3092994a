"""What one process of a test run makes for all of them, such as a site or a graded course."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a new folder of this run in which one of its processes has made something.

    The others wait for it. Nobody may change the folder afterwards: tests read it, or copy it.

    Parameters
    ----------
    factory : pytest.TempPathFactory
        The fixture `tmp_path_factory`.
    name : str
        The name of the folder.
    make : callable
        Fills the folder, which exists and is empty. If it fails, the next process tries again in a
        folder of its own.
    """
    base = factory.getbasetemp()
    common = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    note = common / f"{name}.made"
    with note.open("a+", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # until the file is closed
        held.seek(0)
        if made := held.read():
            return common / made
        folder = factory.mktemp(name)
        make(folder)
        held.write(str(folder.relative_to(common)))
    return folder
