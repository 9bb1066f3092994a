"""Attacks by what an operating system offers a process: signals, names, memory, processors."""

from __future__ import annotations

from corpus.attack import LEFT, SLEEP, cells

cells(
    "signals",
    "its own process only",
    {
        ("timer-in-a-call", "an alarm that goes off while the bridge reads"): """
import signal
def yes(*a): raise ValueError("alarm")
signal.signal(signal.SIGALRM, yes)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
""",
        ("handlers-for-all", "a handler that raises for every signal there is"): """
import signal
def never(*a): raise SystemExit(0)
for number in signal.valid_signals():
    try: signal.signal(number, never)
    except (OSError, ValueError): pass
""",
        ("signals-blocked", "every signal blocked, and pending ones kept"): """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
""",
        ("stopped", "a process that stops itself in a call"): """
import os, signal
def transpose(a):
    os.kill(os.getpid(), signal.SIGSTOP)
    return a.T
""",
        ("wakeup-descriptor", "signals written into the bridge's socket"): """
import signal
for fd in (3, 4, 5):
    try: signal.set_wakeup_fd(fd, warn_on_full_buffer=False)
    except (OSError, ValueError): pass
signal.setitimer(signal.ITIMER_VIRTUAL, 0.01, 0.01)
signal.signal(signal.SIGVTALRM, lambda *a: None)
""",
        (
            "children-ignored",
            "children that nobody waits for, and a parent that ignores their end",
        ): """
import os, signal
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(20):
    if os.fork() == 0: os._exit(0)
""",
        ("fault-handler", "a traceback of all threads, later and again"): """
import faulthandler
faulthandler.dump_traceback_later(0.2, repeat=True, exit=True)
""",
        (
            "parent-death",
            "the signal that comes when the parent ends, and other process controls",
        ): """
import ctypes
libc = ctypes.CDLL(None)
for option, value in ((1, 9), (4, 0), (22, 1), (36, 1), (38, 0), (29, 0), (59, 1)):
    libc.prctl(option, value, 0, 0, 0)
""",
    },
)

cells(
    "process-names",
    "nobody reads the names of its processes",
    {
        ("name-like-a-status", "a name that looks like the rest of its own line in /proc"): """
import os, time
with open("/proc/self/comm", "w") as file: file.write(") Z 1 1 0 0 -1")
if os.fork() == 0:
    end = time.time() + 1
    while time.time() < end: pass
    os._exit(0)
""",
        ("name-with-lines", "names with line ends, brackets and bytes that are not text"): """
import threading, time
def named(name):
    with open(f"/proc/self/task/{threading.get_native_id()}/comm", "wb") as file: file.write(name)
    time.sleep(1)
for name in (b"a\\nVmRSS: 0 kB", b"\\xff\\xfe(", b"((((((", b")))))))))", b"\\x1b[2J"):
    threading.Thread(target=named, args=(name,), daemon=True).start()
""",
        ("arguments-overwritten", "a command line of another program"): """
import ctypes
libc = ctypes.CDLL(None)
libc.prctl(15, b"bwrap", 0, 0, 0)
libc.prctl(35, 8, 0, 0, 0)
""",
        ("score-of-the-killer", "the process that the kernel kills first, or last"): """
for file, text in (("oom_score_adj", "-1000"), ("oom_score_adj", "1000"),
                   ("coredump_filter", "0xff"), ("timerslack_ns", "1000000000"),
                   ("clear_refs", "1"), ("loginuid", "0"), ("autogroup", "-20")):
    try: open(f"/proc/self/{file}", "w").write(text)
    except OSError: pass
""",
        ("memory-by-proc", "its own memory, written through /proc"): """
try:
    with open("/proc/self/mem", "r+b", buffering=0) as memory:
        memory.seek(id(True) + 24); memory.write(b"\\0")
except (OSError, ValueError): pass
""",
        ("zombies", "processes that have ended and are still there"): """
import os, time
for _ in range(30):
    if os.fork() == 0: os._exit(0)
time.sleep(0.3)
""",
        ("executed-again", "another program in place of the kernel, with its sockets"): f"""
import os
if os.fork() == 0:
    os.setsid()
    os.execvp("sleep", ["{LEFT}", "{SLEEP}"])
""",
    },
    keeps=True,
)

