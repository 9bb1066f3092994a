"""A lean client of a Jupyter kernel: two sockets, no threads, no waits; nothing that comes back is trusted."""

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

MARK = b"<IDS|MSG>"
READ_FACTOR = 8
"""A message larger than this many times `Limits.output_bytes` is not parsed; a note replaces it."""
LARGEST_FACTOR = 32
"""A message larger than this many times `Limits.output_bytes` is not received; its kernel is stopped."""
KILL_FACTOR = 64
"""A cell that sends more than this many times `Limits.output_bytes` in all has its kernel stopped."""
DROPPED_SECONDS = 0.25
"""How long a lost connection may take to say that it is being made again; see `Connection`."""
GRACE = 1.5
"""Seconds that a cell has to end after an interrupt; then its kernel is killed."""
TICK_MS = 50
"""How often the kernel's life is looked at while nothing comes."""
_WAITING = 8
_HEADER_BYTES = 1 << 16


@dataclass
class Reply:
    """How the run of a cell ended.

    Attributes
    ----------
    status : {"ok", "error", "timeout", "died"}
    message : str
        What went wrong.
    """

    status: str = ""
    message: str = ""


@dataclass
class Execution:
    """A cell that runs."""

    number: str
    collector: Collector
    reply: Reply | None = None
    idle: bool = False
    received: int = 0

    @property
    def ended(self) -> bool:
        """Whether the kernel has said so, on both sockets."""
        return self.reply is not None and self.idle


class Connection:
    """A socket to the kernel that notices when libzmq has given up on it.

    libzmq drops a connection when a message is larger than `MAXMSGSIZE`, and reports no error: the
    socket just stays silent. A connection that breaks for any other reason is made again, and the
    attempt is announced. So a disconnection without such an announcement means a message that was too large.

    Parameters
    ----------
    kind : int
        `zmq.DEALER` or `zmq.SUB`.
    address : str
    largest : int
        Bytes of the largest part of a message that is received.
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
        """Take note of what happened to the connection since the last call."""
        with contextlib.suppress(zmq.Again):
            while True:
                event = recv_monitor_message(self.events, zmq.NOBLOCK)["event"]
                self._lost_at = time.monotonic() if event == zmq.Event.DISCONNECTED else None

    @property
    def dropped(self) -> bool:
        """Whether the connection was lost a while ago and is not being made again."""
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
        `Limits.output_bytes`: how much output of a cell is kept. The other limits are multiples of it.
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
        self.shell, self.iopub = (one.socket for one in self.connections)
        self.poller = zmq.Poller()
        for one in self.connections:
            self.poller.register(one.socket, zmq.POLLIN)
            self.poller.register(one.events, zmq.POLLIN)

    def start(self, code: str, count: int = 0, *, silent: bool = False) -> Execution:
        """Send a cell.

        Parameters
        ----------
        code : str
        count : int
            The execution count that its result gets.
        silent : bool
            It is ours, and leaves no trace in the student's history.
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
        """Wait until the kernel answers and is heard on both sockets; return whether it does."""
        while time.monotonic() < deadline and self.process.poll() is None:
            asked = Execution(self._send("kernel_info_request", {}), Collector(0, 0))
            if self.wait(asked, min(deadline, time.monotonic() + 1.0), give_up=True):
                return True
        return False

    def wait(self, execution: Execution, deadline: float, *, give_up: bool = False) -> bool:
        """Read messages until a cell has ended or its time is over; return whether it has.

        When the time is over it is interrupted, and killed if that does not help, unless `give_up`.
        """
        if self._until(execution, deadline) or give_up:
            return execution.ended
        if self.process.poll() is None:
            self.process.interrupt()
            if self._until(execution, time.monotonic() + GRACE):
                execution.reply = Reply("timeout")
                return False
            self.process.kill("did not stop when its time was over")
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
        """Take the messages that come within a time; return whether any did."""
        ready = dict(self.poller.poll(max(int(milliseconds), 0)))
        for one in (self.iopub, self.shell):
            if one in ready:
                self._take(one, execution)
        for connection in self.connections:
            if connection.events in ready:
                connection.read_events()
        if any(connection.dropped for connection in self.connections):
            self._stop(LARGEST_FACTOR, "at once")
        return bool(ready)

    def _stop(self, factor: int, how: str) -> None:
        """Stop a kernel that sends too much output."""
        self.process.kill(f"it sent more than {format_size(factor * self.limit)} of output {how}")

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
        """Yield parent, kind, content and size of the messages that wait."""
        with contextlib.suppress(zmq.Again):
            for _ in range(_WAITING):
                frames = source.recv_multipart(zmq.NOBLOCK)
                size = sum(map(len, frames))
                small = size <= READ_FACTOR * self.limit
                read = parse(frames) if small else unread(frames, self.limit)
                if read is not None:
                    yield *read, size

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
        parts = [json.dumps(one).encode() for one in (header, {}, {}, content)]
        signature = hmac.new(self.key, b"".join(parts), hashlib.sha256).hexdigest().encode()
        self.shell.send_multipart([MARK, signature, *parts])
        return number

    def close(self) -> None:
        """Close the sockets."""
        for one in self.connections:
            one.close()


def parse(frames: list[bytes]) -> tuple[str, object, dict[str, Any]] | None:
    """Return parent, kind and content of a message; None if it is none.

    The signature is not looked at: the student's code has the key, so it would prove nothing.
    """
    try:
        header, parent, _, content = map(json.loads, frames[frames.index(MARK) + 2 :][:4])
        return str(parent.get("msg_id")), header["msg_type"], dict(content)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def unread(frames: list[bytes], limit: int) -> tuple[str, object, dict[str, Any]] | None:
    """Return what replaces an output that is too large to be parsed: a note that it was cut."""
    read = parse([one if len(one) < _HEADER_BYTES else b"{}" for one in frames])
    if read is None or read[1] == "status":
        return None
    return read[0], "stream", {"text": cut_note(limit)}


def reply_of(content: dict[str, Any]) -> Reply:
    """Return what a reply says."""
    if content.get("status") == "ok":
        return Reply("ok")
    return Reply("error", f"{str(content.get('ename'))[:100]}: {str(content.get('evalue'))[:2000]}")
