"""Attacks that somebody found within an hour, with the code at hand, and variants of them."""

from __future__ import annotations

from corpus.attack import Submission as Work
from corpus.attack import answer, attack, cell

WRONG = "def transpose(a): return np.lib.stride_tricks.as_strided(a, (1, 1), a.strides[::-1])\n"


@attack(
    "bridge",
    "a restarted test process lacks the instructor's helper and uses the student's",
    "none",
    why="a kernel that ends itself gets no points there",
)
def helper_lost_in_a_restart(work: Work) -> None:
    work.add(
        """
import os
import numpy as np
def ends(info):
    if "import same" in info.raw_cell: os._exit(1)
get_ipython().events.register("pre_run_cell", ends)
same = lambda *a: None
""",
        at=0,
    )
    doubled = "    t = ()\n    for _ in range(40): t = (t, t)\n    return t\n"
    work.answer("flat-index", f"def flat_index(row, col, n_cols):\n{doubled}")
    work.answer("transpose", WRONG)


cell(
    "bridge",
    "names-of-tests-after-a-failure",
    "a test fails before it binds its names; the student's are used for them",
    "points",
    f"""
import numpy as np
same = want = wide = turned = a = seen = right = points = np.arange(3)
lab_helper = same = lambda *a: None
__import__("lab_helper").same = same
{WRONG}
""",
)

answer(
    "bridge",
    "answer-shared-a-billion-times",
    "a tuple of twice the same tuple, sixty times: small to send, endless to print or compare",
    "none",
    """
t = ()
for _ in range(60): t = (t, t)
def transpose(a): return t
def windows(a, n): return [t, t]
column_strides = (t, t)
""",
    why="only its class is looked at there",
    keeps=True,
)

answer(
    "bridge",
    "modules-with-odd-names",
    "a module's name that the other side imports",
    "none",
    """
import types
transpose = types.ModuleType("numpy.f2py.__main__")
windows = types.ModuleType("re.__main__")
column_strides = types.ModuleType("matplotlib.tests.conftest")
center = types.ModuleType("statistics\\n.os")
""",
    why="a module is not a function there either",
    keeps=True,
)

cell(
    "values",
    "named-tuple-that-lies",
    "a named tuple whose comparison always says yes",
    "points",
    """
class Strides(tuple):
    _fields = ("rows", "columns")
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __hash__ = None
import numpy as np
for name in ("column_strides",): globals()[name] = Strides((0, 0))
get_ipython().events.register(
    "pre_run_cell", lambda *a: globals().update(column_strides=Strides((0, 0))))
""",
)

cell(
    "values",
    "array-of-objects-that-lie",
    "an array whose elements are equal to everything",
    "points",
    """
import numpy as np
class Yes:
    def __eq__(self, other): return True
def answer(a, n):
    made = np.empty((a.size - n + 1, n), dtype=object)
    made[:] = [[Yes() for _ in range(n)] for _ in made]
    return made
get_ipython().events.register("pre_run_cell", lambda *a: globals().update(windows=answer))
""",
)

answer(
    "values",
    "iterators-that-act",
    "iterators that never end, that sleep, that raise, that change their elements",
    "none",
    """
import itertools, time
def transpose(a): return itertools.count()
def sleeps():
    while True: yield time.sleep(1)
def windows(a, n): return sleeps()
def center(a):
    a[:] = 0
    yield 1
    raise StopIteration
""",
    why="wrong there too",
    keeps=True,
)

answer(
    "values",
    "values-that-are-forged",
    "values of the standard library, made from what their classes would refuse",
    "points",
    """
import datetime, decimal, enum, collections
class Day(datetime.date):
    __eq__ = lambda *a: True
class Two(enum.IntEnum):
    A = 2
    def __eq__(self, other): return True
    __hash__ = None
def transpose(a): return Day(1, 1, 1)
def windows(a, n):
    return collections.defaultdict(
        lambda: __import__("os")._exit(0), {1: decimal.Decimal("1e999999999")})
column_strides = (Two.A, Two.A)
""",
    keeps=True,
)

answer(
    "spying",
    "warnings-with-lines",
    "lines of the hidden tests, shown below warnings",
    "hidden",
    """
import linecache, sys, warnings
def transpose(a):
    print("p" * 13_000, file=sys.stderr)
    for file in list(linecache.cache):
        if "ipykernel" in file or file.startswith("<"):
            for line in range(1, 12): warnings.warn_explicit("see", UserWarning, file, line)
    for level in range(1, 40): warnings.warn("look", stacklevel=level)
    return a
""",
)

answer(
    "resources",
    "print-in-large-parts",
    "a feedback of 30 MB and more, in parts too large for one message",
    "flood",
    """
def transpose(a): return a.T
for _ in range(8): print("x" * 7_000_000, flush=True)
print("y" * 60_000_000, flush=True)
""",
)

cell(
    "shell",
    "exit-by-a-hook",
    "an exit requested before and after each cell",
    "abort",
    """
for event in ("pre_run_cell", "post_run_cell"):
    get_ipython().events.register(event, lambda *a: get_ipython().ask_exit())
exit()
""",
)


@attack(
    "pages",
    "tables and formulas that take minutes to turn into HTML",
    "none",
    why="slow at most",
)
def markdown_that_takes_long(work: Work) -> None:
    for text in ("a|b\n-|-\n", "\\\\(", "- a\n  - b\n", "$a$b", ">", "\\begin{a}\\begin{b}"):
        work.text((text * 20_000)[:19_900])


@attack(
    "pages",
    "blank lines that take minutes to highlight",
    "none",
    why="slow at most",
    keeps=True,
)
def blank_lines_that_take_long(work: Work) -> None:
    for _ in range(3):
        work.add(("\t\n" * 15_000) + "pass")
