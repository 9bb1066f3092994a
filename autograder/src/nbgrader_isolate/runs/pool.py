"""The workers of a run: tasks go out and results come back.

A worker that dies or hangs is replaced.

Everything runs in the thread that created the pool. A worker has read a stranger's notebook, so
only frames of limited size that contain JSON are accepted from it.
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
from nbgrader_isolate.runs.worker_process import READ_SIZE, Job, WorkerProcess

MAX_ATTEMPTS = 2
"""How often a submission is tried when its worker dies: another submission may be the cause."""
MAX_FAILED_STARTS = 3
"""How many workers in a row may end before they are ready; then the run gives up."""
SHUTDOWN_SECONDS = 3.0
"""How long workers may take to exit on their own, in s."""
JOBS_PER_WORKER = 4
"""Submissions that one worker grades at a time.

A worker does a tenth of the work itself, and its fork server takes a second to start. So a few
processes serve many submissions, but not so many that these wait for each other.
"""


@dataclass(frozen=True)
class GradingFailure:
    """Why a submission has no result."""

    why: str


class Workers(Protocol):
    """What grades: `Pool` on this machine, `dask_cluster.DaskCluster` on others."""

    def configure(self, setup: dict[str, Any]) -> None:
        """Take the settings that every worker gets first."""

    def plan(self, plan: bytes) -> None:
        """Take the plan of the assignment."""

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one of the instructor's notebooks."""

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | GradingFailure]]:
        """Grade tasks."""

    def close(self) -> None:
        """End the workers, or disconnect from them."""


