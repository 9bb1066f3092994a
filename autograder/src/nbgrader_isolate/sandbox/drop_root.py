"""Give up root: `keeper` does it before a sandbox, and by itself it is `python -I -S enter.py UID FOLDERS COMMAND…`.

Runs before the sandbox, and imports nothing of ours. FOLDERS, one a line, are those that the uid must reach. Where a folder above them
is closed to others, an empty one is mounted over it, for this process alone, with nothing in it but the folders to
keep. Must be started as root; needs CAP_SYS_ADMIN only for the closed folders.
"""

from __future__ import annotations

import ctypes
import os
import sys

FAILED = "root is needed to become another user, and may not here"
_NEW_MOUNTS = 0x20000  # CLONE_NEWNS
_NOSUID, _NODEV, _BIND, _RECURSIVE, _PRIVATE = 2, 4, 4096, 16384, 1 << 18
_SEARCH_BY_OTHERS = 0o001


def main() -> None:
    """Change the user and start the command."""
    uid, folders, *command = sys.argv[1:]
    give_up_root(int(uid), folders.split("\n"))
    os.execvp(command[0], command)  # noqa: S606 (no shell: a list of arguments)


def give_up_root(uid: int, keep: list[str]) -> None:
    """Open the way to what is kept, and change the user for good; say why and end where that is not allowed."""
    try:
        closed = closed_folders(keep)
        if closed:
            hide(closed)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as error:
        sys.exit(f"{FAILED}: {error}")
    os.umask(0o022)


def closed_folders(keep: list[str]) -> dict[str, list[str]]:
    """Return the topmost folders that others cannot search, each with the folders to keep below it."""
    found: dict[str, list[str]] = {}
    for path in keep:
        for above in ancestors(path):
            if not os.stat(above).st_mode & _SEARCH_BY_OTHERS:
                found.setdefault(above, []).append(path)
                break
    return found


def ancestors(path: str) -> list[str]:
    """Return the folders above a path, from the root down, without the path itself."""
    parts = os.path.realpath(path).strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]


def hide(closed: dict[str, list[str]]) -> None:
    """Mount over each closed folder an empty one that holds only what is kept."""
    libc = ctypes.CDLL(None, use_errno=True)
    check(libc.unshare(_NEW_MOUNTS), "unshare")
    mount(libc, None, "/", _RECURSIVE | _PRIVATE)
    for folder, kept in closed.items():
        open_ones = {path: os.open(path, os.O_PATH) for path in kept}
        mount(libc, "tmpfs", folder, _NOSUID | _NODEV, kind="tmpfs", data="size=1m,mode=0755")
        for path, descriptor in open_ones.items():
            os.makedirs(path, exist_ok=True)
            mount(libc, f"/proc/self/fd/{descriptor}", path, _BIND | _RECURSIVE)
            os.close(descriptor)


def mount(  # noqa: PLR0913, PLR0917 (the arguments of mount(2))
    libc: ctypes.CDLL,
    source: str | None,
    target: str,
    flags: int,
    kind: str | None = None,
    data: str | None = None,
) -> None:
    """Call mount(2); an OSError names the target."""
    words = [text and text.encode() for text in (source, target, kind)]
    status = libc.mount(*words, ctypes.c_ulong(flags), data and data.encode())
    check(status, f"mount {target}")


def check(status: int, what: str) -> None:
    """Raise the error of a C function that returned -1."""
    if status:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
