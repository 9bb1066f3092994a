"""A connection to ZeroMQ: messages both ways, and a bound on what is held, whatever arrives."""

from __future__ import annotations

import resource
import socket
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from nbgrader_isolate.bridge.zmtp import (
    MAX_COMMANDS,
    MAX_FRAMES,
    BrokenConnectionError,
    Connection,
    Message,
)
from support.patience import patience

pytestmark = pytest.mark.slow
KEEP = 100_000
READY = b"\x04\x19\x05READY\x0bSocket-Type\x00\x00\x00\x03PUB"
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00NULL" + bytes(48)


def received(connection: Connection, count: int) -> list[Message]:
    """Return the next messages, for which the test waits."""
    messages: list[Message] = []
    end = time.monotonic() + patience(10)
    while len(messages) < count and time.monotonic() < end:
        messages += connection.receive()
        time.sleep(0.005)
    return messages


@pytest.fixture
def router(tmp_path: Path) -> Iterator[tuple[zmq.Socket[Any], Connection]]:
    with zmq.Context() as context, context.socket(zmq.ROUTER) as theirs:
        theirs.linger = 0
        theirs.bind(f"ipc://{tmp_path}/s")
        ours = Connection("DEALER", f"{tmp_path}/s", KEEP)
        yield theirs, ours
        ours.close()


def test_messages_of_every_size_go_both_ways(
    router: tuple[zmq.Socket[Any], Connection],
) -> None:
    theirs, ours = router
    sizes = [0, 1, 255, 256, 70_000]
    ours.send([b"x" * size for size in sizes])
    list(ours.receive())
    deadline = time.monotonic() + patience(10)
    while not theirs.poll(20):
        list(ours.receive())
        assert time.monotonic() < deadline
    identity, *frames = theirs.recv_multipart()
    assert [len(frame) for frame in frames] == sizes
    theirs.send_multipart([identity, *frames])
    theirs.send_multipart([identity, b"second"])
    first, second = received(ours, 2)
    assert first.frames == frames
    assert (first.size, first.dropped) == (sum(sizes), False)
    assert second.frames == [b"second"]


def test_a_subscriber_gets_everything(tmp_path: Path) -> None:
    with zmq.Context() as context, context.socket(zmq.XPUB) as theirs:
        theirs.linger = 0
        theirs.bind(f"ipc://{tmp_path}/s")
        ours = Connection("SUB", f"{tmp_path}/s", KEEP)
        deadline = time.monotonic() + patience(10)
        while not theirs.poll(20):
            list(ours.receive())
            assert time.monotonic() < deadline
        assert theirs.recv() == b"\1"
        theirs.send_multipart([b"topic", b"text"])
        assert received(ours, 1)[0].frames == [b"topic", b"text"]
        ours.close()


def test_a_message_that_is_too_large_is_counted_and_dropped(
    router: tuple[zmq.Socket[Any], Connection],
) -> None:
    theirs, ours = router
    ours.send([b"hello"])
    list(ours.receive())
    deadline = time.monotonic() + patience(10)
    while not theirs.poll(20):
        list(ours.receive())
        assert time.monotonic() < deadline
    identity = theirs.recv_multipart()[0]
    theirs.send_multipart([identity, b"head", bytes(50 * KEEP), b"tail"])
    theirs.send_multipart([identity, b"after"])
    large, after = received(ours, 2)
    assert large.frames == [b"head", b"", b"tail"]
    assert (large.size, large.dropped) == (50 * KEEP + 8, True)
    assert (after.frames, after.dropped) == ([b"after"], False)


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[tuple[socket.socket, Connection]]:
    """The other end of a connection, as a student's code can write to it."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        ours = Connection("SUB", str(tmp_path / "s"), KEEP)
        theirs, _ = listener.accept()
        theirs.settimeout(patience(10))
        with theirs:
            yield theirs, ours
        ours.close()


def resident() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def drain(theirs: socket.socket, ours: Connection, data: bytes) -> None:
    """Send bytes while the other side reads them."""
    theirs.setblocking(False)  # noqa: FBT003
    view = memoryview(data)
    while view:
        try:
            view = view[theirs.send(view) :]
        except BlockingIOError:
            list(ours.receive())
    list(ours.receive())


def test_a_message_without_an_end_is_not_held(raw: tuple[socket.socket, Connection]) -> None:
    theirs, ours = raw
    theirs.sendall(GREETING + READY)
    before = resident()
    frame = struct.pack(">BQ", 3, 1 << 20) + bytes(1 << 20)
    for number in range(1, MAX_FRAMES):
        drain(theirs, ours, frame)
        assert ours.size == number << 20
    assert resident() - before < 16 << 10  # KiB
    with pytest.raises(BrokenConnectionError, match="more than 64 frames"):
        drain(theirs, ours, 2 * frame)


def test_small_frames_without_an_end_are_not_held_either(
    raw: tuple[socket.socket, Connection],
) -> None:
    theirs, ours = raw
    theirs.sendall(GREETING + READY)
    with pytest.raises(BrokenConnectionError, match="more than 64 frames"):
        drain(theirs, ours, b"\x01\x01x" * 1000)


@pytest.mark.parametrize("command", [b"\x04\x00", b"\x04\x05\x04PING"])
def test_commands_without_an_end_are_not_read_for_ever(
    raw: tuple[socket.socket, Connection], command: bytes
) -> None:
    theirs, ours = raw
    theirs.sendall(GREETING + READY)
    drain(theirs, ours, (MAX_COMMANDS - 1) * command)
    with pytest.raises(BrokenConnectionError, match="more than 1000 commands"):
        drain(theirs, ours, command)


def test_an_announced_size_counts_at_once(raw: tuple[socket.socket, Connection]) -> None:
    theirs, ours = raw
    theirs.sendall(GREETING + READY + struct.pack(">BQ", 2, 1 << 60) + b"x")
    (message,) = received(ours, 1)
    assert (message.size, message.dropped, message.frames) == (1 << 60, True, [b""])


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"GET / HTTP/1.1\r\n" + bytes(64), "no greeting"),
        (GREETING + b"\x04\x06\x05ERROR", "refuses"),
        (GREETING + READY + b"\xf0\x01x", "malformed"),
        (GREETING + READY + struct.pack(">BQ", 6, 1 << 20), "malformed"),
    ],
)
def test_what_is_not_the_protocol_ends_the_connection(
    raw: tuple[socket.socket, Connection], data: bytes, why: str
) -> None:
    theirs, ours = raw
    theirs.sendall(data)
    with pytest.raises(BrokenConnectionError, match=why):
        received(ours, 1)


def test_the_end_of_the_other_side_is_noticed(raw: tuple[socket.socket, Connection]) -> None:
    theirs, ours = raw
    theirs.sendall(GREETING + READY + b"\x00\x01x")
    theirs.close()
    messages = []
    with pytest.raises(BrokenConnectionError, match=r"closed|reset"):
        messages += ours.receive()
    assert ours.lost
