"""Kill a process that starts a sandbox, at random times, and see what outlives it.

The command is `python orphans.py WAY COUNT SEED`, where WAY is `server` or `kernel`, and a backend,
as in `server-bwrap`. It prints, as JSON, the command lines of the processes that were still alive
long after each kill. It is a separate process because it adopts all orphans below it.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import backends, identity, mounts, procfs
from support.patience import eventually

ADOPT = 36  # PR_SET_CHILD_SUBREAPER
SECONDS = 600
"""How long the started processes would live by themselves: longer than we wait for their end."""
KILL_WITHIN = 0.06
"""The starter is killed within so many seconds after its start."""


def main() -> None:
    if sys.argv[1] == "start":
        start(*sys.argv[2].split("-"))
    ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    rng = random.Random(int(sys.argv[3]))  # noqa: S311 (a delay, not a secret)
    orphans = [
        line for _ in range(int(sys.argv[2])) for line in orphans_of(sys.argv[1], rng.random())
    ]
    sys.stdout.write(json.dumps(orphans))


def start(way: str, backend: str) -> None:
    """Start a sandbox as a worker does, print a line just before that, and stay."""
    folder = identity.private_folder()
    chosen = backends.Backend(backend, {})
    code = f"import time; time.sleep({SECONDS})"
    if way == "server":
        command = chosen.server_command(["-c", code], server_dir=folder)
    else:
        program = [mounts.interpreter(), "-I", "-S", "-c", code]
        command = chosen.kernel_command(program, folder=folder, limits=Limits())
    ours, _theirs = socket.socketpair()
    sys.stdout.write("now\n")
    sys.stdout.flush()
    with subprocess.Popen(
        command, stdin=ours, stdout=subprocess.DEVNULL, cwd="/", start_new_session=True
    ):
        time.sleep(SECONDS)


def orphans_of(way: str, fraction: float) -> list[str]:
    """Kill one starter after a fraction of `KILL_WITHIN`; return and kill what survived."""
    delay = fraction * KILL_WITHIN
    command = [sys.executable, __file__, "start", way]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"now\n"
        time.sleep(delay)
        starter.kill()
    eventually(lambda: not descendants(), seconds=5)
    orphans = [f"{delay * 1000:.1f} ms: {command_line(pid)}" for pid in descendants()]
    while alive := descendants():
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    return orphans


def descendants() -> list[int]:
    """Return our living descendants, after reaping those that have ended."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return procfs.tree(os.getpid())[1:]


def command_line(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[-200:]
    return "gone"


if __name__ == "__main__":
    main()
