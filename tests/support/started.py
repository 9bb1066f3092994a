"""A program that is running."""

from __future__ import annotations

import subprocess
import sys


def start(code: str) -> subprocess.Popen[str]:
    """Start a program and wait for its first line."""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    process.stdout.readline()
    return process
