"""Command lines without namespaces: for the Landlock tier, and for none.

The environment is cleared, root gives up its uid, and `keeper` sees to it that no process stays behind. What else is given up, the
process gives up itself: `boot` does it for a single program (the probe), the fork server's children do it for themselves.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import exec_confined, identity, mounts, rlimits

FOLDERS = ("home", "job", "s", "tmp")
"""What `kernel_command` makes in the folder of a kernel: these it can write, on the host's disk."""


def server_command(
    arguments: Sequence[str],
    *,
    spool: Path,
    variables: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that runs `python ARGUMENTS` outside of any sandbox: it must confine its children itself.

    The parameters are those of `bwrap.server_command`; `spool` stays where it is, and is home.
    Its children must be able to read `spool/site`, where PYTHONPATH points.
    """
    _give_fonts(spool / ".config" / "matplotlib")
    return _kept(
        [mounts.interpreter(), *arguments],
        [*mounts.python_roots(), spool],
        _homes(spool, spool) | {"PYTHONPATH": str(link_packages(spool))} | dict(variables or {}),
    )


def kernel_command(
    program: Sequence[str], *, folder: Path, limits: Limits, confined: bool
) -> list[str]:
    """Return the command that runs a program in `folder/job`, kept to `folder` by Landlock unless `confined` is false.

    `folder` is as `identity.private_folder` makes it; what `folder/src` holds is copied into `folder/job`.
    """
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
        identity.give(folder / name)
    _give_fonts(folder / "home" / ".config" / "matplotlib")
    source, packages = folder / "src", link_packages(folder)
    settings = exec_confined.Settings(
        limits=list(rlimits.table(limits).items()),
        isolated=False,
        job=str(folder / "job"),
        source=str(source) if source.exists() else "",
        read=[str(path) for path in (*mounts.readable(), source, packages)],
        write=[*(str(folder / name) for name in ("home", "job", "tmp")), "/dev/null"],
        sockets=[str(folder / "s")],
        landlock=confined,
        filtered=confined,
        count_others=True,
    )
    homes = _homes(folder / "home", folder / "tmp") | {"PYTHONPATH": str(packages)}
    return _kept(
        exec_confined.command(settings, program),
        [*mounts.python_roots(), folder],
        homes,
    )


def _give_fonts(config: Path) -> None:
    """Put matplotlib's list of fonts where it looks for it."""
    config.mkdir(parents=True, exist_ok=True)
    for path in (config.parent, config, mounts.copy_font_list(config)):
        if path:
            identity.give(path)


def link_packages(folder: Path) -> Path:
    """Make `folder/site` with links to the packages that are installed in place, and return it.

    Python lists the folder above a package to find it, and that one may hold a course: students' names.
    """
    site = folder / "site"
    site.mkdir(exist_ok=True)
    for package in mounts.packages_in_place():
        link = site / package.name
        if not link.is_symlink():
            link.symlink_to(package)
    return site


def _kept(command: Sequence[str], keep: Sequence[Path], variables: Mapping[str, str]) -> list[str]:
    settings = [f"{name}={value}" for name, value in mounts.environment(variables).items()]
    return ["/usr/bin/env", "-i", *settings, *identity.keeper_command(keep), *command]


def _homes(home: Path, temporary: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_RUNTIME_DIR": str(home),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
    }
