"""Hostile student code, in every backend, started by root and by an ordinary user.

Each test also looks at what the host sees afterwards.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nbgrader_isolate.sandbox import backends, landlock
from support import TESTS
from support.patience import patience, wait_until
from support.users import USERS, as_ordinary, ordinary_home

# in the quick tier each sandbox once: as root with bubblewrap, as an ordinary user with Landlock
pytestmark = [pytest.mark.slow, pytest.mark.sample(every=3)]

LIMITS = {
    "memory_mb": 256,
    "address_mb": 4096,
    "processes": 24,
    "file_mb": 16,
    "array_bytes": 1 << 20,
    "disk_mb": 32,
    "notebook_seconds": 20.0,
    "cpu_seconds": 20,
}
Answer = dict[str, object]
Run = Callable[..., Answer]


@pytest.fixture(params=["bwrap", "landlock"])
def backend(request: pytest.FixtureRequest) -> str:
    """A backend that works here: the tests only ever run if its probe could not escape."""
    try:
        return backends.probed(request.param).name
    except backends.NoSandboxError as error:
        pytest.skip(f"no {request.param} sandbox here: {error}")


@pytest.fixture(params=USERS)
def user(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def marker() -> Iterator[str]:
    """A string in the command line of each of the student's processes; none may be left behind."""
    marker = f"student-{secrets.token_hex(8)}"
    yield marker
    wait_until(lambda: not living(marker), "processes were left behind", seconds=5)


@pytest.fixture
def run(backend: str, user: str, marker: str) -> Run:
    def run(code: str, watched: dict[str, float] | None = None, **limits: float) -> Answer:
        spec = {"backend": backend, "code": code, "limits": LIMITS | limits, "arguments": [marker]}
        spec["watched"] = watched or {}
        with ordinary_home() as home:
            prefix = [] if user == "root" or os.getuid() else as_ordinary(home)
            script = str(TESTS / "support" / "confined.py")
            done = subprocess.run(
                [*prefix, sys.executable, script, json.dumps(spec)],
                capture_output=True,
                text=True,
                timeout=patience(25),
                check=False,
                env=os.environ | {"TMPDIR": home, "PYTHONPATH": str(TESTS)},
            )
            assert done.returncode == 0, done.stderr
            assert not list(Path(home).glob("ag-*")), "a folder was left behind"
        return json.loads(done.stdout)

    return run


def living(marker: str) -> list[str]:
    """Return the processes of this machine that have the marker as an argument."""
    processes = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            arguments = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if marker.encode() in arguments:
            processes.append(str(path))
    return processes


# --- attempts that break nothing, all in one program ----------------------------------------------

TRY = """
import ctypes, json, mmap, os, socket, sys
answers = {}
def attempt(name):
    def deco(action):
        try: answers[name] = ["done", repr(action())[:200]]
        except BaseException as error: answers[name] = [type(error).__name__, str(error)[:200]]
        return action
    return deco
libc = ctypes.CDLL(None, use_errno=True)
def call(number, *arguments):
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
"""


def test_a_program_finds_its_files_and_works(run: Run) -> None:
    answer = run(
        "import os, tempfile, numpy as np, nbgrader_isolate\n"
        "print(open('data.txt').read(), np.arange(3).sum())\n"
        "open('data.txt', 'w').write('changed'); open('mine.txt', 'w').write('x')\n"
        "with tempfile.TemporaryFile() as f: np.save(f, np.eye(3))\n"
        "print(sorted(os.listdir('.')))\n"
    )
    assert answer["output"] == "given 3\n['data.txt', 'mine.txt']\n", answer
    assert answer["given"] == "given", "the original is not touched"
    assert answer["killed_by"] == ""


def test_a_crash_starts_no_program_of_the_machine(run: Run) -> None:
    answer = run(
        "import resource\nprint(resource.getrlimit(resource.RLIMIT_CORE))\n"
        "try: resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "except (OSError, ValueError): print('refused')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE))\n"
    )
    assert answer["output"] == "(1, 1)\nrefused\n(1, 1)\n", answer


