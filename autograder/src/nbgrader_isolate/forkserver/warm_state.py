"""Run a function in the warm process once, and check what it has changed there."""

from __future__ import annotations

import contextlib
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import file_payload, preload

Snapshot = dict[str, object]


def prepare(target: str, arguments: list[Any], files: int, limits: Limits) -> str:
    """Call a function for later children.

    Parameters
    ----------
    target : str
        As `package.module:function`.
    arguments : list
    files : int
        File descriptor of the payload with the files that the function finds in its folder.
    limits : Limits
        The function may take as long as one cell.

    Returns
    -------
    str
        Why the warm process cannot be used any more; "" if it can.
    """
    module, _, name = target.partition(":")
    folder = Path(tempfile.mkdtemp(prefix="prepared-"))
    try:
        file_payload.unpack(files, folder)
        function = getattr(importlib.import_module(module), name)
        before = snapshot()
        with inside(folder), time_limit(limits.cell_seconds):
            function(*arguments)
        after = snapshot()
    except BaseException as error:  # noqa: BLE001 (the cells are the instructor's)
        return f"{type(error).__name__}: {error}"[:500]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return ", ".join(what for what, value in before.items() if after[what] != value)


def snapshot() -> Snapshot:
    """Return what must be the same before and after."""
    numpy = sys.modules.get("numpy")
    return {
        "threads": preload.thread_count(),
        "open files": len(os.listdir("/proc/self/fd")),  # noqa: PTH208 (numbers)
        "random": random.getstate(),
        "numpy.random": repr(numpy.random.get_state()) if numpy else "",
        "NumPy's settings": repr((numpy.geterr(), numpy.get_printoptions())) if numpy else "",
        "environment": dict(os.environ),
        "search path": list(sys.path),
        "folder": str(Path.cwd()),
    }


@contextlib.contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Make a folder the current one."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeoutError when the time is up."""
    before = signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _stop(_number: int, _frame: object) -> None:
    raise TimeoutError("it took longer than a cell may take")
