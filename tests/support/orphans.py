"""Kill whoever starts a sandbox, at random moments, and see what outlives it: `python orphans.py WAY COUNT SEED`.

WAY is `server` or `kernel`, then a tier: `server-bwrap`. Prints as JSON the command lines of what still lived `PATIENCE`
seconds after each kill. A process of its own, because it adopts what loses its parent, wherever that was.
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

ADOPT = 36  # PR_SET_CHILD_SUBREAPER
SECONDS = 20
"""How long what is started would live by itself."""
PATIENCE = 2.0
"""Seconds that all of it may take to end."""
MOMENTS = 0.06
"""Seconds after the start within which the starter is killed."""


def main() -> None:
    if sys.argv[1] == "start":
        start(*sys.argv[2].split("-"))
    ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    chance = random.Random(int(sys.argv[3]))  # noqa: S311 (a moment, not a secret)
    found = [line for _ in range(int(sys.argv[2])) for line in left(sys.argv[1], chance.random())]
    sys.stdout.write(json.dumps(found))


def start(way: str, tier: str) -> None:
    """Start a sandbox as a worker does, say so just before, and stay."""
    folder = identity.private_folder()
    chosen = backends.Tier(tier, {})
    code = f"import time; time.sleep({SECONDS})"
    if way == "server":
        command = chosen.server_command(["-c", code], spool=folder)
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


def left(way: str, moment: float) -> list[str]:
    """Kill one starter at a moment between 0 and 1; return what lived on, and end it."""
    words = [sys.executable, __file__, "start", way]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as starter:
        assert starter.stdout
        assert starter.stdout.readline() == b"now\n"
        time.sleep(moment * MOMENTS)
        starter.kill()
    end = time.monotonic() + PATIENCE
    while (alive := below()) and time.monotonic() < end:
        time.sleep(0.01)
    found = [f"{moment * MOMENTS * 1000:.1f} ms: {words_of(pid)}" for pid in alive]
    while alive := below():
        for pid in alive:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.01)
    return found


def below() -> list[int]:
    """Return what lives below us, after burying what does not."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return procfs.tree(os.getpid())[1:]


def words_of(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()[-200:]
    return "gone"


if __name__ == "__main__":
    main()