def test_huge_views_of_few_bytes_need_no_memory(run: Run) -> None:
    answer = run(
        "import numpy as np\n"
        "a = np.broadcast_to(np.float64(1), (500_000, 1_000_000))\n"
        "b = np.lib.stride_tricks.as_strided(np.zeros(1), (10**6, 10**6), (0, 0))\n"
        "c = np.zeros((15_000, 15_000))\n"
        "print(a.size, b.shape, c[-1, -1])\n"
        "try: np.ones(10**10)\n"
        "except MemoryError: print('MemoryError')\n"
    )
    assert answer["output"] == "500000000000 (1000000, 1000000) 0.0\nMemoryError\n", answer


def test_nothing_of_the_host_can_be_read_or_changed(run: Run, tmp_path: Path) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("marks", "ascii")
    for path in (secret, *list(secret.parents)[:3]):
        path.chmod(0o777)  # (so that only the sandbox stands in between)
    code = (
        TRY
        + f"""
secret, folder, keys = {str(secret)!r}, {str(tmp_path)!r}, {str(Path.home() / ".ssh")!r}
@attempt("read")
def _(): return open(secret).read()
@attempt("list")
def _(): return os.listdir(folder)
@attempt("write")
def _(): return open(secret, "w").write("A+")
@attempt("add")
def _(): return open(folder + "/new", "w").write("x")
@attempt("delete")
def _(): os.unlink(secret)
@attempt("rename")
def _(): os.rename(secret, folder + "/other")
@attempt("truncate")
def _(): os.truncate(secret, 0)
@attempt("hard link")
def _(): os.link(secret, "mine")
@attempt("through a symlink")
def _():
    os.symlink(secret, "link")
    return open("link").read()
@attempt("home")
def _(): return os.listdir(keys)
@attempt("shadow")
def _(): return open("/etc/shadow").read()
@attempt("passwd")
def _(): return open("/etc/passwd").read()
@attempt("system")
def _(): open("/usr/bin/x", "w")
@attempt("environment of the interpreter")
def _(): open(sys.prefix + "/x", "w")
@attempt("root")
def _(): open("/x", "w")
@attempt("sysctl")
def _(): open("/proc/sys/kernel/hostname", "w").write("x")
@attempt("source")
def _(): return open({str(Path(__file__))!r}).read()
os.chmod(secret, 0o000) if os.path.exists(secret) else None
os.utime(secret, (0, 0)) if os.path.exists(secret) else None
print(json.dumps(answers))
"""
    )
    answers = json.loads(run(code)["output"])
    # where the environment is below /tmp, its folders lie in the sandbox's own /tmp
    below_tmp = Path(sys.prefix).is_relative_to("/tmp")  # noqa: S108
    private = {"environment of the interpreter"} if below_tmp else set()
    done = {name for name, (outcome, _) in answers.items() if outcome == "done"}
    assert done <= private, answers
    assert not Path(sys.prefix, "x").exists()
    assert secret.read_text("ascii") == "marks"
    assert secret.stat().st_mode & 0o777 == 0o777
    assert secret.stat().st_mtime > 1
    assert list(tmp_path.iterdir()) == [secret]


def test_our_environment_is_not_passed_on_and_not_found_in_other_processes(run: Run) -> None:
    code = """
import os, glob
seen = dict(os.environ)
for path in glob.glob("/proc/[0-9]*/environ"):
    try: seen[path] = open(path).read()
    except OSError: pass
print("not for students" in repr(seen), "TOKEN" in repr(seen), os.environ["USER"])
"""
    assert run(code)["output"] == "False False student\n"


