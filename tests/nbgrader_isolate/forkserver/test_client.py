"""What the fork server guarantees, with every backend of this machine.

Children are isolated from each other, receive their descriptors, and leave nothing behind.
"""

from __future__ import annotations

import fcntl
import gc
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.forkserver import ForkServer, ForkServerError, channel, file_payload
from nbgrader_isolate.sandbox import backends, landlock
from support import TESTS
from support.forked import talk
from support.patience import eventually, patience
from support.users import as_ordinary

pytestmark = [pytest.mark.slow, pytest.mark.sample(every=2)]  # most with one sandbox


def backend_or_skip(name: str) -> backends.Backend:
    try:
        return backends.choose(name)
    except backends.NoSandboxError as error:
        pytest.skip(str(error).replace("\n", " "))


@pytest.fixture(scope="module", params=["bwrap", "landlock"])
def server(request: pytest.FixtureRequest) -> Iterator[ForkServer]:
    with ForkServer(Limits(memory_mb=512, processes=48), backend_or_skip(request.param)) as started:
        yield started


@pytest.fixture(scope="module")
def enclosed() -> Iterator[ForkServer]:
    """A server whose children have namespaces."""
    with ForkServer(Limits(), backend_or_skip("bwrap")) as started:
        yield started


def alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def gone_soon(pids: list[int]) -> bool:
    return eventually(lambda: not any(map(alive, pids)))


def tree(pid: int) -> list[int]:
    pids = [pid]
    for member in pids:
        for listing in Path(f"/proc/{member}/task").glob("*/children"):
            pids += map(int, listing.read_text().split())
    return pids


def test_a_kernel_runs_cells_and_finds_its_files(server: ForkServer) -> None:
    files = {"data.csv": b"1,2\n", "folder/words.txt": "né".encode()}
    with talk(server.kernel(files)) as kernel:
        assert kernel.run("print(open('data.csv').read())") == "1,2"
        assert kernel.run("print(open('folder/words.txt', encoding='utf8').read())") == "né"
        assert kernel.run("1 / 0") == "ZeroDivisionError: division by zero"


def test_a_kernel_draws_pictures_and_shows_what_subprocesses_print(enclosed: ForkServer) -> None:
    with talk(enclosed.kernel()) as kernel:
        assert "Error" not in kernel.run(
            "import matplotlib.pyplot as plt; plt.plot([1]); plt.show()"
        )
        assert kernel.run("import subprocess; print(subprocess.getoutput('echo heard'))") == "heard"
        code = (
            "from multiprocessing import Process\nP = Process(target=print, args=('from below',))\n"
        )
        assert "from below" in kernel.run(code + "P.start(); P.join()")


def test_ipykernel_is_started_in_two_halves_here(server: ForkServer) -> None:
    server.wait_ready()
    assert server.ready_info["split"] is True
    assert server.ready_info["modules"] > 400


@pytest.mark.sample(every=1)
def test_what_one_kernel_writes_no_other_sees(server: ForkServer) -> None:
    leave = (
        "import os, tempfile, pathlib, sys, numpy as np\n"
        "for folder in ('.', os.environ['HOME'], tempfile.gettempdir()):\n"
        "    pathlib.Path(folder, 'left-behind').write_text('x')\n"
        "sys.left_behind = np.left_behind = 1\n"
        "os.environ['LEFT_BEHIND'] = '1'\n"
    )
    look = (
        "import os, subprocess, sys, numpy as np\n"
        "print('env', [k for k in os.environ if 'LEFT' in k])\n"
        "print('names', hasattr(sys, 'left_behind'), hasattr(np, 'left_behind'))\n"
        "print('files', [os.path.join(d, f) for d, _, fs in os.walk('.') for f in fs])\n"
        "print('home', os.path.exists(os.path.expanduser('~/left-behind')))\n"
        "print('tmp', os.path.exists(os.environ['TMPDIR'] + '/left-behind'))\n"
    )
    with talk(server.kernel()) as first, talk(server.kernel()) as second:
        first.run(leave)
        seen = second.run(look).splitlines()
    assert seen == ["env []", "names False False", "files []", "home False", "tmp False"]


