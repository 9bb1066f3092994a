"""Grading on many machines: the same tasks, sent to the workers of a Dask cluster instead of to processes of this machine.

A task is bytes that go out and bytes that come back, so a worker needs neither the course nor the gradebook: this package,
a sandbox, and the modules of the notebooks. Its engine stays from task to task. Recording stays here: one writer.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.errors import Exit, GraderError
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.runs import framing
from nbgrader_isolate.runs.pool import ATTEMPTS, Failure
from nbgrader_isolate.runs.worker import GradesBytes, answer, make

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT = 10
"""How long the scheduler may take to answer, in s."""
LOOK = 0.5
"""How often late tasks are looked for, in s."""
AHEAD = 2
"""Tasks that are sent for each thread of the cluster: one that runs, and one that waits."""

_graders: dict[bytes, GradesBytes] = {}
_making = threading.Lock()


def done_there(setup: bytes, plan: bytes, kind: bytes, data: bytes) -> bytes:
    """Do one job, in a worker of the cluster.

    Parameters
    ----------
    setup, plan, data : bytes
        As a local worker gets them in its frames.
    kind : bytes
        `wires.TASK` or `wires.NOTEBOOK`.

    Raises
    ------
    RuntimeError
        If the grader failed; Dask tries it again, and then the run names the submission.
    """
    with _making:
        if setup not in _graders:
            _graders[setup] = make(json.loads(setup))
        grader = _graders[setup]
        if plan:
            grader.plan(plan)
    outcome, answered = answer(grader, kind, data)
    if outcome != framing.RESULT:
        raise RuntimeError(answered.decode("utf-8", "replace"))
    return answered


def made_of() -> dict[str, str]:
    """Return the versions, here, of what decides on points; our own is the digest of this package's sources."""
    from importlib.metadata import version

    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    own = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    return {"nbgrader_isolate": own} | {name: version(name) for name in ("numpy", "ipykernel")}


class Cluster:
    """As `pool.Pool`, with the workers of a Dask cluster.

    Parameters
    ----------
    scheduler : str
        Its address, `tls://host:8786`; certificates are those of Dask's own configuration.

    Raises
    ------
    GraderError
        If nobody answers there, or a worker cannot grade as this machine would.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise GraderError(
                "--scheduler needs Dask: `pip install distributed`, here and on the workers."
            ) from error
        try:
            self.client: Client = Client(scheduler, timeout=CONNECT)
        except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
            raise GraderError(
                f"{scheduler}: no Dask scheduler answers there ({printable(str(error), 200)})."
            ) from error
        self.setup = b""
        self.plan_: Future[bytes] | bytes = b""
        try:
            self.check(scheduler)
        except BaseException:
            self.close()
            raise

    def check(self, scheduler: str) -> None:
        """Check that there are workers, and that they have what decides on points in the same versions as here."""
        ours = made_of()
        try:
            theirs: dict[str, dict[str, str]] = self.client.run(made_of)
        except Exception as error:  # Dask turns what a worker raises into whatever it likes
            raise GraderError(
                f"{scheduler}: a worker has no nbgrader_isolate, or cannot load it ({printable(str(error), 200)}); "
                "install this package there."
            ) from error
        if not theirs:
            raise GraderError(f"{scheduler}: the cluster has no workers; start some.")
        for worker, versions in theirs.items():
            other = [f"{name} {v}" for name, v in versions.items() if v != ours[name]]
            if other:
                here = ", ".join(f"{name} {v}" for name, v in ours.items())
                raise GraderError(f"{worker} has {', '.join(other)}; here is {here}.")
        self.threads = sum(self.client.nthreads().values())

    def configure(self, setup: dict[str, Any]) -> None:
        """Take what workers are told first: `limits`, `sandbox`, `grader`."""
        self.setup = json.dumps(setup).encode()

    def plan(self, plan: bytes) -> None:
        """Have the plan of the assignment where it is needed: a task of its own, so that it is there again after a loss."""
        self.plan_ = self.client.submit(bytes, plan)

    def submit(self, kind: bytes, data: bytes) -> Future[bytes]:
        """Send one job."""
        return self.client.submit(
            done_there, self.setup, self.plan_, kind, data, pure=False, retries=ATTEMPTS - 1
        )

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one notebook of the instructor's; as `Pool.run`."""
        future = self.submit(framing.NOTEBOOK, notebook)
        try:
            came: bytes = future.result(timeout=seconds)
        except Exception as error:  # whatever the cluster raises
            why = printable(str(error) or type(error).__name__, 300)
            raise GraderError(
                f"The reference solution was not run: {why}.", Exit.SANDBOX
            ) from error
        return came

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | Failure]]:
        """Grade tasks; as `Pool.grade`.

        Raises
        ------
        GraderError
            If the scheduler is lost.
        """
        running: dict[Future[bytes], tuple[str, float]] = {}
        more = True
        while more or running:
            while more and len(running) < AHEAD * self.threads:
                following = next(tasks, None)
                more = following is not None
                if following:
                    name, data = following
                    late = time.monotonic() + AHEAD * ATTEMPTS * seconds
                    running[self.submit(framing.TASK, data)] = name, late
            for future in ended(running):
                name, _ = running.pop(future)
                yield name, outcome_of(future)

    def close(self) -> None:
        """Let go of the cluster; tasks that run there are given up."""
        self.client.close()


def ended(running: dict[Future[bytes], tuple[str, float]]) -> list[Future[bytes]]:
    """Return the tasks that are done, after a moment at most; late ones are given up and count as done."""
    from distributed import CancelledError, wait

    with contextlib.suppress(TimeoutError, CancelledError):
        wait(list(running), timeout=LOOK, return_when="FIRST_COMPLETED")
    done = {future for future in running if future.done()}
    late = [f for f, (_, end) in running.items() if f not in done and end < time.monotonic()]
    for future in late:
        future.cancel(reason="late", msg="it took too long")
    return [*done, *late]


def outcome_of(future: Future[bytes]) -> bytes | Failure:
    """Return the result of a task that is done, or why there is none.

    Raises
    ------
    GraderError
        If the cluster is lost.
    """
    from distributed import CancelledError

    try:
        came: bytes = future.result(timeout=CONNECT)
    except CancelledError as error:
        if "too long" in str(error):
            return Failure("the grader took too long and was stopped")
        raise GraderError(
            "The Dask scheduler is lost; what was graded is recorded. Start it and run the same command again."
        ) from error
    except Exception as error:  # noqa: BLE001 - whatever the cluster raises
        return Failure(f"{printable(str(error) or type(error).__name__, 300)} ({ATTEMPTS} tries)")
    return came
