"""A small client for a Jupyter kernel, with two sockets and no threads; it trusts no message."""

from __future__ import annotations

import hashlib
import hmac
import json
import select
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from nbgrader_isolate.bridge.outputs import Allowance, Collector
from nbgrader_isolate.bridge.processes import KernelProcess
from nbgrader_isolate.bridge.zmtp import BrokenConnectionError, Connection, Message
from nbgrader_isolate.core.text import cut_note, format_size
from nbgrader_isolate.notebook.parse import JSON_STRING

DELIMITER = b"<IDS|MSG>"
READ_FACTOR = 4
"""A message larger than this many times `Limits.output_bytes` is not kept; a note replaces it."""
LARGEST_FACTOR = 32
"""A message larger than this many times `Limits.output_bytes` gets its kernel killed."""
KILL_FACTOR = 64
"""A cell that sends more than this many times `Limits.output_bytes` gets its kernel killed."""
GRACE = 1.5
"""Seconds that a cell has to end after an interrupt; then its kernel is killed."""
WELCOME_SECONDS = 1.0
"""How long to wait for the first message of a kernel before asking whether it is ready."""
ENDING_SECONDS = 0.5
"""How long a kernel that has closed a connection may take to end."""
MESSAGE_BYTES = 64
"""What each message counts in addition to its bytes, since empty ones take time, too."""
MAX_CONTAINERS = 200_000
"""Lists and objects in one message: each takes 2 bytes as JSON and 60 bytes in memory."""
TICK_MS = 50
"""How often to check whether the kernel is alive while no message arrives, in milliseconds."""


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


class KernelClient:
    """Runs cells in a kernel.

    Parameters
    ----------
    process : KernelProcess
    output_bytes : int
        `Limits.output_bytes`: how much output of a cell is kept. Other limits are multiples of it.
    allowance : Allowance, optional
        What is left of the outputs that the notebook may have.
    """

    def __init__(
        self, process: KernelProcess, output_bytes: int, allowance: Allowance | None = None
    ) -> None:
        self.process = process
        self.limit = output_bytes
        self.allowance = allowance
        self.session = uuid4().hex
        info = process.connection_info
        key = info["key"]
        self.key = key if isinstance(key, bytes) else key.encode()
        kept = READ_FACTOR * self.limit
        self.shell = Connection("DEALER", f"{info['ip']}-{info['shell_port']}", kept)
        self.iopub = Connection("SUB", f"{info['ip']}-{info['iopub_port']}", kept)
        self.connections = (self.iopub, self.shell)
        self.poller = select.poll()
        for connection in self.connections:
            self.poller.register(connection, select.POLLIN)

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
        collector = Collector(self.limit, count, self.allowance)
        return Execution(self._send("execute_request", content), collector)

    def wait_ready(self, deadline: float) -> bool:
        """Wait until the kernel answers on both sockets; return whether it does."""
        # It says that it knows of our subscription before it publishes anything else.
        nothing = Execution("", Collector(0, 0))
        self._until(nothing, min(deadline, time.monotonic() + WELCOME_SECONDS), on_message=True)
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
            self._send("kernel_info_request", {})  # wakes a cell that awaits something
            if self._until(execution, time.monotonic() + GRACE):
                execution.reply = Reply("timeout")
                return False
            self.process.kill("it did not stop when its time was up")
            execution.reply = Reply("timeout", "and had to be killed")
        return False

    def _until(self, execution: Execution, deadline: float, *, on_message: bool = False) -> bool:
        """Take messages until a cell has ended, or any has come; return whether that is so."""
        while not (execution.received if on_message else execution.ended):
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
        """Handle the messages that arrive within a time; return whether anything arrived."""
        ready = {fd for fd, _ in self.poller.poll(max(int(milliseconds), 0))}
        before = self.iopub.received + self.shell.received
        for connection in self.connections:
            if connection.fileno() in ready:
                self._take(connection, execution)
        return self.iopub.received + self.shell.received > before

    def _stop(self, factor: int, when: str) -> None:
        """Stop a kernel that sends too much output."""
        self.process.kill(f"it sent more than {format_size(factor * self.limit)} of output {when}")

    def _take(self, connection: Connection, execution: Execution) -> None:
        """Take the messages that have arrived, and stop a kernel that sends too much."""
        try:
            for message in connection.receive():
                execution.received += message.size + MESSAGE_BYTES
                if not self._is_too_much(message.size, execution):
                    self._take_message(message, execution, shell=connection is self.shell)
        except BrokenConnectionError as error:
            self.poller.unregister(connection)
            if self.process.wait(ENDING_SECONDS) is None:
                self.process.kill(f"its connection to the grader is lost: {error}")
        self._is_too_much(connection.size, execution)

    def _is_too_much(self, size: int, execution: Execution) -> bool:
        """Stop the kernel if a message of this size, or a whole cell, is too large."""
        if size > LARGEST_FACTOR * self.limit:
            self._stop(LARGEST_FACTOR, "at once")
        elif execution.received > KILL_FACTOR * self.limit:
            self._stop(KILL_FACTOR, "in one cell")
        else:
            return False
        return True

    def _take_message(self, message: Message, execution: Execution, *, shell: bool) -> None:
        frames = [frame if is_plain(frame) else b"" for frame in message.frames]
        dropped = message.dropped or frames != message.frames
        found = (replacement if dropped else parse)(frames, self.limit)
        if found is None or found[0] != execution.number:
            return
        _, kind, content = found
        if shell and str(kind).endswith("_reply"):
            execution.reply = reply_of(content)
        elif kind == "status":
            execution.idle |= content.get("execution_state") == "idle"
        else:
            execution.collector.take(kind, content)

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
        self.shell.send([DELIMITER, signature, *parts])
        return number

    def close(self) -> None:
        """Close the sockets."""
        for connection in self.connections:
            connection.close()


def is_plain(frame: bytes) -> bool:
    """Return whether a frame has so few lists and objects that it can be decoded."""
    if frame.count(b"[") + frame.count(b"{") <= MAX_CONTAINERS:
        return True
    outside = JSON_STRING.sub(b"", frame)
    return outside.count(b"[") + outside.count(b"{") <= MAX_CONTAINERS


def parse(frames: list[bytes], _limit: int = 0) -> tuple[str, object, dict[str, Any]] | None:
    """Return parent, type and content of a message, or None if it is malformed.

    The signature is ignored, because the student's code has the key and so it would prove nothing.
    """
    try:
        header, parent, _, content = map(json.loads, frames[frames.index(DELIMITER) + 2 :][:4])
        return str(parent.get("msg_id")), header["msg_type"], dict(content)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None


def replacement(frames: list[bytes], limit: int) -> tuple[str, object, dict[str, Any]] | None:
    """Return a note that an output was cut, to replace an output that is too large to be kept."""
    message = parse([frame or b"{}" for frame in frames])
    if message is None or message[1] == "status":
        return None
    return message[0], "stream", {"text": cut_note(limit)}


def reply_of(content: dict[str, Any]) -> Reply:
    """Return the `Reply` for the content of a reply message."""
    if content.get("status") == "ok":
        return Reply("ok")
    return Reply("error", f"{str(content.get('ename'))[:100]}: {str(content.get('evalue'))[:2000]}")
