"""Start the warm process with the command line of its sandbox backend."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from nbgrader_isolate.sandbox.backends import Backend

MODULE = "nbgrader_isolate.forkserver.server"

# Sets iterate in the same order in every run, so that a submission gets the same points every time.
_VARIABLES = {"PYTHONHASHSEED": "0"}


def compile_in_background(sources: list[str]) -> None:
    """Compile modules in a thread, so that the next warm process finds their bytecode.

    The warm process itself cannot write into the folders of packages. Some installers, such as uv,
    install packages without bytecode, and it would otherwise be compiled again at every start.
    """
    writable = [source for source in sources if os.access(Path(source).parent, os.W_OK)]
    if writable:
        threading.Thread(target=_compile, args=(writable,), name="compile", daemon=True).start()


def _compile(sources: list[str]) -> None:
    subprocess.run(
        ["/usr/bin/env", "nice", sys.executable, "-m", "compileall", "-q", "-i", "-"],
        input="\n".join(sources).encode(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,  # without bytecode the start is slower, but it works
        cwd="/",
    )


def start(
    backend: Backend, server_dir: Path, control: socket.socket, stderr: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start the warm process with its end of the channel as standard input.

    Parameters
    ----------
    backend : Backend
    server_dir : Path
        An empty private folder, which is the server's home if the backend has no file system of its
        own.
    control : socket.socket
        The server's end of the channel.
    stderr : file
        Receives whatever the server cannot report over the channel.

    Raises
    ------
    OSError
        If the program cannot be started.
    """
    return subprocess.Popen(
        backend.server_command(["-P", "-m", MODULE], server_dir=server_dir, variables=_VARIABLES),
        stdin=control.fileno(),
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        start_new_session=True,
        cwd="/",
    )
