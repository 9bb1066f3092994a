"""A worker: one process that grades submissions one after another with one engine. It never imports nbgrader.

`python -m autograder.worker PARENT` is started by `autograder.pool`; frames come on standard input and go
out on what was standard output. It ends with the process that started it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
from typing import Any, BinaryIO, Protocol

from autograder import wires
from autograder.limits import Limits
from autograder.words import shown

PR_SET_PDEATHSIG = 1
GRADER = "autograder.worker:Grader"
MOST_WORDS = 4000
"""Characters of why a worker cannot start."""


class GradesBytes(Protocol):
    """What a worker does with a task; `Grader` is the real one."""

    def plan(self, data: bytes) -> None:
        """Take the plan of the assignment, as JSON."""

    def grade(self, data: bytes) -> bytes:
        """Return the result of a task, JSON both."""

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
        from autograder.run import Engine

        self.limits = limits
        self.engine = Engine(limits, sandbox)

    def plan(self, data: bytes) -> None:
        """Take the plan of the assignment."""
        from autograder.codec import from_json
        from autograder.model import AssignmentPlan

        self.plan_ = from_json(AssignmentPlan, data)

    def grade(self, data: bytes) -> bytes:
        """Grade one submission.

        Raises
        ------
        RuntimeError
            If the grader failed on a notebook: nothing of the submission must be recorded then.
        """
        from autograder.codec import from_json, to_json
        from autograder.grading import grade
        from autograder.model import Task

        result = grade(from_json(Task, data), self.plan_, self.engine, self.limits)
        failed = [one for one in result.notebooks if one.status == "error"]
        if failed:
            raise RuntimeError(failed[0].flags[0])
        return to_json(result)

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
    """Answer frames: the setup first, then plans and tasks."""

    def send(kind: bytes, data: bytes = b"") -> None:
        answers.write(wires.frame(kind, data))
        answers.flush()

    kind, data = read(frames)
    if kind != wires.SETUP:
        return
    try:
        grader = make(json.loads(data))
    except Exception as error:  # noqa: BLE001 - whatever it is, the run must say it
        send(wires.REFUSED, f"{error}"[:MOST_WORDS].encode("utf-8", "replace"))
        return
    send(wires.READY)
    try:
        while (request := read(frames))[0]:
            kind, data = request
            if kind == wires.PLAN:
                grader.plan(data)
            else:
                send(*answer(grader, data))
    finally:
        grader.close()


def answer(grader: GradesBytes, data: bytes) -> tuple[bytes, bytes]:
    """Return the frame that answers a task."""
    try:
        return wires.RESULT, grader.grade(data)
    except Exception as error:  # noqa: BLE001 - one submission never stops the others
        return wires.FAILED, one_line(error)


def make(setup: dict[str, Any]) -> GradesBytes:
    """Return the grader that a setup names."""
    module, _, name = setup["grader"].partition(":")
    limits = Limits(**setup["limits"])
    made: GradesBytes = getattr(importlib.import_module(module), name)(limits, setup["sandbox"])
    return made


def one_line(error: Exception) -> bytes:
    """Return an error as one line that is fit to be shown."""
    return shown(f"{error}" or type(error).__name__, 500).encode()


def read(frames: BinaryIO) -> tuple[bytes, bytes]:
    """Return the next frame; an empty kind at the end."""
    head = frames.read(wires.HEAD.size)
    if len(head) < wires.HEAD.size:
        return b"", b""
    kind, length = wires.HEAD.unpack(head)
    return kind, frames.read(length)


if __name__ == "__main__":
    main()
