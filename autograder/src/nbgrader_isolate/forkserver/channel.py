"""Requests and answers over a SOCK_SEQPACKET socket: one JSON object a packet, file descriptors beside it."""

from __future__ import annotations

import array
import json
import socket
from typing import Any

PACKET_BYTES = 1 << 17
"""The largest packet; a request is far smaller, files travel in a parcel of their own."""

MAX_FDS = 64
"""File descriptors of one packet."""

Message = dict[str, Any]


def pair() -> tuple[socket.socket, socket.socket]:
    """Return the two ends of a new channel: ours and the server's."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def send(channel: socket.socket, message: Message, fds: list[int] | None = None) -> None:
    """Send one message.

    Parameters
    ----------
    channel : socket.socket
    message : dict
        What JSON can say.
    fds : list of int
        They arrive in this order, under other numbers.

    Raises
    ------
    OSError
        When the other side is gone.
    ValueError
        When the message or the number of descriptors is too large.
    """
    data = json.dumps(message).encode()
    if len(data) > PACKET_BYTES:
        raise ValueError(f"a message of {len(data)} bytes; {PACKET_BYTES} is the limit")
    if fds and len(fds) > MAX_FDS:
        raise ValueError(f"{len(fds)} file descriptors in one message; {MAX_FDS} is the limit")
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    channel.sendmsg([data], rights)


def receive(channel: socket.socket) -> tuple[Message, list[int]] | None:
    """Return the next message and its file descriptors; None when the other side has closed.

    Raises
    ------
    OSError
        When the socket is broken.
    """
    room = socket.CMSG_SPACE(MAX_FDS * array.array("i").itemsize)
    data, rights, _, _ = channel.recvmsg(PACKET_BYTES, room, socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, packed in rights:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(packed[: len(packed) - len(packed) % fds.itemsize])
    if not data:
        return None
    return json.loads(data), list(fds)
