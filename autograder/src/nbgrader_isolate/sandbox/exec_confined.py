"""The last step before a program runs in a sandbox: drop the remaining rights and exec the program.

This is our code, and it runs inside the sandbox. It starts without the packages of the environment,
which takes a few milliseconds of CPU time.
"""

from __future__ import annotations

import marshal
import os
import sys

from nbgrader_isolate.sandbox import landlock, rlimits, seccomp

TYPE_CHECKING = False
if TYPE_CHECKING:  # not imported at run time, so that this starts fast
    from collections.abc import Sequence


class Settings:
    """How to confine the program.

    Parameters
    ----------
    limits : list of (int, int)
        The items of `rlimits.table`.
    isolated : bool
        Whether the process has its own namespaces; if not, `seccomp.NO_NAMESPACES` applies.
    job : str
        The writable folder to work in.
    source : str
        The folder whose contents are copied into `job`; empty if there is none.
    read, write, sockets : list of str
        The paths for `landlock.restrict`.
    landlock : bool
        Whether to use Landlock; inside namespaces it is a second layer.
    filtered : bool
        Whether to install the system call filter.
    count_others : bool
        Whether the user's other processes count toward the process limit, which is then raised by
        their number.
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
    from nbgrader_isolate.sandbox import mounts  # slow to import, and not needed inside

    encoded = marshal.dumps(vars(settings)).hex()
    return [*mounts.light_command("nbgrader_isolate.sandbox.exec_confined"), encoded, *program]


def main() -> None:
    """Confine this process as the settings say, and exec the program."""
    # We use marshal because the same interpreter wrote the data, and importing json would take as
    # long as everything that follows.
    encoded, *program = sys.argv[1:]
    settings = Settings(**marshal.loads(bytes.fromhex(encoded)))  # noqa: S302 (we wrote it)
    os.umask(0o022)
    if settings.source:
        import shutil

        shutil.copytree(settings.source, settings.job, symlinks=True, dirs_exist_ok=True)
    os.chdir(settings.job)
    confine(settings)
    os.execvp(program[0], program)  # noqa: S606 (no shell: a list of arguments)


def confine(settings: Settings) -> None:
    """Drop rights, resources and system calls, in the order in which that is still permitted."""
    others = rlimits.threads_of_user() if settings.count_others else 0
    if settings.landlock:
        network = settings.isolated
        landlock.restrict(settings.read, settings.write, settings.sockets, network=network)
    rlimits.impose(dict(settings.limits), others)
    if settings.filtered:
        seccomp.install(seccomp.NAMESPACED if settings.isolated else seccomp.NO_NAMESPACES)
