"""Files go into a child by a sealed parcel; sockets lie in a folder that only their owner enters."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from nbgrader_isolate.forkserver import channel, file_payload, runtime_dir


def test_a_parcel_brings_every_file_and_nothing_else(tmp_path: Path) -> None:
    files = {"a.txt": b"1", "deep/er/b.bin": bytes(range(256)), "empty": b""}
    file_payload.unpack(file_payload.pack(files, 1000), tmp_path)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths} == files


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "", "nul\0"])
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(file_payload.ParcelError, match="no name of a file"):
        file_payload.pack({name: b""}, 1000)


def test_more_than_the_limit_is_refused_on_the_way_in() -> None:
    os.close(file_payload.pack({"big": bytes(11)}, 11))
    with pytest.raises(file_payload.ParcelError, match="10 bytes are the limit"):
        file_payload.pack({"big": bytes(11)}, 10)


def test_a_parcel_cannot_be_changed_once_it_is_made() -> None:
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
    with ours, theirs, pytest.raises(ValueError, match="131072 is the limit"):
        channel.send(ours, {"text": "x" * channel.PACKET_BYTES})


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Path:
    path = Path(f"/tmp/ag-spool-{os.getpid()}")  # noqa: S108 (short: sockets lie in it)
    monkeypatch.setenv("AUTOGRADER_RUNTIME", str(path))
    return path


def test_a_spool_removes_what_the_dead_left_and_nothing_of_the_living(runtime: Path) -> None:
    living = runtime_dir.Spool()
    dead = runtime / "sdead"
    (dead / "1").mkdir(parents=True)
    (dead / "lock").touch()
    other = runtime_dir.Spool()
    assert sorted(runtime.glob("s*")) == sorted([living.path, other.path])
    for each in (living, other):
        each.close()
    assert not list(runtime.glob("s*"))
    (runtime / "lock").unlink()
    runtime.rmdir()


def test_a_folder_that_others_can_enter_is_no_spool(runtime: Path) -> None:
    runtime.mkdir(mode=0o755)
    with pytest.raises(PermissionError, match="only you can enter"):
        runtime_dir.Spool()
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
