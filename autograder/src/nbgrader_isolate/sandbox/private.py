"""Keep some paths out of a sandbox, wherever they are: a course, its gradebook, the exchange.

What a sandbox shows is an allow-list (`mounts`). A course can still be inside a folder of that
list, for example if its folder is also the virtual environment, and so can another file system that
is mounted there. bubblewrap mounts an empty folder over such a path. Landlock cannot take anything
back, so it allows what is beside the path instead.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_SEARCH_BY_OTHERS = 0o001


class ExposedError(Exception):
    """A private path that cannot be kept out: the message says which, and what to do."""


def hidden_paths(private: Iterable[str], shown: Sequence[Path]) -> list[Path]:
    """Return the real paths that must be hidden: private ones, and foreign mounts among the shown.

    Parameters
    ----------
    private : iterable of str
        Absolute paths; those that do not exist are skipped.
    shown : sequence of Path
        What the sandbox shows.

    Raises
    ------
    ExposedError
        If Python itself is inside one of the private paths' folders that is shown.
    """
    real = [Path(path).resolve() for path in private if os.path.lexists(path)]
    below = [mount for mount in mount_points() if any(is_below(mount, root) for root in shown)]
    hidden = sorted({*real, *(mount for mount in below if not is_needed(mount, shown))})
    for path in real:
        for root in shown:
            if root.resolve() == path:
                raise ExposedError(
                    f"{path} belongs to the course, and Python needs it as well; move the course "
                    "or the environment"
                )
    return [path for path in hidden if any(is_below(path, root) for root in shown)]


def is_below(path: Path, root: Path) -> bool:
    """Return whether a real path is strictly inside a folder that is shown."""
    real = root.resolve()
    return path != real and path.is_relative_to(real)


def is_needed(mount: Path, shown: Sequence[Path]) -> bool:
    """Return whether Python or the system needs something on a mount, or it is not a folder."""
    needed = [*shown, *map(Path, filter(None, sys.path)), Path(sys.executable)]
    return not mount.is_dir() or any(path.resolve().is_relative_to(mount) for path in needed)


def mount_points() -> Iterator[Path]:
    """Yield where file systems are mounted, as this process sees it."""
    try:
        rows = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return
    for row in rows:
        text = re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), row.split(" ")[4])
        yield Path(text)


def places(path: Path, shown: Sequence[Path]) -> Iterator[Path]:
    """Yield where a real path would appear in a sandbox: below the names of what is shown."""
    for root in shown:
        if is_below(path, root):
            yield root / path.relative_to(root.resolve())


def can_be_reached(path: Path, place: Path, shown: Sequence[Path]) -> bool:
    """Return whether a user who owns nothing could enter the folder of a path that is shown."""
    real = [root.resolve() for root in shown if place.is_relative_to(root)]
    inside = [parent for parent in path.parents if any(map(parent.is_relative_to, real))]
    return all(parent.stat().st_mode & _SEARCH_BY_OTHERS for parent in inside)


def mask_arguments(private: Iterable[str], shown: Sequence[Path], *, owned: bool) -> list[str]:
    """Return bubblewrap's arguments that hide private paths; they come after all others.

    Parameters
    ----------
    private, shown
        As for `hidden_paths`.
    owned : bool
        Whether the sandbox has this user's rights. If not, what nobody else can enter needs no
        mask, and could not be masked.
    """
    arguments: list[str] = []
    for path in hidden_paths(private, shown):
        for place in places(path, shown):
            if not owned and not can_be_reached(path, place, shown):
                continue
            if path.is_dir():
                arguments += ["--perms", "0555", "--size", "4096", "--tmpfs", str(place)]
                arguments += ["--remount-ro", str(place)]
            else:
                arguments += ["--ro-bind", "/dev/null", str(place)]
    return arguments


def without(shown: Iterable[Path], hidden: Sequence[Path]) -> Iterator[Path]:
    """Yield paths that together allow everything shown, except what is hidden.

    A folder that contains something hidden is replaced by what it contains; it cannot be listed
    any more.

    Raises
    ------
    ExposedError
        If Python must be able to list such a folder.
    """
    for root in shown:
        real = root.resolve()
        if real in hidden:
            continue
        if not any(is_below(path, real) for path in hidden):
            yield root
            continue
        if real in {Path(folder).resolve() for folder in sys.path if folder}:
            raise ExposedError(f"{real} contains both Python's modules and private files")
        yield from without((Path(entry) for entry in own_entries(real)), hidden)


def own_entries(folder: Path) -> Iterator[str]:
    """Yield what is in a folder, without links: what they lead to has its own rule, or none."""
    with os.scandir(folder) as entries:
        yield from sorted(entry.path for entry in entries if not entry.is_symlink())


def identities(private: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield each private path that exists, with numbers by which the probe recognizes it."""
    for path in private:
        try:
            status = os.stat(path)  # noqa: PTH116 (a path as text)
        except OSError:
            continue
        kind = "folder" if stat.S_ISDIR(status.st_mode) else "file"
        yield path, f"{kind}:{status.st_dev}:{status.st_ino}"
