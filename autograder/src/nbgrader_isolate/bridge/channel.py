"""Send and receive complete messages over a socket, even if an alarm goes off in the middle of one.

A message is its length, in four bytes, and JSON. A signal handler that raises may interrupt a test
anywhere; that is how tests stop what takes too long. So this module waits only where an exception
does no harm, and blocks signals while it moves bytes.
"""

from __future__ import annotations

import json
import select
import signal
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

from nbgrader_isolate.bridge.failures import CallTimeoutError, PeerGoneError, TooLargeError

HEADER = struct.Struct(">I")
_CHUNK = 1 << 18
_MALFORMED = "the student's process sent a malformed message"
_BLOCKED = {signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGPROF, signal.SIGVTALRM}


class Channel:
    """One end of a pair of sockets.

    Parameters
    ----------
    connection : socket.socket
        A socket of type SOCK_STREAM.
    limit : int
        The largest size of a message, in bytes.
    """

    def __init__(self, connection: socket.socket, limit: int) -> None:
        connection.settimeout(0)
        self.socket = connection
        self.limit = limit
        self.received = 0
        self._in = bytearray()
        self._out = bytearray()

    def send(self, message: dict[str, Any], deadline: float | None = None) -> None:
        """Send a message; what an exception leaves unsent is sent before the next message.

        Raises
        ------
        TooLargeError, CallTimeoutError, PeerGoneError
        """
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=True).encode()
        if len(body) > self.limit:
            raise TooLargeError(
                f"{len(body):,} bytes of data, and one call can transfer at most {self.limit:,}"
            )
        self._out += HEADER.pack(len(body)) + body
        self.flush(deadline)

    def flush(self, deadline: float | None = None) -> None:
        """Send everything that has not been sent yet."""
        while self._out:
            if not self._move(self._push):
                self._wait(select.POLLOUT, deadline)

    def receive(self, deadline: float | None = None) -> dict[str, Any]:
        """Return the next message.

        Parameters
        ----------
        deadline : float, optional
            On the monotonic clock, in seconds; None waits forever.

        Raises
        ------
        CallTimeoutError
            If no message arrives before the deadline.
        PeerGoneError
            If the other side is gone, or the message is malformed.
        TooLargeError
            If the message is larger than the limit. The channel cannot be used after that.
        """
        while (body := self._next()) is None:
            if not self._move(self._pull):
                self._wait(select.POLLIN, deadline)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise PeerGoneError(f"{_MALFORMED} ({type(error).__name__})") from error
        if not isinstance(message, dict):
            raise PeerGoneError(_MALFORMED)
        return message

    def _next(self) -> bytes | None:
        """Remove the next complete message from the received bytes and return it, or None."""
        if len(self._in) < HEADER.size:
            return None
        (length,) = HEADER.unpack_from(self._in)
        if length > self.limit:
            raise TooLargeError(
                f"{length:,} bytes of data, and one call can transfer at most {self.limit:,}"
            )
        end = HEADER.size + length
        if len(self._in) < end:
            return None
        body = bytes(memoryview(self._in)[HEADER.size : end])
        del self._in[:end]
        return body

    def _move(self, step: Callable[[], int]) -> bool:
        """Move bytes while signals are blocked; return whether any could be moved."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _BLOCKED)
        try:
            return bool(step())
        except BlockingIOError:
            return False
        except OSError as error:
            raise PeerGoneError(f"the student's process is gone ({error.strerror})") from error
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _pull(self) -> int:
        chunk = self.socket.recv(_CHUNK)
        if not chunk:
            raise PeerGoneError("the student's process is gone")
        self._in += chunk
        self.received += len(chunk)
        return len(chunk)

    def _push(self) -> int:
        sent = self.socket.send(memoryview(self._out)[:_CHUNK])
        del self._out[:sent]
        return sent

    def _wait(self, event: int, deadline: float | None) -> None:
        poller = select.poll()
        poller.register(self.socket, event)
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not poller.poll(None if left is None else left * 1000 + 1):
            raise CallTimeoutError("there was no answer in time")

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()