@pytest.mark.sample(every=1)
def test_a_kernel_cannot_read_another_ones_folder_or_the_course(
    server: ForkServer, tmp_path: Path
) -> None:
    secret = tmp_path / "gradebook.db"
    secret.write_text("points")
    with talk(server.kernel({"answer": b"forty-two"})) as victim, talk(server.kernel()) as thief:
        where = victim.run("import os; print(os.getcwd())")
        pid = victim.kernel.pid
        for path in (secret, f"{where}/answer", f"/proc/{pid}/cwd/answer", f"/proc/{pid}/environ"):
            seen = thief.run(f"print(open({str(path)!r}).read())")
            assert "Error" in seen
            assert "forty-two" not in seen


def test_kernels_share_no_processes_sockets_names_or_network(enclosed: ForkServer) -> None:
    listen = (
        "import os, socket\n"
        "a = socket.socket(socket.AF_UNIX); a.bind('\\0meet-me'); a.listen()\n"
        "b = socket.create_server(('127.0.0.1', 5123))\n"
        "print(os.getpid(), socket.gethostname())"
    )
    reach = (
        "import os, socket\n"
        "print([p for p in os.listdir('/proc') if p.isdecimal()])\n"
        "for family, address in ((socket.AF_UNIX, '\\0meet-me'),\n"
        "                        (socket.AF_INET, ('127.0.0.1', 5123)),\n"
        "                        (socket.AF_INET, ('1.1.1.1', 53))):\n"
        "    try: socket.socket(family).connect(address); print('reached', address)\n"
        "    except OSError as error: print(type(error).__name__)\n"
    )
    with talk(enclosed.kernel()) as first, talk(enclosed.kernel()) as second:
        assert first.run(listen) == "1 sandbox"
        assert second.run(reach).splitlines() == [
            "['1']",
            "ConnectionRefusedError",
            "ConnectionRefusedError",
            "OSError",
        ]


def test_nothing_of_the_host_can_be_written_and_memory_disk_is_capped(enclosed: ForkServer) -> None:
    code = (
        "for folder in ('/usr', '/etc', '/', '/dev', '/server'):\n"
        "    try: open(folder + '/x', 'w'); print('wrote', folder)\n"
        "    except OSError: pass\n"
        "total = 0\n"
        "try:\n"
        "    for number, folder in enumerate(['.', '/tmp', '/dev/shm'] * 10):\n"
        "        with open(f'{folder}/{number}', 'wb') as f:\n"
        "            for _ in range(40): total += f.write(bytes(1 << 20))\n"
        "except OSError as error: print(error.strerror, total >> 20 < 130)\n"
    )
    with talk(enclosed.kernel()) as kernel:
        assert kernel.run(code) == "No space left on device True"


def test_a_kernel_has_no_rights_and_cannot_get_any(enclosed: ForkServer) -> None:
    code = (
        "import ctypes, os, re\n"
        "s = open('/proc/self/status').read()\n"
        "print(os.getuid(), re.findall(r'Cap(?:Eff|Prm|Bnd|Amb|Inh):\\t(\\w+)', s))\n"
        "print(re.findall(r'(?:NoNewPrivs|Seccomp):\\t(\\d)', s))\n"
        "libc = ctypes.CDLL(None)\n"
        "print(libc.unshare(0x10000000), libc.mount(b'x', b'/tmp', b'tmpfs', 0, None))\n"
        "print(sorted(os.listdir('/proc/self/fd'), key=int)[:4])\n"
    )
    with talk(enclosed.kernel()) as kernel:
        user, second, third, descriptors = kernel.run(code).splitlines()
    assert user == f"1000 {['0' * 16] * 5}"
    assert second == "['1', '2']"
    assert third == "-1 -1"
    assert descriptors == "['0', '1', '2', '3']"


def test_a_kernel_cannot_ask_its_sockets_about_the_hosts_network(enclosed: ForkServer) -> None:
    # An accepted connection belongs to the network of the client, which is the host's.
    code = (
        "import array, fcntl, os, socket, struct\n"
        "names = set()\n"
        "buffer = array.array('B', bytes(4096))\n"
        "for fd in map(int, os.listdir('/proc/self/fd')):\n"
        "    try: n = fcntl.ioctl(fd, 0x8912, struct.pack('iL', 4096, buffer.buffer_info()[0]))\n"
        "    except OSError: continue\n"
        "    n = struct.unpack('iL', n)[0]\n"
        "    names |= {buffer.tobytes()[i:i + 16].split(b'\\0')[0] for i in range(0, n, 40)}\n"
        "print(sorted(names - {b'lo'}))"
    )
    with talk(enclosed.kernel()) as kernel:
        assert kernel.run(code) == "[]"


