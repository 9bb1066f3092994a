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
        ("memory-without-a-first-thread", "memory in a process whose first thread has ended"): """
import ctypes, os, threading, time
if os.fork() == 0:
    def hold():
        time.sleep(0.5); held = bytearray(b"x") * (200 << 20); time.sleep(2); os._exit(0)
    threading.Thread(target=hold).start()
    ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
time.sleep(3)
""",
        ("memory-dropped-but-kept", "shared memory that is in no page table"): """
import mmap, time
kept = [mmap.mmap(-1, 20 << 20) for _ in range(10)]
for part in kept:
    part[:] = b"x" * (20 << 20); part.madvise(mmap.MADV_DONTNEED)
time.sleep(2)
""",
        ("mappings-without-end", "memory of the kernel for very many mappings"): """
import ctypes, mmap, os, time
kept = mmap.mmap(-1, 40_000 * 4096, flags=mmap.MAP_PRIVATE)
at = ctypes.addressof(ctypes.c_char.from_buffer(kept))
for page in range(0, 40_000, 2):
    ctypes.CDLL(None).mprotect(ctypes.c_void_p(at + page * 4096), 4096, 0)
for _ in range(4):
    if os.fork() == 0: time.sleep(2); os._exit(0)
time.sleep(2)
""",
        ("sibling-of-its-parent", "memory in a process that is not below its own"): """
import ctypes, os, time
clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
if ctypes.CDLL(None).syscall(clone, 0x8000 | 17, 0, 0, 0, 0) == 0:
    held = bytearray(b"x") * (200 << 20); time.sleep(2); os._exit(0)
time.sleep(2)
""",
        ("connections-nobody-accepts", "memory in connections that wait at sockets"): """
import os, socket, tempfile, time
os.chdir(tempfile.mkdtemp()); kept = []
for number in range(120):
    listener = socket.socket(socket.AF_UNIX); listener.bind(f"l{number}"); listener.listen(4096)
    kept.append(listener)
    for _ in range(9):
        one = socket.socket(socket.AF_UNIX); one.setblocking(False)
        try:
            one.connect(f"l{number}")
            while True: one.send(bytes(16 << 10))
        except BlockingIOError: pass
        one.close()
time.sleep(2)
""",
        ("files-on-their-way", "deleted files that are in no table of descriptors"): """
import os, socket, time
kept = [socket.socketpair() for _ in range(4)]
for number, (one, other) in enumerate(kept):
    with open(f"f{number}", "wb") as file:
        file.write(bytes(32 << 20)); socket.send_fds(one, [b"x"], [file.fileno()])
    os.unlink(f"f{number}")
time.sleep(2)
""",
        ("descriptors-of-one-thread", "deleted files in a thread's own table of descriptors"): """
import ctypes, os, threading, time
def hold():
    if ctypes.CDLL(None).syscall(436, 100_000, 100_001, 2): return
    for number in range(4):
        with open(f"f{number}", "wb", closefd=False) as file: file.write(bytes(32 << 20))
        os.unlink(f"f{number}")
    time.sleep(2)
thread = threading.Thread(target=hold); thread.start(); thread.join()
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
