"""Start the warm process: in bubblewrap, or plainly where the tier encloses each child by itself."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from autograder.limits import Limits
from autograder.sandbox import bwrap, view

MODULE = "autograder.forkserver.server"

# The same sets in the same order in every run: a submission must not get other points the next time.
_VARIABLES = {"PYTHONHASHSEED": "0", "JUPYTER_PLATFORM_DIRS": "1"}


def values(limits: Limits) -> dict[str, Any]:
    """Return the limits as plain data."""
    return {name: getattr(limits, name) for name in limits.traits(config=True)}


def start(
    tier: str, folder: Path, control: socket.socket, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the warm process with its channel as standard input.

    Parameters
    ----------
    tier : {"bwrap", "landlock", "none"}
    folder : Path
        Empty and private: its home, where the tier gives it none of its own.
    control : socket.socket
        Its end of the channel.
    errors : file
        Where it writes what it could not say over the channel.

    Raises
    ------
    OSError
        When the program cannot be started.
    """
    program = ["-P", "-m", MODULE]
    if tier == "bwrap":
        command = bwrap.server_command(program, spool=folder, variables=_VARIABLES)
        environment = None
    else:
        command = [sys.executable, *program]
        environment = view.environment(_VARIABLES | _homes(folder))
    return subprocess.Popen(
        command,
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
        env=environment,
        cwd="/",
    )


def _homes(folder: Path) -> dict[str, str]:
    return {
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "IPYTHONDIR": str(folder / ".ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder),
        "MPLCONFIGDIR": str(folder / ".config" / "matplotlib"),
    }
