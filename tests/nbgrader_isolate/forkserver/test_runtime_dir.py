"""Sockets lie in a folder that only their owner enters, and that goes with its server."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nbgrader_isolate.forkserver import runtime_dir


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Path:
    path = Path(f"/tmp/ag-runtime-{os.getpid()}")  # noqa: S108 (short: it holds sockets)
    monkeypatch.setenv("NBGRADER_ISOLATE_RUNTIME", str(path))
    return path


def test_the_old_variable_still_names_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(f"/tmp/ag-old-{os.getpid()}")  # noqa: S108 (the same)
    monkeypatch.delenv("NBGRADER_ISOLATE_RUNTIME", raising=False)
    monkeypatch.setenv("AUTOGRADER_RUNTIME", str(path))
    assert runtime_dir.root() == path
    path.rmdir()


def test_a_runtime_dir_removes_folders_of_dead_servers_only(runtime: Path) -> None:
    living = runtime_dir.RuntimeDir()
    dead = runtime / "sdead"
    (dead / "1").mkdir(parents=True)
    (dead / "lock").touch()
    other = runtime_dir.RuntimeDir()
    assert sorted(runtime.glob("s*")) == sorted([living.path, other.path])
    for each in (living, other):
        each.close()
    assert not list(runtime.glob("s*"))
    (runtime / "lock").unlink()
    runtime.rmdir()


def test_a_folder_that_others_can_enter_is_refused(runtime: Path) -> None:
    runtime.mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="only you can enter"):
        runtime_dir.RuntimeDir()
    runtime.rmdir()


def test_a_client_can_connect_before_there_is_a_kernel(tmp_path: Path) -> None:
    fds = runtime_dir.listen(tmp_path)
    with socket.socket(socket.AF_UNIX) as early:
        early.connect(str(tmp_path / "k-1"))
        early.send(b"hello")
        with socket.socket(fileno=fds[0]) as listener, listener.accept()[0] as accepted:
            assert accepted.recv(9) == b"hello"
    for fd in fds[1:]:
        os.close(fd)