def test_there_is_no_network(run: Run) -> None:
    import socket

    name = f"ag-test-{secrets.token_hex(4)}"
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind("\0" + name)
        abstract.listen()
        for listener in (tcp, abstract):
            listener.settimeout(0)
        code = (
            TRY
            + f"""
def stream(family, address):
    s = socket.socket(family, socket.SOCK_STREAM); s.settimeout(0.3); s.connect(address)
@attempt("host")
def _(): stream(socket.AF_INET, ("127.0.0.1", {tcp.getsockname()[1]}))
@attempt("v6")
def _(): stream(socket.AF_INET6, ("::1", {tcp.getsockname()[1]}))
@attempt("elsewhere")
def _(): stream(socket.AF_INET, ("192.0.2.1", 9))
@attempt("datagram")
def _(): socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.1", 9))
@attempt("name")
def _(): socket.getaddrinfo("example.org", 80)
@attempt("abstract")
def _(): stream(socket.AF_UNIX, "\\0{name}")
@attempt("vsock")
def _(): socket.socket(40, socket.SOCK_STREAM)
@attempt("raw")
def _(): socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
@attempt("bluetooth")
def _(): socket.socket(31, socket.SOCK_RAW, 1)
print(json.dumps(answers))
"""
        )
        answers = json.loads(run(code)["output"])
        assert not [name for name, (outcome, _) in answers.items() if outcome == "done"], answers
        for listener in (tcp, abstract):
            with pytest.raises(BlockingIOError):
                listener.accept()


def test_dangerous_system_calls_are_refused(run: Run) -> None:
    code = (
        TRY
        + """
import resource, fcntl
calls = dict(
    ptrace=(101, 0, 0, 0, 0), mount=(165, 0, b"/", 0, 0, 0), unshare=(272, 1 << 28),
    setns=(308, 0, 0), bpf=(321, 0, 0, 0), io_uring=(425, 1, 0), keyctl=(250, 0, 0),
    perf=(298, 0, 0, 0, 0, 0), memfd=(319, b"x", 0), shmget=(29, 0, 4096, 0o1600),
    userfault=(323, 0), chroot=(161, b"/"), module=(175, 0, 0, b""), clone3=(435, 0, 0),
    handle=(304, 0, 0, 0), process_vm=(310, 1, 0, 0, 0, 0, 0), pidfd_getfd=(438, 0, 0, 0),
    reboot=(169, 0, 0, 0))
for name, arguments in calls.items():
    attempt(name)(lambda: call(*arguments))
@attempt("clone into a namespace")
def _(): call(56, (1 << 28) | 17, 0, 0, 0, 0)
@attempt("raise a limit")
def _(): resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
@attempt("be root")
def _(): os.setuid(0)
@attempt("hide")
def _():
    if libc.prctl(4, 0, 0, 0, 0): raise OSError(ctypes.get_errno(), "prctl")
@attempt("type into a terminal")
def _(): fcntl.ioctl(0, 0x5412, b"x")
@attempt("device")
def _(): os.mknod("disk", 0o60666, os.makedev(8, 0)); open("disk", "rb").read(1)
print(json.dumps(answers))
"""
    )
    answers = json.loads(run(code)["output"])
    assert len(answers) == 24
    assert not [name for name, (outcome, _) in answers.items() if outcome == "done"], answers


# --- attempts that break something ----------------------------------------------------------------


def test_signals_reach_no_outside_process(run: Run) -> None:
    with subprocess.Popen(["/bin/sleep", "60"]) as victim:
        code = (
            TRY
            + f"""
import signal
pids = dict(
    victim={victim.pid}, tester={os.getpid()}, parent=os.getppid(), init=1, everyone=-1
)
for name, pid in pids.items():
    attempt(name)(lambda: os.kill(pid, signal.SIGTERM))
    attempt(name + " KILL")(lambda: os.kill(pid, signal.SIGKILL))
print("still here")
"""
        )
        answer = run(code)
        assert "still here" in str(answer["output"]) or answer["status"] != 0
        assert victim.poll() is None
        victim.kill()


@pytest.mark.parametrize("how", ["fork", "thread"])
def test_processes_and_threads_stop_at_the_limit(run: Run, how: str) -> None:
    code = f"""
import os, threading, time
count = 0
try:
    while count < 200:
        if {how == "thread"}: threading.Thread(target=time.sleep, args=(20,), daemon=True).start()
        elif os.fork() == 0: time.sleep(20); os._exit(0)
        count += 1
except (OSError, RuntimeError) as error: print(count, type(error).__name__, flush=True)
os._exit(0)
"""
    count, error = str(run(code)["output"]).split()
    assert 5 <= int(count) <= LIMITS["processes"]
    assert error == {"fork": "BlockingIOError", "thread": "RuntimeError"}[how]


