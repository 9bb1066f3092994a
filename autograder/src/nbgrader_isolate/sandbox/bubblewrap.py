"""Command lines of bubblewrap: the fork server's outer sandbox, and the sandbox of a single program.

Every namespace is new, the root is assembled read-only from `view`, the environment is cleared, there is no network but
a loopback of its own, and all that is writable is in memory and capped. An ordinary user needs unprivileged user
namespaces; all commands begin with `identity.keeper_command`, which ends what outlives its starter, and gives up root.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import exec_confined, identity, landlock, mounts, rlimits

SOCKETS = "/s"
"""Where a kernel makes its sockets."""

MOUNT_POINTS = ("/job", SOCKETS)
"""Empty read-only folders of the server's root, for what each child mounts: its work, its sockets."""

SERVER_CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SETPCAP", "SETFCAP", "SETUID", "SETGID")
"""What it takes to make fresh namespaces for each child; they count only inside the server's own user namespace."""

CLEAN = ("/usr/bin/env", "-i", "PATH=/usr/bin:/bin")
"""Bubblewrap itself starts without our variables: inside, anyone can read its `/proc/1/environ`."""

MIB = 1 << 20


def available() -> str | None:
    """Return the path of `bwrap`, or None."""
    return shutil.which("bwrap")


def server_command(
    arguments: Sequence[str],
    *,
    spool: Path,
    variables: Mapping[str, str] | None = None,
) -> list[str]:
    """Return the command that runs `python ARGUMENTS` in the outer sandbox of a fork server.

    Inside it is uid 0 of a user namespace, with what it takes to isolate its children and nothing more. It
    sees `spool` as `/spool` (writable), the folders of `view` at their own places, empty read-only
    `/job` and `/s` to mount on, and a small `/tmp` and `/dev/shm`. It dies with the *thread* that starts it. File
    descriptors that are passed to it stay open; it has no terminal.

    Parameters
    ----------
    arguments : sequence of str
        What follows the interpreter: `["-m", "nbgrader_isolate.forkserver.server"]`.
    spool : Path
        As `identity.private_folder` makes it.
    variables : dict of str to str, optional
        Environment variables besides those of `view.environment`.
    """
    roots = mounts.python_roots()
    capabilities = chain.from_iterable(("--cap-add", f"CAP_{name}") for name in SERVER_CAPABILITIES)
    return [
        *CLEAN,
        *identity.keeper_command([*roots, spool]),
        *_isolation(uid=0),
        *capabilities,
        *_system(),
        *_temporary(64 * MIB),
        *_read_only(roots),
        *chain.from_iterable(("--dir", name) for name in MOUNT_POINTS),
        *("--bind", str(spool), mounts.SPOOL),
        *_fonts(spool),
        *_variables(mounts.environment(variables)),
        *_closing(),
        mounts.interpreter(),
        *arguments,
    ]


def kernel_command(program: Sequence[str], *, folder: Path, limits: Limits) -> list[str]:
    """Return the command that runs a program in a sandbox of its own: uid 1000, no capabilities, in `/job`.

    Parameters
    ----------
    program : sequence of str
        The program and its arguments.
    folder : Path
        As `identity.private_folder` makes it. Of it, the sandbox sees `s`, for sockets, as `/s` (Landlock, where
        there is one, lets nothing else be made there), and `src`, whose content is copied into `/job`.
    limits : Limits
    """
    roots = mounts.python_roots()
    sockets, source = folder / "s", folder / "src"
    sockets.mkdir(exist_ok=True)
    identity.give(sockets)
    settings = exec_confined.Settings(
        limits=list(rlimits.table(limits).items()),
        isolated=True,
        job="/job",
        source="/src" if source.exists() else "",
        read=["/"],
        write=["/job", "/tmp", "/dev"],
        sockets=[SOCKETS],
        landlock=landlock.abi() >= landlock.LEAST_ABI,
    )
    return [
        *CLEAN,
        *identity.keeper_command([*roots, folder]),
        *_isolation(uid=1000),
        *_system(),
        *_temporary(limits.disk_mb * MIB),
        *("--perms", "0700", "--size", str(limits.disk_mb * MIB), "--tmpfs", "/job"),
        *_read_only(roots),
        *("--bind", str(sockets), SOCKETS),
        *("--ro-bind-try", str(source), "/src"),
        *_fonts(folder),
        *_variables(mounts.environment()),
        *_closing(),
        *exec_confined.command(settings, program),
    ]


# --- parts of a command line --------------------------------------------------------------------


def _isolation(uid: int) -> list[str]:
    namespaces = ("user", "pid", "net", "ipc", "uts", "cgroup-try")
    return [
        available() or "bwrap",
        *(f"--unshare-{name}" for name in namespaces),
        *("--uid", str(uid), "--gid", str(uid), "--cap-drop", "ALL"),
        *("--die-with-parent", "--hostname", "sandbox", "--clearenv"),
    ]


def _system() -> list[str]:
    """Bind /usr and what programs need of /etc; make /proc and /dev."""
    command = ["--ro-bind", "/usr", "/usr"]
    for name in mounts.SYSTEM_FOLDERS:
        folder = Path("/", name)
        if folder.is_symlink():
            command += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.exists():
            command += ["--ro-bind", str(folder), str(folder)]
    for name in mounts.SYSTEM_FILES:
        command += ["--ro-bind-try", name, name]
    return [*command, "--proc", "/proc", "--dev", "/dev"]


def _temporary(size: int) -> list[str]:
    """Make what is writable by everyone inside, in memory, and freeze /dev around it."""
    words = ("--perms", "1777", "--size", str(size), "--tmpfs")
    folders = ("/tmp", "/dev/shm")
    home = ("--perms", "0700", "--dir", mounts.HOME)
    return [*chain.from_iterable((*words, name) for name in folders), *home, "--remount-ro", "/dev"]


def _read_only(roots: Sequence[Path]) -> list[str]:
    """Bind folders at their own places; those above them are open to all, bubblewrap would close them to others."""
    above = dict.fromkeys(str(folder) for root in roots for folder in mounts.parents(root))
    folders = [folder for folder in above if folder not in {"/tmp", "/usr", "/dev"}]
    return [
        *chain.from_iterable(("--perms", "0755", "--dir", folder) for folder in folders),
        *chain.from_iterable(("--ro-bind", str(root), str(root)) for root in roots),
    ]


def _fonts(folder: Path) -> list[str]:
    """Bind matplotlib's list of fonts where it looks for it."""
    fonts = mounts.copy_font_list(folder)
    if fonts is None:
        return []
    config = f"{mounts.HOME}/.config"
    place = f"{config}/matplotlib"
    return ["--dir", config, "--dir", place, "--ro-bind", str(fonts), f"{place}/{fonts.name}"]


def _variables(variables: Mapping[str, str]) -> list[str]:
    return [word for name, value in variables.items() for word in ("--setenv", name, value)]


def _closing() -> list[str]:
    return ["--remount-ro", "/", "--chdir", "/"]
