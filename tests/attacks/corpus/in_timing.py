"""Attacks by when things happen: deadlines, restarts, threads between two calls."""

from __future__ import annotations

from corpus.attack import answer, answers, cells

ENDS = {"why": "the kernel is gone, and nbgrader drops the submission"}

cells(
    "deadlines",
    "slow there, too",
    {
        ("almost-too-late", "every call takes almost as long as a call may"): """
import time
def transpose(a): time.sleep(2.2); return a
def windows(a, n): time.sleep(2.2); return a
""",
        ("late-after-the-reply", "work that begins when the call has returned"): """
import threading, time
def transpose(a):
    threading.Timer(0.01, time.sleep, (3,)).start()
    return a + 1
""",
        ("interrupt-swallowed-once", "a loop that survives the first interrupt"): """
import time
def transpose(a):
    for _ in range(3):
        try: time.sleep(20)
        except KeyboardInterrupt: pass
    return a
""",
        ("interrupt-answered", "a call that returns the right answer when it is interrupted"): """
import time
def transpose(a):
    try:
        while True: time.sleep(0.01)
    except BaseException:
        return a.T
""",
        ("clock-of-my-own", "clocks that stand still or run backwards"): """
import time
start = time.time()
for name in ("time", "monotonic", "perf_counter", "process_time", "thread_time"):
    setattr(time, name, lambda: start - 1e9)
time.sleep = lambda seconds: None
""",
        ("prints-slowly", "a line now and then, so that the cell never falls silent"): """
import time
def windows(a, n):
    while True:
        print("still here", flush=True); time.sleep(0.2)
""",
        ("iterator-that-waits", "an iterator whose elements come one a second"): """
import time
def windows(a, n):
    def rows():
        for _ in range(100): time.sleep(1); yield [1.0] * n
    return rows()
""",
    },
)

for name, gain, source in (
    (
        "dies-when-asked-again",
        "a kernel that ends itself in the second call",
        """
import os
calls = []
def transpose(a):
    calls.append(a)
    if len(calls) == 2: os._exit(0)
    return a.T
""",
    ),
    (
        "dies-while-it-is-read",
        "a variable that ends the process when it is read",
        """
import os
def transpose(a): return a
class Ends(dict):
    def __iter__(self): os._exit(0)
    def items(self): os._exit(0)
    __class__ = property(lambda self: os._exit(0))
column_strides = Ends()
""",
    ),
    (
        "dies-only-when-replayed",
        "a file that tells the second kernel that it is the second",
        """
import os
def transpose(a):
    try: open("/tmp/first", "x").close()
    except OSError: os._exit(0)
    os._exit(1)
""",
    ),
    (
        "dies-of-its-memory",
        "an answer that needs more memory than there is, again and again",
        """
def transpose(a):
    kept = []
    while True: kept.append(bytearray(64 << 20))
""",
    ),
    (
        "dies-after-the-answer",
        "a process that ends just after it has answered",
        """
import os, threading, time
def ends(): time.sleep(0.05); os._exit(0)
def transpose(a):
    threading.Thread(target=ends).start()
    return a.T + 1
""",
    ),
    (
        "dies-with-its-session",
        "a signal to its own group and session in a call",
        """
import os, signal
def transpose(a):
    os.killpg(0, signal.SIGKILL)
    return a.T
""",
    ),
    (
        "dies-by-an-assertion-in-c",
        "an abort, a stack that overflows, an illegal instruction",
        """
import ctypes, sys
def transpose(a):
    sys.setrecursionlimit(1 << 30)
    deep = lambda n: deep(n + 1) + 1
    try: deep(0)
    finally: ctypes.CDLL(None).abort()
""",
    ),
):
    answer("restarts", name, gain, "none", source, keeps=True, **ENDS)

