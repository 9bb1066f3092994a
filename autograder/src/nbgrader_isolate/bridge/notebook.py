"""Run the cells of one notebook in order, each in the right process, and record their results."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from nbgrader_isolate.bridge.cell_records import (
    cell_record,
    describe_reply,
    is_starved,
    record_outcome,
)
from nbgrader_isolate.bridge.failures import PeerGoneError
from nbgrader_isolate.bridge.kernel import Execution, Reply
from nbgrader_isolate.bridge.names_between import (
    flows_to_student,
    names_held_first,
    repeated_in_tests,
    unclaimed_names,
)
from nbgrader_isolate.bridge.outputs import (
    NOTEBOOK_FACTOR,
    Allowance,
    shown_number,
)
from nbgrader_isolate.bridge.prepared import PreparedCells
from nbgrader_isolate.bridge.processes import ChildProcess, ProcessServer
from nbgrader_isolate.bridge.session import CellResult, TestProcess
from nbgrader_isolate.bridge.sources import own_names
from nbgrader_isolate.bridge.student_kernel import KernelStartError, StudentKernel
from nbgrader_isolate.core.limits import Limits, with_more_time
from nbgrader_isolate.core.models import IN_PROCESS, ISOLATED
from nbgrader_isolate.notebook.name_flow import Flow

if TYPE_CHECKING:
    from nbformat import NotebookNode

NO_TIME = "the notebook's time was up before this cell could run"
NO_KERNEL = "not run: the kernel had died too often before this cell"
OUTCOMES = {"ok": "passed", "error": "failed", "timeout": "timeout", "died": "died"}


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
        Files that only the student's kernel gets.
    test_files : mapping of str to bytes
        Files that only the test process gets.
    time_factor : float
        By how much the limits of time are multiplied.
    prepared : PreparedCells or None
        First cells that test processes need not run.
    """

    def __init__(  # noqa: PLR0913, PLR0917 (what the engine is given, and what it has)
        self,
        server: ProcessServer,
        limits: Limits,
        files: Mapping[str, bytes],
        student_names: Sequence[str],
        seed: int,
        student_files: Mapping[str, bytes],
        test_files: Mapping[str, bytes],
        time_factor: float = 1.0,
        prepared: PreparedCells | None = None,
    ) -> None:
        limits = with_more_time(limits, time_factor)
        self.prepared, self.prepared_key = prepared, ""
        self.prepared_cells: set[int] = set()
        self.server, self.limits, self.files = server, limits, files
        self.test_files = {**files, **test_files}
        self.student_files = {**files, **student_files}
        self.names, self.seed = student_names, seed
        self.end = time.monotonic() + limits.notebook_seconds
        self.allowance = Allowance(NOTEBOOK_FACTOR * limits.output_bytes)
        self.restarts = 0
        self.cells: list[NotebookNode] = []
        # Cells that ended a process; they are not run again in a new one.
        self.fatal_for_student: set[int] = set()
        self.fatal_for_tester: set[int] = set()
        self.own_names: set[str] = set()
        self.flows: list[Flow] = []  # what the student's kernel gets of each isolated test
        self.repeated: list[str] = []  # what the test process repeats of each in-process test
        self.stars: list[str] = []
        self.stopped = False  # whether a cell was stopped in the student's present kernel
        self.processes: list[ChildProcess] = []
        self.student: StudentKernel | None = None
        self.tester: TestProcess | None = None
        # The last isolated test; the test process need not know about the cells after it.
        self.last_test = -1

    def run(self, cells: Sequence[NotebookNode]) -> None:
        """Run all code cells, and write its result into each."""
        self.cells = [cell for cell in cells if cell.cell_type == "code"]
        records = [cell_record(cell) for cell in self.cells]
        tests = (number for number, record in enumerate(records) if record.get("mode") == ISOLATED)
        self.last_test = max(tests, default=-1)
        # The instructor's text in a student's cell: the imports of its stub and its solution.
        ours = [
            cell.source if record.get("owner") == "instructor" else record.get("imports", "")
            for cell, record in zip(self.cells, records, strict=True)
        ]
        self.own_names = own_names(ours) - set(self.names)
        self.own_names |= names_held_first(self.cells, self.names)
        self.stars = [source for source in ours if "*" in source and "import" in source]
        if self.prepared is not None and self.last_test >= 0:
            found = self.prepared.find(self.cells, self.files)
            self.prepared_key, self.prepared_cells = found
        self.flows = flows_to_student(self.cells)
        self.repeated = repeated_in_tests(self.cells, self.names, self.last_test)
        waited = 0.0
        for number, cell in enumerate(self.cells):
            started, before = time.monotonic(), waited
            result = self._run_cell(number, cell)
            waited = self._waited_seconds()
            result.waited_seconds = waited - before
            if time.monotonic() >= self.end:  # the cells before it took the time that it lacks
                result.starved = is_starved(waited, self.limits.notebook_seconds)
            record_outcome(cell, number + 1, result, time.monotonic() - started)

    def _waited_seconds(self) -> float:
        """Return how long all processes so far have waited for a processor, in s."""
        return sum(process.waited_seconds() for process in self.processes)

    def _run_cell(self, number: int, cell: NotebookNode) -> CellResult:
        if time.monotonic() >= self.end:
            return CellResult("not run", NO_TIME)
        try:
            return self._runner(cell)(number, cell)
        except KernelStartError as error:
            return CellResult("not run", str(error))
        except (PeerGoneError, OSError) as error:
            self.fatal_for_student.add(number)
            self.fatal_for_tester.add(number)
            return CellResult("died", f"a kernel is gone: {error}")

    def _runner(self, cell: NotebookNode) -> Callable[[int, NotebookNode], CellResult]:
        mode, owner = cell_record(cell).get("mode"), cell_record(cell).get("owner")
        if mode == ISOLATED:
            return self._run_isolated
        if mode == IN_PROCESS:
            return self._run_in_process
        return self._run_plain if owner == "instructor" else self._run_student

    @property
    def _deadline(self) -> float:
        return min(self.end, time.monotonic() + self.limits.cell_seconds)

    def _run_student(self, number: int, cell: NotebookNode) -> CellResult:
        result = self._execute_in_student(number, cell.source)
        if number < self.last_test:
            self._send_student_cell(cell)
        return result

    def _run_plain(self, number: int, cell: NotebookNode) -> CellResult:
        """Run an ungraded instructor's cell in both processes; show the student's kernel's outputs.

        After the last isolated test it runs in the student's kernel alone, because nothing in the
        test process can depend on it. So does a first cell that the warm process has run.
        """
        needed = number < self.last_test and number not in self.prepared_cells
        tester = self._get_tester(number) if needed else None
        result = self._execute_in_student(number, cell.source)
        if tester is None:
            return result
        student = self.student if self.student is not None and self.student.alive else None
        if student is not None:
            tester.connect(student)
        there = tester.run(cell.source, number + 1, self._deadline, student, serving=False)
        if not tester.alive:
            self.fatal_for_tester.add(number)
        if there.outcome != "passed" and result.outcome == "passed":
            result.message = f"in the test process: {there.message}"
        return result

    def _run_isolated(self, number: int, cell: NotebookNode) -> CellResult:
        # The test process comes first: a new one needs a new bridge, and so a new student's kernel.
        tester = self._get_tester(number)
        student = self._get_student(number)
        tester.connect(student)
        flow, record = self.flows[number], cell_record(cell)
        result = tester.run(
            cell.source,
            number + 1,
            self._deadline,
            student,
            serving=True,
            flow=flow,
            shared=record.get("shared", ()),
            kinds=record.get("kinds"),
            objects=record.get("objects", False),
        )
        if result.outcome == "died" and tester.alive:
            student.process.wait(1.0)
        return result

    def _run_in_process(self, number: int, cell: NotebookNode) -> CellResult:
        result = self._execute_in_student(number, cell.source, with_token=True)
        if result.outcome == "passed" and not result.completed:
            result.outcome, result.message = "failed", "the cell did not run to its end"
        if result.completed:
            result.credit = shown_number(result.outputs)
        if source := self.repeated[number]:
            self._get_tester(number).run(source, number + 1, self._deadline, None, serving=False)
        return result

    def _execute_in_student(
        self, number: int, source: str, *, with_token: bool = False
    ) -> CellResult:
        """Run a source in the student's kernel.

        If the kernel dies and an earlier cell had been stopped in it, that cell may be the reason.
        Then the source runs once more in a new kernel.
        """
        student, execution, reply = self._executed(number, source, with_token=with_token)
        if not student.alive and self.stopped:
            student, execution, reply = self._executed(number, source, with_token=with_token)
        self.stopped |= reply.status == "timeout"
        if not student.alive or reply.status == "timeout":
            self.fatal_for_student.add(number)
        outcome, outputs = OUTCOMES[reply.status], execution.collector.outputs
        result = CellResult(outcome, describe_reply(reply), outputs)
        result.completed = (
            with_token and student.completion_token.arrived() and result.outcome == "passed"
        )
        return result

    def _executed(
        self, number: int, source: str, *, with_token: bool
    ) -> tuple[StudentKernel, Execution, Reply]:
        student = self._get_student(number)
        if with_token:
            source = student.completion_token.add_to(source)
        return student, *student.run(source, number + 1, self._deadline)

    def _get_student(self, number: int) -> StudentKernel:
        """Return the student's kernel; if it does not run, start it and rerun the earlier cells."""
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
        student = StudentKernel(self.server, self.limits, self.student_files, seed, self.allowance)
        self.processes.append(student.process)
        return student

    def _count_restart(self) -> None:
        self.restarts += 1
        if self.restarts > self.limits.restarts:
            raise KernelStartError(NO_KERNEL)

    def _replay(self, number: int, student: StudentKernel) -> None:
        for earlier, cell in enumerate(self.cells[:number]):
            if earlier in self.fatal_for_student:
                continue
            if cell_record(cell).get("mode") == ISOLATED:
                self._pass_on_again(earlier, student)
                continue
            _, reply = student.run(cell.source, earlier + 1, self._deadline)
            if not student.alive or reply.status == "timeout":
                self.fatal_for_student.add(earlier)
            if not student.alive:
                return

    def _pass_on_again(self, number: int, student: StudentKernel) -> None:
        """Give a new kernel what an isolated test that has run had passed on to the one before."""
        if self.flows[number] and self.tester is not None and self.tester.alive:
            flow, deadline = self.flows[number], self._deadline
            self.tester.connect(student)
            self.tester.run("", number + 1, deadline, student, serving=True, flow=flow)

    def _send_student_cell(self, cell: NotebookNode) -> None:
        with contextlib.suppress(PeerGoneError, OSError):
            self._get_tester(0).send_student_cell(cell.source, cell_record(cell))

    def _get_tester(self, number: int) -> TestProcess:
        """Return the test process; if it does not run, start one and rerun the earlier cells."""
        while self.tester is None or not self.tester.alive:
            if self.tester is not None:
                self._count_restart()
                self.tester.close()
                self._close_student()  # its bridge led to the process that is gone
            self.tester = TestProcess(
                self.server, self.limits, self.test_files, self.seed, self.allowance
            )
            self.processes.append(self.tester.process)
            key = self.prepared_key
            unclaimed = unclaimed_names(self.cells, self.names)
            self.tester.send_names(self.names, self.own_names, self.stars, key, unclaimed)
            self._replay_tests(number, self.tester)
        return self.tester

    def _replay_tests(self, number: int, tester: TestProcess) -> None:
        """Run the instructor's ungraded cells again, and send the student's."""
        for earlier, cell in enumerate(self.cells[:number]):
            if cell_record(cell).get("owner") == "student":
                tester.send_student_cell(cell.source, cell_record(cell))
            elif cell_record(cell).get("mode") is None and earlier not in self.not_replayed:
                tester.run(cell.source, earlier + 1, self._deadline, None, serving=False)
            elif source := self.repeated[earlier]:
                tester.run(source, earlier + 1, self._deadline, None, serving=False)

    @property
    def not_replayed(self) -> set[int]:
        """Cells that a new test process does not run."""
        return self.fatal_for_tester | self.prepared_cells

    def _close_student(self) -> None:
        if self.student is not None:
            self.student.close()
            self.student = None

    def close(self) -> None:
        """End both processes."""
        if self.tester is not None:
            self.tester.close()
        self._close_student()


def student_seed(seed: int) -> int:
    """Return the seed of a student's kernel; it differs from the tests' and does not reveal it."""
    return int.from_bytes(hashlib.sha256(f"student {seed}".encode()).digest()[:16], "big")
