"""Files reach a child in a sealed payload; sockets lie in a folder that only their owner enters."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nbgrader_isolate.forkserver import channel, file_payload, runtime_dir


def test_a_payload_carries_every_file_and_nothing_else(tmp_path: Path) -> None:
    files = {"a.txt": b"1", "deep/er/b.bin": bytes(range(256)), "empty": b""}
    file_payload.unpack(file_payload.pack(files, 1000), tmp_path)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths} == files


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "", "nul\0"])
def test_a_name_outside_the_folder_is_refused(name: str) -> None:
    with pytest.raises(file_payload.FilePayloadError, match="is not the name of a file"):
        file_payload.pack({name: b""}, 1000)


def test_more_than_the_limit_is_refused_before_it_is_sent() -> None:
    os.close(file_payload.pack({"big": bytes(11)}, 11))
    with pytest.raises(file_payload.FilePayloadError, match=r"the limit is .* 10 bytes"):
        file_payload.pack({"big": bytes(11)}, 10)


def test_a_payload_cannot_be_changed_after_it_was_created() -> None:
    fd = file_payload.pack({"a": b"1"}, 10)
    with pytest.raises(PermissionError):
        os.pwrite(fd, b"2", 0)
    with pytest.raises(PermissionError):
        os.ftruncate(fd, 0)
    os.close(fd)


def test_a_channel_carries_a_message_and_descriptors_in_their_order() -> None:
    ours, theirs = channel.pair()
    files = [os.memfd_create(name) for name in "abc"]
    for number, fd in enumerate(files):
        os.write(fd, str(number).encode())
    with ours, theirs:
        channel.send(ours, {"é": [1]}, files)
        received = channel.receive(theirs)
        assert received is not None
        assert received[0] == {"é": [1]}
        assert [os.pread(fd, 9, 0) for fd in received[1]] == [b"0", b"1", b"2"]
        ours.shutdown(socket.SHUT_RDWR)
        assert channel.receive(theirs) is None
    for fd in (*files, *received[1]):
        os.close(fd)


def test_a_message_too_large_for_a_packet_is_refused_before_it_is_sent() -> None:
    ours, theirs = channel.pair()
    with ours, theirs, pytest.raises(ValueError, match="the limit is 131072"):
        channel.send(ours, {"text": "x" * channel.PACKET_BYTES})


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
