"""Programs that a few verbs need and that nothing imports, in an environment of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from course.bootstrap import installer
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
        If the packages cannot be downloaded; it says why and what to do.
    """
    environment = place / f"tools-{digest(wanted.read_bytes())[:8]}"
    programs = environment / ("Scripts" if os.name == "nt" else "bin")
    if (environment / "done").is_file():
        return programs
    say(f"Installing the programs of {wanted.parent.name}/{wanted.name} into _build/ ...")
    place.mkdir(parents=True, exist_ok=True)
    uv = [sys.executable, "-m", "uv"]
    install = ["pip", "sync", "--quiet", "--require-hashes", "--python", str(programs / "python")]
    try:
        variables = installer.environment_of(Path(sys.executable), dict(os.environ))
        for command in (
            [*uv, "venv", "--quiet", "--clear", str(environment)],
            [*uv, *install, str(wanted)],
        ):
            installer.run(command, wanted.parent, variables)
    except installer.InstallerError as error:
        raise CourseError(str(error)) from error
    (environment / "done").touch()
    return programs
