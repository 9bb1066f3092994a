"""Command lines without namespaces: for the Landlock tier, and for none.

The environment is cleared, root gives up its uid, and `keeper` sees to it that no process stays behind. What else is given up, the
process gives up itself: `boot` does it for a cold kernel, the fork server's children do it for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from autograder.limits import Limits
from autograder.sandbox import boot, identity, rlimits, view

FOLDERS = ("home", "job", "s", "tmp")
"""What `kernel_command` makes in the folder of a kernel: these it can write, on the host's disk."""


def server_command(
    arguments: Sequence[str],
    *,
    spool: Path,
    read: Sequence[Path] = (),
    variables: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that runs `python ARGUMENTS` outside of any sandbox: it must confine its children itself.

    The parameters are those of `bwrap.server_command`; `spool` stays where it is, and is home.
    """
    return _kept(
        [view.interpreter(), *arguments],
        [*view.python_roots(), *read, spool],
        _homes(spool, spool) | dict(variables or {}),
    )


def kernel_command(  # noqa: PLR0913 (all by name)
    program: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    confined: bool,
    read: Sequence[Path] = (),
    variables: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that runs a program in `folder/job`, kept to `folder` by Landlock unless `confined` is false.

    `folder` is as `identity.private_folder` makes it; what `folder/src` holds is copied into `folder/job`.
    """
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
        identity.give(folder / name)
    source = folder / "src"
    settings = boot.Settings(
        limits=list(rlimits.table(limits).items()),
        isolated=False,
        job=str(folder / "job"),
        source=str(source) if source.exists() else "",
        read=[str(path) for path in (*view.readable(), *read, source)],
        write=[*(str(folder / name) for name in ("home", "job", "tmp")), "/dev/null"],
        sockets=[str(folder / "s")],
        landlock=confined,
        filtered=confined,
        count_others=True,
    )
    homes = _homes(folder / "home", folder / "tmp")
    return _kept(
        boot.command(settings, program),
        [*view.python_roots(), *read, folder],
        homes | dict(variables or {}),
    )


def _kept(command: Sequence[str], keep: Sequence[Path], variables: Mapping[str, str]) -> list[str]:
    settings = [f"{name}={value}" for name, value in view.environment(variables).items()]
    keeper = view.light_command("autograder.sandbox.keeper")
    return ["/usr/bin/env", "-i", *settings, *identity.enter_command(keep), *keeper, *command]


def _homes(home: Path, temporary: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_RUNTIME_DIR": str(home),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
    }
