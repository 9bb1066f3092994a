"""Run `python -m MODULE …` in a fork of a process that has imported the grader and nbgrader
already.

A command of nbgrader spends two seconds of processor time on imports, and the tests run hundreds of
them. Here one process for each pytest worker imports everything once; a command is a fork of it. It
is a process of its own in every way: exit code, signals, current folder, environment, standard
streams, `sys.argv` and `sys.path`. Only what the interpreter does before the first line of `MODULE`
is left out, so a few tests of each command still start Python itself.

`run` takes the place of `subprocess.run`, and `Command` that of `subprocess.Popen`.
"""

from __future__ import annotations

import array
import atexit
import gc
import importlib
import json
import os
import pkgutil
import resource
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType, TracebackType
from typing import IO, Any, NoReturn, Self

from support.patience import patience

MODULES = (
    "matplotlib.figure",
    "nbgrader.apps.nbgraderapp",
    "nbgrader.plugins",
    "nbconvert.exporters",
    "sqlalchemy.dialects.sqlite",
    "alembic.config",
)
ROOMS = ("cli", "runs", "intake", "planning", "gradebook", "grading", "feedback", "report")
"""What is imported before the first fork, with all that it imports; of the grader, whole rooms."""
NUMBER = struct.Struct("i")
"""A process id or an exit code, as an attendant reports them."""
LONGEST_REQUEST = 1 << 20
"""Bytes of a request; the environment is the largest part."""
STREAMS = 3
LARGEST_FILE = 1 << 30
"""Bytes of the largest file that a command may write."""


class Command:
    """A running command.

    Parameters
    ----------
    words : sequence of str or Path
        A module and its arguments, as after `python -m`; or the path of a script and its arguments.
    cwd : str or Path, optional
        The folder it starts in; the current one unless given.
    env : mapping of str to str, optional
        Its environment; ours unless given.
    stdout, stderr : file, optional
        Open files that take its output; nothing keeps it unless given. Its standard input is empty.
    """

    def __init__(
        self,
        words: Sequence[str | Path],
        *,
        cwd: str | Path | None = None,
        env: Mapping[str, str] | None = None,
        stdout: IO[Any] | None = None,
        stderr: IO[Any] | None = None,
    ) -> None:
        self.args = list(map(str, words))
        self.returncode: int | None = None
        request = {
            "words": self.args,
            "cwd": os.fspath(cwd or Path.cwd()),
            "env": dict(os.environ if env is None else env),
        }
        self.status, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with open(os.devnull, "r+b") as nothing:  # noqa: PTH123 - a descriptor is wanted
            streams = [(file or nothing).fileno() for file in (nothing, stdout, stderr)]
            data = json.dumps(request).encode()
            socket.send_fds(server(), [data], [theirs.fileno(), *streams])
        theirs.close()
        self.pid = self._number()

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit code; `-number` if it was ended by a signal.

        Raises
        ------
        subprocess.TimeoutExpired
            If it still runs after `timeout` seconds.
        """
        if self.returncode is None:
            self.status.settimeout(timeout)
            try:
                self.returncode = self._number()
            except (TimeoutError, BlockingIOError):
                raise subprocess.TimeoutExpired(self.args, timeout or 0) from None
            self.status.close()
        return self.returncode

    def _number(self) -> int:
        data = self.status.recv(NUMBER.size)
        assert data, f"the process that starts commands is gone: {self.args}"
        number: int = NUMBER.unpack(data)[0]
        return number

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self.kill()
        self.wait()


def run(
    words: Sequence[str | Path],
    *,
    cwd: str | Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
    check: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; its output is captured as text, whatever it prints.

    Parameters
    ----------
    words, cwd, env
        See `Command`.
    timeout : float, optional
        Seconds that it may take on an idle machine; see `patience`. It is killed afterwards.
    check : bool
        Whether an exit code other than 0 is an error.

    Raises
    ------
    subprocess.TimeoutExpired
    subprocess.CalledProcessError
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as told:
        with Command(words, cwd=cwd, env=env, stdout=output, stderr=told) as command:
            code = command.wait(timeout and patience(timeout))
        texts = []
        for file in (output, told):
            file.seek(0)
            texts.append(file.read().decode("utf-8", "backslashreplace"))
    if check and code:
        raise subprocess.CalledProcessError(code, command.args, *texts)
    return subprocess.CompletedProcess(command.args, code, *texts)


def nbgrader(
    *words: str, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command of stock nbgrader in a course; it finds this environment's programs."""
    env = os.environ if env is None else env
    path = os.pathsep.join([str(Path(sys.executable).parent), env.get("PATH", os.defpath)])
    return run(["nbgrader", *words], cwd=cwd, env={**env, "PATH": path}, timeout=100)


