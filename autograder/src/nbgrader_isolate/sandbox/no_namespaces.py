"""Build command lines without namespaces, for the Landlock backend and for no sandbox at all.

The environment is cleared, root drops its uid, and `supervisor` makes sure that no process is left
behind. Everything else the process gives up by itself: `exec_confined` does it for a single program
(the probe), and the fork server's children do it on their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import exec_confined, identity, mounts, rlimits
from nbgrader_isolate.sandbox.private import hidden_paths, without

FOLDERS = ("home", "job", "s", "tmp")
"""The folders that `kernel_command` creates; the kernel can write to them, on the host's disk."""


def server_command(
    arguments: Sequence[str],
    *,
    server_dir: Path,
    variables: Mapping[str, str] | None = None,
    data: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs `python ARGUMENTS` without a sandbox.

    The server must confine its children itself. The parameters are those of
    `bubblewrap.server_command`; `server_dir` keeps its path and is the server's home. The children
    must be able to read `server_dir/site`, because PYTHONPATH points there.
    """
    _give_fonts(server_dir / ".config" / "matplotlib")
    return _supervised(
        [mounts.interpreter(), *arguments],
        [*mounts.python_roots(), server_dir, *map(Path, data)],
        _homes(server_dir, server_dir)
        | {"PYTHONPATH": str(link_packages(server_dir))}
        | dict(variables or {}),
    )


def kernel_command(  # noqa: PLR0913 (all but one by name)
    program: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    confined: bool,
    private: Sequence[str] = (),
    data: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs a program in `folder/job`.

    Landlock restricts the program to `folder`, unless `confined` is false. `folder` is made by
    `identity.private_folder`; the contents of `folder/src` are copied into `folder/job`. Paths in
    `private` stay closed, wherever they are, and those in `data` can be read.
    """
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
        identity.give_to_sandbox_user(folder / name)
    _give_fonts(folder / "home" / ".config" / "matplotlib")
    source, packages = folder / "src", link_packages(folder)
    settings = exec_confined.Settings(
        limits=list(rlimits.table(limits).items()),
        isolated=False,
        job=str(folder / "job"),
        source=str(source) if source.exists() else "",
        read=[*readable(private, data), str(source), str(packages)],
        write=[*(str(folder / name) for name in ("home", "job", "tmp")), "/dev/null"],
        sockets=[str(folder / "s")],
        landlock=confined,
        filtered=confined,
        count_others=True,
    )
    homes = _homes(folder / "home", folder / "tmp") | {"PYTHONPATH": str(packages)}
    return _supervised(
        exec_confined.command(settings, program),
        [*mounts.python_roots(), folder, *map(Path, data)],
        homes,
    )


def readable(private: Sequence[str], data: Sequence[str] = ()) -> list[str]:
    """Return what a process may read under Landlock.

    This is `mounts.readable` and the folders in `data`, without private paths.
    """
    shown = [*mounts.readable(), *map(Path, data)]
    return [str(path) for path in without(shown, hidden_paths(private, shown))]


def _give_fonts(config: Path) -> None:
    """Put the list of fonts where matplotlib looks for it."""
    config.mkdir(parents=True, exist_ok=True)
    for path in (config.parent, config, mounts.copy_font_list(config)):
        if path:
            identity.give_to_sandbox_user(path)


def link_packages(folder: Path) -> Path:
    """Create `folder/site` with links to the packages that are installed in place, and return it.

    Python lists the folder above a package to find it, and that folder may hold a course, and so
    the names of students.
    """
    site = folder / "site"
    site.mkdir(exist_ok=True)
    site.chmod(0o755)  # the umask may say less, and the sandbox's user has to read it
    for package in mounts.packages_in_place():
        link = site / package.name
        if not link.is_symlink():
            link.symlink_to(package)
    return site


def _supervised(
    command: Sequence[str], reachable: Sequence[Path], variables: Mapping[str, str]
) -> list[str]:
    settings = [f"{name}={value}" for name, value in mounts.environment(variables).items()]
    return ["/usr/bin/env", "-i", *settings, *identity.supervisor_command(reachable), *command]


def _homes(home: Path, temporary: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        "TMPDIR": str(temporary),
        "IPYTHONDIR": str(home / ".ipython"),
        "JUPYTER_RUNTIME_DIR": str(home),
        "MPLCONFIGDIR": str(home / ".config" / "matplotlib"),
    }
