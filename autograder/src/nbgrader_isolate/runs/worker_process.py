"""A worker process as its pool sees it: what is sent, what was received, and its current jobs."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolate.runs import framing

LEFT_OUT = {
    "PYTHONDEBUG",
    "PYTHONDEVMODE",
    "PYTHONHASHSEED",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONOPTIMIZE",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONSTARTUP",
    "PYTHONTRACEMALLOC",
    "PYTHONVERBOSE",
    "PYTHONWARNDEFAULTENCODING",
    "PYTHONWARNINGS",
}
"""Variables of the person who grades that would change what a worker's Python does."""
READ_SIZE = 1 << 20
"""Bytes to read or write at a time."""


@dataclass
class Job:
    """One request to a worker: name, JSON and kind of the frame, tries so far, deadline."""

    name: str
    data: bytes
    kind: bytes = framing.TASK
    tries: int = 0
    deadline: float = float("inf")


class WorkerProcess:
    """One worker process.

    Parameters
    ----------
    selector : selectors.BaseSelector
        Watches its pipes.
    at_once : int
        Number of jobs that it takes at a time.
    cpus : list of int
        The CPU of each job; if empty, the system decides.
    """

    def __init__(self, selector: selectors.BaseSelector, at_once: int, cpus: list[int]) -> None:
        self.selector, self.at_once, self.cpus = selector, at_once, cpus
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "nbgrader_isolate.runs.worker", str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            bufsize=0,
            start_new_session=True,
            env=environment(),
        )
        assert self.process.stdin is not None  # noqa: S101 - it was started with pipes
        assert self.process.stdout is not None  # noqa: S101
        self.reads, self.writes = self.process.stdout.fileno(), self.process.stdin.fileno()
        os.set_blocking(self.reads, False)
        os.set_blocking(self.writes, False)
        self.selector.register(self.reads, selectors.EVENT_READ, self)
        self.received, self.outgoing = bytearray(), bytearray()
        self.ready = False
        self.retiring = False
        self.jobs: dict[int, Job] = {}
        self.jobs_assigned = 0

    def has_room(self, job: Job) -> bool:
        """Tell whether the worker can take a job now; a second try needs the worker for itself."""
        if not self.ready or self.retiring:
            return False
        alone = job.tries or any(other.tries > 1 for other in self.jobs.values())
        return len(self.jobs) < (1 if alone else self.at_once)

    def assign(self, job: Job) -> None:
        """Send the worker a job."""
        self.jobs_assigned += 1
        self.jobs[self.jobs_assigned] = job
        self.send(framing.make_frame(job.kind, job.data, self.jobs_assigned))

    @property
    def deadline(self) -> float:
        """The earliest deadline of its jobs, on the monotonic clock in s."""
        return min((job.deadline for job in self.jobs.values()), default=float("inf"))

    def send(self, data: bytes) -> None:
        """Send bytes as fast as the worker accepts them."""
        self.outgoing += data
        self.flush()

    def flush(self) -> None:
        """Write what the worker accepts now; the rest follows later."""
        try:
            while self.outgoing:
                del self.outgoing[
                    : os.write(self.writes, memoryview(self.outgoing)[:READ_SIZE].tobytes())
                ]
        except BlockingIOError:
            if self.writes not in self.selector.get_map():
                self.selector.register(self.writes, selectors.EVENT_WRITE, self)
            return
        except BrokenPipeError:  # `receive` sees that the worker died
            self.outgoing.clear()
        self.unwatch(self.writes)

    def unwatch(self, descriptor: int) -> None:
        """Stop watching a pipe."""
        if descriptor in self.selector.get_map():
            self.selector.unregister(descriptor)

    def dismiss(self) -> None:
        """Let the worker exit on its own."""
        self.unwatch(self.writes)
        if self.process.stdin:
            self.process.stdin.close()

    def kill(self) -> None:
        """Kill the worker and close its pipes."""
        self.process.kill()
        self.process.wait()
        self.unwatch(self.reads)
        if self.process.stdin and not self.process.stdin.closed:
            self.unwatch(self.writes)
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream:
                stream.close()

    def exit_reason(self) -> str:
        """Return briefly how the worker ended, with the last line that it wrote."""
        try:
            code = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code < 0:
            return f"was killed ({signal.Signals(-code).name})"
        self.log.seek(max(0, self.log.seek(0, os.SEEK_END) - READ_SIZE))
        lines = self.log.read().decode("utf-8", "replace").strip().splitlines()
        return f"ended with code {code}" + (f": {lines[-1][:200]}" if lines else "")


def environment() -> dict[str, str]:
    """Return the environment of workers: this one, with one thread for linear algebra.

    Workers start without the current folder on their path (`-P`): a module there belongs to the
    course.
    """
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    users = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return {**users, **threads, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