@cache
def server() -> socket.socket:
    """Start the process that forks, once; return the socket that it reads requests from.

    It ends when that socket is closed, so with this process at the latest.
    """
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, LONGEST_REQUEST)
    code = f"from support.preloaded import serve; serve({theirs.fileno()})"
    folder = str(Path(__file__).parents[1])
    one = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, **one, "PYTHONPATH": folder},
        pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL,
        cwd="/",
    )
    theirs.close()
    atexit.register(process.wait)
    atexit.register(ours.close)
    return ours


def serve(number: int) -> None:
    """Import everything, then fork for each request until there are no more.

    A child does not return: it ends when its module has run.
    """
    sys.path[:] = [place for place in sys.path if place not in {"", str(Path(__file__).parents[1])}]
    for module in MODULES:
        importlib.import_module(module)
    for room in ROOMS:
        import_room(importlib.import_module(f"nbgrader_isolate.{room}"))
    # a command that copies /dev/zero, say, ends before the disk is full
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, resource.RLIM_INFINITY))
    gc.collect()
    gc.freeze()  # so that children do not copy what only a collection touches
    with socket.socket(fileno=number) as requests:
        mine = command_of(requests)
    if mine:
        become(json.loads(mine[0]), mine[1])


def import_room(package: ModuleType) -> None:
    """Import every module of a package."""
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        importlib.import_module(module.name)


def command_of(requests: socket.socket) -> tuple[bytes, list[int]] | None:
    """Fork for each request; return it with its streams in the child, and None here at the end."""
    running: dict[int, int] = {}
    heard, rings = os.pipe2(os.O_NONBLOCK)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(rings, warn_on_full_buffer=False)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C of a whole terminal is for the commands
    with selectors.DefaultSelector() as selector:
        selector.register(requests, selectors.EVENT_READ)
        selector.register(heard, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            if heard in ready:
                os.read(heard, 4096)
                bury(running)
            if requests in ready:
                data, descriptors = receive(requests)
                if not data:
                    return None
                report, *streams = descriptors
                if (child := os.fork()) == 0:
                    signal.set_wakeup_fd(-1)
                    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                    signal.signal(signal.SIGINT, signal.default_int_handler)
                    for one in (heard, rings, report, *running.values()):
                        os.close(one)
                    return data, streams
                running[child] = report
                os.write(report, NUMBER.pack(child))
                for one in streams:
                    os.close(one)


def bury(running: dict[int, int]) -> None:
    """Reap the commands that have ended, and report how."""
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            child, status = ended
            report = running.pop(child)
            with suppress(BrokenPipeError):  # nobody waits for it any more
                os.write(report, NUMBER.pack(os.waitstatus_to_exitcode(status)))
            os.close(report)


def receive(requests: socket.socket) -> tuple[bytes, list[int]]:
    """Return the next request with its descriptors: where to report, then the three streams."""
    found: array.array[int] = array.array("i")
    space = socket.CMSG_SPACE((1 + STREAMS) * found.itemsize)
    data, more, _flags, _address = requests.recvmsg(LONGEST_REQUEST, space)
    for _level, _kind, content in more:
        found.frombytes(content)
    return data, list(found)


def become(request: dict[str, Any], streams: Sequence[int]) -> NoReturn:
    """Be the command: take its streams, folder and environment, and run its module as `python -m`
    does."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for stream in streams:
        os.close(stream)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    name, *_arguments = sys.argv = request["words"]
    script = name.endswith(".py")
    first = str(Path(name).parent) if script else request["cwd"]
    added = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:0] = [first, *filter(None, added)]
    sys.path_importer_cache.clear()
    try:
        if script:
            runpy.run_path(name, run_name="__main__")
        else:
            runpy.run_module(name, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            sys.stderr.write(f"{ended.code}\n")
    except BaseException:  # noqa: BLE001 - as the interpreter's own last resort
        traceback.print_exc()
        code = 1
    # all that an interpreter does at its end, but for clearing modules: that would copy all of them
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001
    atexit._run_exitfuncs()  # noqa: SLF001
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