cells(
    "memory",
    "limited to one GiB or less, so as not to harm the machine that runs the tests",
    {
        ("memory-shared", "memory that is shared with children and counted for none"): """
import mmap, os, time
kept = [mmap.mmap(-1, 60 << 20) for _ in range(10)]
for part in range(5):
    if os.fork() == 0:
        for each in kept[2 * part:2 * part + 2]: each[:] = b"x" * (60 << 20)
        time.sleep(20); os._exit(0)
time.sleep(5)
""",
        ("memory-in-tmp", "memory in files"): """
for folder in ("/tmp", "/dev/shm", "."):
    try:
        with open(f"{folder}/large", "wb") as file:
            for _ in range(400): file.write(b"x" * (1 << 20))
    except OSError: pass
""",
        ("memory-in-pipes", "memory in the buffers of pipes and sockets"): """
import fcntl, os, socket
kept = []
try:
    while len(kept) < 100:
        pair = os.pipe()
        try: fcntl.fcntl(pair[1], 1031, 1 << 20)
        except OSError: pass
        os.set_blocking(pair[1], False)
        try:
            while os.write(pair[1], b"x" * (1 << 16)): pass
        except BlockingIOError: pass
        kept.append(pair)
except OSError: pass
for pair in kept:
    for fd in pair: os.close(fd)
""",
        ("memory-locked", "memory that cannot be swapped, and advice of every kind"): """
import mmap, ctypes
libc = ctypes.CDLL(None)
libc.mlockall(3)
kept = mmap.mmap(-1, 64 << 20)
for advice in range(0, 26):
    try: kept.madvise(advice)
    except (OSError, ValueError): pass
""",
        ("memory-in-page-tables", "one byte in each of many pages, far apart"): """
import mmap
kept = mmap.mmap(-1, 1 << 31, flags=mmap.MAP_PRIVATE)
for at in range(0, 1 << 31, 1 << 21): kept[at] = 1
""",
        ("memory-in-bursts", "memory that is given back before anybody looks"): """
import time
end = time.time() + 3
while time.time() < end:
    block = bytearray(700 << 20)
    del block
""",
        ("memory-of-threads", "the stacks of threads"): """
import threading, time
threading.stack_size(64 << 20)
for _ in range(40):
    try: threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
    except RuntimeError: break
""",
        ("memory-of-the-answer", "an answer that needs as much memory as its own limit"): """
def transpose(a): return np.ones(30_000_000).reshape(4, -1)
def windows(a, n): return [b"x" * (1 << 20)] * 14
""",
    },
)

cells(
    "processors",
    "it takes long there, and no longer than a cell may",
    {
        ("generations", "a chain of processes, each of which lives for a moment"): """
import os, time
end = time.time() + 2
if os.fork() == 0:
    os.setsid()
    while time.time() < end:
        if os.fork(): os._exit(0)
    os._exit(0)
""",
        ("sessions", "a session of its own for each process that spins"): """
import os, time
for _ in range(10):
    if os.fork() == 0:
        os.setsid()
        end = time.time() + 4
        while time.time() < end: pass
        os._exit(0)
""",
        (
            "affinity-and-priority",
            "all processors, the highest priority and the best scheduler",
        ): """
import os, time
for _ in range(8):
    if os.fork() == 0:
        for call in (lambda: os.sched_setaffinity(0, range(256)), lambda: os.nice(-20),
                     lambda: os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(99)),
                     lambda: os.setpriority(os.PRIO_USER, 0, -20)):
            try: call()
            except OSError: pass
        end = time.time() + 4
        while time.time() < end: pass
        os._exit(0)
""",
        ("caches-emptied", "the caches and the memory bus, used by all of its threads"): """
import threading, time, numpy as np
block, end = np.zeros(8 << 20, np.uint8), time.time() + 4
def sweep():
    while time.time() < end: np.copyto(block, block[::-1])
for _ in range(8): threading.Thread(target=sweep, daemon=True).start()
""",
        ("disk-kept-busy", "a disk that is written and flushed without a pause"): """
import os, threading, time
end = time.time() + 4
def flush(number):
    with open(f"/tmp/flushed{number}", "wb") as file:
        while time.time() < end:
            file.seek(0); file.write(b"x" * (1 << 20)); file.flush(); os.fsync(file.fileno())
for number in range(4): threading.Thread(target=flush, args=(number,), daemon=True).start()
""",
        ("yielding", "threads that do nothing but give way to each other"): """
import os, threading, time
end = time.time() + 4
def yields():
    while time.time() < end: os.sched_yield()
for _ in range(30): threading.Thread(target=yields, daemon=True).start()
""",
        ("sleep-and-spin", "processes that spin only while nobody looks"): """
import os, time
for _ in range(10):
    if os.fork() == 0:
        end = time.time() + 4
        while time.time() < end:
            until = time.time() + 0.15
            while time.time() < until: pass
            time.sleep(0.15)
        os._exit(0)
""",
    },
)
