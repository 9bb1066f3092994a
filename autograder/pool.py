"""Workers that live as long as the run: tasks out, results back, one that dies or hangs is replaced.

All of it runs in the thread that made it. What a worker sends has read a stranger's notebook: frames of
limited size with JSON in them, nothing else.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from autograder import wires
from autograder.exits import Exit, RefusedError
from autograder.processes import CHUNK, Job, Worker

ATTEMPTS = 2
"""How often a submission is tried when its worker dies: the death may have had another's cause."""
STARTS = 3
"""How many workers in a row may end before they are ready, until the run gives up."""
GRACE = 3.0
"""How long workers may take to end by themselves, in s."""


@dataclass(frozen=True)
class Failure:
    """Why there is no result of a submission."""

    why: str


class Pool:
    """Workers, started at once: they import what they need while the run still reads the course.

    Parameters
    ----------
    jobs : int
        How many.
    """

    def __init__(self, jobs: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.setup = self.plan_frame = b""
        self.failed_starts = 0
        self.workers: list[Worker] = []
        for _ in range(jobs):
            self.start()

    def start(self) -> None:
        """Start one worker."""
        self.workers.append(Worker(self.selector, self.setup + self.plan_frame))

    def configure(self, setup: bytes) -> None:
        """Tell all workers, now and later, their limits and sandbox: JSON with `limits`, `sandbox`, `grader`."""
        self.setup = wires.frame(wires.SETUP, setup)
        for worker in self.workers:
            worker.send(self.setup)

    def plan(self, plan: bytes) -> None:
        """Tell all workers, now and later, the plan of the assignment."""
        self.plan_frame = wires.frame(wires.PLAN, plan)
        for worker in self.workers:
            worker.send(self.plan_frame)

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | Failure]]:
        """Grade tasks; they are taken from the iterator as workers become free.

        Parameters
        ----------
        tasks : iterator of (str, bytes)
            Names of submissions, and their tasks as JSON.
        seconds : float
            How long one submission may take in all before its worker is taken for hung.

        Yields
        ------
        str
            The name.
        bytes or Failure
            The result as JSON, in the order in which they are done.

        Raises
        ------
        RefusedError
            If workers do not start.
        """
        waiting: deque[Job] = deque()
        done: deque[tuple[str, bytes | Failure]] = deque()
        more = True
        while True:
            if more and not waiting:  # one is always at hand for the worker that is done next
                following = next(tasks, None)
                more = following is not None
                waiting.extend([Job(*following)] if following else [])
            for worker in self.workers:
                if waiting and worker.ready and not worker.job:
                    self.assign(worker, waiting.popleft(), seconds)
                    break
            else:
                if done:
                    yield done.popleft()
                elif not waiting and not more and not any(w.job for w in self.workers):
                    return
                else:
                    self.turn(waiting, done)

    def assign(self, worker: Worker, job: Job, seconds: float) -> None:
        """Give a worker its next task."""
        job.tried += 1
        worker.job, worker.deadline = job, time.monotonic() + seconds
        worker.send(wires.frame(wires.TASK, job.data))

    def turn(self, waiting: deque[Job], done: deque[tuple[str, bytes | Failure]]) -> None:
        """Wait until something happens, and deal with it."""
        next_deadline = min(worker.deadline for worker in self.workers)
        pause = (
            None if next_deadline == float("inf") else max(0.0, next_deadline - time.monotonic())
        )
        for key, events in self.selector.select(pause):
            worker: Worker = key.data
            if worker not in self.workers:
                continue
            if events & selectors.EVENT_WRITE:
                worker.flush()
            if events & selectors.EVENT_READ:
                self.receive(worker, waiting, done)
        for worker in [w for w in self.workers if w.deadline <= time.monotonic()]:
            if worker.job:
                done.append((worker.job.name, Failure("the grader took too long and was stopped")))
                worker.job = None
            self.replace(worker)

    def receive(
        self, worker: Worker, waiting: deque[Job], done: deque[tuple[str, bytes | Failure]]
    ) -> None:
        """Read what a worker sent; the end of it is its death."""
        try:
            data = os.read(worker.reads, CHUNK)
        except BlockingIOError:
            return
        worker.came += data
        try:
            while found := wires.cut(worker.came):
                self.frame(worker, *found, waiting, done)
        except wires.BrokenFrameError as error:
            self.lost(worker, f"its worker sent {error}", waiting, done)
            return
        if not data:
            self.lost(worker, "", waiting, done)

    def frame(
        self,
        worker: Worker,
        kind: bytes,
        data: bytes,
        waiting: deque[Job],
        done: deque[tuple[str, bytes | Failure]],
    ) -> None:
        """Deal with one frame of a worker."""
        if kind == wires.REFUSED:
            raise RefusedError(data.decode("utf-8", "replace"), Exit.SANDBOX)
        if kind == wires.READY:
            worker.ready, self.failed_starts = True, 0
        elif kind == wires.RESULT and worker.job:
            done.append((worker.job.name, data))
            worker.job, worker.deadline = None, float("inf")
        elif kind == wires.FAILED and worker.job:
            # a fresh worker with a fresh engine has the next try
            self.lost(worker, data.decode("utf-8", "replace"), waiting, done)

    def lost(
        self,
        worker: Worker,
        why: str,
        waiting: deque[Job],
        done: deque[tuple[str, bytes | Failure]],
    ) -> None:
        """Replace a worker that died or failed; its submission is tried once more, then given up."""
        why = why or f"its worker {worker.ending()}"
        job = worker.job
        if job and job.tried < ATTEMPTS:
            waiting.appendleft(job)
        elif job:
            done.append((job.name, Failure(f"{why} ({ATTEMPTS} tries)")))
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= STARTS:
                raise RefusedError(
                    f"Workers do not start: {why}; `python -m autograder doctor` says more.",
                    Exit.SANDBOX,
                )
        self.replace(worker)

    def replace(self, worker: Worker) -> None:
        """Put a fresh worker in the place of one."""
        self.workers.remove(worker)
        worker.kill()
        self.start()

    def close(self) -> None:
        """End all workers: idle ones by themselves, others at once."""
        for worker in self.workers:
            if worker.ready and not worker.job:
                worker.dismiss()
            else:
                worker.process.kill()
        end = time.monotonic() + GRACE
        for worker in self.workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, end - time.monotonic()))
            worker.kill()
        self.workers.clear()
        self.selector.close()
