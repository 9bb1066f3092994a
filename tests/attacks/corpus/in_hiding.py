"""Attacks that hide from whoever counts, or that keep the neighbors waiting."""

from __future__ import annotations

from corpus.attack import cells

F = "hiding"

cells(
    F,
    "plain nbgrader counts nothing, and grades one after the other",
    {
        (
            "process-named-in-bytes",
            "a process name that is not text, which the watchdog reads",
        ): r"""
import ctypes, time
ctypes.CDLL(None).prctl(15, b"\xff) R\n1")
time.sleep(0.5)
""",
        ("orphan-with-memory", "memory in a process whose parent has ended"): """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid(); held = bytearray(b"x") * (300 << 20); time.sleep(2)
    os._exit(0)
os.wait(); time.sleep(1)
""",
        ("leases-of-shared-files", "neighbors that wait when they open a file"): """
import fcntl, glob, os, signal
signal.signal(signal.SIGIO, signal.SIG_IGN)
kept = []
for name in glob.glob(os.path.dirname(os.__file__) + "/*.py")[:100]:
    kept.append(os.open(name, os.O_RDONLY))
    try: fcntl.fcntl(kept[-1], fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError: pass
""",
    },
)
