"""Workers that live as long as the run: tasks out, results back, one that dies or hangs is replaced.

All of it runs in the thread that made it. What a worker sends has read a stranger's notebook: frames of
limited size with JSON in them, nothing else.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.runs import framing
from nbgrader_isolate.runs.worker_process import CHUNK, Job, Worker

ATTEMPTS = 2
"""How often a submission is tried when its worker dies: the death may have had another's cause."""
STARTS = 3
"""How many workers in a row may end before they are ready, until the run gives up."""
GRACE = 3.0
"""How long workers may take to end by themselves, in s."""
AT_ONCE = 4
"""Submissions that one worker grades at a time. Its own part of the work is a tenth, and a warm process costs a second:
so few processes serve many, and not so many that they wait for each other."""


@dataclass(frozen=True)
class Failure:
    """Why there is no result of a submission."""

    why: str


class Workers(Protocol):
    """What grades: `Pool` here, `cluster.Cluster` elsewhere. Their methods say more."""

    def configure(self, setup: dict[str, Any]) -> None:
        """Take what workers are told first."""

    def plan(self, plan: bytes) -> None:
        """Take the plan of the assignment."""

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one notebook of the instructor's."""

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | Failure]]:
        """Grade tasks."""

    def close(self) -> None:
        """End, or let go of, the workers."""


class Pool:
    """Workers, started at once: they import what they need while the run still reads the course.

    Parameters
    ----------
    jobs : int
        How many submissions are graded at a time.
    """

    def __init__(self, jobs: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.setup: dict[str, Any] = {}
        self.plan_frame = b""
        self.failed_starts = 0
        self.workers: list[Worker] = []
        processes = -(-jobs // AT_ONCE)
        places = iter(affinity.cpus_for_jobs(jobs))
        for number in range(processes):
            at_once = (jobs + number) // processes
            self.start(at_once, list(islice(places, at_once)))

    def start(self, at_once: int, places: list[int]) -> None:
        """Start a worker that takes so many jobs at a time, and keeps each on its processor, if there are any."""
        worker = Worker(self.selector, at_once, places)
        self.workers.append(worker)
        if self.setup:
            self.prepare(worker)
            worker.send(self.plan_frame)

    def configure(self, setup: dict[str, Any]) -> None:
        """Tell all workers, now and later, their limits and sandbox: `limits`, `sandbox`, `grader`."""
        self.setup = setup
        for worker in self.workers:
            self.prepare(worker)

    def prepare(self, worker: Worker) -> None:
        """Send a worker its setup."""
        own = {"at_once": worker.at_once, "places": worker.places}
        worker.send(framing.frame(framing.SETUP, json.dumps({**self.setup, **own}).encode()))

    def plan(self, plan: bytes) -> None:
        """Tell all workers, now and later, the plan of the assignment."""
        self.plan_frame = framing.frame(framing.PLAN, plan)
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
        GraderError
            If workers do not start.
        """
        return self.through((Job(*task) for task in tasks), seconds)

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one notebook of the instructor's.

        Parameters
        ----------
        notebook : bytes
            JSON for `worker.rehearsed`, whose answer comes back.
        seconds : float
            How long it may take.

        Raises
        ------
        GraderError
            If workers do not start, or cannot run it.
        """
        [(_, came)] = self.through(iter([Job("", notebook, framing.NOTEBOOK)]), seconds)
        if isinstance(came, Failure):
            raise GraderError(f"The reference solution was not run: {came.why}.", Exit.SANDBOX)
        return came

    def through(self, jobs: Iterator[Job], seconds: float) -> Iterator[tuple[str, bytes | Failure]]:
        """Send jobs through the workers; as `grade`."""
        waiting: deque[Job] = deque()
        done: deque[tuple[str, bytes | Failure]] = deque()
        more = True
        while True:
            if more and not waiting:  # one is always at hand for the worker that is done next
                following = next(jobs, None)
                more = following is not None
                waiting.extend([following] if following else [])
            for worker in self.workers:
                if waiting and worker.has_room(waiting[0]):
                    self.assign(worker, waiting.popleft(), seconds)
                    break
            else:
                if done:
                    yield done.popleft()
                elif not waiting and not more and not any(w.jobs for w in self.workers):
                    return
                else:
                    self.turn(waiting, done)

    @staticmethod
    def assign(worker: Worker, job: Job, seconds: float) -> None:
        """Give a worker a task."""
        job.tried += 1
        job.deadline = time.monotonic() + seconds
        worker.give(job)

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
            for number, job in list(worker.jobs.items()):
                if job.deadline <= time.monotonic():
                    done.append((job.name, Failure("the grader took too long and was stopped")))
                    del worker.jobs[number]
            self.lost(worker, "its worker was stopped for another", waiting, done)

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
            while found := framing.cut(worker.came):
                self.heed(worker, found, waiting, done)
        except framing.BrokenFrameError as error:
            self.lost(worker, f"its worker sent {error}", waiting, done)
            return
        if not data:
            self.lost(worker, "", waiting, done)

    def heed(
        self,
        worker: Worker,
        frame: tuple[bytes, int, bytes],
        waiting: deque[Job],
        done: deque[tuple[str, bytes | Failure]],
    ) -> None:
        """Deal with one frame of a worker."""
        kind, number, data = frame
        if kind == framing.REFUSED:
            raise GraderError(data.decode("utf-8", "replace"), Exit.SANDBOX)
        if kind == framing.READY:
            worker.ready, self.failed_starts = True, 0
        elif kind in {framing.RESULT, framing.FAILED} and (job := worker.jobs.pop(number, None)):
            if kind == framing.RESULT:
                done.append((job.name, data))
            else:  # a fresh worker with a fresh engine has the next try
                worker.retiring = True
                again(job, data.decode("utf-8", "replace"), waiting, done)
            if worker.retiring and not worker.jobs:
                self.replace(worker)

    def lost(
        self,
        worker: Worker,
        why: str,
        waiting: deque[Job],
        done: deque[tuple[str, bytes | Failure]],
    ) -> None:
        """Replace a worker that died or failed, with all that it was at."""
        why = why or f"its worker {worker.ending()}"
        for job in worker.jobs.values():
            again(job, why, waiting, done)
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= STARTS:
                raise GraderError(
                    f"Workers do not start: {why}; `python -m nbgrader_isolate doctor` says more.",
                    Exit.SANDBOX,
                )
        self.replace(worker)

    def replace(self, worker: Worker) -> None:
        """Put a fresh worker in the place of one."""
        self.workers.remove(worker)
        worker.kill()
        self.start(worker.at_once, worker.places)

    def close(self) -> None:
        """End all workers: idle ones by themselves, others at once."""
        for worker in self.workers:
            if worker.ready and not worker.jobs:
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


def again(
    job: Job, why: str, waiting: deque[Job], done: deque[tuple[str, bytes | Failure]]
) -> None:
    """Have a job tried once more, then give it up.

    The next time it has a worker for itself: what took the worker down may have been its neighbour.
    """
    if job.tried < ATTEMPTS:
        waiting.appendleft(job)
    else:
        done.append((job.name, Failure(f"{why} ({ATTEMPTS} tries)")))
