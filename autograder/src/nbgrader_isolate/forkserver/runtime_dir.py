"""The private folder in which the sockets of kernels lie, on our side; a child never sees it.

Each server has a folder of its own under one root, and holds a lock on it while it lives: `sweep` removes what a
killed process left behind, and nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader_isolate.sandbox import identity

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""Of a Jupyter kernel, in the order of their ports 1 to 5."""

_LONGEST_ROOT = 70  # characters: a socket's path may have 107, and folder, number and port follow


def root() -> Path:
    """Return the folder of all servers of this user, which only this user can enter; make it if need be.

    `AUTOGRADER_RUNTIME` names another one (short: the path of a socket has at most 107 bytes).

    Raises
    ------
    PermissionError
        When somebody else made a folder of that name.
    """
    named = os.environ.get("AUTOGRADER_RUNTIME") or _runtime()
    path = Path(named)
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
        raise PermissionError(f"{path} is not a folder that only you can enter; remove it")
    return path


def _runtime() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(runtime) < _LONGEST_ROOT - 20 and os.access(runtime, os.W_OK):
        return f"{runtime}/autograder"
    return f"/tmp/autograder-{os.geteuid()}"  # noqa: S108 (checked: ours, and closed to others)


class Spool:
    """The folder of one server.

    Attributes
    ----------
    path : Path
    home : Path
        The folder of the warm process in it.
    """

    def __init__(self) -> None:
        base = root()
        sweep(base)
        with _locked(base / "lock", fcntl.LOCK_SH):
            self.path = Path(tempfile.mkdtemp(prefix="s", dir=base))
            self._lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.home = self.path / "home"
        self.home.mkdir(mode=0o700)
        identity.give_to_sandbox_user(self.home)

    def folder(self, number: int) -> Path:
        """Return a new folder for one child."""
        path = self.path / str(number)
        path.mkdir(mode=0o700)
        return path

    def room(self, number: int) -> Path:
        """Return the folder that a child gets where it has no file system of its own; the child makes it."""
        return self.home / f"child-{number}"

    def close(self) -> None:
        """Remove the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        os.close(self._lock)


def sweep(base: Path) -> None:
    """Remove the folders of servers that are no more."""
    with _locked(base / "lock", fcntl.LOCK_EX):
        for folder in base.glob("s*"):
            with contextlib.suppress(OSError), (folder / "lock").open("w") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(path: Path, how: int) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, how)
        yield


def listen(folder: Path) -> list[int]:
    """Return file descriptors of five listening sockets, `folder/k-1` to `k-5`, in the order of `CHANNELS`.

    A client may connect at once: what it sends waits until the kernel reads. The caller closes them.
    """
    fds: list[int] = []
    for port in range(1, len(CHANNELS) + 1):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        listener.bind(str(folder / f"k-{port}"))
        listener.listen(16)
        fds.append(listener.detach())
    return fds