def test_passed_descriptors_are_numbered_from_three_in_their_order(server: ForkServer) -> None:
    pairs = [socket.socketpair() for _ in range(3)]
    code = (
        "import os\n"
        "for fd in map(int, os.environ['NBGRADER_ISOLATE_FDS'].split(',')):\n"
        "    os.write(fd, str(fd).encode())"
    )
    try:
        with talk(server.kernel(fds=[theirs.fileno() for _, theirs in pairs])) as kernel:
            assert kernel.run(code) == ""
            assert [ours.recv(10) for ours, _ in pairs] == [b"3", b"4", b"5"]
    finally:
        for pair in pairs:
            for end in pair:
                end.close()


def test_a_process_calls_its_function_with_its_descriptors(server: ForkServer) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, server.process("statistics:mean", fds=[theirs.fileno()]) as child:
        assert child.wait(patience(15)) == 0
        assert child.failure() == ""
        assert child.usage.cpu_seconds < 5


def test_a_process_that_fails_says_why(server: ForkServer) -> None:
    with server.process("json:no_such_function") as child:
        assert child.wait(patience(15)) == 70
        assert "no_such_function" in child.failure()
    with server.process("json:loads") as child:
        assert child.wait(patience(15)) == 1
        assert "TypeError" in child.failure()


def test_the_same_seed_gives_the_same_numbers_and_none_gives_unpredictable_ones(
    server: ForkServer,
) -> None:
    code = "import random, numpy as np; print(random.random(), np.random.rand())"
    drawn = []
    for seed in (7, 7, 8, None, None):
        with talk(server.kernel(seed=seed)) as kernel:
            drawn.append(kernel.run(code))
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 4


