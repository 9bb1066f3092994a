"""Attacks on the bridge between the student's kernel and the test process.

They target its descriptors, frames, shared memory and timing.
"""

from __future__ import annotations

from corpus.attack import answer, cell

F = "bridge"
AIM = {"why": "aimed at the bridge; plain nbgrader has none"}
# The answer that contains one of these attacks is right in nothing else.
OPEN = """
import os, socket, struct, json, sys, threading, time
def sockets():
    found = []
    for fd in range(3, 64):
        try:
            if os.readlink(f"/proc/self/fd/{fd}").startswith("socket:"):
                found.append(socket.socket(fileno=os.dup(fd)))
        except OSError: pass
    return found
def send(data):
    for one in sockets():
        try: one.send(data, socket.MSG_DONTWAIT)
        except OSError: pass
def memories():
    for fd in range(3, 64):
        try:
            if "memfd" in os.readlink(f"/proc/self/fd/{fd}"): yield fd
        except OSError: pass
"""

answer(
    F,
    "frames-of-noise",
    "bytes that are not a frame",
    "none",
    OPEN
    + """
def transpose(a):
    send(os.urandom(4000)); send(b"\\xff" * 64); send(b"")
    return a.T
""",
    **AIM,
)

answer(
    F,
    "frames-forged",
    "replies in many shapes before the real one",
    "none",
    OPEN
    + """
def transpose(a):
    for body in ({"ok": True}, {"ok": 11}, {"result": True},
                 {"id": 1, "ok": {"t": "bool", "v": True}}, ["ok", 1, True],
                 {"id": 2, "kind": "return", "value": True},
                 {"completed": True, "outcome": "passed", "credit": 3}):
        data = json.dumps(body).encode()
        for head in (struct.pack("<I", len(data)), struct.pack(">I", len(data)),
                     struct.pack("<Q", len(data)), struct.pack("<II", len(data), 0),
                     struct.pack(">II", len(data), 0)):
            send(head + data)
    return a.T
""",
    **AIM,
)

answer(
    F,
    "frame-of-four-gb",
    "a header that promises four GB, and then nothing",
    "none",
    OPEN
    + """
def transpose(a):
    send(b"\\xff" * 8); time.sleep(30)
    return a.T
""",
    **AIM,
)

answer(
    F,
    "frames-without-end",
    "so many small frames that the other side never gets to its own work",
    "none",
    OPEN
    + """
def transpose(a):
    end = time.time() + 5
    while time.time() < end: send(struct.pack("<I", 2) + b"{}")
    return a.T
""",
    **AIM,
)

answer(
    F,
    "socket-closed",
    "every descriptor closed in the middle of a call",
    "none",
    OPEN
    + """
def transpose(a):
    os.closerange(3, 64)
    return a.T
""",
    **AIM,
)

answer(
    F,
    "socket-shut-down",
    "the socket shut down, one way and both",
    "none",
    OPEN
    + """
def transpose(a):
    for one in sockets():
        try: one.shutdown(socket.SHUT_RDWR)
        except OSError: pass
    return a.T
""",
    **AIM,
)

answer(
    F,
    "descriptors-swapped",
    "each socket takes the place of another",
    "none",
    OPEN
    + """
def transpose(a):
    own = [fd for fd in range(3, 12) if os.path.exists(f"/proc/self/fd/{fd}")]
    for one, two in zip(own, own[1:] + own[:1]):
        try: os.dup2(one, two)
        except OSError: pass
    return a.T
""",
    **AIM,
)

answer(
    F,
    "descriptors-sent",
    "hundreds of descriptors sent with a frame",
    "none",
    OPEN
    + """
def transpose(a):
    for one in sockets():
        for _ in range(20):
            try: socket.send_fds(one, [b"{}"], [0] * 200, socket.MSG_DONTWAIT)
            except OSError: pass
    return a.T
""",
    **AIM,
)

answer(
    F,
    "memory-shrunk",
    "the shared memory truncated while it is read: SIGBUS if it were mapped",
    "none",
    OPEN
    + """
def transpose(a):
    for fd in range(3, 64):
        for size in (0, 1 << 33):
            try: os.ftruncate(fd, size)
            except OSError: pass
    return a.T
""",
    **AIM,
)

answer(
    F,
    "memory-changed-after-return",
    "a thread that keeps writing into the arguments",
    "none",
    OPEN
    + """
def storm(a):
    while True:
        try: a.reshape(-1)[...] = 7
        except ValueError: a.flags.writeable = True
        except Exception: return
def transpose(a):
    threading.Thread(target=storm, args=(a,), daemon=True).start()
    return a.T
def windows(a, n):
    threading.Thread(target=storm, args=(a,), daemon=True).start()
    return np.lib.stride_tricks.sliding_window_view(a, n)
""",
    earns={"transpose-test": 2.0, "windows-test": 3.0},
    **AIM,
)

