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
from typing import Any, Protocol
from uuid import uuid4

import zmq

from nbgrader_isolate.bridge.outputs import CUT, Collector

MARK = b"<IDS|MSG>"
READ_FACTOR = 8
"""A message of more than so many times the output that is kept is not read: only that it came is known."""
LARGEST_FACTOR = 32
"""A larger one never arrives."""
KILL_FACTOR = 64
"""A cell that sends so many times the output that is kept ends its kernel."""
GRACE = 1.5
"""Seconds that a cell has to end after an interrupt; then its kernel is killed."""
TICK_MS = 50
"""How often the kernel's life is looked at while nothing comes."""
_WAITING = 8
_HEADER_BYTES = 1 << 16


class Process(Protocol):
    """What is needed of a kernel's process."""

    connection_info: dict[str, Any]
    killed_by: str

    def poll(self) -> int | None:
        """Return None while it runs."""

    def interrupt(self) -> None:
        """Send it SIGINT."""

    def kill(self, reason: str = "") -> None:
        """End it."""


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


class KernelClient:
    """Runs cells in a kernel.

    Parameters
    ----------
    process : Process
    output_bytes : int
        Output of a cell that is kept.
    """

    def __init__(self, process: Process, output_bytes: int) -> None:
        self.process = process
        self.limit = output_bytes
        self.session = uuid4().hex
        info = process.connection_info
        key = info["key"]
        self.key = key if isinstance(key, bytes) else key.encode()
        context: zmq.Context[Any] = zmq.Context.instance()
        self.shell = self._connect(context, zmq.DEALER, f"ipc://{info['ip']}-{info['shell_port']}")
        self.iopub = self._connect(context, zmq.SUB, f"ipc://{info['ip']}-{info['iopub_port']}")
        self.poller = zmq.Poller()
        self.poller.register(self.shell, zmq.POLLIN)
        self.poller.register(self.iopub, zmq.POLLIN)

    def _connect(self, context: zmq.Context[Any], kind: int, address: str) -> zmq.Socket[Any]:
        made: zmq.Socket[Any] = context.socket(kind)
        made.linger = 0
        made.setsockopt(zmq.RCVHWM, _WAITING)
        made.setsockopt(zmq.MAXMSGSIZE, LARGEST_FACTOR * self.limit)
        if kind == zmq.SUB:
            made.subscribe(b"")
        made.connect(address)
        return made

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
        return bool(ready)

    def _take(self, source: zmq.Socket[Any], execution: Execution) -> None:
        for parent, kind, content, size in self._messages(source):
            execution.received += size
            if execution.received > KILL_FACTOR * self.limit:
                self.process.kill(f"sent more than {KILL_FACTOR * self.limit:,} bytes of output")
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
                read = parse(frames) if size <= READ_FACTOR * self.limit else unread(frames)
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
        self.shell.close()
        self.iopub.close()


def parse(frames: list[bytes]) -> tuple[str, object, dict[str, Any]] | None:
    """Return parent, kind and content of a message; None if it is none.

    The signature is not looked at: the student's code has the key, so it would prove nothing.
    """
    try:
        header, parent, _, content = map(json.loads, frames[frames.index(MARK) + 2 :][:4])
        return str(parent.get("msg_id")), header["msg_type"], dict(content)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def unread(frames: list[bytes]) -> tuple[str, object, dict[str, Any]] | None:
    """Return what stands for an output that is too large to be read: a note that it is cut."""
    read = parse([one if len(one) < _HEADER_BYTES else b"{}" for one in frames])
    return None if read is None or read[1] == "status" else (read[0], "stream", {"text": CUT})


def reply_of(content: dict[str, Any]) -> Reply:
    """Return what a reply says."""
    if content.get("status") == "ok":
        return Reply("ok")
    return Reply("error", f"{str(content.get('ename'))[:100]}: {str(content.get('evalue'))[:2000]}")