def test_the_warm_process_is_told_neither_seeds_nor_keys(
    server: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it has read may be in the memory of later children, if only as freed bytes."""
    server.wait_ready()
    told: list[object] = []
    send = channel.send

    def noted(end: socket.socket, message: channel.Message, fds: list[int] | None = None) -> None:
        told.append(message)
        send(end, message, fds)

    monkeypatch.setattr(channel, "send", noted)
    seed = 172635489012345678901234567890123456789
    with talk(server.kernel(seed=seed)) as kernel:
        drawn = kernel.run("import random; print(random.random())")
        key = kernel.kernel.connection_info["key"].decode()
    assert drawn == str(random.Random(seed).random())  # noqa: S311 (the same as in the kernel)
    with server.process("builtins:bool", seed=seed) as child:
        child.wait(patience(5))
    assert len(told) == 2
    assert str(seed) not in repr(told)
    assert key not in repr(told)


def test_an_interrupt_stops_the_cell_and_the_next_one_runs(server: ForkServer) -> None:
    with talk(server.kernel()) as kernel:
        request = kernel.start("print('go', flush=True)\nwhile True: pass")
        time.sleep(0.5)
        while kernel.kernel.poll() is None:
            kernel.kernel.interrupt()
            if "KeyboardInterrupt" in kernel.finish(request):
                break
        assert kernel.run("print(1 + 1)") == "2"


@pytest.mark.sample(every=1)
def test_a_killed_kernel_and_all_the_processes_it_started_are_gone(server: ForkServer) -> None:
    code = (
        "import subprocess, sys\n"
        "for k in range(3): subprocess.Popen([sys.executable, '-c', 'import os, time; os.setsid(); "
        "os.fork(); time.sleep(600)'])\n"
        "import time; time.sleep(1)"
    )
    with talk(server.kernel()) as kernel:
        kernel.run(code)
        below = tree(kernel.kernel.pid)
        assert len(below) >= 4
        kernel.kernel.kill("asked for")
        assert kernel.kernel.wait(patience(15)) == -signal.SIGKILL
        assert kernel.kernel.killed_by == "asked for"
        assert gone_soon(below)


@pytest.mark.sample(every=1)
def test_a_kernel_that_takes_too_much_memory_is_killed_with_that_reason(
    server: ForkServer,
) -> None:
    with talk(server.kernel()) as kernel:
        kernel.start("import time\nkept = [bytearray(64 << 20) for _ in range(12)]\ntime.sleep(60)")
        assert kernel.kernel.wait(patience(15)) == -signal.SIGKILL
        assert kernel.kernel.killed_by == "memory limit 512 MiB"


ORPHAN = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        big = bytearray(b"x") * (700 << 20)
        time.sleep(60)
    os._exit(0)
os.wait(); time.sleep(60)
"""


def test_a_process_whose_parent_has_ended_counts_too(server: ForkServer) -> None:
    with talk(server.kernel()) as kernel:
        kernel.start(ORPHAN)
        assert kernel.kernel.wait(patience(15)) == -signal.SIGKILL
        assert kernel.kernel.killed_by == "memory limit 512 MiB"


def test_folders_inside_each_other_end_one_kernel_and_no_other(server: ForkServer) -> None:
    deep = "import os, time\nfor _ in range(1100): os.mkdir('d'); os.chdir('d')\ntime.sleep(2)"
    with talk(server.kernel()) as other:
        with talk(server.kernel()) as kernel:
            kernel.start(deep)
            kernel.kernel.wait(3)
        assert not (kernel.kernel.scratch_dir and kernel.kernel.scratch_dir.exists())
        assert other.run("print(1)") == "1"
        other.start("b = bytearray(b'x') * (700 << 20); import time; time.sleep(60)")
        assert other.kernel.wait(patience(15)) == -signal.SIGKILL
        assert other.kernel.killed_by == "memory limit 512 MiB"


def test_a_kernel_has_landlock_where_the_linux_kernel_has_it(enclosed: ForkServer) -> None:
    if landlock.abi() < landlock.LEAST_ABI:
        pytest.skip("this Linux kernel has no Landlock")
    with talk(enclosed.kernel()) as kernel:
        # only Landlock is against it: the file belongs to the process, and /proc is writable
        assert kernel.run("open('/proc/self/comm', 'w')").startswith("PermissionError")
        asked = "from nbgrader_isolate.sandbox import landlock; print(landlock.abi())"
        assert kernel.run(asked) == "0", "rules are memory that nobody counts"


def test_kernels_share_no_terminals(enclosed: ForkServer) -> None:
    opened = "import os; ends = os.openpty(); print(os.ttyname(ends[1]))"
    with talk(enclosed.kernel()) as one, talk(enclosed.kernel()) as other:
        assert one.run("import os; print(os.listdir('/dev/pts'))") == "['ptmx']"
        assert one.run(opened) == other.run(opened) == "/dev/pts/0"
        one.run("_ = os.write(ends[1], b'for nobody else')")
        assert other.run("os.set_blocking(ends[0], False); os.read(ends[0], 99)").startswith(
            "BlockingIOError"
        )
        many = "count = 0\nwhile count < 99: os.openpty(); count += 1"
        assert "OSError" in one.run(many)
        assert 30 < int(one.run("print(count)")) < 65


def test_connections_take_little_memory(server: ForkServer) -> None:
    code = (
        "import socket\n"
        "one, other = socket.socketpair()\n"
        "one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8 << 20)\n"
        "one.setblocking(False)\n"
        "sent = 0\n"
        "try:\n"
        "    while True: sent += one.send(bytes(1 << 16))\n"
        "except BlockingIOError: print(sent < 1 << 20)"
    )
    with talk(server.kernel()) as kernel:
        assert kernel.run(code) == "True"


def test_loopback_connections_take_little_memory(enclosed: ForkServer) -> None:
    code = (
        "import socket\n"
        "with socket.create_server(('127.0.0.1', 0)) as listener:\n"
        "    one = socket.create_connection(listener.getsockname())\n"
        "    other, _ = listener.accept()\n"
        "one.setblocking(False)\n"
        "sent = 0\n"
        "try:\n"
        "    while True: sent += one.send(bytes(1 << 16))\n"
        "except BlockingIOError: print(sent < 1 << 20)"
    )
    with talk(enclosed.kernel()) as kernel:
        assert kernel.run(code) == "True"


def test_few_connections_wait_to_be_accepted(enclosed: ForkServer) -> None:
    code = (
        "import socket\n"
        "listener = socket.socket(socket.AF_UNIX)\n"
        "listener.bind('/tmp/l'); listener.listen(4096)\n"
        "count = 0\n"
        "try:\n"
        "    while True:\n"
        "        one = socket.socket(socket.AF_UNIX); one.setblocking(False)\n"
        "        one.connect('/tmp/l'); count += 1\n"
        "except BlockingIOError: print(count < 20)"
    )
    messages = (
        "receiver, one = (socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) for _ in range(2))\n"
        "receiver.bind('/tmp/d'); one.setblocking(False)\n"
        "count = 0\n"
        "try:\n"
        "    while True: one.sendto(b'x', '/tmp/d'); count += 1\n"
        "except BlockingIOError: print(count < 5)"
    )
    with talk(enclosed.kernel()) as kernel:
        assert kernel.run(code) == "True"
        assert kernel.run(messages) == "True"


def test_no_kernel_locks_a_file_that_others_read(server: ForkServer) -> None:
    lock = (
        "import fcntl\nkept = open(fcntl.__file__)\n"
        "print(fcntl.flock(kept, fcntl.LOCK_EX | fcntl.LOCK_NB))"
    )
    with talk(server.kernel()) as one, talk(server.kernel()) as other:
        assert one.run(lock) == other.run(lock) == "None"
        with Path(fcntl.__file__).open("rb") as ours:
            fcntl.flock(ours, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_no_kernel_makes_others_wait_for_a_file(server: ForkServer) -> None:
    lease = "import fcntl, sys\nfcntl.fcntl(open({}), 1024, {})"
    with talk(server.kernel({"mine": b""})) as kernel:
        for file, kind in (("sys.executable, 'rb'", 1), ("fcntl.__file__, 'rb'", 0), ("'mine'", 0)):
            assert kernel.run(lease.format(file, kind)).startswith("PermissionError")


def test_a_fork_bomb_stays_small_and_does_not_affect_its_neighbor(server: ForkServer) -> None:
    bomb = (
        "import os, time, warnings\n"
        "warnings.simplefilter('ignore')\n"  # from Python 3.12 on: a fork beside threads
        "count = 0\n"
        "try:\n"
        "    while count < 200:\n"
        "        if os.fork() == 0: time.sleep(600)\n"
        "        count += 1\n"
        "except OSError: print('stopped', count < 60)\n"
    )
    with talk(server.kernel()) as first, talk(server.kernel()) as second:
        assert first.run(bomb) == "stopped True"
        quietly = "import os, warnings\nwarnings.simplefilter('ignore')\n"
        assert second.run(f"{quietly}if os.fork() == 0: os._exit(0)\nprint(os.wait()[1])") == "0"
        below = tree(first.kernel.pid)
    assert gone_soon(below)


def test_when_the_warm_process_dies_its_kernels_die_and_a_restart_serves_again() -> None:
    with ForkServer(Limits(), backend_or_skip("bwrap")) as server:
        kernel = server.kernel()
        below = tree(server.pid)
        os.kill(below[-1] if below[-1] != kernel.pid else below[-2], signal.SIGKILL)
        assert kernel.wait(patience(15)) is not None
        assert gone_soon(below)
        kernel.close()
        server.restart()
        with talk(server.kernel()) as again:
            assert again.run("print('back')") == "back"


@pytest.mark.sample("landlock")
@pytest.mark.parametrize("backend", ["bwrap", "landlock"])
def test_when_the_worker_is_killed_no_process_is_left_and_the_folder_goes_at_the_next_start(
    backend: str,
) -> None:
    backend_or_skip(backend)
    runtime_dir = f"/tmp/ag-test-{os.getpid()}-{backend}"  # noqa: S108 (short: it holds sockets)
    code = (
        "import os, sys, time\n"
        "from nbgrader_isolate.forkserver import ForkServer\n"
        "from nbgrader_isolate.core.limits import Limits\n"
        "server = ForkServer(Limits(), sys.argv[1]).start()\n"
        "kernels = [server.kernel() for _ in range(2)]\n"
        "print(server.pid, *(k.pid for k in kernels), flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = os.environ | {"NBGRADER_ISOLATE_RUNTIME": runtime_dir}
    command = [sys.executable, "-c", code, backend]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as worker:
        assert worker.stdout
        pids = list(map(int, worker.stdout.readline().split()))
        below = tree(worker.pid)
        assert set(pids) <= set(below)
        worker.kill()
        worker.wait()
    assert gone_soon(below)
    assert list(Path(runtime_dir).glob("s*"))
    ended = code.replace("time.sleep(600)", "server.close()")
    subprocess.run(
        [sys.executable, "-c", ended, backend],
        env=environment,
        check=True,
        timeout=patience(30),
        stdout=subprocess.DEVNULL,
    )
    assert not list(Path(runtime_dir).glob("s*"))
    Path(runtime_dir, "lock").unlink()
    Path(runtime_dir).rmdir()


def test_an_ordinary_user_gets_the_same_kernels_as_root() -> None:
    backend_or_skip("bwrap")
    home = Path(f"/tmp/ag-user-{os.getpid()}")  # noqa: S108 (short: it holds sockets)
    home.mkdir()
    home.chmod(0o777)
    code = (
        "import os, sys\n"
        "from support.forked import talk\n"
        "from nbgrader_isolate.forkserver import ForkServer\n"
        "from nbgrader_isolate.core.limits import Limits\n"
        "with (\n"
        "    ForkServer(Limits(), 'bwrap') as server,\n"
        "    talk(server.kernel({'a': b'7'})) as kernel,\n"
        "):\n"
        "    code = 'import os; print(os.getuid(), open(\"a\").read())'\n"
        "    print(os.getuid() != 0, kernel.run(code))\n"
    )
    command = [*as_ordinary(str(home)), sys.executable, "-c", code]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(TESTS),
        "NBGRADER_ISOLATE_RUNTIME": str(home / "runtime"),
    }
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=patience(50), check=False
    )
    assert done.stdout.strip() == "True 1000 7", done.stderr
    assert [path.name for path in (home / "runtime").iterdir()] == ["lock"]
    shutil.rmtree(home)


def test_a_server_that_cannot_start_says_why() -> None:
    backend = backends.Backend("none", {})
    broken = ForkServer(Limits(), backend, modules=[])
    broken.limits.memory_mb = 1
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            "nbgrader_isolate.forkserver.launch.MODULE", "nbgrader_isolate.no_such_module"
        )
        with pytest.raises(ForkServerError, match="no_such_module"):
            broken.kernel()
    broken.close()


