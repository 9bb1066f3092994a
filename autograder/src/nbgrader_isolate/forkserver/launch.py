"""Start the warm process, by the command line of the sandbox's backend."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox.backends import Backend

MODULE = "nbgrader_isolate.forkserver.server"

# The same sets in the same order in every run: a submission must not get other points the next time.
_VARIABLES = {"PYTHONHASHSEED": "0"}


def values(limits: Limits) -> dict[str, Any]:
    """Return the limits as plain data."""
    return {name: getattr(limits, name) for name in limits.traits(config=True)}


def compile_later(sources: list[str]) -> None:
    """Compile modules while we go on, so that the next warm process need not; it cannot write where it is.

    uv, for one, installs packages without bytecode, and inside the sandbox it would be made anew each time.
    """
    ours = [source for source in sources if os.access(Path(source).parent, os.W_OK)]
    if ours:
        threading.Thread(target=_compile, args=(ours,), name="compile", daemon=True).start()


def _compile(sources: list[str]) -> None:
    subprocess.run(
        ["/usr/bin/env", "nice", sys.executable, "-m", "compileall", "-q", "-i", "-"],
        input="\n".join(sources).encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # without bytecode it is slower, that is all
        cwd="/",
    )


def start(
    backend: Backend, folder: Path, control: socket.socket, errors: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the warm process with its channel as standard input.

    Parameters
    ----------
    backend : Backend
    folder : Path
        Empty and private: its home, where the backend gives it none of its own.
    control : socket.socket
        Its end of the channel.
    errors : file
        Where it writes what it could not say over the channel.

    Raises
    ------
    OSError
        When the program cannot be started.
    """
    return subprocess.Popen(
        backend.server_command(["-P", "-m", MODULE], server_dir=folder, variables=_VARIABLES),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=errors,
        start_new_session=True,
        cwd="/",
    )
