"""Try to escape from a sandbox: `python -I -S probe.py NAME=TARGET…`, run inside it.

It prints a line for each attempt, with its name and what stopped it. The probe runs by itself and
imports none of our modules, so that it sees what a student's program sees. The targets exist
outside and are created by `backends`: `file`, `folder`, `pid`, `port`, `datagrams`, `socket`,
`abstract`, and `processes`, which is the process limit. A target `private PATH` is one that the
course has; its value says by which numbers it is recognized. The probe harms none of them. The
first submission waits for it, so it does without modules that take longer to import than the
attempts that need them.
"""

from __future__ import annotations

import _socket as socket
import ctypes
import mmap
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
    from collections.abc import Callable
else:  # the C half, without the enumerations around it
    import _signal as signal

GIB = 1 << 30
_NEW_USER = 0x10000000
_SLEEP = 30.0  # seconds that a process left behind would live
# Without namespaces, other processes of the same user may end in the meantime and make room.
_OTHERS = 50


def main() -> None:
    """Try everything; print each attempt's name, and what stopped it unless it succeeded."""
    targets = dict(argument.rsplit("=", 1) for argument in sys.argv[1:])
    answers = [f"{name}: {attempt(action, targets)}\n" for name, action in ATTEMPTS.items()]
    for name, numbers in targets.items():
        kind, _, path = name.partition(" ")
        if kind == "private":
            stopped_by = attempt(find_private, {"path": path, "is": numbers})
            answers.append(f"{name_of(path)}: {stopped_by}\n")
    sys.stdout.write("".join(answers))
    sys.stdout.flush()


def attempt(action: Callable[[dict[str, str]], None], targets: dict[str, str]) -> str:
    """Return what stopped an action; an empty string means that nothing did."""
    try:
        action(targets)
    except (OSError, MemoryError, ValueError) as error:
        return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"
    return ""


def name_of(path: str) -> str:
    """Return the name of the attempt to read a private path, in one line without a colon."""
    return f"read {path!a}".replace(":", "\\x3a")


def find_private(targets: dict[str, str]) -> None:
    """List a folder or open a file of the course; it must be the same one as outside."""
    kind, *numbers = targets["is"].split(":")
    if kind == "folder":
        os.listdir(targets["path"])
    else:
        with open(targets["path"], "rb") as stream:
            stream.read(1)
    status = os.stat(targets["path"])
    if [str(status.st_dev), str(status.st_ino)] != numbers:
        raise FileNotFoundError(2, "only something else is there")


def read_file(targets: dict[str, str]) -> None:
    with open(targets["file"], "rb") as stream:
        stream.read()


def list_folder(targets: dict[str, str]) -> None:
    os.listdir(targets["folder"])


def write_file(targets: dict[str, str]) -> None:
    with open(f"{targets['folder']}/escaped", "wb") as stream:
        stream.write(b"x")


def change_file(targets: dict[str, str]) -> None:
    os.chmod(targets["file"], 0o777)  # noqa: S103
    if not os.access(targets["file"], os.X_OK):
        raise PermissionError(1, "the change was not made")


def change_system(_targets: dict[str, str]) -> None:
    with open("/usr/escaped", "wb"):
        os.unlink("/usr/escaped")


def connect_tcp(targets: dict[str, str]) -> None:
    stream = socket.socket(socket.AF_INET)
    stream.settimeout(0.2)
    stream.connect(("127.0.0.1", int(targets["port"])))


def send_udp(targets: dict[str, str]) -> None:
    """Send a datagram; the process outside checks whether it arrives."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.sendto(b"?", ("127.0.0.1", int(targets["datagrams"])))
    raise TimeoutError(110, "sent; the process outside checks whether it arrives")


def connect_unix(targets: dict[str, str]) -> None:
    socket.socket(socket.AF_UNIX).connect(targets["socket"])


def connect_abstract(targets: dict[str, str]) -> None:
    socket.socket(socket.AF_UNIX).connect("\0" + targets["abstract"])


def signal_process(targets: dict[str, str]) -> None:
    os.kill(int(targets["pid"]), 0)


def read_process(targets: dict[str, str]) -> None:
    with open(f"/proc/{targets['pid']}/environ", "rb") as stream:
        stream.read()


def limit_process(targets: dict[str, str]) -> None:
    """Read a limit of a process outside; whoever may do that may lower it."""
    import resource

    resource.prlimit(int(targets["pid"]), resource.RLIMIT_CPU)


def choose_processors(_targets: dict[str, str]) -> None:
    """Leave one of the processors that this process was given."""
    given = os.sched_getaffinity(0)
    if len(given) == 1:
        raise OSError(22, "there is only one")
    os.sched_setaffinity(0, {min(given)})
    if os.sched_getaffinity(0) == given:
        raise PermissionError(1, "the change was not made")


def make_namespace(_targets: dict[str, str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def take_memory(_targets: dict[str, str]) -> None:
    mmap.mmap(-1, 64 * GIB, flags=mmap.MAP_PRIVATE).close()


def hide_memory(_targets: dict[str, str]) -> None:
    os.close(os.memfd_create("hidden"))


def write_much(_targets: dict[str, str]) -> None:
    with open("much", "wb") as stream:
        try:
            os.truncate(stream.fileno(), GIB)
        finally:
            os.unlink("much")


def start_processes(targets: dict[str, str]) -> None:
    started: list[int] = []
    try:
        for _ in range(int(targets["processes"]) + _OTHERS):
            pid = os.fork()
            if pid == 0:
                time.sleep(_SLEEP)
                os._exit(0)
            started.append(pid)
    finally:
        for pid in started:
            stop(pid)


def stop(pid: int) -> None:
    """Kill a child; if we may not send signals, it ends with the sandbox."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except OSError:
        pass


def leave_process(_targets: dict[str, str]) -> None:
    """Leave a detached process that holds our standard output; the process outside waits for it."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            time.sleep(_SLEEP)
        os._exit(0)
    raise ChildProcessError(10, "started; the process outside checks whether it ends")


ATTEMPTS: dict[str, Callable[[dict[str, str]], None]] = {
    "read a file outside": read_file,
    "list a folder outside": list_folder,
    "write a file outside": write_file,
    "change a file's permissions outside": change_file,
    "change the system": change_system,
    "connect to a port of the host": connect_tcp,
    "send a datagram to the host": send_udp,
    "connect to a socket file outside": connect_unix,
    "connect to an abstract socket outside": connect_abstract,
    "send a signal to a process outside": signal_process,
    "read another process's environment": read_process,
    "change another process's limits": limit_process,
    "choose its processors": choose_processors,
    "make a namespace": make_namespace,
    "take 64 GiB of memory": take_memory,
    "take memory that no limit counts": hide_memory,
    "write a file of 1 GiB": write_much,
    "leave a process behind": leave_process,
    "start more processes than allowed": start_processes,
}

if __name__ == "__main__":
    main()
