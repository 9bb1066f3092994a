"""Programs that a few verbs need and that nothing imports, in an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from course.core.cache import digest
from course.core.errors import CourseError


def folder_of_tools(wanted: Path, place: Path, say: Callable[[str], None] = print) -> Path:
    """Return the folder of programs of an environment; install it where it is not.

    Parameters
    ----------
    wanted : Path
        The list of packages, with digests; another list has another environment.
    place : Path
        Where environments are kept, in `_build/`.
    say : callable
        Takes each line for the person who waits.

    Raises
    ------
    CourseError
        If the packages cannot be downloaded.
    """
    environment = place / f"tools-{digest(wanted.read_bytes())[:8]}"
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    if (environment / "done").is_file():
        return programs
    say(f"Installing the programs of {wanted.parent.name}/{wanted.name} into _build/ ...")
    place.mkdir(parents=True, exist_ok=True)
    uv = [sys.executable, "-m", "uv"]
    install = ["pip", "sync", "--quiet", "--require-hashes", "--index-strategy=unsafe-best-match"]
    for command in (
        [*uv, "venv", "--quiet", "--clear", str(environment)],
        [*uv, *install, "--python", str(programs / "python"), str(wanted)],
    ):
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()[-3:]
            raise CourseError(
                "\n".join(f"  {line.strip()}" for line in said)
                + "\nThe programs could not be installed: connect this machine to the network "
                "(docs/setup.md says how to use a mirror), then run this command again."
            )
    (environment / "done").touch()
    return programs
