"""`make lab`: a student's own copies in `work/`, opened in JupyterLab."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from course.core.errors import CourseError
from course.core.paths import Folders
from course.exercises.moved_work import bring_over, told

HANDED_OUT = ("lessons", "exercises", "img")
# Settings for the course's JupyterLab that leave the user's own alone: it fetches no news, does not
# check for updates, and does not ask whether it should.
CONFIG = Path(__file__).with_name("lab")
# What JupyterLab does here without being told: it saves the instruments with a notebook, so that
# they are there again when it is opened, and leaves out the panels for instructors.
SETTINGS = CONFIG / "settings"


def fill(folders: Folders) -> list[Path]:
    """Copy what is missing in `work/`; never change what is there.

    Parameters
    ----------
    folders : Folders
        The checkout.

    Returns
    -------
    list of Path
        The copies that were created.
    """
    copies = []
    for name in HANDED_OUT:
        for file in sorted((folders.root / name).rglob("*")):
            if not file.is_file() or ".ipynb_checkpoints" in file.parts:
                continue
            copy = folders.work / file.relative_to(folders.root)
            if not copy.exists() and not copy.is_symlink():
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file, copy)
                if copy.suffix == ".ipynb":
                    copy.write_bytes(as_opened(file.read_bytes()))
                copies.append(copy)
    return copies


def as_opened(notebook: bytes) -> bytes:
    """Return a notebook with the names of the kernel that JupyterLab notes when it opens one.

    JupyterLab would note them, and ask whether to save a notebook that nobody has changed.
    """
    from ipykernel.ipkernel import IPythonKernel
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        content = json.loads(notebook)
        kernel = content["metadata"]["kernelspec"]["name"]
        spec = KernelSpecManager().get_kernel_spec(kernel)
    except (ValueError, KeyError, TypeError, NoSuchKernel):
        return notebook
    content["metadata"]["kernelspec"] = {
        "display_name": spec.display_name,
        "language": spec.language,
        "name": kernel,
    }
    content["metadata"]["language_info"] = IPythonKernel.language_info
    return f"{json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()


def is_unchanged(copy: Path, original: Path) -> bool:
    """Return whether a notebook in `work/` is as it was handed out."""
    data, given = copy.read_bytes(), original.read_bytes()
    return data == given or data == as_opened(given)


def first_notebook(folders: Folders) -> Path | None:
    """Return the notebook to open: the one that was changed last, or the first lesson."""
    changed: dict[Path, float] = {}
    for name in ("lessons", "exercises"):
        for copy in (folders.work / name).rglob("*.ipynb"):
            original = folders.root / copy.relative_to(folders.work)
            own = ".ipynb_checkpoints" not in copy.parts and original.is_file()
            if own and not is_unchanged(copy, original):
                changed[copy] = copy.stat().st_mtime
    lessons = sorted((folders.work / "lessons").glob("[0-9]*.ipynb"))
    return max(changed, key=lambda copy: changed[copy], default=next(iter(lessons), None))


def lab_command(folders: Folders) -> list[str]:
    """Return the command that opens JupyterLab in `work/`, with a notebook to start from."""
    options = [f"--ServerApp.root_dir={folders.work}", f"--LabApp.app_settings_dir={SETTINGS}"]
    if notebook := first_notebook(folders):
        place = quote(notebook.relative_to(folders.work).as_posix())
        options.append(f"--LabApp.default_url=/lab/tree/{place}")
    return [sys.executable, "-m", "jupyterlab", *options]


def lab_environment() -> dict[str, str]:
    """Return the environment for that command: this one, with the course's settings first."""
    existing = os.environ.get("JUPYTER_CONFIG_PATH")
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(CONFIG), existing])),
    }


def lab(folders: Folders, arguments: list[str]) -> int:
    """Open JupyterLab in `work/`; return its exit status.

    Parameters
    ----------
    folders : Folders
        The checkout.
    arguments : list of str
        More options for JupyterLab, such as `--no-browser`.
    """
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if root and not {"--allow-root", "--version", "--help", "-h"} & set(arguments):
        raise CourseError(
            "JupyterLab does not start as root unless you allow it. In a container of your own, "
            "run `make lab OPTIONS=--allow-root`; elsewhere, run `make lab` as an ordinary user."
        )
    if sentence := told(folders, bring_over(folders)):
        print(sentence)
    copies = fill(folders)
    if copies:
        print(f"{len(copies)} new files in work/. They are yours; nothing overwrites them.")
    try:
        command = [*lab_command(folders), *arguments]
        return subprocess.run(command, check=False, env=lab_environment()).returncode
    except KeyboardInterrupt:  # JupyterLab got the Ctrl-C, too, and has asked what to do
        return 0
