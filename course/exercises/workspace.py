"""`make lab`: a student's own copies in `work/`, and JupyterLab on them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from course.core.paths import Folders

HANDED_OUT = ("lessons", "exercises", "img")
# Settings that hold while the course's JupyterLab runs and touch nobody's own: no news from the network,
# no look for updates, and no question whether there should be any.
CONFIG = Path(__file__).with_name("lab")


def fill(folders: Folders) -> list[Path]:
    """Copy into `work/` what is missing there; never touch what is.

    Parameters
    ----------
    folders : Folders
        The checkout.

    Returns
    -------
    list of Path
        The copies that were made.
    """
    made = []
    for name in HANDED_OUT:
        for file in sorted((folders.root / name).rglob("*")):
            if not file.is_file() or ".ipynb_checkpoints" in file.parts:
                continue
            copy = folders.work / file.relative_to(folders.root)
            if not copy.exists() and not copy.is_symlink():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
                made.append(copy)
    return made


def lab_command(folders: Folders) -> list[str]:
    """Return the command that opens JupyterLab in `work/`."""
    return [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folders.work}"]


def lab_environment() -> dict[str, str]:
    """Return the environment of that command: this one, with the course's settings put first."""
    found = os.environ.get("JUPYTER_CONFIG_PATH")
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(CONFIG), found])),
    }


def lab(folders: Folders, arguments: list[str]) -> int:
    """Open JupyterLab in `work/`; return its exit status.

    Parameters
    ----------
    folders : Folders
        The checkout.
    arguments : list of str
        Further options for JupyterLab, such as `--no-browser`.
    """
    made = fill(folders)
    if made:
        print(f"{len(made)} new files in work/. They are yours; nothing overwrites them.")
    try:
        command = [*lab_command(folders), *arguments]
        return subprocess.run(command, check=False, env=lab_environment()).returncode
    except KeyboardInterrupt:  # JupyterLab got the Ctrl-C too and has asked what to do
        return 0
