"""Try to get out: `python -I -S probe.py TARGETS`, run inside a sandbox, prints what it achieved as JSON.

Runs by itself and imports nothing of ours, so that it sees what a student's program sees. TARGETS is JSON about things that exist outside
(`tiers` makes them): `file`, `folder`, `pid`, `port`, `datagrams`, `socket`, `abstract`, and `processes`, the limit of those. It harms none of them.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

GIB = 1 << 30
_NEW_USER = 0x10000000
_SETTLE = 30.0  # seconds that the process left behind would live


def main() -> None:
    """Try everything; print {attempt: how it was held, or "" where it succeeded}."""
    targets = json.loads(sys.argv[1])
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    answers = {name: attempt(action, targets) for name, action in ATTEMPTS.items()}
    sys.stdout.write(json.dumps(answers) + "\n")
    sys.stdout.flush()


def attempt(action: Callable[[dict[str, object]], None], targets: dict[str, object]) -> str:
    """Return what stopped an action; the empty string: nothing did."""
    try:
        action(targets)
    except (OSError, MemoryError, ValueError) as error:
        return f"{type(error).__name__}: {getattr(error, 'strerror', None) or error}"
    return ""


def read_file(targets: dict[str, object]) -> None:
    with open(str(targets["file"]), "rb") as stream:
        stream.read()


def list_folder(targets: dict[str, object]) -> None:
    os.listdir(str(targets["folder"]))


def write_file(targets: dict[str, object]) -> None:
    with open(f"{targets['folder']}/escaped", "wb") as stream:
        stream.write(b"x")


def change_file(targets: dict[str, object]) -> None:
    os.chmod(str(targets["file"]), 0o777)  # noqa: S103
    if not os.access(str(targets["file"]), os.X_OK):
        raise PermissionError(1, "the change was not made")


def change_system(_targets: dict[str, object]) -> None:
    with open("/usr/escaped", "wb"):
        os.unlink("/usr/escaped")


def connect_tcp(targets: dict[str, object]) -> None:
    with socket.create_connection(("127.0.0.1", int(str(targets["port"]))), timeout=0.2):
        pass


def send_udp(targets: dict[str, object]) -> None:
    """Outside, they see whether it arrives."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"?", ("127.0.0.1", int(str(targets["datagrams"]))))
    raise TimeoutError(110, "sent; outside they see whether it arrives")


def connect_unix(targets: dict[str, object]) -> None:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect(str(targets["socket"]))


def connect_abstract(targets: dict[str, object]) -> None:
    with socket.socket(socket.AF_UNIX) as stream:
        stream.connect("\0" + str(targets["abstract"]))


def signal_process(targets: dict[str, object]) -> None:
    os.kill(int(str(targets["pid"])), 0)


def read_process(targets: dict[str, object]) -> None:
    with open(f"/proc/{targets['pid']}/environ", "rb") as stream:
        stream.read()


def make_namespace(_targets: dict[str, object]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_USER):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def take_memory(_targets: dict[str, object]) -> None:
    mmap.mmap(-1, 64 * GIB).close()


def hide_memory(_targets: dict[str, object]) -> None:
    os.close(os.memfd_create("hidden"))


def write_much(_targets: dict[str, object]) -> None:
    with open("much", "wb") as stream:
        try:
            os.truncate(stream.fileno(), GIB)
        finally:
            os.unlink("much")


def start_processes(targets: dict[str, object]) -> None:
    started: list[int] = []
    try:
        for _ in range(int(str(targets["processes"])) + 1):
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


def leave_process(_targets: dict[str, object]) -> None:
    """Leave a process that detached itself and holds our standard output: outside, they wait for its end."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            time.sleep(_SETTLE)
        os._exit(0)
    raise ChildProcessError(10, "started; outside they see whether it ends")


ATTEMPTS: dict[str, Callable[[dict[str, object]], None]] = {
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
