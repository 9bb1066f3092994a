"""Grading on several machines: the same tasks, sent to the workers of a Dask cluster.

A task is bytes that go out and bytes that come back. So a worker needs neither the course nor the
gradebook, only this package, a sandbox, and the modules that the notebooks import. It keeps its
engine from task to task. Results are recorded here, by the one writer.
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
from nbgrader_isolate.runs.pool import MAX_ATTEMPTS, GradingFailure
from nbgrader_isolate.runs.worker import BytesGrader, answer_frame, make_grader

if TYPE_CHECKING:
    from distributed import Client, Future

CONNECT_SECONDS = 10
"""How long the scheduler may take to answer, in s."""
POLL_SECONDS = 0.5
"""How often to check for late tasks, in s."""
TASKS_PER_THREAD = 2
"""Tasks sent per thread of the cluster: one that runs and one that waits."""

_graders: dict[bytes, BytesGrader] = {}
_making = threading.Lock()


def run_in_cluster(setup: bytes, plan: bytes, kind: bytes, data: bytes) -> bytes:
    """Do one job in a worker of the cluster.

    Parameters
    ----------
    setup, plan, data : bytes
        What a local worker gets in its frames.
    kind : bytes
        `framing.TASK` or `framing.NOTEBOOK`.

    Raises
    ------
    RuntimeError
        If the grader failed. Dask tries again; after that the run reports the submission.
    """
    with _making:
        if setup not in _graders:
            _graders[setup] = make_grader(json.loads(setup))
        grader = _graders[setup]
        if plan:
            grader.plan(plan)
    outcome, result = answer_frame(grader, kind, data)
    if outcome != framing.RESULT:
        raise RuntimeError(result.decode("utf-8", "replace"))
    return result


def grading_versions() -> dict[str, str]:
    """Return the versions of everything that affects points.

    Our own version is a digest of this package's sources.
    """
    from importlib.metadata import version

    sources = sorted(Path(__file__).parents[1].rglob("*.py"))
    own = hashlib.sha256(b"".join(source.read_bytes() for source in sources)).hexdigest()[:12]
    return {"nbgrader_isolate": own} | {name: version(name) for name in ("numpy", "ipykernel")}


class DaskCluster:
    """Workers of a Dask cluster, with the interface of `pool.Pool`.

    Parameters
    ----------
    scheduler : str
        Its address, such as `tls://host:8786`. Certificates come from Dask's configuration.

    Raises
    ------
    GraderError
        If there is no scheduler, or a worker would not grade as this machine does.
    """

    def __init__(self, scheduler: str) -> None:
        try:
            from distributed import Client
        except ModuleNotFoundError as error:
            raise GraderError(
                "--scheduler needs Dask: run `pip install nbgrader-isolate[dask]` here and on the "
                "workers."
            ) from error
        try:
            self.client: Client = Client(scheduler, timeout=CONNECT_SECONDS)
        except (OSError, TimeoutError, ValueError, RuntimeError, TypeError) as error:
            raise GraderError(
                f"{scheduler}: no Dask scheduler answers there ({printable(str(error), 200)})."
            ) from error
        self.setup = b""
        self.plan_future: Future[bytes] | bytes = b""
        try:
            self.check(scheduler)
        except BaseException:
            self.close()
            raise

    def check(self, scheduler: str) -> None:
        """Check that there are workers, and that their versions equal the ones here."""
        local = grading_versions()
        try:
            remote: dict[str, dict[str, str]] = self.client.run(grading_versions)
        except Exception as error:  # Dask may raise any type for a worker's error
            raise GraderError(
                f"{scheduler}: a worker has no nbgrader_isolate, or cannot import it "
                f"({printable(str(error), 200)}); run `pip install nbgrader-isolate[dask]` there."
            ) from error
        if not remote:
            raise GraderError(f"{scheduler}: the cluster has no workers; start some.")
        for worker, versions in remote.items():
            other = [f"{name} {v}" for name, v in versions.items() if v != local[name]]
            if other:
                here = ", ".join(f"{name} {v}" for name, v in local.items())
                raise GraderError(f"{worker} has {', '.join(other)}; this machine has {here}.")
        self.threads = sum(self.client.nthreads().values())

    def configure(self, setup: dict[str, Any]) -> None:
        """Take the settings of workers: `limits`, `sandbox`, `grader`."""
        self.setup = json.dumps(setup).encode()

    def plan(self, plan: bytes) -> None:
        """Send the assignment's plan as a task of its own, which Dask repeats if it is lost."""
        self.plan_future = self.client.submit(bytes, plan)

    def submit(self, kind: bytes, data: bytes) -> Future[bytes]:
        """Send one job."""
        return self.client.submit(
            run_in_cluster,
            self.setup,
            self.plan_future,
            kind,
            data,
            pure=False,
            retries=MAX_ATTEMPTS - 1,
        )

    def run(self, notebook: bytes, seconds: float) -> bytes:
        """Run one of the instructor's notebooks, as `Pool.run` does."""
        future = self.submit(framing.NOTEBOOK, notebook)
        try:
            answer: bytes = future.result(timeout=seconds)
        except Exception as error:  # the cluster may raise anything
            why = printable(str(error) or type(error).__name__, 300)
            raise GraderError(
                f"The reference solution was not run: {why}.", Exit.SANDBOX
            ) from error
        return answer

    def grade(
        self, tasks: Iterator[tuple[str, bytes]], seconds: float
    ) -> Iterator[tuple[str, bytes | GradingFailure]]:
        """Grade tasks, as `Pool.grade` does.

        Raises
        ------
        GraderError
            If the connection to the scheduler is lost.
        """
        running: dict[Future[bytes], tuple[str, float]] = {}
        more = True
        while more or running:
            while more and len(running) < TASKS_PER_THREAD * self.threads:
                following = next(tasks, None)
                more = following is not None
                if following:
                    name, data = following
                    deadline = time.monotonic() + TASKS_PER_THREAD * MAX_ATTEMPTS * seconds
                    running[self.submit(framing.TASK, data)] = name, deadline
            for future in completed(running):
                name, _ = running.pop(future)
                yield name, result_of(future)

    def close(self) -> None:
        """Disconnect from the cluster, and abandon the tasks that still run there."""
        self.client.close()


