"""A Jupyter server for a test: on a port of its own, ended with the test."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from support.patience import patience, wait_until


@contextmanager
def running(
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    cwd: Path | None = None,
) -> Iterator[tuple[str, str]]:
    """Run a Jupyter server; give its address and token.

    Parameters
    ----------
    command : sequence of str
        What starts it; port, token and what keeps it from asking are added.
    environment : mapping of str to str
    log : Path
        The file that takes what it prints.
    cwd : Path, optional
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    own = ["--no-browser", "--allow-root", f"--port={port}", f"--IdentityProvider.token={token}"]
    address = f"http://127.0.0.1:{port}"
    with log.open("w") as out:
        server = subprocess.Popen(
            [*command, *own], cwd=cwd, env=environment, stdout=out, stderr=out
        )
        try:
            wait_for(f"{address}/api?token={token}", server, log)
            yield address, token
        finally:
            end(server)


def wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server answers; fail with what it printed when it ended, or never does."""

    def answers() -> bool:
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
                return True
        except OSError:
            return False

    wait_until(answers, log.read_text, seconds=30)


def end(server: subprocess.Popen[bytes]) -> None:
    """End a server: asked first, and killed when it does not hear."""
    server.terminate()
    try:
        server.wait(patience(10))
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


@contextmanager
def formgrader(
    course: Path, environment: Mapping[str, str], log: Path
) -> Iterator[tuple[str, str]]:
    """Run a stock Jupyter server with nbgrader's formgrader on a course; give its address and
    token."""
    command = [
        sys.executable,
        "-m",
        "jupyter_server",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
        f"--ServerApp.root_dir={course}",
    ]
    with running(command, environment, log, course) as (address, token):
        yield f"{address}/formgrader", token
