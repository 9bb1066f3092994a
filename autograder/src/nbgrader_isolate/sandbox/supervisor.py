"""Start a sandbox, and make sure that none of its processes outlives the process that asked for it.

The command is `supervisor PARENT UID FOLDERS COMMAND…`, built by `identity.supervisor_command`. The
supervisor drops root if UID is not empty (see `drop_root`), starts the command and waits for it.
Whatever the command starts, and however it detaches, becomes a child of the supervisor (a
"subreaper") when its own parent ends. All of these processes are killed when the command ends, when
SIGTERM arrives, or when the thread that started the supervisor ends. The supervisor is outside the
sandbox, so nothing inside can send it a signal.

Bubblewrap's own `--die-with-parent` is not enough. It takes effect some milliseconds after the
start, and for the process inside only when everything is mounted. If the starting process is killed
before that, it leaves a sandbox that nothing ends.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import time

from nbgrader_isolate.sandbox import drop_root, procfs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:  # the C half: importing the enumerations around it takes longer than everything done here
    import _signal as signal

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_KILL_SECONDS = 5.0
_STOPPED = 128 + signal.SIGTERM


def main() -> None:
    """Run the command; exit with its status, or 128 + signal."""
    parent, uid, folders, *command = sys.argv[1:]
    if uid:
        drop_root.drop_root(int(uid), folders.split("\n"))
    lift_memory_limit()
    status = 1
    try:
        become_subreaper(int(parent))
        status = run(command)
    except SystemExit:
        status = _STOPPED
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        kill_all()
    os._exit(status if status >= 0 else 128 - status)


def lift_memory_limit() -> None:
    """Lift the limit that the grader has for itself; the sandbox has its own."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def become_subreaper(parent: int) -> None:
    """Become a subreaper, and ask for SIGTERM when our parent dies.

    This must run after setuid, which clears the death signal.
    """
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked for the signal
        sys.exit(_STOPPED)


def run(command: list[str]) -> int:
    """Start the command, wait for it and return its exit code; reap orphans in the meantime."""
    supervisor = os.getpid()
    child = os.fork()
    if child == 0:
        execute(command, supervisor)
    while True:
        ended, status = os.wait()
        if ended == child:
            return os.waitstatus_to_exitcode(status)


def execute(command: list[str], supervisor: int) -> None:
    """Exec the command in the forked child, and have it die even if its supervisor gets SIGKILL."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == supervisor:
            os.execvp(command[0], command)  # noqa: S606 (no shell: a list of arguments)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def kill_all() -> None:
    """Kill all descendants, repeatedly until there are none."""
    end = time.monotonic() + _KILL_SECONDS
    while time.monotonic() < end:
        for pid in procfs.tree(os.getpid())[1:]:
            kill(pid)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            return
        time.sleep(0.002)


def kill(pid: int) -> None:
    """Kill a process that may have ended in the meantime."""
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return


def _stop(_number: int, _frame: object) -> None:
    sys.exit(_STOPPED)
