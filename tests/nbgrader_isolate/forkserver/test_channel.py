"""A channel carries messages and descriptors, in their order."""

from __future__ import annotations

import os
import socket

import pytest

from nbgrader_isolate.forkserver import channel


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
