"""Start a sandbox, and let none of its processes outlive whoever asked for it.

`keeper PARENT UID FOLDERS COMMAND…`, as `identity.keeper_command` writes it. It gives up root where UID is not empty (`enter`), starts the command and
waits for it. Whatever the command starts, and however it detaches, becomes a child of this process (a "subreaper") when its own
parent ends. When the command ends, or SIGTERM comes, or the thread that started the keeper ends, all of them are killed. The
keeper is outside of the sandbox: nothing inside can send it a signal.

Bubblewrap's own `--die-with-parent` is not enough: it holds for its first process from some milliseconds after the start, for the one inside only when
all is mounted, and who is killed before leaves a sandbox that nobody ends.
"""

from __future__ import annotations

import ctypes
import os
import sys
import time

from nbgrader_isolate.sandbox import drop_root, procfs

TYPE_CHECKING = False
if TYPE_CHECKING:
    import signal
else:  # the compiled half: the enumerations around it take longer than all that is done here
    import _signal as signal

_SET_DEATH_SIGNAL, _SET_SUBREAPER = 1, 36
_PATIENCE = 5.0  # seconds that killing may take
_STOPPED = 128 + signal.SIGTERM


def main() -> None:
    """Run the command; exit with its status, or 128 + signal."""
    parent, uid, folders, *command = sys.argv[1:]
    if uid:
        drop_root.give_up_root(int(uid), folders.split("\n"))
    status = 1
    try:
        attend(int(parent))
        status = run(command)
    except SystemExit:
        status = _STOPPED
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        kill_all()
    os._exit(status if status >= 0 else 128 - status)


def attend(parent: int) -> None:
    """Adopt what loses its parent, and hear of the end of ours; a change of user would clear that."""
    libc = ctypes.CDLL(None)
    libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGTERM, _stop)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    libc.prctl(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked to be told
        sys.exit(_STOPPED)


def run(command: list[str]) -> int:
    """Start the command and wait for it; reap what others leave meanwhile. Return its exit code."""
    keeper = os.getpid()
    child = os.fork()
    if child == 0:
        become(command, keeper)
    while True:
        ended, status = os.wait()
        if ended == child:
            return os.waitstatus_to_exitcode(status)


def become(command: list[str], keeper: int) -> None:
    """Turn the forked child into the command, which ends with its keeper even where that is killed outright."""
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        if os.getppid() == keeper:
            os.execvp(command[0], command)  # noqa: S606 (no shell: a list of arguments)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    finally:
        os._exit(127)


def kill_all() -> None:
    """Kill all descendants, again and again until there are none."""
    end = time.monotonic() + _PATIENCE
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
    """Kill a process that may have ended meanwhile."""
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return


def _stop(_number: int, _frame: object) -> None:
    sys.exit(_STOPPED)
