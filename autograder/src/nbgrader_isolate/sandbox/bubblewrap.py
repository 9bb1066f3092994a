"""Build bubblewrap command lines, for the fork server's outer sandbox and for a single program.

Every namespace is new, the root is assembled read-only from `mounts`, the environment is cleared,
the only network is a private loopback, and everything writable is in memory and capped. An
ordinary user needs unprivileged user namespaces. Every command begins with
`identity.supervisor_command`, which drops root and kills whatever outlives the process that
started the sandbox.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.sandbox import exec_confined, identity, landlock, mounts, rlimits
from nbgrader_isolate.sandbox.private import mask_arguments

SOCKETS = "/s"
"""Where a kernel creates its sockets."""

MOUNT_POINTS = ("/job", SOCKETS)
"""Empty read-only folders in the server's root; each child mounts its files and sockets there."""

SERVER_CAPABILITIES = ("SYS_ADMIN", "NET_ADMIN", "SETPCAP", "SETFCAP", "SETUID", "SETGID")
"""What is needed to create new namespaces for each child.

They are valid only inside the server's own user namespace.
"""

CLEAN = ("/usr/bin/env", "-i", "PATH=/usr/bin:/bin")
"""Start bubblewrap without our variables: any program inside can read its `/proc/1/environ`."""

MIB = 1 << 20


def available() -> str | None:
    """Return the path of `bwrap`, or None."""
    return shutil.which("bwrap")


def server_command(
    arguments: Sequence[str],
    *,
    server_dir: Path,
    variables: Mapping[str, str] | None = None,
    private: Sequence[str] = (),
    data: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs `python ARGUMENTS` in the outer sandbox of a fork server.

    Inside, the server is uid 0 of a user namespace, with the capabilities that it needs to isolate
    its children and no others. It sees `server_dir` as a writable `/server`, the folders of
    `mounts` under their own paths, an empty read-only `/job` and `/s` to mount on, and a small
    `/tmp` and `/dev/shm`. It dies with the *thread* that starts it. File descriptors that are
    passed to it stay open. It has no terminal.

    Parameters
    ----------
    arguments : sequence of str
        The arguments of the interpreter: `["-m", "nbgrader_isolate.forkserver.server"]`.
    server_dir : Path
        A folder made by `identity.private_folder`.
    variables : dict of str to str, optional
        Environment variables in addition to those of `mounts.environment`.
    private : sequence of str
        Paths that must not be visible; see `private`.
    data : sequence of str
        Folders that are visible in addition to those of `mounts`, read-only.
    """
    roots = [*mounts.python_roots(), *map(Path, data)]
    capabilities = chain.from_iterable(("--cap-add", f"CAP_{name}") for name in SERVER_CAPABILITIES)
    return [
        *CLEAN,
        *identity.supervisor_command([*roots, server_dir]),
        *_isolation(uid=0),
        *capabilities,
        *_system(),
        *_temporary(64 * MIB),
        *_read_only(roots),
        *chain.from_iterable(("--dir", name) for name in MOUNT_POINTS),
        *("--bind", str(server_dir), mounts.SERVER_DIR),
        *_fonts(server_dir),
        *_variables(mounts.environment(variables)),
        *_closing(private, roots),
        mounts.interpreter(),
        *arguments,
    ]


def kernel_command(
    program: Sequence[str],
    *,
    folder: Path,
    limits: Limits,
    private: Sequence[str] = (),
    data: Sequence[str] = (),
) -> list[str]:
    """Return the command that runs a program in its own sandbox, as uid 1000 in `/job`.

    Parameters
    ----------
    program : sequence of str
        The program and its arguments.
    folder : Path
        A folder made by `identity.private_folder`. The sandbox sees two of its subfolders: `s`
        appears as `/s` and is for sockets (Landlock, if the kernel has it, allows nothing else
        there), and the contents of `src` are copied into `/job`.
    limits : Limits
    private : sequence of str
        Paths that must not be visible; see `private`.
    data : sequence of str
        Folders that are visible in addition to those of `mounts`, read-only.
    """
    roots = [*mounts.python_roots(), *map(Path, data)]
    sockets, source = folder / "s", folder / "src"
    sockets.mkdir(exist_ok=True)
    identity.give_to_sandbox_user(sockets)
    settings = exec_confined.Settings(
        limits=list(rlimits.table(limits).items()),
        isolated=True,
        job="/job",
        source="/src" if source.exists() else "",
        read=["/"],
        write=["/job", "/tmp", *landlock.WRITABLE_DEVICES],
        sockets=[SOCKETS],
        landlock=landlock.abi() >= landlock.LEAST_ABI,
    )
    return [
        *CLEAN,
        *identity.supervisor_command([*roots, folder]),
        *_isolation(uid=1000),
        *_system(),
        *_temporary(limits.disk_mb * MIB),
        *("--perms", "0700", "--size", str(limits.disk_mb * MIB), "--tmpfs", "/job"),
        *_read_only(roots),
        *("--bind", str(sockets), SOCKETS),
        *("--ro-bind-try", str(source), "/src"),
        *_fonts(folder),
        *_variables(mounts.environment()),
        *_closing(private, roots),
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
    """Bind the parts of /usr and /etc that programs need; create /proc and /dev."""
    command = ["--perms", "0755", "--dir", "/usr"]
    for folder in (*mounts.usr_folders(), *(Path("/", name) for name in mounts.SYSTEM_FOLDERS)):
        if folder.is_symlink():
            command += ["--symlink", str(folder.readlink()), str(folder)]
        elif folder.exists():
            command += ["--ro-bind", str(folder), str(folder)]
    for name in mounts.SYSTEM_FILES:
        command += ["--ro-bind-try", name, name]
    return [*command, "--proc", "/proc", "--dev", "/dev"]


def _temporary(size: int) -> list[str]:
    """Create folders in memory that everyone can write to; make the rest of /dev read-only."""
    options = ("--perms", "1777", "--size", str(size), "--tmpfs")
    folders = ("/tmp", "/dev/shm")
    home = ("--perms", "0700", "--dir", mounts.HOME)
    return [
        *chain.from_iterable((*options, name) for name in folders),
        *home,
        *("--remount-ro", "/dev"),
    ]


def _read_only(roots: Sequence[Path]) -> list[str]:
    """Bind folders under their own paths.

    Their parents are made readable by everyone; bubblewrap would close them to other users.
    """
    parents = dict.fromkeys(str(folder) for root in roots for folder in mounts.parents(root))
    folders = [folder for folder in parents if folder not in {"/tmp", "/usr", "/dev"}]
    return [
        *chain.from_iterable(("--perms", "0755", "--dir", folder) for folder in folders),
        *chain.from_iterable(("--ro-bind", str(root), str(root)) for root in roots),
    ]


def _fonts(folder: Path) -> list[str]:
    """Bind the list of fonts where matplotlib looks for it."""
    fonts = mounts.copy_font_list(folder)
    if fonts is None:
        return []
    config = f"{mounts.HOME}/.config"
    target = f"{config}/matplotlib"
    return ["--dir", config, "--dir", target, "--ro-bind", str(fonts), f"{target}/{fonts.name}"]


def _variables(variables: Mapping[str, str]) -> list[str]:
    return [argument for name, value in variables.items() for argument in ("--setenv", name, value)]


def _closing(private: Sequence[str], roots: Sequence[Path]) -> list[str]:
    """Hide private paths, and close the root."""
    shown = [*mounts.usr_folders(), *roots]
    masks = mask_arguments(private, shown, owned=identity.sandbox_uid() is None)
    return [*masks, "--remount-ro", "/", "--chdir", "/"]
