"""Write files atomically: a reader sees the old file or the new one, even after a kill."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from nbgrader_isolate.core.errors import GraderError


def default_mode() -> int:
    """Return the mode of a new file under the user's umask.

    It is read from `/proc`: `os.umask` can only tell it by changing it for all threads for a
    moment.
    """
    lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    mask = next(line.split()[1] for line in lines if line.startswith("Umask:"))
    return 0o666 & ~int(mask, 8)


def write_atomically(file: Path, data: bytes, mode: int) -> Path:
    """Write a temporary file in the same folder, then rename it; return its path.

    Parameters
    ----------
    file : Path
        In an existing folder.
    data : bytes
    mode : int
        Permissions, as for `chmod`.
    """
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".writing-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        temporary = Path(name)
        temporary.chmod(mode)
        return temporary.replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_output(path: str, text: str, what: str, encoding: str = "utf-8") -> None:
    """Write a command's output to the file that the user named; `-` is standard output.

    A link is followed. A device or a named pipe stays what it is, and the text is written to it.

    Parameters
    ----------
    path, text : str
    what : str
        What the text is, for error messages, such as "scores".
    encoding : str
        Encoding of the file.

    Raises
    ------
    GraderError
        If the file cannot be written.
    """
    if path == "-":
        sys.stdout.write(text)
        return
    target = Path(os.path.realpath(path))
    special = os.path.lexists(path) and not target.is_file() and not target.is_dir()
    try:
        if special or target.is_relative_to("/dev"):
            with Path(path).open("wb") as stream:
                stream.write(text.encode(encoding))
        else:
            write_atomically(target, text.encode(encoding), default_mode())
    except OSError as error:
        raise GraderError(f"{path}: {what} cannot be written: {error.strerror}.") from error
