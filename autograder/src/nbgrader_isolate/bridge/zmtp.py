"""One connection to a socket of ZeroMQ, which never holds more than a stated number of bytes.

libzmq keeps every frame of a message until the last one has arrived, however many there are, and no
setting limits that. A student's code can write frames without end. So this side speaks the protocol
itself, ZMTP 3.0 without security, and counts bytes and frames as they arrive. The bytes of a
message that is too large to be kept are counted and dropped.

Source: the ZeroMQ Message Transport Protocol, rfc.zeromq.org/spec/23.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MORE, LONG, COMMAND = 1, 2, 4
MAX_FRAMES = 64
"""Frames of one message; those of Jupyter have seven, and one for each buffer."""
MAX_COMMAND = 1 << 12
"""Bytes of a command of the protocol."""
MAX_COMMANDS = 1000
"""Commands in one connection. Their number is small: one at the start, and answers to none."""
KEPT_FRAME = 1 << 16
"""A frame up to this size is kept even if its message is too large, because it may be a header."""
CHUNK = 1 << 18
CHUNKS = 8
"""How many chunks are read at a time, so that a flood does not keep the reader from its limits."""

_GREETING = (
    b"\xff" + bytes(8) + b"\x7f" + bytes([3, 0]) + b"NULL".ljust(20, b"\0") + b"\0" + bytes(31)
)
_SIGNATURE = slice(0, 10), b"\xff", b"\x7f"


class BrokenConnectionError(Exception):
    """The other side has closed the connection, or does not speak the protocol."""


@dataclass
class Message:
    """A message, or what is kept of it.

    Parameters
    ----------
    frames : list of bytes
        A frame that was dropped is empty.
    size : int
        The bytes of all frames, dropped or not.
    dropped : bool
        Whether a frame was dropped.
    """

    frames: list[bytes] = field(default_factory=list)
    size: int = 0
    dropped: bool = False


class Connection:
    """A connection to a listening Unix socket of ZeroMQ.

    Parameters
    ----------
    kind : {"DEALER", "SUB"}
        What this side is. A subscriber gets all messages.
    path : str
    keep : int
        The largest size of a message that is kept, in bytes.

    Attributes
    ----------
    size : int
        The bytes of the message that is arriving, as far as they have arrived or were announced.
    received : int
        All bytes that have arrived.
    lost : str
        Why there is nothing more to read; empty as long as there may be.
    """

    def __init__(self, kind: str, path: str, keep: int) -> None:
        self.keep = keep
        self.size = self.received = 0
        self.lost = ""
        self._in = bytearray()
        self._out = bytearray(_GREETING + _ready(kind))
        self._waiting = [_frame(0, b"\1")] if kind == "SUB" else []
        self._greeted = self._ready = False
        self._message = Message()
        self._kept = self._skip = self._commands = 0
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_CLOEXEC)
        self._socket.connect(path)
        self._socket.setblocking(False)  # noqa: FBT003 (its only parameter)
        self._flush()

    def fileno(self) -> int:
        """Return the descriptor, to wait until there is something to read."""
        return self._socket.fileno()

    def send(self, frames: list[bytes]) -> None:
        """Send a message, or keep it until the other side is ready."""
        data = b"".join(
            _frame(MORE if number < len(frames) else 0, frame)
            for number, frame in enumerate(frames, 1)
        )
        if self._ready:
            self._out += data
            self._flush()
        else:
            self._waiting.append(data)

    def receive(self) -> Iterator[Message]:
        """Yield the messages that have arrived, without waiting.

        Raises
        ------
        BrokenConnectionError
            When there is no more to read and never will be.
        """
        self._flush()
        for _ in range(CHUNKS):
            more = self._read()
            while (message := self._next()) is not None:
                yield message
            if self.lost:
                raise BrokenConnectionError(self.lost)
            if not more:
                return

    def _read(self) -> bool:
        """Read what has arrived; return whether there may be more."""
        try:
            chunk = self._socket.recv(CHUNK)
        except BlockingIOError:
            return False
        except OSError as error:
            self.lost = error.strerror or "an error"
            return False
        if not chunk:
            self.lost = "it closed its connection"
        self._in += chunk
        self.received += len(chunk)
        return bool(chunk)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def _flush(self) -> None:
        """Send what the other side accepts now."""
        with contextlib.suppress(BlockingIOError, OSError):
            while self._out:
                del self._out[: self._socket.send(memoryview(self._out)[:CHUNK])]

    def _next(self) -> Message | None:
        """Return the next complete message among the received bytes, or None."""
        if not self._greeted and not self._greet():
            return None
        while self._skip_dropped() and (frame := self._next_frame()) is not None:
            flags, body = frame
            if flags & COMMAND:
                self._command(body)
                continue
            self._message.frames.append(body)
            if len(self._message.frames) > MAX_FRAMES:
                raise self._broken(f"a message of more than {MAX_FRAMES} frames")
            if not flags & MORE:
                return self._finish()
        return None

    def _finish(self) -> Message:
        message, self._message = self._message, Message()
        message.size, self.size, self._kept = self.size, 0, 0
        return message

    def _greet(self) -> bool:
        """Read the other side's greeting."""
        if len(self._in) < len(_GREETING):
            return False
        where, first, last = _SIGNATURE
        signature = bytes(self._in[where])
        if signature[:1] != first or signature[-1:] != last or self._in[10] < 3:  # noqa: PLR2004
            raise self._broken("no greeting of ZeroMQ")
        del self._in[: len(_GREETING)]
        self._greeted = True
        return True

    def _skip_dropped(self) -> bool:
        """Drop the rest of a frame that is not kept; return whether all of it has arrived."""
        count = min(self._skip, len(self._in))
        del self._in[:count]
        self._skip -= count
        return not self._skip

    def _next_frame(self) -> tuple[int, bytes] | None:
        """Remove the next frame from the received bytes; a frame that is not kept is empty."""
        if not self._in:
            return None
        flags = self._in[0]
        head = 9 if flags & LONG else 2
        if len(self._in) < head:
            return None
        length = struct.unpack_from(">Q", self._in, 1)[0] if flags & LONG else self._in[1]
        if flags & ~(MORE | LONG | COMMAND) or (flags & COMMAND and length > MAX_COMMAND):
            raise self._broken("a malformed frame")
        kept = self._kept + length <= self.keep or (
            length <= KEPT_FRAME and self._kept <= self.keep + MAX_FRAMES * KEPT_FRAME
        )
        if kept and len(self._in) < head + length:
            return None
        self.size += length
        if not kept:
            self._message.dropped = True
            del self._in[:head]
            self._skip = length  # the frame counts as read; its bytes are dropped as they come
            return flags, b""
        body = bytes(memoryview(self._in)[head : head + length])
        del self._in[: head + length]
        self._kept += length
        return flags, body

    def _command(self, body: bytes) -> None:
        """Take a command; the first one says that the other side is ready."""
        self.size -= len(body)
        self._kept -= len(body)
        self._commands += 1
        if self._commands > MAX_COMMANDS:
            raise self._broken(f"more than {MAX_COMMANDS} commands")
        if self._ready:
            return
        if not body.startswith(b"\x05READY"):
            raise self._broken("it refuses the connection")
        self._ready = True
        self._out += b"".join(self._waiting)
        self._waiting.clear()
        self._flush()

    def _broken(self, why: str) -> BrokenConnectionError:
        self.lost = self.lost or why
        self._in.clear()
        return BrokenConnectionError(why)


def _ready(kind: str) -> bytes:
    """Return the command that says what this side is."""
    properties = b"".join(
        bytes([len(name)]) + name + struct.pack(">I", len(value)) + value
        for name, value in ((b"Socket-Type", kind.encode()), (b"Identity", b""))
    )
    body = b"\x05READY" + properties
    return bytes([COMMAND, len(body)]) + body


def _frame(flags: int, body: bytes) -> bytes:
    if len(body) > 255:  # noqa: PLR2004 (the largest length in one byte)
        return struct.pack(">BQ", flags | LONG, len(body)) + body
    return struct.pack(">BB", flags, len(body)) + body