def test_files_that_do_not_fit_or_lie_outside_the_folder_are_refused(enclosed: ForkServer) -> None:
    for files in ({"../x": b""}, {"/etc/x": b""}, {"big": bytes(129 << 20)}):
        with pytest.raises(file_payload.FilePayloadError):
            enclosed.kernel(files)
    assert enclosed.alive


def test_many_kernels_in_a_row_leave_no_memory_descriptors_or_folders_behind(
    enclosed: ForkServer,
) -> None:
    def descriptors() -> int:
        gc.collect()
        return len(list(Path("/proc/self/fd").iterdir()))

    def state() -> tuple[int, int]:
        warm = max(tree(enclosed.pid), key=resident)
        folder = len(list(enclosed._server.runtime_dir.path.iterdir()))  # noqa: SLF001
        return resident(warm) + resident(os.getpid()), folder

    def one(number: int) -> None:
        with enclosed.process("json:no_such_function") as child:
            assert child.wait(patience(15)) == 70, number
        with enclosed.kernel({"a": b"1"}):
            pass

    for number in range(20):
        one(number)
    time.sleep(1)  # a thread learns that a child has ended, and then closes its descriptors
    opened, before = descriptors(), state()
    for number in range(90):
        one(number)
    assert eventually(lambda: descriptors() == opened), descriptors()
    after = state()
    assert after[1] == before[1]
    assert after[0] < before[0] + (4 << 20)


def resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_children_have_the_modules_that_were_preloaded(server: ForkServer) -> None:
    loaded = "import sys; print([name in sys.modules for name in ('wave', 'xml.sax.handler')])"
    with talk(server.kernel()) as kernel:
        assert kernel.run(loaded) == "[False, False]"
    generation = server.generation
    server.preload(["wave", "xml.sax:handler", "no_such_module", "wave:no_such_name"])
    with talk(server.kernel()) as kernel:
        assert kernel.run(loaded) == "[True, True]"
    assert server.generation == generation


def test_a_module_that_starts_a_thread_is_not_preloaded(
    enclosed: ForkServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = enclosed.generation
    monkeypatch.setattr(
        "nbgrader_isolate.forkserver.server_process.ServerProcess.import_modules",
        lambda _self, _names: False,
    )
    enclosed.preload(["mailbox"])
    assert enclosed.generation == generation + 1
    with talk(enclosed.kernel()) as kernel:
        assert kernel.run("import sys; print('mailbox' in sys.modules)") == "False"
