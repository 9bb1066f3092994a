"""Start the warm process: in bubblewrap, or plainly where the tier encloses each child by itself."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, Any

from autograder.limits import Limits

MODULE = "autograder.forkserver.server"

ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "USER": "student",
    "LOGNAME": "student",
    # The same sets in the same order in every run: a submission must not get other points the next time.
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # One thread to calculate: kernels run side by side, and the warm process must have one to fork.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
}
"""All that the warm process and its children see of an environment."""


def values(limits: Limits) -> dict[str, Any]:
    """Return the limits as plain data."""
    return {name: getattr(limits, name) for name in limits.traits(config=True)}


def start(
    tier: str, limits: Limits, control: socket.socket, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the warm process with its channel as standard input.

    Parameters
    ----------
    tier : {"bwrap", "landlock", "none"}
    limits : Limits
    control : socket.socket
        Its end of the channel.
    errors : file
        Where it writes what it could not say over the channel.

    Raises
    ------
    OSError
        When the program cannot be started.
    """
    command, environment = _plain()
    return subprocess.Popen(
        command,
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
        env=environment,
        cwd="/",
    )


def _plain() -> tuple[list[str], dict[str, str]]:
    home = tempfile.gettempdir()
    environment = ENVIRONMENT | {"HOME": home, "IPYTHONDIR": f"{home}/.ipython"}
    cache = Path(os.environ.get("MPLCONFIGDIR", ""))
    if cache.is_dir():
        environment["MPLCONFIGDIR"] = str(cache)
    return [sys.executable, "-P", "-m", MODULE], environment
