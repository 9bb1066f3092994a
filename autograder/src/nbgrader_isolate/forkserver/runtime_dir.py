"""The private folder on our side that holds the sockets of kernels; a child never sees it.

Each server has its own folder under one root, and holds a lock on it as long as it lives. `sweep`
removes what killed processes left behind, and nothing else.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nbgrader_isolate.core import strange_folders
from nbgrader_isolate.sandbox import identity

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
"""The channels of a Jupyter kernel, in the order of their ports 1 to 5."""

VARIABLE = "NBGRADER_ISOLATE_RUNTIME"
"""The environment variable that names another root folder."""

_OLD_VARIABLE = "AUTOGRADER_RUNTIME"
_LONGEST_ROOT = 70  # of the 107 bytes of a socket's path; folder, number and port follow


def root() -> Path:
    """Return the folder for all servers of this user; create it if it does not exist.

    Only this user can enter it. The variable `NBGRADER_ISOLATE_RUNTIME` may name another folder,
    whose path must be short because the path of a socket has at most 107 bytes.

    Raises
    ------
    PermissionError
        If another user has created a folder of that name, or can enter it.
    """
    path = Path(os.environ.get(VARIABLE) or os.environ.get(_OLD_VARIABLE) or _default_root())
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o077:
        raise PermissionError(f"{path} is not a folder that only you can enter; remove it")
    return path


def _default_root() -> str:
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    if runtime and len(runtime) < _LONGEST_ROOT - 20 and os.access(runtime, os.W_OK):
        return f"{runtime}/nbgrader-isolate"
    return f"/tmp/nbgrader-isolate-{os.geteuid()}"  # noqa: S108 (`root` checks that it is private)


class RuntimeDir:
    """The folder of one server.

    Attributes
    ----------
    path : Path
    server_dir : Path
        The subfolder that the warm process sees.
    """

    def __init__(self) -> None:
        base = root()
        sweep(base)
        with _locked(base / "lock", fcntl.LOCK_SH):
            self.path = Path(tempfile.mkdtemp(prefix="s", dir=base))
            self._lock = os.open(self.path / "lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.server_dir = self.path / "home"
        self.server_dir.mkdir(mode=0o700)
        identity.give_to_sandbox_user(self.server_dir)

    def socket_dir(self, number: int) -> Path:
        """Create and return the folder for the sockets of one child."""
        path = self.path / str(number)
        path.mkdir(mode=0o700)
        return path

    def scratch_dir(self, number: int) -> Path:
        """Return the folder of a child without a file system of its own; the child creates it."""
        return self.server_dir / f"child-{number}"

    def close(self) -> None:
        """Remove the folder and everything in it."""
        strange_folders.remove(self.path)
        os.close(self._lock)


def sweep(base: Path) -> None:
    """Remove the folders of servers that no longer run."""
    with _locked(base / "lock", fcntl.LOCK_EX):
        for folder in base.glob("s*"):
            with contextlib.suppress(OSError), (folder / "lock").open("w") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                strange_folders.remove(folder)


@contextlib.contextmanager
def _locked(path: Path, operation: int) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, operation)
        yield


def listen(folder: Path) -> list[int]:
    """Return descriptors of five listening sockets, `folder/k-1` to `k-5`, ordered as `CHANNELS`.

    A client may connect at once: what it sends waits until the kernel reads it. The caller closes
    the descriptors.
    """
    fds: list[int] = []
    for port in range(1, len(CHANNELS) + 1):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        listener.bind(str(folder / f"k-{port}"))
        listener.listen(16)
        fds.append(listener.detach())
    return fds
