"""The test process of one notebook, and how a cell runs in it and in the student's kernel."""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.failures import CallTimeoutError, PeerGoneError
from nbgrader_isolate.bridge.kernel import GRACE, Execution, KernelClient
from nbgrader_isolate.bridge.outputs import Allowance, Collector, text_of
from nbgrader_isolate.bridge.patched_names import targets_in
from nbgrader_isolate.bridge.processes import ProcessServer
from nbgrader_isolate.bridge.student_kernel import START_SECONDS, StudentKernel
from nbgrader_isolate.bridge.tester import CONTROL_BYTES
from nbgrader_isolate.bridge.value_kinds import Kinds
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import Credit
from nbgrader_isolate.notebook.name_flow import (
    NOTHING,
    Flow,
    binds,
    may_change,
    needs,
    read_by_text,
)
from nbgrader_isolate.notebook.unsure_reads import unsure_reads

if TYPE_CHECKING:
    from nbformat import NotebookNode

TARGET = "nbgrader_isolate.bridge.tester:main"


@dataclass
class CellResult:
    """The result of a cell; the fields are those of `nbgrader_isolate.core.models.CellRecord`."""

    outcome: str
    message: str = ""
    outputs: Sequence[NotebookNode] = ()
    credit: Credit = None
    completed: bool = False
    waited_seconds: float = 0.0
    starved: bool = False
    refused: str = ""
    kinds: Kinds = field(default_factory=dict)


class TestProcess:
    """The process in which isolated tests run, as the worker sees it.

    Parameters
    ----------
    server : ProcessServer
    limits : Limits
    files : mapping of str to bytes
    seed : int
    allowance : Allowance, optional
        What is left of the outputs that the notebook may have.
    """

    __test__ = False

    def __init__(
        self,
        server: ProcessServer,
        limits: Limits,
        files: Mapping[str, bytes],
        seed: int,
        allowance: Allowance | None = None,
    ) -> None:
        self.limits, self.allowance = limits, allowance
        with contextlib.ExitStack() as undo:
            control, theirs = socket.socketpair()
            self.control = undo.enter_context(contextlib.closing(Channel(control, CONTROL_BYTES)))
            fd_socket, their_fd_socket = socket.socketpair()
            self.fd_socket = undo.enter_context(fd_socket)
            with theirs, their_fd_socket:
                fds = [theirs.fileno(), their_fd_socket.fileno()]
                self.process = server.process(
                    TARGET, files=files, fds=fds, seed=seed, limits=limits
                )
            undo.pop_all()

    def send_names(
        self,
        students: Iterable[str],
        own: Iterable[str],
        stars: Sequence[str] = (),
        prepared: str = "",
        unclaimed: Iterable[str] = (),
    ) -> None:
        """Send the names that belong to the student, and those that the instructor's cells bind.

        Parameters
        ----------
        students, own : iterable of str
        stars : sequence of str
            The sources of the instructor's cells that may import through stars.
        prepared : str
            The key of the first cells, if the warm process has run them.
        unclaimed : iterable of str
            The student's names of which no stub and no known solution says that they are.
        """
        names = {"student_names": sorted(students), "own": sorted(own), "stars": list(stars)}
        more = {"prepared": prepared, "unclaimed": sorted(unclaimed)}
        self._send({"setup": {**names, **more}})

    def _send(self, message: dict[str, Any]) -> None:
        """Send a message that needs no answer; kill the process if it does not receive it."""
        try:
            self.control.send(message, time.monotonic() + START_SECONDS)
        except CallTimeoutError:
            self.process.kill("it stopped receiving messages")
            raise PeerGoneError("the test process stopped receiving messages") from None

    @property
    def alive(self) -> bool:
        """Whether it runs and was not killed."""
        return self.process.poll() is None and not self.process.killed_by

    def connect(self, student: StudentKernel) -> None:
        """Pass it the other end of a student's bridge, unless it already has that."""
        if student.bridge is None:
            return
        with student.bridge as bridge:
            socket.send_fds(self.fd_socket, [b"x"], [bridge.fileno(), student.memory])
        student.bridge = None
        limits = {
            "message_bytes": self.limits.message_bytes,
            "call_seconds": self.limits.call_seconds,
        }
        self._send({"bridge": limits})

    def send_student_cell(self, source: str, record: Mapping[str, Any]) -> None:
        """Send the text of a cell that the student wrote, and what its record says of names."""
        about = {
            "imports": record.get("imports", ""),
            "changes": record.get("changes", []),
            "asked": record.get("asked", []),
            "takes": record.get("takes"),
            "unknown": record.get("unknown", False),
        }
        self._send({"student": {"source": source, **about}})

    def run(  # noqa: PLR0913 (what a run needs)
        self,
        source: str,
        number: int,
        deadline: float,
        student: StudentKernel | None,
        *,
        serving: bool,
        flow: Flow = NOTHING,
        shared: Iterable[str] = (),
        kinds: Kinds | None = None,
        objects: bool = False,
    ) -> CellResult:
        """Run a cell, which may call the student's process.

        Parameters
        ----------
        source : str
        number : int
            The number of the cell.
        deadline : float
            On the monotonic clock, in seconds.
        student : StudentKernel or None
        serving : bool
            Whether the student's process serves from the start; if not, from the first request on.
        flow : Flow, optional
            What the student's process gets of the cell when it has run.
        shared : iterable of str
            Names of the instructor's that must have the same value in both processes.
        kinds : Kinds or None
            The kinds of values that the reference solution gives the cell, if they are known.
        objects : bool, optional
            Whether objects of the student's classes cross.
        """
        cell = {
            "source": source,
            "number": number,
            "serving": serving,
            "output_bytes": self.limits.output_bytes,
            "flow": [flow.source, list(flow.names)],
            "shared": list(shared),
            "kinds": kinds,
            "objects": objects,
            # Found here, because they are the same for all submissions.
            "reads": sorted(needs(source) | read_by_text(source)),
            "may_read": sorted(unsure_reads(source)),
            "by_text": bool(read_by_text(source)),
            "replaces": sorted(targets_in(source)),
            "binds": sorted(binds(source)),
            "may_change": sorted(may_change(source)),
        }
        with contextlib.suppress(PeerGoneError, CallTimeoutError):
            return _CellRun(self, student).run(cell, deadline)
        self.process.wait(GRACE)
        error = self.process.failure().strip().rpartition("\n")[2]
        reason = self.process.killed_by or error or "it crashed"
        self.process.kill(reason)
        return CellResult("died", f"the test process ended while this cell ran ({reason})")

    def close(self) -> None:
        """End the process, and close its sockets."""
        self.control.close()
        self.fd_socket.close()
        self.process.close()


