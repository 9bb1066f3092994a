"""Tracebacks that the test process prints: by unittest, asyncio, logging or a thread, for instance.

They show which lines of a test and of a library ran, and nothing of ours: no frame of the bridge,
no folder of the machine, and no line of a file that may be for tests only. A test's hidden lines
are replaced where the lines come from, see `nbgrader_isolate.bridge.cells`.
"""

from __future__ import annotations

import os
import sys
import sysconfig
import threading
import traceback
from functools import cache
from pathlib import Path
from typing import Any

import nbgrader_isolate

OURS = (f"{Path(nbgrader_isolate.__file__).parent}{os.sep}", "<solution of ")
"""Where files begin whose frames are left out; a proxy has the file name of the student's code."""
_format = traceback.StackSummary.format_frame_summary


def install() -> None:
    """Use this format for all tracebacks of the process."""
    traceback.StackSummary.format_frame_summary = format_frame  # type: ignore[assignment]
    threading.excepthook = print_error_of_thread
    sys.unraisablehook = print_unraisable


def format_frame(
    summary: traceback.StackSummary,
    frame: traceback.FrameSummary,
    *arguments: Any,  # noqa: ANN401
    **options: Any,  # noqa: ANN401
) -> str | None:
    """Return the lines about a frame, or None to leave it out."""
    file = frame.filename
    if file.startswith(OURS):
        return None
    text = _format(summary, frame, *arguments, **options)
    if file.startswith("<"):
        return text
    text = text.replace(f'"{file}"', f'"{place(file)}"', 1)
    return text if file.startswith(libraries()) else text.partition("\n")[0] + "\n"


def place(file: str) -> str:
    """Return a file without the folder that it was imported from."""
    folders = [folder(path) for path in sys.path]
    above = max((one for one in folders if file.startswith(one)), key=len, default="")
    return file[len(above) :] if above else Path(file).name


def folder(path: str) -> str:
    """Return the beginning of the files in a folder."""
    return f"{Path(path).absolute()}{os.sep}"


@cache
def libraries() -> tuple[str, ...]:
    """Return the folders of Python's own modules and of the installed ones."""
    paths = sysconfig.get_paths()
    return tuple(folder(paths[name]) for name in ("stdlib", "purelib", "platlib"))


def print_error_of_thread(about: threading.ExceptHookArgs) -> None:
    """Print the error that ended a thread, as `threading.excepthook` does."""
    if about.exc_type is not SystemExit and about.exc_value is not None:
        name = about.thread.name if about.thread else threading.get_ident()
        sys.stderr.write(f"Exception in thread {name}:\n")
        traceback.print_exception(about.exc_value)


def print_unraisable(about: sys.UnraisableHookArgs) -> None:
    """Print an error that nobody can catch, as `sys.unraisablehook` does."""
    said = about.err_msg or "Exception ignored in"
    sys.stderr.write(f"{said}: {about.object!r}\n")
    if about.exc_value is not None:
        traceback.print_exception(about.exc_value)


def without_source(message: object, category: type[Warning], *_: object, **__: object) -> str:
    """Return the text of a warning, without the line of the test that Python's own format shows."""
    return f"{category.__name__}: {message}\n"
