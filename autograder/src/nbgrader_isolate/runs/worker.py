"""A worker: a process that grades a few submissions at a time with one engine.

`nbgrader_isolate.runs.pool` starts `python -m nbgrader_isolate.runs.worker PARENT`. Frames arrive
on standard input and leave on standard output. A worker ends with the process that started it, and
it never imports nbgrader.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.memory_limit import memory_limit
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.runs import framing

if TYPE_CHECKING:
    from nbgrader_isolate.core.models import AssignmentPlan
    from nbgrader_isolate.grading.submission import Engine

PR_SET_PDEATHSIG = 1
DEFAULT_GRADER = "nbgrader_isolate.runs.worker:Grader"
PRELOADED_MODULE = "nbgrader_isolate.grading.engine"
MAX_MESSAGE = 4000
"""Characters of the reason why a worker cannot start."""


class BytesGrader(Protocol):
    """Grades tasks that are JSON bytes. `Grader` is the real one; tests use others."""

    def plan(self, data: bytes) -> None:
        """Take the plan of an assignment, as JSON."""

    def grade(self, data: bytes) -> bytes:
        """Return the result of a task, both as JSON; several threads may call this."""

    def run(self, data: bytes) -> bytes:
        """Return an executed notebook, both as JSON; see `run_reference`."""

    def close(self) -> None:
        """End everything that was started."""


class Grader:
    """Grades tasks: JSON bytes in, JSON bytes out, in this process or on another machine.

    Parameters
    ----------
    limits : Limits
    sandbox : str
        `auto`, `bwrap`, `landlock` or `none`.
    private : sequence of str
        Paths that no notebook may see.
    """

    def __init__(self, limits: Limits, sandbox: str, private: Sequence[str] = ()) -> None:
        from nbgrader_isolate.grading.engine import Engine

        self.limits = limits
        self.engine = Engine(limits, sandbox, private)
        self.plans: dict[str, AssignmentPlan] = {}
        self.known_plans: set[bytes] = set()

    def plan(self, data: bytes) -> None:
        """Take the plan of an assignment, for the tasks that refer to it."""
        from nbgrader_isolate.core.models import AssignmentPlan
        from nbgrader_isolate.core.serialization import from_json
        from nbgrader_isolate.planning.warm_up import warm_up

        digest = hashlib.sha256(data).digest()
        if digest not in self.known_plans:
            plan = from_json(AssignmentPlan, data)
            self.plans[plan.digest] = plan
            self.known_plans.add(digest)
            warm_up(self.engine, plan)

    def grade(self, data: bytes) -> bytes:
        """Grade one submission.

        Raises
        ------
        RuntimeError
            If the grader failed on a notebook. Nothing of the submission may be recorded then.
        """
        from nbgrader_isolate.core.models import Task
        from nbgrader_isolate.core.serialization import from_json, to_json
        from nbgrader_isolate.grading.submission import grade

        task = from_json(Task, data)
        result = grade(task, self.plans[task.plan], self.engine, self.limits)
        failed = [one for one in result.notebooks if one.status == "error"]
        if failed:
            raise RuntimeError(failed[0].review_reasons[0])
        return to_json(result)

    def run(self, data: bytes) -> bytes:
        """Run one notebook; see `run_reference`."""
        return run_reference(self.engine, data)

    def close(self) -> None:
        """End the engine and everything that it started."""
        self.engine.close()


def main() -> None:
    """Serve frames until standard input ends."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run handles Ctrl-C and ends us
    frames = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull) as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # printed text must not get between frames
    serve(frames, answers)


def end_with_parent() -> None:
    """Have the system kill this process when the run dies, whatever the reason."""
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):  # the run had died already
            sys.exit(0)


def serve(frames: BinaryIO, answers: BinaryIO) -> None:
    """Answer frames: first the settings, then plans, tasks and notebooks, several at a time."""
    writing = threading.Lock()

    def send(kind: bytes, data: bytes = b"", number: int = 0) -> None:
        with writing:
            answers.write(framing.make_frame(kind, data, number))
            answers.flush()

    importlib.import_module(PRELOADED_MODULE)  # while the run still reads the course
    kind, _, data = read(frames)
    if kind != framing.SETUP:
        return
    setup = json.loads(data)
    try:
        grader = make_grader(setup)
    except Exception as error:  # noqa: BLE001 - the run reports it, whatever it is
        send(framing.REFUSED, f"{error}"[:MAX_MESSAGE].encode("utf-8", "replace"))
        return

    def work(kind: bytes, number: int, data: bytes) -> None:
        send(*answer_frame(grader, kind, data), number)

    cpus = iter(setup["cpus"])
    megabytes = int(setup["limits"].get("grader_mb") or Limits().grader_mb)

    def pin_thread() -> None:
        for cpu in islice(cpus, 1):
            affinity.pin_to({cpu})

    send(framing.READY)
    try:
        with (
            memory_limit(megabytes),
            ThreadPoolExecutor(setup["at_once"], "grade", pin_thread) as threads,
        ):
            while (request := read(frames))[0]:
                kind, number, data = request
                if kind == framing.PLAN:
                    grader.plan(data)
                else:
                    threads.submit(work, kind, number, data)
    finally:
        grader.close()


def answer_frame(grader: BytesGrader, kind: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return kind and data of the frame that answers a task or a notebook."""
    try:
        return framing.RESULT, (grader.grade if kind == framing.TASK else grader.run)(data)
    except BaseException as error:  # noqa: BLE001 - one submission never stops the others
        return framing.FAILED, one_line(error)


def run_reference(engine: Engine, data: bytes) -> bytes:
    """Run one of the instructor's notebooks.

    Parameters
    ----------
    engine : Engine
    data : bytes
        The arguments of `Engine.run` as JSON.

    Returns
    -------
    bytes
        The executed notebook as JSON.
    """
    from nbgrader_isolate.core.models import RunInputs
    from nbgrader_isolate.core.serialization import decode_bytes
    from nbgrader_isolate.notebook.parse import to_notebook_node

    request = json.loads(data)
    files, student_files, test_files = (
        {name: decode_bytes(text) for name, text in request[key].items()}
        for key in ("files", "student_files", "test_files")
    )
    inputs = RunInputs(
        files=files,
        student_names=request["student_names"],
        seed=request["seed"],
        student_files=student_files,
        test_files=test_files,
        time_factor=request["time_factor"],
    )
    return json.dumps(engine.run(to_notebook_node(request["notebook"]), **inputs)).encode("ascii")


def make_grader(setup: dict[str, Any]) -> BytesGrader:
    """Return the grader that the settings name."""
    module, _, name = setup["grader"].partition(":")
    limits = Limits(**setup["limits"])
    make = getattr(importlib.import_module(module), name)
    grader: BytesGrader = make(limits, setup["sandbox"], setup.get("private", ()))
    return grader


def one_line(error: BaseException) -> bytes:
    """Return an error as one printable line."""
    return printable(f"{error}" or type(error).__name__, 500).encode()


def read(frames: BinaryIO) -> tuple[bytes, int, bytes]:
    """Return kind, number and data of the next frame; the kind is empty at the end."""
    head = frames.read(framing.HEADER.size)
    if len(head) < framing.HEADER.size:
        return b"", 0, b""
    kind, number, length = framing.HEADER.unpack(head)
    return kind, number, frames.read(length)


if __name__ == "__main__":
    main()