class _CellRun:
    """One cell that runs in the test process: messages between it, the worker and the student."""

    def __init__(self, tester: TestProcess, student: StudentKernel | None) -> None:
        self.tester, self.student = tester, student
        self.serving: Execution | None = None
        self.poller = select.poll()
        self.poller.register(tester.control.socket, select.POLLIN)
        for connection in student.client.connections if student is not None else ():
            self.poller.register(connection, select.POLLIN)

    def run(self, cell: dict[str, Any], deadline: float) -> CellResult:
        seconds = max(0.1, deadline - time.monotonic())
        if cell["serving"] and self.student is not None:
            self.serving = self.student.serve()
        self.tester.control.send({"cell": cell | {"seconds": seconds}})
        try:
            return self._await(time.monotonic() + seconds)
        finally:
            if self.serving is not None and self.student is not None:
                self.student.client.wait(self.serving, time.monotonic() + GRACE)

    def _await(self, deadline: float) -> CellResult:
        interrupted, idle_since = False, 0.0
        while True:
            message = self._next()
            now = time.monotonic()
            if message is None:
                idle_since = self._check_student(now, idle_since)
            elif "done" in message:
                return self._result(message["done"], interrupted=interrupted)
            else:
                self._handle_notice(message["notice"])
            if now > deadline + (2 * GRACE if interrupted else GRACE / 2):
                if interrupted:
                    self.tester.process.kill("it did not stop when its time was up")
                    raise CallTimeoutError("the test process did not stop")
                self.tester.process.interrupt()
                interrupted = True

    def _next(self) -> dict[str, Any] | None:
        """Return the next message of the test process, or None if there is none for a while."""
        if not self.poller.poll(50) and self.tester.process.poll() is not None:
            raise PeerGoneError("the test process ended")
        if self.serving is not None and self.student is not None:
            self.student.client.pump(self.serving, 0)
            self._forget_lost_connections(self.student.client)
        with contextlib.suppress(CallTimeoutError):
            return self.tester.control.receive(time.monotonic() - 1)
        return None

    def _forget_lost_connections(self, client: KernelClient) -> None:
        """Do not wait for connections that are lost, which are always ready."""
        for connection in client.connections:
            if connection.lost:
                with contextlib.suppress(KeyError):
                    self.poller.unregister(connection)

    def _check_student(self, now: float, idle_since: float) -> float:
        """Kill a student's kernel that should serve and does not, so that the test learns of it."""
        if self.serving is None or self.student is None or not self.serving.ended:
            return 0.0
        if idle_since and now - idle_since > GRACE / 3:
            self.student.process.kill("it did not answer the test")
        return idle_since or now

    def _handle_notice(self, notice: str) -> None:
        if self.student is None:
            return
        if notice == "serve" and self.serving is None:
            self.serving = self.student.serve()
        elif notice == "interrupt":
            self.student.process.interrupt()
        elif notice == "kill":
            self.student.process.kill("it did not answer as it should")

    def _result(self, done: dict[str, Any], *, interrupted: bool) -> CellResult:
        collector = Collector(self.tester.limits.output_bytes, 0, self.tester.allowance)
        for data in done["outputs"]:
            collector.count = int(data.get("execution_count") or 0)
            collector.take(data["output_type"], data)
        message = text_of(done["message"])
        if interrupted and done["outcome"] == "timeout":
            message = "took too long and was stopped"
        killed = self.student.process.killed_by if self.student is not None else ""
        if done["outcome"] == "died" and killed:
            message = f"{message} ({killed})"
        passed = done["outcome"] == "passed"
        outputs, credit = collector.outputs, done["credit"]
        result = CellResult(done["outcome"], message, outputs, credit, completed=passed)
        result.refused, result.kinds = text_of(done["refused"]), done["kinds"]
        return result
