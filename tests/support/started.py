"""A program that is running."""

from __future__ import annotations

import subprocess
import sys


def start(code: str, *, stdin: bool = False) -> subprocess.Popen[str]:
    """Start a program in a session of its own and wait for its first line.

    The watchdog gives a whole session less of the processors, and this one is not to be slowed.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE if stdin else None,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout
    process.stdout.readline()
    return process
