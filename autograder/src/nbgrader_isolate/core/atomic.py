"""Files that are written whole or not at all: a reader finds the old one or the new one, whatever kills the writer."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError


def default_mode() -> int:
    """Return the mode of a new file under the user's umask.

    It is read from `/proc`: `os.umask` can only tell it by changing it for all threads for a moment.
    """
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    mask = next(line.split()[1] for line in lines if line.startswith("Umask:"))
    return 0o666 & ~int(mask, 8)


def write_atomically(file: Path, data: bytes, mode: int) -> Path:
    """Write a file beside its place, then bring it there, and return its place.

    Parameters
    ----------
    file : Path
        In a folder that is there.
    data : bytes
    mode : int
        Who may read and write it, as for `chmod`.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        beside = Path(name)
        beside.chmod(mode)
        return beside.replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_output(place: str, text: str, what: str, encoding: str = "utf-8") -> None:
    """Write what a command was asked for to where it was asked; `-` is standard output.

    Parameters
    ----------
    place, text : str
    what : str
        What it is, for the message: "marks".
    encoding : str
        Of a file.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    if place == "-":
        sys.stdout.write(text)
        return
    try:
        write_atomically(Path(place), text.encode(encoding), default_mode())
    except OSError as error:
        raise GraderError(f"{place}: {what} cannot be written: {error.strerror}.") from error
