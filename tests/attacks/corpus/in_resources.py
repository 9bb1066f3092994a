"""Attacks on memory, CPU, processes, disk, time and the size of results, all of them bounded."""

from __future__ import annotations

from corpus.attack import LEFT, SLEEP, Submission, answer, attack, cell

F = "resources"

answer(
    F,
    "endless-loop",
    "a call that never ends",
    "none",
    "def transpose(a):\n    while True: pass",
    why="nbgrader's own time-out stops it",
    keeps=True,
)
answer(
    F,
    "endless-sleep",
    "a call that sleeps for a day",
    "none",
    f"import time\ndef transpose(a): time.sleep({SLEEP})",
    why="nbgrader's own time-out stops it",
    keeps=True,
)


@attack(
    F,
    "sixty cells that sleep, each within the limit",
    "none",
    why="nbgrader has no limit for a notebook",
)
def cells_that_sleep(work: Submission) -> None:
    for _ in range(12):
        work.add("import time; time.sleep(1.5)", at=len(work.cells))


cell(
    F,
    "memory-bomb",
    "all memory",
    "none",
    """
held = []
try:
    while len(held) < 64: held.append(bytearray(b"x") * (1 << 24))
finally: held = held[:1]
""",
    why="limited to one GiB, so as not to harm the machine that runs the tests",
)

cell(
    F,
    "memory-in-children",
    "memory, each child a part",
    "none",
    """
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = bytearray(b"x") * (120 << 20); time.sleep(3); os._exit(0)
time.sleep(3)
""",
    why="limited to one GiB",
)

cell(
    F,
    "array-of-80-gb",
    "one array of 80 GB",
    "none",
    "import numpy as np\nx = np.ones(10**10)",
    why="refused by any machine",
    keeps=True,
)

cell(
    F,
    "fork-bomb",
    "sixty processes",
    "survives",
    f"""
import os, time
for _ in range(60):
    try:
        if os.fork() == 0:
            os.setsid(); os.execvp("sleep", ["sleep", "{SLEEP}"])
    except OSError: pass
""",
)

cell(
    F,
    "thread-bomb",
    "sixty threads that spin",
    "none",
    """
import threading, time
end = time.time() + 10
def spin():
    while time.time() < end: pass
for _ in range(60):
    try: threading.Thread(target=spin, daemon=True).start()
    except RuntimeError: break
""",
    why="limited to ten seconds",
    keeps=True,
)

cell(
    F,
    "disk-bomb",
    "the disk, through every folder",
    "harm",
    f"""
import os
for folder in ("/tmp", "/dev/shm", ".", "/var/tmp", os.path.expanduser("~")):
    try:
        with open(f"{{folder}}/{LEFT}-disk", "wb") as out:
            for _ in range(12): out.write(bytes(1 << 20))
    except OSError as error: print(folder, error)
""",
    keeps=True,
)

cell(
    F,
    "files-without-end",
    "5,000 files",
    "none",
    f"""
import os
try:
    for n in range(5000): open(f"{LEFT}-{{n}}", "w").close()
except OSError as error: print(error)
""",
    why="in the graded folder, which is its own",
    keeps=True,
)

cell(
    F,
    "descriptors-used-up",
    "all descriptors",
    "none",
    """
import os
held = []
try:
    while len(held) < 5000: held.append(os.open("/dev/null", os.O_RDONLY))
except OSError as error: print(error)
""",
    why="its own only",
    keeps=True,
)

PRINTED = [
    ("print-40-mb", "print('x' * 40_000_000)"),
    ("print-many-lines", "for n in range(400_000): print(n, 'x' * 60)"),
    ("print-below-python", "import os\nfor n in range(600): os.write(1, b'y' * 65536)"),
    ("print-to-stderr", "import sys\nsys.stderr.write('e' * 40_000_000)"),
    (
        "display-many",
        "from IPython.display import display, HTML\n"
        "for n in range(800): display(HTML('z' * 40_000))",
    ),
    (
        "display-updated",
        "from IPython.display import display\nh = display('a', display_id=True)\n"
        "for n in range(3000): h.update('z' * 10_000)",
    ),
    ("repr-of-40-mb", "class R:\n    def __repr__(self): return 'r' * 40_000_000\nR()"),
]
for name, source in PRINTED:
    held = {
        "print-many-lines": "nbgrader keeps a thousand lines",
        "display-updated": "the student has no score there",
    }
    stock = "none" if name in held else "flood"
    cell(F, name, "a feedback of 30 MB and more", stock, source, why=held.get(name, ""), keeps=True)

cell(
    F,
    "print-later",
    "a thread that prints while the tests run, and after",
    "none",
    """
import threading, time
def talk():
    while True: print("still here", "x" * 1000); time.sleep(0.002)
threading.Thread(target=talk, daemon=True).start()
""",
    why="some MB",
    keeps=True,
)

cell(
    F,
    "print-codes",
    "terminal codes for whoever watches the run",
    "none",
    "print('\\x1b[2J\\x1b]52;c;ZWNobyBvd25lZA==\\x07\\x1b]8;;http://x\\x07link"
    "\\x1b]8;;\\x07\\x9b31m\\r\\b\\u202e\\x00')",
    why="seen in the feedback only",
    keeps=True,
)

cell(
    F,
    "recursion-limit",
    "unlimited recursion allowed, and then used",
    "none",
    """
import sys
sys.setrecursionlimit(10**9)
def down(): return down()
try: down()
except RecursionError: pass
sys.setrecursionlimit(60)
""",
    why="breaks its own kernel",
)

cell(
    F,
    "warnings-are-errors",
    "every warning and every floating-point error raised as an exception",
    "none",
    """
import warnings, numpy as np
warnings.simplefilter("error"); np.seterr(all="raise"); np.set_printoptions(threshold=10**12)
""",
    why="costs its own points only",
    keeps=True,
)

cell(
    F,
    "seed-and-clock",
    "random numbers and clocks that the student controls",
    "none",
    """
import random, time, datetime, numpy as np
random.seed(0); np.random.seed(0)
np.random.default_rng = lambda *a: type(
    "R", (), {"__getattr__": lambda self, name: lambda *a, **k: 4})()
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
""",
    why="tests with fixed data do not ask",
    keeps=True,
)

cell(
    F,
    "surroundings-changed",
    "folder, environment, locale, umask, encoding, streams",
    "none",
    """
import os, sys, locale, signal, gc
os.chdir("/"); os.umask(0o777); os.environ.clear(); gc.disable()
try: locale.setlocale(locale.LC_ALL, "C")
except locale.Error: pass
sys.path[:] = []; sys.stdin = None
signal.setitimer = lambda *a: None
signal.signal(signal.SIGTERM, signal.SIG_IGN)
""",
    why="its own process only",
)

cell(
    F,
    "modules-emptied",
    "sys.modules and builtins emptied",
    "none",
    """
import sys, builtins
sys.modules.clear()
del builtins.print, builtins.open, builtins.isinstance
""",
    why="breaks its own kernel",
    keeps=True,
)

cell(
    F,
    "trace-malloc-lies",
    "the memory that a test measures",
    "points",
    """
import tracemalloc
tracemalloc.get_traced_memory = lambda: (0, 0)
def center(a): a[...] = a - a.mean()
""",
    unprotected=True,
)
