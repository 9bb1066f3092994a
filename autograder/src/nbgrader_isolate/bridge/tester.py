"""The test process: run the instructor's cells, in which the student's names are proxies.

The worker sends a message for each cell over a control socket, and gets back its result. Requests
to the student's process go over another socket. The worker passes that socket through a third one,
which carries file descriptors; it does so again whenever the student's process was restarted.
"""

from __future__ import annotations

import builtins
import contextlib
import re
import signal
import socket
import sys
import time
import warnings
from dataclasses import dataclass, field
from typing import Any

from nbgrader_isolate.bridge import opaque_array, own_tracebacks
from nbgrader_isolate.bridge.call_state import notice_seeding
from nbgrader_isolate.bridge.cells import CellOutcome, describe_error, error_output, run_cell
from nbgrader_isolate.bridge.channel import Channel
from nbgrader_isolate.bridge.credit import credit_of
from nbgrader_isolate.bridge.failures import (
    CallTimeoutError,
    Failure,
    PeerGoneError,
    RefusedError,
    refused_value,
)
from nbgrader_isolate.bridge.judging_names import defines, judging_names
from nbgrader_isolate.bridge.kept_values import KeptValues
from nbgrader_isolate.bridge.memory import SharedMemory
from nbgrader_isolate.bridge.namespace import Namespace
from nbgrader_isolate.bridge.remote import Remote
from nbgrader_isolate.bridge.sources import bound_names, star_names
from nbgrader_isolate.bridge.value_kinds import Kinds, SeenKinds
from nbgrader_isolate.bridge.wishes import wishes_in
from nbgrader_isolate.core.chance import without_chance
from nbgrader_isolate.notebook.ipython_syntax import without_inline

CONTROL_BYTES = 64 << 20
PRINTED_BYTES = 1 << 16
PREPARED: dict[str, tuple[Namespace, set[str]]] = {}
"""What the first cells of notebooks have bound, and the wishes in them, by key (see `prepare`)."""


def prepare(key: str, sources: list[str]) -> None:
    """Run the first cells of a notebook in the warm process, for all its test processes.

    Parameters
    ----------
    key : str
        Under which a test process asks for the result.
    sources : list of str

    Raises
    ------
    BaseException
        What a cell raises.
    """
    notice_seeding()
    namespace, wishes = Namespace(), set()
    for number, source in enumerate(sources, 1):
        with without_chance():
            outcome = run_cell(without_inline(source), namespace, number, PRINTED_BYTES)
        if outcome.error is not None:
            raise outcome.error
        wishes |= wishes_in(source)
    PREPARED[key] = namespace, wishes


def main(fds: list[int]) -> None:
    """Run cells until the worker closes the control socket.

    Parameters
    ----------
    fds : list of int
        The control socket and the socket that carries file descriptors.
    """
    control, fd_socket = (socket.socket(fileno=fd) for fd in fds)
    sys.path.insert(0, "")
    warnings.formatwarning = own_tracebacks.without_source
    own_tracebacks.install()
    opaque_array.guard()
    notice_seeding()
    Tester(Channel(control, CONTROL_BYTES), fd_socket).run()


