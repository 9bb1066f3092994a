"""The cells of one notebook, one after another: which runs where, and what is written down of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from nbformat import NotebookNode

from nbgrader_isolate.bridge.failures import PeerGoneError
from nbgrader_isolate.bridge.kernel import Execution, Reply
from nbgrader_isolate.bridge.outputs import from_message, text_of
from nbgrader_isolate.bridge.processes import ProcessServer
from nbgrader_isolate.bridge.session import (
    Ending,
    KernelStartError,
    StudentKernel,
    TestProcess,
    student_seed,
)
from nbgrader_isolate.bridge.sources import own_names
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import IN_PROCESS, ISOLATED, METADATA

NO_TIME = "the notebook's time was over before this cell"
NO_KERNEL = "not run: the kernel had died too often before this cell"
ENDED = {"ok": "passed", "error": "failed", "timeout": "timeout", "died": "died"}


class NotebookRun:
    """Runs a rebuilt notebook.

    Parameters
    ----------
    server : ProcessServer
    limits : Limits
    files : mapping of str to bytes
    student_names : sequence of str
    seed : int
    student_files : mapping of str to bytes
        In the student's kernel alone.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what the engine is given, and what it has)
        self,
        server: ProcessServer,
        limits: Limits,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes],
    ) -> None:
        self.server, self.limits, self.files = server, limits, files
        self.student_files = {**files, **student_files}
        self.names, self.seed = student_names, seed
        self.end = time.monotonic() + limits.notebook_seconds
        self.restarts = 0
        self.cells: list[NotebookNode] = []
        self.fatal_for_student: set[int] = (
            set()
        )  # cells that are not run again in the student's kernel
        self.fatal_for_tester: set[int] = set()  # and in the test process
        self.own_names: set[str] = set()
        self.stopped = False  # a cell was stopped in the student's kernel that lives
        self.student: StudentKernel | None = None
        self.tester: TestProcess | None = None
        # The last cell of the test process: what comes after it, that one need not know.
        self.last_test = -1

    def run(self, cells: Sequence[NotebookNode]) -> None:
        """Run all code cells and write down in each what came of it."""
        self.cells = [cell for cell in cells if cell.cell_type == "code"]
        tests = (
            n for n, cell in enumerate(self.cells) if cell_record(cell).get("mode") == ISOLATED
        )
        self.last_test = max(tests, default=-1)
        ours = [
            cell.source for cell in self.cells if cell_record(cell).get("owner") == "instructor"
        ]
        self.own_names = own_names(ours) - set(self.names)
        for number, cell in enumerate(self.cells):
            began = time.monotonic()
            ending = self._run_cell(number, cell)
            record_outcome(cell, number + 1, ending, time.monotonic() - began)

    def _run_cell(self, number: int, cell: NotebookNode) -> Ending:
        if time.monotonic() >= self.end:
            return Ending("not run", NO_TIME)
        try:
            return self._runner(cell)(number, cell)
        except KernelStartError as error:
            return Ending("not run", str(error))
        except (PeerGoneError, OSError) as error:
            self.fatal_for_student.add(number)
            self.fatal_for_tester.add(number)
            return Ending("died", f"a kernel was gone: {error}")

    def _runner(self, cell: NotebookNode) -> Callable[[int, NotebookNode], Ending]:
        mode, owner = cell_record(cell).get("mode"), cell_record(cell).get("owner")
        if mode == ISOLATED:
            return self._run_isolated
        if mode == IN_PROCESS:
            return self._run_in_process
        return self._run_plain if owner == "instructor" else self._run_student

    @property
    def _deadline(self) -> float:
        return min(self.end, time.monotonic() + self.limits.cell_seconds)

    def _run_student(self, number: int, cell: NotebookNode) -> Ending:
        ending = self._execute_in_student(number, cell.source)
        if number < self.last_test:
            self._tell_tester(cell)
        return ending

    def _run_plain(self, number: int, cell: NotebookNode) -> Ending:
        """Run an instructor's cell that gives no points in both; what it shows is the student's kernel's.

        Behind the last test nothing in the test process can depend on it.
        """
        tester = self._get_tester(number) if number < self.last_test else None
        ending = self._execute_in_student(number, cell.source)
        if tester is None:
            return ending
        student = self.student if self.student is not None and self.student.alive else None
        if student is not None:
            tester.connect(student)
        there = tester.run(cell.source, number + 1, self._deadline, student, serving=False)
        if not tester.alive:
            self.fatal_for_tester.add(number)
        if there.outcome != "passed" and ending.outcome == "passed":
            ending.message = f"in the test process: {there.message}"
        return ending

    def _run_isolated(self, number: int, cell: NotebookNode) -> Ending:
        tester = self._get_tester(
            number
        )  # first: a new one needs a new bridge, and so a new student's kernel
        student = self._get_student(number)
        tester.connect(student)
        ending = tester.run(cell.source, number + 1, self._deadline, student, serving=True)
        if ending.outcome == "died" and tester.alive:
            student.process.wait(1.0)
        return ending

    def _run_in_process(self, number: int, cell: NotebookNode) -> Ending:
        ending = self._execute_in_student(number, cell.source, with_token=True)
        if ending.outcome == "passed" and not ending.completed:
            ending.outcome, ending.message = "failed", "the cell did not run to its end"
        if ending.completed:
            ending.credit = shown_number(ending.outputs)
        return ending

    def _execute_in_student(self, number: int, source: str, *, with_token: bool = False) -> Ending:
        """Run a source in the student's kernel; one that a cell before it, stopped, took down runs again in a new one."""
        student, execution, reply = self._executed(number, source, with_token=with_token)
        if not student.alive and self.stopped:
            student, execution, reply = self._executed(number, source, with_token=with_token)
        self.stopped |= reply.status == "timeout"
        if not student.alive or reply.status == "timeout":
            self.fatal_for_student.add(number)
        ending = Ending(ENDED[reply.status], describe_reply(reply), execution.collector.outputs)
        ending.completed = (
            with_token and student.completion_token.arrived() and ending.outcome == "passed"
        )
        return ending

    def _executed(
        self, number: int, source: str, *, with_token: bool
    ) -> tuple[StudentKernel, Execution, Reply]:
        student = self._get_student(number)
        asked = student.completion_token.add_to(source) if with_token else source
        return student, *student.run(asked, number + 1, self._deadline)

    def _get_student(self, number: int) -> StudentKernel:
        """Return the student's kernel; if there is none (any more), a new one in which the earlier cells ran."""
        while self.student is None or not self.student.alive:
            if self.student is not None:
                self._count_restart()
            self._close_student()
            self.stopped = False
            try:
                self.student = self._new_student()
            except KernelStartError:
                self._count_restart()
                continue
            self._replay(number, self.student)
        return self.student

    def _new_student(self) -> StudentKernel:
        seed = student_seed(self.seed)
        return StudentKernel(self.server, self.limits, self.student_files, seed)

    def _count_restart(self) -> None:
        self.restarts += 1
        if self.restarts > self.limits.restarts:
            raise KernelStartError(NO_KERNEL)

    def _replay(self, number: int, student: StudentKernel) -> None:
        for earlier, cell in enumerate(self.cells[:number]):
            if earlier in self.fatal_for_student or cell_record(cell).get("mode") == ISOLATED:
                continue
            _, reply = student.run(cell.source, earlier + 1, self._deadline)
            if not student.alive or reply.status == "timeout":
                self.fatal_for_student.add(earlier)
            if not student.alive:
                return

    def _tell_tester(self, cell: NotebookNode) -> None:
        imports = cell_record(cell).get("imports", "")
        with contextlib.suppress(PeerGoneError, OSError):
            self._get_tester(0).pass_student_cell(cell.source, imports)

    def _get_tester(self, number: int) -> TestProcess:
        """Return the test process; if there is none (any more), a new one in which the earlier cells ran."""
        while self.tester is None or not self.tester.alive:
            if self.tester is not None:
                self._count_restart()
                self.tester.close()
                self._close_student()  # its bridge ended in the process that is gone
            self.tester = TestProcess(self.server, self.limits, self.files, self.seed)
            self.tester.introduce(self.names, self.own_names)
            self._replay_tests(number, self.tester)
        return self.tester

    def _replay_tests(self, number: int, tester: TestProcess) -> None:
        """Run the instructor's plain cells again, and tell of the student's."""
        for earlier, cell in enumerate(self.cells[:number]):
            if cell_record(cell).get("owner") == "student":
                tester.pass_student_cell(cell.source, cell_record(cell).get("imports", ""))
            elif cell_record(cell).get("mode") is None and earlier not in self.fatal_for_tester:
                tester.run(cell.source, earlier + 1, self._deadline, None, serving=False)

    def _close_student(self) -> None:
        if self.student is not None:
            self.student.close()
            self.student = None

    def close(self) -> None:
        """End both kernels."""
        if self.tester is not None:
            self.tester.close()
        self._close_student()


