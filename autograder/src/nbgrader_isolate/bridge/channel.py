"""Messages over a socket, whole or not at all, even when an alarm goes off in the middle of one.

A message is four bytes of length and JSON. A test may be interrupted anywhere by a signal handler that raises (that is how
tests stop what takes too long); so this waits where an exception does no harm, and moves bytes while signals are held
back.
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
_HELD = {signal.SIGALRM, signal.SIGINT, signal.SIGTERM, signal.SIGPROF, signal.SIGVTALRM}


class Channel:
    """One end of a pair of sockets.

    Parameters
    ----------
    connection : socket.socket
        Of type SOCK_STREAM.
    limit : int
        Bytes of a message.
    """

    def __init__(self, connection: socket.socket, limit: int) -> None:
        connection.settimeout(0)
        self.socket = connection
        self.limit = limit
        self.received = 0
        self._in = bytearray()
        self._out = bytearray()

    def send(self, message: dict[str, Any], deadline: float | None = None) -> None:
        """Send a message; what an exception leaves unsent goes out before the next.

        Raises
        ------
        TooLargeError, CallTimeoutError, PeerGoneError
        """
        body = json.dumps(message, separators=(",", ":"), ensure_ascii=True).encode()
        if len(body) > self.limit:
            raise TooLargeError(
                f"{len(body):,} bytes of data; {self.limit:,} can cross in one call"
            )
        self._out += HEADER.pack(len(body)) + body
        self.flush(deadline)

    def flush(self, deadline: float | None = None) -> None:
        """Send what is left."""
        while self._out:
            if not self._move(self._push):
                self._wait(select.POLLOUT, deadline)

    def receive(self, deadline: float | None = None) -> dict[str, Any]:
        """Return the next message.

        Parameters
        ----------
        deadline : float, optional
            On the monotonic clock, in s; None: wait for ever.

        Raises
        ------
        CallTimeoutError
            When there is none before the deadline.
        PeerGoneError
            When there will be none, or it is no message.
        TooLargeError
            When it says that it is larger than the limit; there is no way to go on from there.
        """
        while (body := self._next()) is None:
            if not self._move(self._pull):
                self._wait(select.POLLIN, deadline)
        try:
            message = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise PeerGoneError(f"a message that is none ({type(error).__name__})") from error
        if not isinstance(message, dict):
            raise PeerGoneError("a message that is none")
        return message

    def _next(self) -> bytes | None:
        """Take a whole message out of what has arrived."""
        if len(self._in) < HEADER.size:
            return None
        (length,) = HEADER.unpack_from(self._in)
        if length > self.limit:
            raise TooLargeError(
                f"a message of {length:,} bytes; {self.limit:,} can cross in one call"
            )
        end = HEADER.size + length
        if len(self._in) < end:
            return None
        body = bytes(memoryview(self._in)[HEADER.size : end])
        del self._in[:end]
        return body

    def _move(self, step: Callable[[], int]) -> bool:
        """Move bytes, with signals held back; return whether there were any to move."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
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
            raise CallTimeoutError("no answer in time")

    def close(self) -> None:
        """Close the socket."""
        self.socket.close()
