"""Messages over a SOCK_SEQPACKET socket: each packet is a JSON object and may carry descriptors."""

from __future__ import annotations

import array
import json
import socket
from typing import Any

PACKET_BYTES = 1 << 17
"""The largest packet; requests are far smaller, and files travel in a separate payload."""

MAX_FDS = 64
"""The largest number of file descriptors in one packet."""

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
        Data that JSON can represent.
    fds : list of int
        File descriptors; they arrive in the same order, under other numbers.

    Raises
    ------
    OSError
        If the other side is gone.
    ValueError
        If the message is too large, or there are too many descriptors.
    """
    data = json.dumps(message).encode()
    if len(data) > PACKET_BYTES:
        raise ValueError(f"a message has {len(data)} bytes, but the limit is {PACKET_BYTES}")
    if fds and len(fds) > MAX_FDS:
        raise ValueError(f"a message has {len(fds)} descriptors, but the limit is {MAX_FDS}")
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    channel.sendmsg([data], rights)


def receive(channel: socket.socket) -> tuple[Message, list[int]] | None:
    """Return the next message and its file descriptors, or None if the other side has closed.

    Raises
    ------
    OSError
        If the socket is broken.
    """
    size = socket.CMSG_SPACE(MAX_FDS * array.array("i").itemsize)
    data, rights, _, _ = channel.recvmsg(PACKET_BYTES, size, socket.MSG_CMSG_CLOEXEC)
    fds = array.array("i")
    for level, kind, packed in rights:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(packed[: len(packed) - len(packed) % fds.itemsize])
    if not data:
        return None
    return json.loads(data), list(fds)
