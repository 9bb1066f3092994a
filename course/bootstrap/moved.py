"""Make `.venv` work in another folder than the one it was made in.

A folder that was moved, renamed or copied has a `.venv` with the old path in it: where the course's
own packages are, and which Python starts each script. All of it is text, so no package has to be
downloaded again. Like all of `course.bootstrap`, this is the syntax of Python 3.6.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

HEADER = re.compile(
    rb"\A#!(?:/bin/sh\n'''exec' [^\n]*?|[^\n]*?)(python[\w.]*)['\"]?(?: \"\$0\" \"\$@\"\n' ''')?\n"
)
"""The first lines of a script that pip or uv installed: with a path that `#!` takes, or without."""


def repair(venv: Path, old: str) -> bool:
    """Write the new path wherever `venv` has the old one; return whether that was possible.

    Parameters
    ----------
    venv : Path
        The environment, `.venv` of a checkout.
    old : str
        The folder of the checkout when the environment was made.
    """
    if os.name == "nt":  # its scripts are programs
        return False
    # this writes pyvenv.cfg and the scripts that activate it again, and no package
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(venv)],
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if made.returncode:
        return False
    new = str(venv.parent)
    for packages in (venv / "lib").glob("python*/site-packages"):
        for file in packages.glob("*.pth"):
            replace(file, os.fsencode(old), os.fsencode(new))
        for file in packages.glob("*.dist-info/direct_url.json"):
            replace(file, Path(old).as_uri().encode(), venv.parent.as_uri().encode())
    for file in (venv / "bin").iterdir():
        if file.is_file() and not file.is_symlink():
            name_python(file, venv / "bin")
    return True


def replace(file: Path, old: bytes, new: bytes) -> None:
    """Replace the old path where it begins a path in a file."""
    data = file.read_bytes()
    changed = re.sub(re.escape(old) + rb"(?=[/\"\n]|\Z)", lambda _: new, data)
    if changed != data:
        file.write_bytes(changed)


def name_python(file: Path, folder: Path) -> None:
    """Let a script start with the Python in `folder`, whatever characters its path has."""
    data = file.read_bytes()
    header = HEADER.match(data)
    if header:
        python = shlex.quote(str(folder / header.group(1).decode()))
        start = f"#!/bin/sh\n'''exec' {python} \"$0\" \"$@\"\n' '''\n"
        file.write_bytes(os.fsencode(start) + data[header.end() :])