def cell_record(cell: NotebookNode) -> dict[str, Any]:
    """Return what the rebuild wrote of a cell."""
    found: dict[str, Any] = cell.metadata.get(METADATA) or {}
    return found


def describe_reply(reply: Reply) -> str:
    """Return what went wrong in a cell of the student's kernel."""
    if reply.status == "timeout":
        return f"took too long and was stopped {reply.message}".strip()
    if reply.status == "died":
        return f"the kernel died while this cell ran ({reply.message or 'it ended itself, or crashed'})"
    return text_of(reply.message)


def record_outcome(cell: NotebookNode, count: int, ending: Ending, seconds: float) -> None:
    """Write into a cell what came of it; one that did not pass has an error among its outputs."""
    outputs = list(ending.outputs)
    if ending.outcome != "passed" and not any(one.output_type == "error" for one in outputs):
        content = {"ename": ending.outcome, "evalue": ending.message, "traceback": [ending.message]}
        made = from_message("error", content, count)
        outputs += [made] if made else []
    cell.outputs = outputs
    cell.execution_count = count if ending.outcome != "not run" else None
    known = dict(cell_record(cell))
    known |= {
        "outcome": ending.outcome,
        "proof": ending.completed,
        "credit": ending.credit,
        "message": first_lines(ending.message),
        "seconds": round(seconds, 4),
    }
    cell.metadata[METADATA] = NotebookNode(known)


def first_lines(message: str) -> str:
    """Return the first lines of a message, without terminal codes."""
    plain = "".join(one for one in message if one.isprintable() or one in "\n\t")
    return "\n".join(plain.split("\n")[:10])[:2000]


def shown_number(outputs: Sequence[NotebookNode]) -> float | None:
    """Return the number that a cell shows as its result, None if it shows something else."""
    for one in outputs:
        if one.output_type == "execute_result":
            with contextlib.suppress(ValueError, TypeError):
                number = float(one.data.get("text/plain", ""))
                return number if abs(number) < float("inf") else None
    return None