class Pool:
    """Workers on this machine. They import what they need while the run still reads the course.

    Parameters
    ----------
    jobs : int
        How many submissions to grade at a time.
    """

    def __init__(self, jobs: int) -> None:
        self.selector = selectors.DefaultSelector()
        self.setup: dict[str, Any] = {}
        self.plan_frame = b""
        self.failed_starts = 0
        self.last_heard = time.monotonic()
        self.workers: list[WorkerProcess] = []
        processes = -(-jobs // JOBS_PER_WORKER)
        cpus = iter(affinity.cpus_for_jobs(jobs))
        for number in range(processes):
            at_once = (jobs + number) // processes
            self.start(at_once, list(islice(cpus, at_once)))

    def start(self, at_once: int, cpus: list[int]) -> None:
        """Start a worker for `at_once` parallel jobs, pinned to the CPUs in `cpus` if given."""
        worker = WorkerProcess(self.selector, at_once, cpus)
        self.workers.append(worker)
        if self.setup:
            self.prepare(worker)
            worker.send(self.plan_frame)

    def configure(self, setup: dict[str, Any]) -> None:
        """Send the settings to all workers, now and later: `limits`, `sandbox`, `grader`."""
        self.setup = setup
        for worker in self.workers:
            self.prepare(worker)

    def prepare(self, worker: WorkerProcess) -> None:
        """Send a worker its settings."""
        own = {"at_once": worker.at_once, "cpus": worker.cpus}
        worker.send(framing.make_frame(framing.SETUP, json.dumps({**self.setup, **own}).encode()))

    def plan(self, plan: bytes) -> None:
        """Send the assignment's plan to all workers, now and later."""
        self.plan_frame = framing.make_frame(framing.PLAN, plan)
        for worker in self.workers:
            worker.send(self.plan_frame)

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | GradingFailure]]:
        """Grade tasks, taking them from the iterator as workers become free.

        Parameters
        ----------
        tasks : iterator of (str, bytes)
            Name of a submission, and its task as JSON.
        seconds : float
            How long one submission may take before its worker counts as hung, in s.

        Yields
        ------
        str
            The name of a submission.
        bytes or Failure
            Its result as JSON. Results come in the order in which they are done.

        Raises
        ------
        GraderError
            If workers do not start.
        """
        return self.run_jobs((Job(*task) for task in tasks), seconds)

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one of the instructor's notebooks.

        Parameters
        ----------
        notebook : bytes
            JSON for `worker.run_reference`, whose answer comes back.
        seconds : float
            How long it may take, in s.

        Raises
        ------
        GraderError
            If workers do not start, or cannot run it.
        """
        [(_, answer)] = self.run_jobs(iter([Job("", notebook, framing.NOTEBOOK)]), seconds)
        if isinstance(answer, GradingFailure):
            raise GraderError(f"The reference solution was not run: {answer.why}.", Exit.SANDBOX)
        return answer

    def run_jobs(
        self, jobs: Iterator[Job], seconds: float
    ) -> Iterator[tuple[str, bytes | GradingFailure]]:
        """Send jobs to the workers and yield what comes back, as `grade` does."""
        waiting: deque[Job] = deque()
        done: deque[tuple[str, bytes | GradingFailure]] = deque()
        more = True
        self.last_heard = time.monotonic()
        while True:
            if more and not waiting:  # one is always ready for the next free worker
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
                    self.wait(waiting, done)

    @staticmethod
    def assign(worker: WorkerProcess, job: Job, seconds: float) -> None:
        """Give a worker a task."""
        job.tries += 1
        job.deadline = time.monotonic() + seconds
        worker.assign(job)

    def wait(self, waiting: deque[Job], done: deque[tuple[str, bytes | GradingFailure]]) -> None:
        """Wait for the next event, and handle it.

        Deadlines count only the time in which somebody listens: while a submission is read, or a
        result is recorded, the results of others wait in their pipes.
        """
        self.postpone(time.monotonic() - self.last_heard)
        deadline = min(worker.deadline for worker in self.workers)
        timeout = None if deadline == float("inf") else max(0.0, deadline - time.monotonic())
        for key, events in self.selector.select(timeout):
            worker: WorkerProcess = key.data
            if worker not in self.workers:
                continue
            if events & selectors.EVENT_WRITE:
                worker.flush()
            if events & selectors.EVENT_READ:
                self.receive(worker, waiting, done)
        for worker in [w for w in self.workers if w.deadline <= time.monotonic()]:
            for number, job in list(worker.jobs.items()):
                if job.deadline <= time.monotonic():
                    done.append(
                        (job.name, GradingFailure("the grader took too long and was stopped"))
                    )
                    del worker.jobs[number]
            reason = "its worker was restarted because another submission in it timed out"
            self.handle_loss(worker, reason, waiting, done)
        self.last_heard = time.monotonic()

    def postpone(self, seconds: float) -> None:
        """Give all running jobs more time, in s."""
        for worker in self.workers:
            for job in worker.jobs.values():
                job.deadline += seconds

    def receive(
        self,
        worker: WorkerProcess,
        waiting: deque[Job],
        done: deque[tuple[str, bytes | GradingFailure]],
    ) -> None:
        """Read what a worker sent; the end of its stream means that it died."""
        try:
            data = os.read(worker.reads, READ_SIZE)
        except BlockingIOError:
            return
        worker.received += data
        try:
            while frame := framing.pop_frame(worker.received):
                self.handle_frame(worker, frame, waiting, done)
        except framing.BrokenFrameError as error:
            self.handle_loss(worker, f"its worker sent {error}", waiting, done)
            return
        if not data:
            self.handle_loss(worker, "", waiting, done)

    def handle_frame(
        self,
        worker: WorkerProcess,
        frame: tuple[bytes, int, bytes],
        waiting: deque[Job],
        done: deque[tuple[str, bytes | GradingFailure]],
    ) -> None:
        """Handle one frame from a worker."""
        kind, number, data = frame
        if kind == framing.REFUSED:
            raise GraderError(data.decode("utf-8", "replace"), Exit.SANDBOX)
        if kind == framing.READY:
            worker.ready, self.failed_starts = True, 0
        elif kind in {framing.RESULT, framing.FAILED} and (job := worker.jobs.pop(number, None)):
            if kind == framing.RESULT:
                done.append((job.name, data))
            else:  # the next try gets a new worker with a new engine
                worker.retiring = True
                retry_or_give_up(job, data.decode("utf-8", "replace"), waiting, done)
            if worker.retiring and not worker.jobs:
                self.replace(worker)

    def handle_loss(
        self,
        worker: WorkerProcess,
        why: str,
        waiting: deque[Job],
        done: deque[tuple[str, bytes | GradingFailure]],
    ) -> None:
        """Replace a worker that died or failed, and retry its jobs."""
        why = why or f"its worker {worker.exit_reason()}"
        for job in worker.jobs.values():
            retry_or_give_up(job, why, waiting, done)
        if not worker.ready:
            self.failed_starts += 1
            if self.failed_starts >= MAX_FAILED_STARTS:
                raise GraderError(
                    f"Workers do not start: {why}; run `nbgrader-isolate doctor` for details.",
                    Exit.SANDBOX,
                )
        self.replace(worker)

    def replace(self, worker: WorkerProcess) -> None:
        """Replace a worker by a new one."""
        self.workers.remove(worker)
        worker.kill()
        self.start(worker.at_once, worker.cpus)

    def close(self) -> None:
        """Let idle workers exit on their own, and kill the others."""
        for worker in self.workers:
            if worker.ready and not worker.jobs:
                worker.dismiss()
            else:
                worker.process.kill()
        deadline = time.monotonic() + SHUTDOWN_SECONDS
        for worker in self.workers:
            with contextlib.suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, deadline - time.monotonic()))
            worker.kill()
        self.workers.clear()
        self.selector.close()


def retry_or_give_up(
    job: Job, why: str, waiting: deque[Job], done: deque[tuple[str, bytes | GradingFailure]]
) -> None:
    """Try a job once more, or give it up.

    The next try gets a worker for itself, because another job may have brought the worker down.
    """
    if job.tries < MAX_ATTEMPTS:
        waiting.appendleft(job)
    else:
        done.append((job.name, GradingFailure(f"{why} ({MAX_ATTEMPTS} tries)")))
