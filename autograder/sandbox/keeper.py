"""Where there is no process namespace: start a program, and let none of its processes outlive it.

Whatever the program starts, and however it detaches, becomes a child of this process
(a "subreaper") when its own parent ends. When the program ends, or SIGTERM comes, or the process that started the keeper ends, all of them are killed.
The keeper is outside of the sandbox: nothing inside can send it a signal.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from contextlib import suppress
from types import FrameType

from autograder.sandbox import proc

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_PATIENCE = 5.0  # seconds that killing may take


def main() -> None:
    """Run the program; exit with its status, or 128 + signal."""
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked to be told
        sys.exit(1)
    status = 1
    try:
        status = run(sys.argv[1:])
    finally:
        kill_all()
    sys.exit(status if status >= 0 else 128 - status)


def run(program: list[str]) -> int:
    """Start the program and wait for it; reap what others leave meanwhile. Return its exit code."""
    keeper = os.getpid()
    child = os.fork()
    if child == 0:
        become(program, keeper)
    while True:
        ended, status = os.wait()
        if ended == child:
            return os.waitstatus_to_exitcode(status)


def become(program: list[str], keeper: int) -> None:
    """Turn the forked child into the program, which ends with its keeper even where that is killed outright."""
    try:
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != keeper:
            return
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.execvp(program[0], program)  # noqa: S606 (no shell: a list of arguments)
    finally:
        os._exit(127)


def kill_all() -> None:
    """Kill all descendants, again and again until there are none."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        for pid in proc.tree(os.getpid())[1:]:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(143)
