"""A worker: one process that grades submissions, a few at a time, with one engine. It never imports nbgrader.

`python -m nbgrader_isolate.runs.worker PARENT` is started by `nbgrader_isolate.runs.pool`; frames come on standard input and go
out on what was standard output. It ends with the process that started it.
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
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from nbgrader_isolate.core import affinity
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.runs import framing

if TYPE_CHECKING:
    from nbgrader_isolate.core.models import AssignmentPlan
    from nbgrader_isolate.grading.submission import Engine

PR_SET_PDEATHSIG = 1
GRADER = "nbgrader_isolate.runs.worker:Grader"
GRADER_NEEDS = "nbgrader_isolate.grading.engine"
MOST_WORDS = 4000
"""Characters of why a worker cannot start."""


class GradesBytes(Protocol):
    """What a worker does with a task; `Grader` is the real one."""

    def plan(self, data: bytes) -> None:
        """Take the plan of an assignment, as JSON; one that is known costs little."""

    def grade(self, data: bytes) -> bytes:
        """Return the result of a task, JSON both; several threads may ask at once."""

    def run(self, data: bytes) -> bytes:
        """Return a notebook as it is after its run, JSON both; see `rehearsed`."""

    def close(self) -> None:
        """End what was started."""


class Grader:
    """Grades tasks: JSON bytes in, JSON bytes out; also what a remote worker would run.

    Parameters
    ----------
    limits : Limits
    sandbox : str
        `auto`, `bwrap`, `landlock` or `none`.
    """

    def __init__(self, limits: Limits, sandbox: str) -> None:
        from nbgrader_isolate.grading.engine import Engine

        self.limits = limits
        self.engine = Engine(limits, sandbox)
        self.plans: dict[str, AssignmentPlan] = {}
        self.read: set[bytes] = set()

    def plan(self, data: bytes) -> None:
        """Take the plan of an assignment, for the tasks that name it."""
        from nbgrader_isolate.core.models import AssignmentPlan
        from nbgrader_isolate.core.serialization import from_json

        digest = hashlib.sha256(data).digest()
        if digest not in self.read:
            plan = from_json(AssignmentPlan, data)
            self.plans[plan.digest] = plan
            self.read.add(digest)

    def grade(self, data: bytes) -> bytes:
        """Grade one submission.

        Raises
        ------
        RuntimeError
            If the grader failed on a notebook: nothing of the submission must be recorded then.
        """
        from nbgrader_isolate.core.models import Task
        from nbgrader_isolate.core.serialization import from_json, to_json
        from nbgrader_isolate.grading.submission import grade

        task = from_json(Task, data)
        result = grade(task, self.plans[task.plan], self.engine, self.limits)
        failed = [one for one in result.notebooks if one.status == "error"]
        if failed:
            raise RuntimeError(failed[0].flags[0])
        return to_json(result)

    def run(self, data: bytes) -> bytes:
        """Run one notebook; see `rehearsed`."""
        return rehearsed(self.engine, data)

    def close(self) -> None:
        """End the engine and all that it started."""
        self.engine.close()


def main() -> None:
    """Serve frames until standard input ends."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the run, which ends us
    frames = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    with open(os.devnull) as nothing:  # noqa: PTH123 - a descriptor is wanted
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)  # what anything prints must not stand between frames
    serve(frames, answers)


def end_with_parent() -> None:
    """Ask the system to kill this process when the run dies, however it dies."""
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != int(sys.argv[1]):  # it died before we asked
            sys.exit(0)


def serve(frames: BinaryIO, answers: BinaryIO) -> None:
    """Answer frames: the setup first, then plans, tasks and notebooks; each of these in a thread of its own."""
    writing = threading.Lock()

    def send(kind: bytes, data: bytes = b"", number: int = 0) -> None:
        with writing:
            answers.write(framing.frame(kind, data, number))
            answers.flush()

    importlib.import_module(GRADER_NEEDS)  # while the run still reads the course
    kind, _, data = read(frames)
    if kind != framing.SETUP:
        return
    setup = json.loads(data)
    try:
        grader = make(setup)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must say it
        send(framing.REFUSED, f"{error}"[:MOST_WORDS].encode("utf-8", "replace"))
        return

    def work(kind: bytes, number: int, data: bytes) -> None:
        send(*answer(grader, kind, data), number)

    places = iter(setup["places"])

    def settle() -> None:
        for place in islice(places, 1):
            affinity.pin_to({place})

    send(framing.READY)
    try:
        with ThreadPoolExecutor(setup["at_once"], "grade", settle) as threads:
            while (request := read(frames))[0]:
                kind, number, data = request
                if kind == framing.PLAN:
                    grader.plan(data)
                else:
                    threads.submit(work, kind, number, data)
    finally:
        grader.close()


def answer(grader: GradesBytes, kind: bytes, data: bytes) -> tuple[bytes, bytes]:
    """Return kind and content of the frame that answers a task or a notebook."""
    try:
        return framing.RESULT, (grader.grade if kind == framing.TASK else grader.run)(data)
    except BaseException as error:  # noqa: BLE001 - one submission never stops the others
        return framing.FAILED, one_line(error)


def rehearsed(engine: Engine, data: bytes) -> bytes:
    """Run a notebook of the instructor's; JSON of `RemoteEngine.run`'s arguments in, of the executed notebook out."""
    from nbgrader_isolate.core.serialization import decode_bytes
    from nbgrader_isolate.notebook.parse import node

    asked = json.loads(data)
    asked["files"] = {name: decode_bytes(text) for name, text in asked["files"].items()}
    return json.dumps(engine.run(node(asked.pop("notebook")), **asked)).encode("ascii")


def make(setup: dict[str, Any]) -> GradesBytes:
    """Return the grader that a setup names."""
    module, _, name = setup["grader"].partition(":")
    limits = Limits(**setup["limits"])
    made: GradesBytes = getattr(importlib.import_module(module), name)(limits, setup["sandbox"])
    return made


def one_line(error: BaseException) -> bytes:
    """Return an error as one line that is fit to be shown."""
    return printable(f"{error}" or type(error).__name__, 500).encode()


def read(frames: BinaryIO) -> tuple[bytes, int, bytes]:
    """Return kind, number and content of the next frame; an empty kind at the end."""
    head = frames.read(framing.HEAD.size)
    if len(head) < framing.HEAD.size:
        return b"", 0, b""
    kind, number, length = framing.HEAD.unpack(head)
    return kind, number, frames.read(length)


if __name__ == "__main__":
    main()
