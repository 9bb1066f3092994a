"""One worker process as its pool sees it: what goes to it, what came from it, what it is at."""

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

CHUNK = 1 << 20
"""Bytes that are read or written at a time."""


@dataclass
class Job:
    """What a worker is asked for: by what name, the frame's kind and JSON, how often it was tried, until when it may take."""

    name: str
    data: bytes
    kind: bytes = framing.TASK
    tried: int = 0
    deadline: float = float("inf")


class Worker:
    """One worker process.

    Parameters
    ----------
    selector : selectors.BaseSelector
        Where its pipes are watched.
    at_once : int
        Jobs that it takes at a time.
    places : list of int
        The processor of each of them; none: wherever there is room.
    """

    def __init__(self, selector: selectors.BaseSelector, at_once: int, places: list[int]) -> None:
        self.selector, self.at_once, self.places = selector, at_once, places
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
        self.came, self.out = bytearray(), bytearray()
        self.ready = False
        self.retiring = False
        self.jobs: dict[int, Job] = {}
        self.given = 0

    def has_room(self, job: Job) -> bool:
        """Tell whether a job may be given to it now; one that was tried before, and failed, gets it for itself."""
        if not self.ready or self.retiring:
            return False
        alone = job.tried or any(other.tried > 1 for other in self.jobs.values())
        return len(self.jobs) < (1 if alone else self.at_once)

    def give(self, job: Job) -> None:
        """Send it a job."""
        self.given += 1
        self.jobs[self.given] = job
        self.send(framing.frame(job.kind, job.data, self.given))

    @property
    def deadline(self) -> float:
        """When the first of its jobs is late, on the monotonic clock in s."""
        return min((job.deadline for job in self.jobs.values()), default=float("inf"))

    def send(self, data: bytes) -> None:
        """Send bytes, as fast as it takes them."""
        self.out += data
        self.flush()

    def flush(self) -> None:
        """Write what it takes now; the rest when it takes more."""
        try:
            while self.out:
                del self.out[: os.write(self.writes, memoryview(self.out)[:CHUNK].tobytes())]
        except BlockingIOError:
            if self.writes not in self.selector.get_map():
                self.selector.register(self.writes, selectors.EVENT_WRITE, self)
            return
        except BrokenPipeError:  # its death is seen where it is read
            self.out.clear()
        self.unwatch(self.writes)

    def unwatch(self, descriptor: int) -> None:
        """Watch a pipe no longer."""
        if descriptor in self.selector.get_map():
            self.selector.unregister(descriptor)

    def dismiss(self) -> None:
        """Tell it to end by itself."""
        self.unwatch(self.writes)
        if self.process.stdin:
            self.process.stdin.close()

    def kill(self) -> None:
        """End it at once, whatever it is at, and let go of its pipes."""
        self.process.kill()
        self.process.wait()
        self.unwatch(self.reads)
        if self.process.stdin and not self.process.stdin.closed:
            self.unwatch(self.writes)
        for stream in (self.process.stdin, self.process.stdout, self.log):
            if stream:
                stream.close()

    def ending(self) -> str:
        """Return how it ended, in a few words, with the last line that it wrote."""
        try:
            code = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return "closed its pipe"
        if code < 0:
            return f"was killed ({signal.Signals(-code).name})"
        self.log.seek(max(0, self.log.seek(0, os.SEEK_END) - CHUNK))
        lines = self.log.read().decode("utf-8", "replace").strip().splitlines()
        return f"ended with code {code}" + (f": {lines[-1][:200]}" if lines else "")


def environment() -> dict[str, str]:
    """Return the environment of workers: ours, with one thread for linear algebra.

    They are started without the current folder on their path (`-P`): a module there is the course's, not ours.
    """
    one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, **one, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
