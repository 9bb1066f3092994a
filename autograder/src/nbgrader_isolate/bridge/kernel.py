"""A small client for a Jupyter kernel, with two sockets and no threads; it trusts no message."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import zmq
from zmq.utils.monitor import recv_monitor_message

from nbgrader_isolate.bridge.outputs import Collector
from nbgrader_isolate.bridge.processes import KernelProcess
from nbgrader_isolate.core.text import cut_note, format_size

DELIMITER = b"<IDS|MSG>"
READ_FACTOR = 8
"""A message larger than this many times `Limits.output_bytes` is not parsed; a note replaces it."""
LARGEST_FACTOR = 32
"""A message larger than this many times `Limits.output_bytes` gets its kernel killed."""
KILL_FACTOR = 64
"""A cell that sends more than this many times `Limits.output_bytes` gets its kernel killed."""
DROPPED_SECONDS = 0.25
"""How long a lost connection may take to announce that it is being restored; see `Connection`."""
GRACE = 1.5
"""Seconds that a cell has to end after an interrupt; then its kernel is killed."""
TICK_MS = 50
"""How often to check whether the kernel is alive while no message arrives, in milliseconds."""
_WAITING = 8
_HEADER_BYTES = 1 << 16


@dataclass
class Reply:
    """How a cell ended.

    Attributes
    ----------
    status : {"ok", "error", "timeout", "died"}
    message : str
        Describes what went wrong.
    """

    status: str = ""
    message: str = ""


@dataclass
class Execution:
    """A cell that was sent to the kernel."""

    number: str
    collector: Collector
    reply: Reply | None = None
    idle: bool = False
    received: int = 0

    @property
    def ended(self) -> bool:
        """Whether the kernel has reported the end on both sockets."""
        return self.reply is not None and self.idle


class Connection:
    """A socket to the kernel that notices when libzmq has dropped the connection.

    libzmq drops a connection when a message is larger than `MAXMSGSIZE`, and reports no error: the
    socket just stays silent. If a connection breaks for any other reason, libzmq restores it and
    announces the attempt. So a disconnection without such an announcement means that a message was
    too large.

    Parameters
    ----------
    kind : int
        `zmq.DEALER` or `zmq.SUB`.
    address : str
    largest : int
        The largest size of a message part that is received, in bytes.
    """

    def __init__(self, kind: int, address: str, largest: int) -> None:
        context: zmq.Context[Any] = zmq.Context.instance()
        self.socket: zmq.Socket[Any] = context.socket(kind)
        self.socket.linger = 0
        self.socket.setsockopt(zmq.RCVHWM, _WAITING)
        self.socket.setsockopt(zmq.MAXMSGSIZE, largest)
        self.events = self.socket.get_monitor_socket(
            zmq.Event.DISCONNECTED | zmq.Event.CONNECT_RETRIED
        )
        self._lost_at: float | None = None
        if kind == zmq.SUB:
            self.socket.subscribe(b"")
        self.socket.connect(address)

    def read_events(self) -> None:
        """Read what has happened to the connection since the last call."""
        with contextlib.suppress(zmq.Again):
            while True:
                event = recv_monitor_message(self.events, zmq.NOBLOCK)["event"]
                self._lost_at = time.monotonic() if event == zmq.Event.DISCONNECTED else None

    @property
    def dropped(self) -> bool:
        """Whether the connection was lost a while ago and is not being restored."""
        return self._lost_at is not None and time.monotonic() - self._lost_at > DROPPED_SECONDS

    def close(self) -> None:
        """Close the socket and its monitor."""
        self.socket.disable_monitor()
        self.events.close(linger=0)
        self.socket.close()


class KernelClient:
    """Runs cells in a kernel.

    Parameters
    ----------
    process : KernelProcess
    output_bytes : int
        `Limits.output_bytes`: how much output of a cell is kept. Other limits are multiples of it.
    """

    def __init__(self, process: KernelProcess, output_bytes: int) -> None:
        self.process = process
        self.limit = output_bytes
        self.session = uuid4().hex
        info = process.connection_info
        key = info["key"]
        self.key = key if isinstance(key, bytes) else key.encode()
        address, largest = f"ipc://{info['ip']}-", LARGEST_FACTOR * self.limit
        self.connections = (
            Connection(zmq.DEALER, f"{address}{info['shell_port']}", largest),
            Connection(zmq.SUB, f"{address}{info['iopub_port']}", largest),
        )
        self.shell, self.iopub = (connection.socket for connection in self.connections)
        self.poller = zmq.Poller()
        for connection in self.connections:
            self.poller.register(connection.socket, zmq.POLLIN)
            self.poller.register(connection.events, zmq.POLLIN)

    def start(self, code: str, count: int = 0, *, silent: bool = False) -> Execution:
        """Send a cell.

        Parameters
        ----------
        code : str
        count : int
            The execution count for its result.
        silent : bool
            Whether the cell is ours, and must not appear in the student's history.
        """
        content = {
            "code": code,
            "silent": silent,
            "store_history": not silent,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        return Execution(self._send("execute_request", content), Collector(self.limit, count))

    def wait_ready(self, deadline: float) -> bool:
        """Wait until the kernel answers on both sockets; return whether it does."""
        while time.monotonic() < deadline and self.process.poll() is None:
            request = Execution(self._send("kernel_info_request", {}), Collector(0, 0))
            if self.wait(request, min(deadline, time.monotonic() + 1.0), give_up=True):
                return True
        return False

    def wait(self, execution: Execution, deadline: float, *, give_up: bool = False) -> bool:
        """Read messages until a cell has ended or its deadline has passed; return whether it ended.

        After the deadline the kernel is interrupted, and killed if that does not help, unless
        `give_up` is true.
        """
        if self._until(execution, deadline) or give_up:
            return execution.ended
        if self.process.poll() is None:
            self.process.interrupt()
            if self._until(execution, time.monotonic() + GRACE):
                execution.reply = Reply("timeout")
                return False
            self.process.kill("it did not stop when its time was up")
            execution.reply = Reply("timeout", "and had to be killed")
        return False

    def _until(self, execution: Execution, deadline: float) -> bool:
        while not execution.ended:
            left = (deadline - time.monotonic()) * 1000
            if left <= 0:
                return False
            if self.pump(execution, min(left, TICK_MS)) or self.process.poll() is None:
                continue
            if not self.pump(execution, 0):
                execution.reply = Reply("died", self.process.killed_by)
                return False
        return True

    def pump(self, execution: Execution, milliseconds: float) -> bool:
        """Handle the messages that arrive within a time; return whether there were any."""
        ready = dict(self.poller.poll(max(int(milliseconds), 0)))
        for source in (self.iopub, self.shell):
            if source in ready:
                self._take(source, execution)
        for connection in self.connections:
            if connection.events in ready:
                connection.read_events()
        if any(connection.dropped for connection in self.connections):
            self._stop(LARGEST_FACTOR, "at once")
        return bool(ready)

    def _stop(self, factor: int, when: str) -> None:
        """Stop a kernel that sends too much output."""
        self.process.kill(f"it sent more than {format_size(factor * self.limit)} of output {when}")

    def _take(self, source: zmq.Socket[Any], execution: Execution) -> None:
        for parent, kind, content, size in self._messages(source):
            execution.received += size
            if execution.received > KILL_FACTOR * self.limit:
                self._stop(KILL_FACTOR, "in one cell")
                return
            if parent != execution.number:
                continue
            if source is self.shell and str(kind).endswith("_reply"):
                execution.reply = reply_of(content)
            elif kind == "status":
                execution.idle |= content.get("execution_state") == "idle"
            else:
                execution.collector.take(kind, content)

    def _messages(
        self, source: zmq.Socket[Any]
    ) -> Iterator[tuple[str, object, dict[str, Any], int]]:
        """Yield parent, type, content and size of the messages that are waiting."""
        with contextlib.suppress(zmq.Again):
            for _ in range(_WAITING):
                frames = source.recv_multipart(zmq.NOBLOCK)
                size = sum(map(len, frames))
                small = size <= READ_FACTOR * self.limit
                message = parse(frames) if small else replacement(frames, self.limit)
                if message is not None:
                    yield *message, size

    def _send(self, kind: str, content: dict[str, Any]) -> str:
        number = uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": kind,
            "session": self.session,
            "username": "",
            "date": datetime.now(UTC).isoformat(),
            "version": "5.3",
        }
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content)]
        signature = hmac.new(self.key, b"".join(parts), hashlib.sha256).hexdigest().encode()
        self.shell.send_multipart([DELIMITER, signature, *parts])
        return number

    def close(self) -> None:
        """Close the sockets."""
        for connection in self.connections:
            connection.close()


def parse(frames: list[bytes]) -> tuple[str, object, dict[str, Any]] | None:
    """Return parent, type and content of a message, or None if it is malformed.

    The signature is ignored, because the student's code has the key and so it would prove nothing.
    """
    try:
        header, parent, _, content = map(json.loads, frames[frames.index(DELIMITER) + 2 :][:4])
        return str(parent.get("msg_id")), header["msg_type"], dict(content)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def replacement(frames: list[bytes], limit: int) -> tuple[str, object, dict[str, Any]] | None:
    """Return a note that an output was cut, to replace an output that is too large to be parsed."""
    message = parse([frame if len(frame) < _HEADER_BYTES else b"{}" for frame in frames])
    if message is None or message[1] == "status":
        return None
    return message[0], "stream", {"text": cut_note(limit)}


def reply_of(content: dict[str, Any]) -> Reply:
    """Return the `Reply` for the content of a reply message."""
    if content.get("status") == "ok":
        return Reply("ok")
    return Reply("error", f"{str(content.get('ename'))[:100]}: {str(content.get('evalue'))[:2000]}")
