"""Try to get out: `python -I -S probe.py NAME=TARGET…`, run inside a sandbox, prints a line for each attempt: its name, and what held it.

Runs by itself and imports nothing of ours, so that it sees what a student's program sees. The targets are things that exist outside
(`tiers` makes them): `file`, `folder`, `pid`, `port`, `datagrams`, `socket`, `abstract`, and `processes`, the limit of those. It harms none of them.
It is on the way of the first submission, so it does without modules that take longer to import than their attempts take.
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
else:  # the compiled half, without the enumerations around it
    import _signal as signal

GIB = 1 << 30
_NEW_USER = 0x10000000
_SETTLE = 30.0  # seconds that the process left behind would live
_OTHERS = (
    50  # where there are no namespaces, others of the same user may end meanwhile, and make room
)


def main() -> None:
    """Try everything; print how each attempt was held, or nothing after its name where it succeeded."""
    targets = dict(word.split("=", 1) for word in sys.argv[1:])
    answers = [f"{name}: {attempt(action, targets)}\n" for name, action in ATTEMPTS.items()]
    sys.stdout.write("".join(answers))
    sys.stdout.flush()


def attempt(action: Callable[[dict[str, str]], None], targets: dict[str, str]) -> str:
    """Return what stopped an action; the empty string: nothing did."""
    try:
        action(targets)
    except (OSError, MemoryError, ValueError) as error:
        return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"
    return ""


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
    """Outside, they see whether it arrives."""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.sendto(b"?", ("127.0.0.1", int(targets["datagrams"])))
    raise TimeoutError(110, "sent; outside they see whether it arrives")


def connect_unix(targets: dict[str, str]) -> None:
    socket.socket(socket.AF_UNIX).connect(targets["socket"])


def connect_abstract(targets: dict[str, str]) -> None:
    socket.socket(socket.AF_UNIX).connect("\0" + targets["abstract"])


def signal_process(targets: dict[str, str]) -> None:
    os.kill(int(targets["pid"]), 0)


def read_process(targets: dict[str, str]) -> None:
    with open(f"/proc/{targets['pid']}/environ", "rb") as stream:
        stream.read()


def make_namespace(_targets: dict[str, str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def take_memory(_targets: dict[str, str]) -> None:
    mmap.mmap(-1, 64 * GIB).close()


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
                time.sleep(_SETTLE)
                os._exit(0)
            started.append(pid)
    finally:
        for pid in started:
            stop(pid)


def stop(pid: int) -> None:
    """End a child; where no signal may be sent, it ends with the sandbox."""
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except OSError:
        pass


def leave_process(_targets: dict[str, str]) -> None:
    """Leave a process that detached itself and holds our standard output: outside, they wait for its end."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            time.sleep(_SETTLE)
        os._exit(0)
    raise ChildProcessError(10, "started; outside they see whether it ends")


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
    "make a namespace": make_namespace,
    "take 64 GiB of memory": take_memory,
    "take memory that nobody counts": hide_memory,
    "write a file of 1 GiB": write_much,
    "leave a process behind": leave_process,
    "start more processes than allowed": start_processes,
}

if __name__ == "__main__":
    main()