answer(
    F,
    "memory-mapped-and-sealed",
    "the shared memory mapped again, sealed, punched",
    "none",
    OPEN
    + """
import fcntl, mmap, ctypes
kept = []
def transpose(a):
    for fd in memories():
        for call in (lambda: kept.append(mmap.mmap(fd, 0)), lambda: fcntl.fcntl(fd, 1033, 0xf),
                     lambda: ctypes.CDLL(None, use_errno=True).fallocate(
                         fd, 3, ctypes.c_long(0), ctypes.c_long(1 << 20))):
            try: call()
            except (OSError, ValueError): pass
    for m in kept:
        try: m[:] = b"\\xff" * len(m)
        except TypeError: pass
    return a.T
""",
    **AIM,
)

answer(
    F,
    "answers-of-before",
    "the result of an earlier call, changed during the next one",
    "none",
    """
kept = []
def transpose(a):
    kept.append(a)
    for old in kept:
        try: old[...] = 0
        except ValueError: pass
    return kept[0].T
def windows(a, n):
    return kept[0] if kept else a
""",
    **AIM,
)

cell(
    F,
    "serving-code-patched",
    "the code that serves in the student's process, patched in sys.modules",
    "none",
    """
import sys, types, json
def yes(*a, **k): return True
for name, module in list(sys.modules.items()):
    if name.startswith("nbgrader_isolate"):
        for key, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType): setattr(module, key, yes)
            elif isinstance(value, type):
                for method in list(vars(value)):
                    if not method.startswith("__"):
                        try: setattr(value, method, yes)
                        except Exception: pass
""",
    **AIM,
)

cell(
    F,
    "serializers-patched",
    "json, struct and socket return what the student wants",
    "none",
    """
import json, struct, socket, os
dumps = json.dumps
json.dumps = lambda thing, *a, **k: (
    dumps(True) if isinstance(thing, bool) else dumps(thing, *a, **k))
json.loads = lambda *a, **k: {"ok": True}
json.JSONEncoder.default = lambda self, thing: True
struct.pack = lambda *a: b"\\1" * 8
""",
    **AIM,
)

answer(
    F,
    "answers-twice",
    "a call that returns in two processes",
    "none",
    """
import os
def transpose(a):
    os.fork()
    return a.T
""",
    why="aimed at the bridge; nbgrader reads the kernel's reply twice",
)

answer(
    F,
    "answers-by-thread",
    "a thread answers the calls of later tests",
    "none",
    OPEN
    + """
def listen():
    for one in sockets():
        try:
            one.settimeout(5)
            while one.recv(65536): one.send(b"\\0\\0\\0\\4true")
        except OSError: pass
def transpose(a):
    for _ in range(4): threading.Thread(target=listen, daemon=True).start()
    return a.T
""",
    **AIM,
)

answer(
    F,
    "never-answers",
    "a call that never returns and ignores SIGINT",
    "none",
    """
import signal
def transpose(a):
    signal.signal(signal.SIGINT, signal.SIG_IGN); signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
    why="costs its own points, and seconds",
)

answer(
    F,
    "thread-locks",
    "a lock that is never released, taken in a call",
    "none",
    """
import threading, sys
lock = threading.Lock(); lock.acquire()
def transpose(a):
    sys.setswitchinterval(1e6)
    lock.acquire()
""",
    why="costs its own points, and seconds",
)

answer(
    F,
    "deep-in-c",
    "a call in C that cannot be interrupted",
    "none",
    """
import re
def transpose(a): return re.match(r"(a+)+$", "a" * 60 + "b")
""",
    why="costs its own points, and seconds",
    keeps=True,
)

answer(
    F,
    "proxy-reads-back",
    "text that looks like the bridge's own messages",
    "none",
    """
def transpose(a):
    return {"nd": {"shape": [3], "offset": -8, "strides": [8], "dtype": "|O"}, "t": [1],
            "__array__": 1, "$ref": 0}
def windows(a, n):
    return {"kind": "array", "type": "ndarray", "base": 0, "offset": 1 << 62, "shape": [-1],
            "strides": [0], "dtype": "O"}
""",
    keeps=True,
    **AIM,
)

answer(
    F,
    "names-of-proxies",
    "__name__, __doc__ and signature with payloads",
    "none",
    """
def transpose(a): return a
transpose.__name__ = "x" * 1_000_000
transpose.__doc__ = "<script>window.owned=1</script>\\x1b[2J"
transpose.__qualname__ = "__import__('os')"
transpose.__signature__ = transpose.__text_signature__ = transpose.__wrapped__ = "os.system('id')"
class windows:
    def __get__(self, *a): raise SystemExit
    __call__ = property(lambda self: exit())
center = windows()
""",
    **AIM,
)

answer(
    F,
    "restarts-without-end",
    "the kernel dies in each call, and must be restarted each time",
    "none",
    """
import os, signal
def transpose(a): os.kill(os.getpid(), signal.SIGKILL)
windows = center = transpose
""",
    why="nbgrader drops the submission",
    keeps=True,
)
