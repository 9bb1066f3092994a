"""The last step before a program in a sandbox: it gives up what is left to give up, and becomes the program.

Runs inside and is ours. It starts without the packages of the environment, in a few milliseconds of processor time.
"""

from __future__ import annotations

import marshal
import os
import sys

from nbgrader_isolate.sandbox import landlock, rlimits, seccomp

TYPE_CHECKING = False
if TYPE_CHECKING:  # this starts fast without it
    from collections.abc import Sequence


class Settings:
    """What to give up.

    Parameters
    ----------
    limits : list of (int, int)
        As `rlimits.table` makes them.
    isolated : bool
        In namespaces of its own; else `seccomp.BARE` holds.
    job : str
        Folder to work in, writable.
    source : str
        Folder whose content is copied into `job`; empty: none.
    read, write, sockets : list of str
        For `landlock.restrict`.
    landlock : bool
        Use Landlock; inside namespaces it is a second layer.
    filtered : bool
        Put the program under the system call filter.
    count_others : bool
        The user's other processes are counted with ours, so the limit starts above them.
    """

    def __init__(  # noqa: PLR0913 (all by name)
        self,
        *,
        limits: list[tuple[int, int]],
        isolated: bool,
        job: str,
        source: str,
        read: list[str],
        write: list[str],
        sockets: list[str],
        landlock: bool,
        filtered: bool = True,
        count_others: bool = False,
    ) -> None:
        self.limits, self.isolated = limits, isolated
        self.job, self.source = job, source
        self.read, self.write, self.sockets = read, write, sockets
        self.landlock, self.filtered, self.count_others = landlock, filtered, count_others


def command(settings: Settings, program: Sequence[str]) -> list[str]:
    """Return the command that runs a program under the settings."""
    from nbgrader_isolate.sandbox import mounts  # not needed inside, and dear

    words = marshal.dumps(vars(settings)).hex()
    return [*mounts.light_command("nbgrader_isolate.sandbox.exec_confined"), words, *program]


def main() -> None:
    """Give up what the settings say, and become the program."""
    # marshal, because the same interpreter wrote it: json takes as long to import as all that follows takes
    settings, program = Settings(**marshal.loads(bytes.fromhex(sys.argv[1]))), sys.argv[2:]  # noqa: S302 (from our side)
    os.umask(0o022)
    if settings.source:
        import shutil

        shutil.copytree(settings.source, settings.job, symlinks=True, dirs_exist_ok=True)
    os.chdir(settings.job)
    confine(settings)
    os.execvp(program[0], program)  # noqa: S606 (no shell: a list of arguments)


def confine(settings: Settings) -> None:
    """Take rights, resources and system calls from this process, in the order in which it still can."""
    others = rlimits.threads_of_user() if settings.count_others else 0
    if settings.landlock:
        network = settings.isolated
        landlock.restrict(settings.read, settings.write, settings.sockets, network=network)
    rlimits.impose(dict(settings.limits), others)
    if settings.filtered:
        seccomp.install(seccomp.NAMESPACED if settings.isolated else seccomp.BARE)
