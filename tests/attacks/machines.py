"""The machines on which the grader is attacked: with or without bubblewrap, as root or as a user.

By default the tests run on this machine as it is. `ATTACK_ON=landlock`, `ATTACK_ON=ordinary` and
`ATTACK_ON=landlock,ordinary` simulate other machines; with TEST_TIER=all, a few attacks run on all
four.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from nbgrader_isolate.sandbox import drop_root, mounts

WORDS = {"landlock", "ordinary"}
ORDINARY = 65534
"""The user `nobody`, who owns nothing."""


@dataclass(frozen=True)
class Machine:
    """A machine as the grader sees it.

    Parameters
    ----------
    landlock : bool
        Whether the program `bwrap` is missing from the path, so that Landlock is used.
    ordinary : bool
        Whether the commands run as an unprivileged user; if that user runs the tests, they do
        anyway.
    """

    landlock: bool = False
    ordinary: bool = False

    @property
    def backend(self) -> str:
        """The backend that must be chosen here."""
        return "landlock" if self.landlock else "bwrap"

    @property
    def words(self) -> str:
        """Its id in the names of tests."""
        user = "ordinary" if self.ordinary or os.getuid() else "root"
        return f"{self.backend}, {user}"

    def path(self, home: Path) -> str:
        """Return the search path of commands."""
        ours = str(Path(sys.executable).parent)
        if not self.landlock:
            return os.pathsep.join([ours, os.environ["PATH"]])
        return os.pathsep.join([ours, str(without_bubblewrap(home / "bin"))])

    def prefix(self, folder: Path) -> list[str]:
        """Give a folder to this machine's user; return the prefix of commands that work there."""
        if not self.ordinary or os.getuid():
            return []
        for parent, folders, files in os.walk(folder):
            for name in (".", *folders, *files):
                os.chown(Path(parent, name), ORDINARY, ORDINARY, follow_symlinks=False)
        reachable = [*mounts.python_roots(), Path(__file__).resolve().parents[2], folder]
        paths = "\n".join(map(str, reachable))
        return [sys.executable, "-I", "-S", drop_root.__file__, str(ORDINARY), paths]


def without_bubblewrap(folder: Path) -> Path:
    """Create a folder with links to all programs of /usr/bin except bwrap."""
    if not folder.exists():
        folder.mkdir()
        for program in Path("/usr/bin").iterdir():
            if program.name != "bwrap":
                (folder / program.name).symlink_to(program)
    return folder


def chosen() -> Machine:
    """Return the machine that ATTACK_ON names."""
    words = set(filter(None, os.environ.get("ATTACK_ON", "").split(",")))
    if words - WORDS:
        raise ValueError(
            f"ATTACK_ON={os.environ['ATTACK_ON']}: of {', '.join(sorted(WORDS))}, with commas"
        )
    return Machine("landlock" in words, "ordinary" in words)


HERE = chosen()
OTHERS = tuple(
    machine
    for machine in (
        Machine(landlock=True),
        Machine(ordinary=True),
        Machine(landlock=True, ordinary=True),
    )
    if machine != HERE and not (machine == Machine(ordinary=True) and os.getuid())
)
"""The weaker ones."""