def test_a_program_that_takes_too_much_memory_is_killed(run: Run) -> None:
    answer = run("b = []\nwhile True: b.append(bytearray(4 << 20))")
    assert answer["killed_by"] == "memory limit 256 MiB", answer


def test_the_memory_of_all_processes_is_added_up(run: Run) -> None:
    answer = run(
        "import os, time\n"
        "for _ in range(4): os.fork() or None\n"
        "b = bytearray(b'x') * (40 << 20)\n"
        "time.sleep(30)"
    )
    assert answer["killed_by"] == "memory limit 256 MiB", answer


HIDDEN_MEMORY = {
    "of a process without its first thread": """
import ctypes, os, threading, time
if os.fork() == 0:
    def hold():
        time.sleep(0.3); held = bytearray(b"x") * (270 << 20); time.sleep(15); os._exit(0)
    threading.Thread(target=hold).start()
    ctypes.CDLL(None).syscall({"x86_64": 60, "aarch64": 93}[os.uname().machine], 0)
time.sleep(15)
""",
    "dropped from the page table": """
import mmap, time
kept = [mmap.mmap(-1, 54 << 20) for _ in range(5)]
for part in kept:
    part[:] = b"x" * (54 << 20); part.madvise(mmap.MADV_DONTNEED)
time.sleep(15)
""",
}


@pytest.mark.parametrize("how", HIDDEN_MEMORY)
def test_memory_that_hides_counts(run: Run, how: str) -> None:
    answer = run(HIDDEN_MEMORY[how])
    assert answer["killed_by"] == "memory limit 256 MiB", answer


def test_deleted_files_on_the_hosts_disk_are_always_in_a_table_that_counts(
    run: Run, backend: str
) -> None:
    """In bubblewrap they are in memory, whose size is limited."""
    code = """
import array, ctypes, os, socket, threading
libc = ctypes.CDLL(None, use_errno=True)
def unshared():
    print(libc.syscall(436, 100000, 100001, 2), ctypes.get_errno())
thread = threading.Thread(target=unshared); thread.start(); thread.join()
one, other = socket.socketpair()
with open("x", "wb") as file:
    try: print(socket.send_fds(one, [b"x"], [file.fileno()]))
    except PermissionError: print("refused")
one.sendall(b"y")
print(len(other.recv(2)) > 0)
"""
    sent = "1" if backend == "bwrap" else "refused"
    assert run(code)["output"] == f"-1 22\n{sent}\nTrue\n"


def test_connections_that_nobody_accepts_end_with_their_number(run: Run, backend: str) -> None:
    code = """
import socket, sys, time
kept = []
for number in range(60):
    listener = socket.socket(socket.AF_UNIX); listener.bind(f"l{number}")
    kept.append(listener)
    try: listener.listen(20)
    except PermissionError: sys.exit("refused")
    for _ in range(20):
        one = socket.socket(socket.AF_UNIX); one.setblocking(False)
        one.connect(f"l{number}"); one.close()
time.sleep(15)
"""
    answer = run(code)
    if backend == "bwrap":
        assert answer["killed_by"] == "limit of 1000 sockets", answer
    else:
        assert answer["errors"] == "refused\n", answer


def test_memory_without_limit_is_not_shared_and_no_process_leaves_the_tree(
    run: Run, backend: str
) -> None:
    names = ("null", "full", "shm/file") if backend == "bwrap" else ("null",)
    code = f"""
import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
clone = {{"x86_64": 56, "aarch64": 220}}[os.uname().machine]
pid = libc.syscall(clone, 0x8000 | 17, 0, 0, 0, 0)
if pid == 0: os._exit(0)
print(pid, ctypes.get_errno())
try: mmap.mmap(-1, 65 << 20)
except OSError as error: print(error.errno)
try: os.open("/dev/zero", os.O_RDWR)
except OSError as error: print(error.errno)
for name in {names}: os.close(os.open("/dev/" + name, os.O_WRONLY | os.O_CREAT))
print(len(open("/dev/zero", "rb").read(4)))
"""
    assert run(code)["output"] == "-1 1\n12\n13\n4\n"