cells(
    "threads",
    "the assertions there call the same function",
    {
        ("function-exchanged", "a thread that exchanges the functions between two calls"): """
import threading, time
def exchange():
    while True:
        for function in (lambda *a: 7, lambda a, n=1: a, np.flip):
            globals()["transpose"] = globals()["windows"] = function
            time.sleep(0.0005)
threading.Thread(target=exchange, daemon=True).start()
def transpose(a): return a
""",
        ("switches-never", "no other thread runs while one of the student's does"): """
import sys, threading
sys.setswitchinterval(1000)
def spin():
    for _ in range(3_000_000): pass
threading.Thread(target=spin, daemon=True).start()
""",
        ("regular-expression", "a regular expression that holds the interpreter for hours"): """
import re
def transpose(a):
    re.match(r"(a+)+$", "a" * 60 + "b")
    return a
""",
        ("thread-in-the-import", "threads that start when a module is imported"): """
import threading, sys
for _ in range(20):
    threading.Thread(target=lambda: [sys.modules.copy() for _ in range(2000)], daemon=True).start()
""",
        ("trace-of-threads", "a trace and a profile for all threads"): """
import sys, threading
def trace(frame, event, arg):
    if "nbgrader_isolate" in frame.f_code.co_filename: frame.f_locals.update(limit=0)
    return trace
threading.settrace_all_threads(trace) if hasattr(threading, "settrace_all_threads") else None
threading.setprofile(trace)
""",
        ("exception-in-a-thread", "an exception raised in the main thread by another one"): """
import ctypes, threading, time
main = threading.main_thread().ident
def raises():
    time.sleep(1.5)
    for _ in range(20):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(main), ctypes.py_object(SystemExit))
        time.sleep(0.02)
threading.Thread(target=raises, daemon=True).start()
""",
        (
            "argument-changed-meanwhile",
            "an argument that goes on changing while it is compared",
        ): """
import threading
def storm(a):
    while True: a[...] = a[::-1]
def transpose(a):
    threading.Thread(target=storm, args=(a,), daemon=True).start()
    return np.broadcast_to(a[:1, :1], a.T.shape)
""",
    },
)

answers(
    "arguments",
    "the wrong value is compared there, too",
    {
        ("arguments-of-the-caller", "an argument kept, and changed in a later call"): """
kept = []
def flat_index(*a):
    kept.append(a)
    return kept[0]
def transpose(a):
    kept.append(a); kept[0] = a.T
    a.setflags(write=True)
    a[...] = 0
    return np.ones_like(a.T)
""",
        (
            "argument-reshaped",
            "an argument whose shape, strides and dtype are changed in place",
        ): """
def transpose(a):
    try: a.shape = (a.size,); a.dtype = np.uint8; a.strides = (0,)
    except (AttributeError, ValueError): pass
    return a
def windows(a, n):
    try: a.resize(0, refcheck=False)
    except ValueError: pass
    return a
""",
        ("argument-returned", "the argument itself, in places where a result is expected"): """
def flat_index(row, col, n_cols): return row
def transpose(a): return a
def windows(a, n): return [a, [a, (a,)]]
""",
        ("arguments-in-text", "the arguments, printed with codes and line ends"): """
def flat_index(*a):
    print("\\x1b]0;", a, "\\x07\\r\\u202e")
    return a
def transpose(a): print(repr(a.base), a.__array_interface__); return a
""",
        ("argument-memory-freed", "the memory of the argument, given back in the call"): """
import ctypes, mmap
def transpose(a):
    libc = ctypes.CDLL(None)
    libc.madvise(ctypes.c_void_p(a.ctypes.data & ~4095), ctypes.c_size_t(4096), 4)
    return a.T + 1
""",
        (
            "argument-of-another-call",
            "the argument of an earlier test, which shared its memory",
        ): """
first = []
def transpose(a):
    first.append(a)
    return first[0].T if len(first) > 1 else a
def windows(a, n): return first[0]
def flat_index(*a): return first
""",
        (
            "keywords-and-defaults",
            "parameters that take everything, and defaults that are kept",
        ): """
def flat_index(row=None, *more, kept={}, **k):
    kept[row] = more
    return kept
def transpose(*a, **k): return a, k
""",
    },
)