@dataclass
class Tester:
    """Runs the cells of one notebook.

    Parameters
    ----------
    control : Channel
    fd_socket : socket.socket
        The socket that carries file descriptors.
    """

    control: Channel
    fd_socket: socket.socket
    namespace: Namespace = field(default_factory=Namespace)
    student_names: frozenset[str] = frozenset()
    unclaimed: frozenset[str] = frozenset()
    judging: set[str] = field(default_factory=set)
    remote: Remote | None = None
    running: bool = False
    serving: bool = False
    read_failures: list[Failure] = field(default_factory=list)
    wishes: set[str] = field(default_factory=set)
    kinds: SeenKinds = field(default_factory=SeenKinds)

    def run(self) -> None:
        """Handle the worker's messages until it closes the control socket."""
        signal.signal(signal.SIGINT, self._stop)
        self._offer_sources()
        with contextlib.suppress(PeerGoneError):
            while True:
                message = self.control.receive()
                for name in ("setup", "bridge", "student", "cell"):
                    if name in message:
                        getattr(self, f"do_{name}")(message[name])

    def _stop(self, _number: int, _frame: object) -> None:
        if self.running:
            self.running = False
            raise KeyboardInterrupt

    def _offer_sources(self) -> None:
        self.namespace["solution_source"] = self.namespace.solution_source

    def do_setup(self, names: dict[str, Any]) -> None:
        """Receive the names that are the student's, and those that never are.

        Cells that import through stars are among the latter, too: a cell that fails, or that is not
        run again after a restart, keeps its names.
        """
        if names["prepared"]:
            self.namespace, self.wishes = PREPARED[names["prepared"]]
            self._offer_sources()
            self.namespace.note_classes()
        PREPARED.clear()
        self.student_names = frozenset(names["student_names"])
        self.kinds.kept = KeptValues(self.namespace)
        self.namespace.named_like_builtins = self.student_names & vars(builtins).keys()
        self.namespace.own_names.update(names["own"])
        self.unclaimed = frozenset(names["unclaimed"])
        for source in names["stars"]:
            self.namespace.own_names.update(star_names(source) - self.student_names)

    def do_bridge(self, limits: dict[str, Any]) -> None:
        """Receive the ends of a new bridge to the student's process."""
        _, fds, _, _ = socket.recv_fds(self.fd_socket, 1, 2)
        if self.remote is not None:
            self.remote.channel.close()
            if isinstance(self.remote.memory, SharedMemory):
                self.remote.memory.close()
        connection = Channel(socket.socket(fileno=fds[0]), limits["message_bytes"])
        self.remote = Remote(
            connection,
            SharedMemory(fds[1]),
            self._notice,
            limits["call_seconds"],
            read_failures=self.read_failures,
            kinds=self.kinds,
        )
        self.remote.find_class = self.namespace.own_class
        self.remote.state.find = self.namespace.own_value

    def do_student(self, cell: dict[str, Any]) -> None:
        """Receive the text of a student's cell; from now on the names it takes are the student's.

        If the instructor's solution is known, it says which these are, and not the student's text.
        """
        self.namespace.sources.append(cell["source"])
        taken = cell.get("takes")
        if taken is None:
            taken = {*bound_names(cell["source"]), *cell.get("changes", ())}
        names = self.student_names.intersection(taken)
        self.namespace.disputed -= names
        if cell.get("unknown"):
            bound = {*bound_names(cell["source"]), *cell.get("changes", ())} - vars(builtins).keys()
            own = self.namespace.own_names | dict.keys(self.namespace)
            self.namespace.disputed |= self.student_names & own & bound - names
        self.namespace.own_names -= names
        for name in names & dict.keys(self.namespace):
            dict.__delitem__(self.namespace, name)
        self.namespace.asked.update(cell.get("asked", ()))
        if cell.get("imports"):
            with contextlib.suppress(Exception):
                exec(cell["imports"], self.namespace)  # noqa: S102 (the instructor's imports)

    def do_cell(self, cell: dict[str, Any]) -> None:
        """Run a cell and send its result to the worker."""
        remote, source = self.remote, cell["source"]
        self.serving = cell["serving"]
        self.namespace.own_names.update(star_names(source) - self.student_names)
        own_wishes = wishes_in(source)
        wishes = self.wishes | own_wishes
        if not self.serving:  # what an ungraded cell defines may do it for every test
            self.wishes = wishes
        if remote is not None:
            remote.with_owners, remote.masked = "owners" in wishes, "masked" in wishes
            remote.missing, remote.lazy = "missing" in wishes, "lazy" in wishes
            remote.objects.allowed = cell["objects"]
            remote.own_classes = self.namespace.classes_by_value() if cell["objects"] else []
            remote.begin()
            remote.passed.shared = self.namespace.shared_classes
            remote.state.begin(cell["replaces"], seeds="seeds" in own_wishes)
            self.read_failures.clear()
            all_names = {*dict.keys(self.namespace), *self.kinds.carried} if cell["by_text"] else ()
            words = re.findall(r"\w+", source)
            self.kinds.begin({*cell["may_read"], *all_names}, cell["binds"], words)
            remote.cell_end = time.monotonic() + cell["seconds"]
            self.namespace.begin(remote, cell["reads"], cell["may_change"])
        self._note_judges(source)
        try:
            self.running = True
            self._refuse_what_differs(cell)
            outcome = run_cell(source, self.namespace, cell["number"], cell["output_bytes"])
            if outcome.error is None and remote is not None and remote.has_called:
                self.namespace.compare_shared(cell["shared"])
        except (Failure, KeyboardInterrupt) as error:
            outcome = CellOutcome(error=error)
        finally:
            self.running = False
            signal.setitimer(signal.ITIMER_REAL, 0)
        report = self._report(outcome, cell["kinds"])
        if remote is not None:
            self.kinds.carry(cell["binds"], cell["may_change"])
        if remote is not None and cell["serving"]:
            with contextlib.suppress(Failure):
                self.namespace.pass_on(*cell["flow"])
        if not cell["serving"]:
            self.namespace.note_classes()
        self.namespace.disputed.difference_update(cell["binds"])
        self.namespace.end()
        if remote is not None and self.serving:
            self._dismiss(remote)
        self.control.send({"done": report})

    def _note_judges(self, source: str) -> None:
        """Note the names that a cell judges with; what its functions do, they do for every test."""
        found = judging_names(source, self.student_names) if self.unclaimed else set()
        self.namespace.judging = self.judging | (found & self.unclaimed)
        if not self.serving or defines(source):
            self.judging = self.namespace.judging

    def _refuse_what_differs(self, cell: dict[str, Any]) -> None:
        """Refuse a cell that reads names of which it is not sure that they are the instructor's."""
        self.namespace.compare_shared(cell["shared"])
        self.namespace.compare_imports(cell["reads"])
        if self.namespace.disputed:
            self.namespace.refuse_disputed(self.kinds.readable(cell["reads"]))

    def _dismiss(self, remote: Remote) -> None:
        """Let the student's process stop serving."""
        with contextlib.suppress(PeerGoneError, CallTimeoutError):
            remote.channel.send({"end": True}, time.monotonic() + 1)

    def _notice(self, notice: str) -> None:
        """Ask the worker for something that only it can do; see `remote.Notice`."""
        if notice == "serve":
            if self.serving:
                return
            self.serving = True
        self.control.send({"notice": notice})

    def _report(self, outcome: CellOutcome, expected: Kinds | None) -> dict[str, Any]:
        failures: list[Failure] = [*self.remote.failures] if self.remote is not None else []
        failures += self.read_failures
        credit = credit_of(outcome.value)
        if not failures and outcome.error is None and expected is not None and credit != 0:
            unexpected = self.kinds.unexpected(expected)
            failures += [RefusedError(unexpected)] if unexpected else []
        error = failures[0] if failures else outcome.error
        outputs = outcome.outputs
        if failures and outcome.error is not failures[0]:
            outputs = [*outputs, error_output(failures[0])]
        kind = "passed" if error is None else "failed"
        if isinstance(error, CallTimeoutError | KeyboardInterrupt):
            kind = "timeout"
        elif isinstance(error, PeerGoneError):
            kind = "died"
        refused = refused_value(failures)
        if kind == "failed" and not failures and isinstance(error, Exception):
            refused = self.kinds.reduced()
        return {
            "refused": refused,
            "outcome": kind,
            "message": "" if error is None else describe_error(error),
            "outputs": outputs,
            "credit": credit if error is None else None,
            "kinds": self.kinds.as_data() if expected is None else {},
        }