def completed(running: dict[Future[bytes], tuple[str, float]]) -> list[Future[bytes]]:
    """Wait briefly, then return the tasks that are done.

    Tasks past their deadline are canceled and count as done.
    """
    from distributed import CancelledError, wait

    with contextlib.suppress(TimeoutError, CancelledError):
        wait(list(running), timeout=POLL_SECONDS, return_when="FIRST_COMPLETED")
    done = {future for future in running if future.done()}
    late = [f for f, (_, end) in running.items() if f not in done and end < time.monotonic()]
    for future in late:
        future.cancel(reason="late", msg="it took too long")
    return [*done, *late]


def result_of(future: Future[bytes]) -> bytes | GradingFailure:
    """Return the result of a completed task, or why it has none.

    Raises
    ------
    GraderError
        If the connection to the cluster is lost.
    """
    from distributed import CancelledError

    try:
        answer: bytes = future.result(timeout=CONNECT_SECONDS)
    except CancelledError as error:
        if "too long" in str(error):
            return GradingFailure("the grader took too long and was stopped")
        raise GraderError(
            "The connection to the Dask scheduler is lost. What was graded is recorded; start the "
            "scheduler and run the same command again."
        ) from error
    except Exception as error:  # noqa: BLE001 - the cluster may raise anything
        return GradingFailure(
            f"{printable(str(error) or type(error).__name__, 300)} ({MAX_ATTEMPTS} tries)"
        )
    return answer
