"""A channel carries whole messages, and says what is wrong with everything else."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from nbgrader_isolate.bridge.channel import HEADER, Channel
from nbgrader_isolate.bridge.failures import CallTimeoutError, PeerGoneError, TooLargeError


@pytest.fixture
def ends() -> Iterator[tuple[Channel, socket.socket]]:
    """A channel, and the socket at its other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours, 1000), theirs


def test_messages_arrive_whole_and_in_order(ends: tuple[Channel, socket.socket]) -> None:
    ours, theirs = ends
    other = Channel(theirs, 1000)
    messages = [{"id": 1, "text": "é\ud800"}, {}, {"deep": [[{"x": None}]]}]
    for message in messages:
        ours.send(message)
    assert [other.receive() for _ in messages] == messages


def test_a_message_that_arrives_in_pieces_is_put_together(
    ends: tuple[Channel, socket.socket],
) -> None:
    ours, theirs = ends
    data = HEADER.pack(8) + b'{"a": 1}'
    theirs.sendall(data[:3])
    with pytest.raises(CallTimeoutError):
        ours.receive(deadline=0)
    theirs.sendall(data[3:9])
    with pytest.raises(CallTimeoutError):
        ours.receive(deadline=0)
    theirs.sendall(data[9:] + data)
    assert [ours.receive(), ours.receive()] == [{"a": 1}, {"a": 1}]


def test_a_message_above_the_limit_is_neither_sent_nor_received(
    ends: tuple[Channel, socket.socket],
) -> None:
    ours, theirs = ends
    with pytest.raises(TooLargeError, match=r"one call can transfer at most 1,000"):
        ours.send({"text": "x" * 1000})
    ours.send({})
    assert theirs.recv(100) == HEADER.pack(2) + b"{}"
    theirs.sendall(HEADER.pack(1 << 31))
    with pytest.raises(TooLargeError, match=r"2,147,483,648 bytes"):
        ours.receive()


@pytest.mark.parametrize("body", [b"", b"[1]", b"null", b"\xff", b"[" * 999, b"{'a': 1}"])
def test_a_body_that_is_not_a_json_object_ends_the_conversation(
    ends: tuple[Channel, socket.socket], body: bytes
) -> None:
    ours, theirs = ends
    theirs.sendall(HEADER.pack(len(body)) + body)
    with pytest.raises(PeerGoneError, match="malformed message"):
        ours.receive()


def test_a_closed_socket_is_noticed_on_both_ways(ends: tuple[Channel, socket.socket]) -> None:
    ours, theirs = ends
    theirs.close()
    with pytest.raises(PeerGoneError, match="gone"):
        ours.receive()
    with pytest.raises(PeerGoneError, match="gone"):
        ours.send({})
