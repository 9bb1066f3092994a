"""Drop root before a sandbox starts.

`supervisor` imports this module; by itself it is `python -I -S drop_root.py UID FOLDERS COMMAND…`.
It runs before the sandbox and imports none of our other modules. FOLDERS, one a line, are the
folders that the new uid must be able to reach. If a folder above one of them is closed to other
users, an empty folder is mounted over it, for this process alone, which contains only the folders
to keep. The process must be started as root, and needs CAP_SYS_ADMIN only if there is such a closed
folder.
"""

from __future__ import annotations

import ctypes
import os
import shlex
import stat
import sys

FAILED = "root is needed to switch to another user, and that is not permitted here"
NOT_FOR_OTHERS = "the user that runs students' code for root cannot enter what it needs"
_NEW_MOUNTS = 0x20000  # CLONE_NEWNS
_NOSUID, _NODEV, _BIND, _RECURSIVE, _PRIVATE = 2, 4, 4096, 16384, 1 << 18
_SEARCH_BY_OTHERS, _READ_BY_OTHERS = 0o001, 0o004


def main() -> None:
    """Switch to the user and start the command."""
    uid, folders, *command = sys.argv[1:]
    drop_root(int(uid), folders.split("\n"))
    os.execvp(command[0], command)  # noqa: S606 (no shell: a list of arguments)


def drop_root(uid: int, reachable: list[str]) -> None:
    """Make folders reachable for a user and switch to it for good; exit if that is forbidden."""
    os.umask(0o022)  # before `hide` makes folders, which the user has to search
    try:
        closed = closed_folders(reachable)
        if closed:
            hide(closed)
        if folders := not_for_others(reachable, uid):
            sys.exit(f"{NOT_FOR_OTHERS}: {' '.join(map(shlex.quote, folders))}")
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        sys.exit(f"{FAILED}: {error}")


def not_for_others(reachable: list[str], uid: int) -> list[str]:
    """Return the folders and files that the user cannot enter or read, as after umask 077."""
    closed = []
    for path in reachable:
        status = os.stat(path)
        needed = _SEARCH_BY_OTHERS if stat.S_ISDIR(status.st_mode) else _READ_BY_OTHERS
        if status.st_uid != uid and not status.st_mode & needed:
            closed.append(path)
    return closed


def closed_folders(reachable: list[str]) -> dict[str, list[str]]:
    """Return the topmost folders that others cannot search, with the paths needed below each."""
    closed: dict[str, list[str]] = {}
    for path in reachable:
        for folder in ancestors(path):
            if not os.stat(folder).st_mode & _SEARCH_BY_OTHERS:
                closed.setdefault(folder, []).append(path)
                break
    return closed


def ancestors(path: str) -> list[str]:
    """Return the folders above a path, from the root down, without the path itself."""
    parts = os.path.realpath(path).strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]


def hide(closed: dict[str, list[str]]) -> None:
    """Mount an empty folder over each closed one; it contains only the paths that are needed."""
    libc = ctypes.CDLL(None, use_errno=True)
    check(libc.unshare(_NEW_MOUNTS), "unshare")
    mount(libc, None, "/", _RECURSIVE | _PRIVATE)
    for folder, paths in closed.items():
        descriptors = {path: os.open(path, os.O_PATH) for path in paths}
        mount(libc, "tmpfs", folder, _NOSUID | _NODEV, kind="tmpfs", data="size=1m,mode=0755")
        for path, descriptor in descriptors.items():
            make_target(path, descriptor)
            mount(libc, f"/proc/self/fd/{descriptor}", path, _BIND | _RECURSIVE)
            os.close(descriptor)


def make_target(path: str, descriptor: int) -> None:
    """Create an empty folder or file to mount what a descriptor refers to."""
    if os.path.isdir(f"/proc/self/fd/{descriptor}"):
        os.makedirs(path, exist_ok=True)
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "ab"):
        pass


def mount(  # noqa: PLR0913, PLR0917 (the arguments of mount(2))
    libc: ctypes.CDLL,
    source: str | None,
    target: str,
    flags: int,
    kind: str | None = None,
    data: str | None = None,
) -> None:
    """Call mount(2); an OSError names the target."""
    names = [text and text.encode() for text in (source, target, kind)]
    status = libc.mount(*names, ctypes.c_ulong(flags), data and data.encode())
    check(status, f"mount {target}")


def check(status: int, call: str) -> None:
    """Raise the error of a C function that returned -1."""
    if status:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