def test_memory_that_processes_share_counts_once(run: Run) -> None:
    answer = run(
        "import os, time\nb = bytearray(b'x') * (120 << 20)\n"
        "for _ in range(3): os.fork()\ntime.sleep(1)\nprint('done') if os.getpid() else 0"
    )
    assert answer["killed_by"] == "", answer
    assert "done" in str(answer["output"])


def test_files_stop_at_the_limit_and_the_host_s_disk_is_spared(run: Run, backend: str) -> None:
    code = """
import os
for folder in ("/tmp", "/dev/shm", os.getcwd(), os.environ["HOME"]):
    written = 0
    try:
        for number in range(40):
            with open(f"{folder}/fill{number}", "wb") as f:
                written += f.write(bytes(4 << 20))
    except OSError: pass
    print(written >> 20, flush=True)
import time; time.sleep(2)
"""
    answer = run(code)
    if backend == "bwrap":
        written = [int(word) for word in str(answer["output"]).split()]
        assert all(amount <= LIMITS["disk_mb"] for amount in written), answer
        assert int(str(answer["disk"])) < 1 << 20
    else:
        assert answer["killed_by"] == "disk limit 32 MiB", answer


def test_one_file_stops_at_its_limit(run: Run) -> None:
    answer = run(
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: open('big', 'wb').truncate(17 << 20)\nexcept OSError as error: print(error.strerror)"
    )
    assert answer["output"] == "File too large\n"


@pytest.mark.skipif(landlock.abi() < landlock.LEAST_ABI, reason="no Landlock in this kernel")
def test_the_sockets_folder_takes_sockets_and_nothing_else(run: Run) -> None:
    code = (
        TRY
        + """
folder = "/s" if os.path.isdir("/s") else os.path.dirname(os.getcwd()) + "/s"
socket.socket(socket.AF_UNIX).bind(folder + "/ours")
attempt("file")(lambda: open(folder + "/f", "w"))
attempt("folder")(lambda: os.mkdir(folder + "/d"))
attempt("link")(lambda: os.symlink("/", folder + "/l"))
attempt("pipe")(lambda: os.mkfifo(folder + "/p"))
attempt("moved file")(lambda: (open("x", "w"), os.rename("x", folder + "/x")))
print(json.dumps(answers))
"""
    )
    answer = run(code)
    answers = json.loads(str(answer["output"]))
    assert len(answers) == 5
    assert not [name for name, (outcome, _) in answers.items() if outcome == "done"], answers
    assert answer["files"] == ["ours"]


def test_an_endless_loop_that_ignores_signals_is_killed(run: Run) -> None:
    answer = run(
        "import signal\n"
        "for n in range(1, 32):\n"
        "    try: signal.signal(n, signal.SIG_IGN)\n    except OSError: pass\n"
        "while True: pass",
        notebook_seconds=3.0,
    )
    assert answer["killed_by"] == "time limit 3 s", answer


def test_cpu_time_is_limited_even_without_the_watchdog(run: Run) -> None:
    answer = run("while True: pass", cpu_seconds=1, watched={"cpu_seconds": 300})
    assert answer["killed_by"] == ""
    assert answer["status"] != 0


def test_detached_processes_end_with_the_program(run: Run) -> None:
    answer = run(
        "import os, signal, time\n"
        "for _ in range(3):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
        "        if os.fork() == 0:\n"
        "            os.close(1); os.close(2); time.sleep(60)\n"
        "        os._exit(0)\n"
        "print('left')"
    )  # `marker` checks that they are gone
    assert answer["output"] == "left\n"


def test_the_program_ends_if_our_side_is_killed(backend: str, user: str, marker: str) -> None:
    spec = {
        "backend": backend,
        "code": "import time; time.sleep(60)",
        "limits": LIMITS,
        "arguments": [marker],
    }
    script = str(TESTS / "support" / "confined.py")
    with ordinary_home() as home:
        prefix = [] if user == "root" or os.getuid() else as_ordinary(home)
        environment = os.environ | {"TMPDIR": home, "PYTHONPATH": str(TESTS)}
        command = [*prefix, sys.executable, script, json.dumps(spec)]
        with subprocess.Popen(command, env=environment) as grader:
            wait_until(lambda: living(marker), "the student's program runs")
            grader.kill()
