"""`make lens`: are the lessons true on every NumPy? Run them on several and compare, cell by cell.

Each NumPy gets an environment of its own below `_build/lens/` and a kernel that JupyterLab's tools find
there. What a cell shows is compared as text, after the numbers that differ from run to run (times,
ratios, addresses) are taken out.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from course.errors import CourseError
from course.execute import Conditions, Run, run_lessons
from course.paths import Folders

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The oldest NumPy the course promises, the one most installed, and the newest, each with a Python.
LENSES = (("3.11", "2.2.*"), ("3.11", "2.4.*"), ("3.12", "2.5.*"), ("3.13", ""))
# What the lessons import besides NumPy and the standard library, and what runs them.
NEEDED = ("ipykernel", "matplotlib", "nbconvert", "scipy", "threadpoolctl")
VARIES = (
    (r"\d[\d,.]* times", "# times"),
    (r"0x[0-9a-f]+", "0x…"),
    (r"Made with NumPy .*", "Made with …"),
    (r"\S*ipykernel_\d+\S*\.py", "cell.py"),
)


@dataclass
class Finding:
    """What one NumPy shows.

    Parameters
    ----------
    name : str
        Its Python and NumPy, such as "Python 3.12, NumPy 2.5.5".
    ran : int
        How many lessons ran without an error.
    errors : list of CourseError
        The lessons that did not.
    differences : list of str
        One line for each cell that shows something else than on the first NumPy.
    """

    name: str
    ran: int = 0
    errors: list[CourseError] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


def look(folders: Folders, say: Callable[[str], None] = print) -> list[Finding]:
    """Run all lessons on each NumPy whose Python is on this machine.

    Parameters
    ----------
    folders : Folders
        The checkout.
    say : callable
        Takes each line for the reader.

    Returns
    -------
    list of Finding
        One for each NumPy that could be had, in the order of `LENSES`.
    """
    findings: list[Finding] = []
    first: dict[str, list[str]] = {}
    for python, numpy in LENSES:
        if (kernel := prepare(folders, python, numpy)) is None:
            say(f"no Python {python} on this machine: NumPy {numpy or 'newest'} was not tried")
            continue
        finding, shown = run_with(folders, kernel)
        for slug, cells in shown.items():
            finding.differences += differences(slug, first.setdefault(slug, cells), cells)
        findings.append(finding)
        say(
            f"{finding.name}: {finding.ran} lessons ran, {len(finding.errors)} failed, "
            f"{len(finding.differences)} cells differ from {findings[0].name}"
        )
        for line in (*map(str, finding.errors), *finding.differences):
            say(f"  {line}")
    return findings


def prepare(folders: Folders, python: str, numpy: str) -> Path | None:
    """Make the environment and kernel of one NumPy; None if its Python is not on this machine.

    Raises
    ------
    CourseError
        If the packages cannot be had.
    """
    home = folders.build / "lens"
    environment = home / f"python{python}-numpy{numpy.rstrip('.*') or 'newest'}"
    interpreter = environment / "bin" / "python"
    if not interpreter.exists():
        base = find_python(python)
        if base is None:
            return None
        run_uv(folders, "venv", "--clear", "--python", base, str(environment))
    wanted = [f"numpy{f'=={numpy}' if numpy else ''}", *NEEDED]
    run_uv(folders, "pip", "install", "--python", str(interpreter), *wanted)
    argv = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": environment.name, "language": "python"}
    kernel = home / "kernels" / environment.name.replace(".", "_")
    kernel.mkdir(parents=True, exist_ok=True)
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return interpreter


def find_python(version: str) -> str | None:
    """Return a Python of that version that starts: on the path, or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python3"))]
    for python in filter(None, found):
        tried = subprocess.run([str(python), "--version"], capture_output=True, check=False)
        if tried.returncode == 0:
            return str(python)
    return None


def run_uv(folders: Folders, *arguments: str) -> None:
    """Run uv quietly; `CourseError` with its last words if it fails."""
    command = [sys.executable, "-m", "uv", *arguments, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folders.root)
    if done.returncode:
        raise CourseError(f"uv {' '.join(arguments)}: {done.stderr.strip()}")


def run_with(folders: Folders, interpreter: Path) -> tuple[Finding, dict[str, list[str]]]:
    """Run all lessons on one NumPy; return how it went and what each code cell showed."""
    environment = interpreter.parent.parent
    tell = "import platform, numpy; print('Python', platform.python_version() + ', NumPy', numpy.__version__)"
    name = subprocess.run(
        [str(interpreter), "-c", tell], capture_output=True, text=True, check=True
    )
    finding = Finding(name.stdout.strip())
    shown: dict[str, list[str]] = {}

    def done(run: Run) -> None:
        if run.notebook is None:
            finding.errors.append(run.error or CourseError(run.file.name))
            return
        finding.ran += 1
        shown[run.file.stem] = [text_of(cell) for cell in run.notebook.cells if "outputs" in cell]

    os.environ["JUPYTER_PATH"] = str(environment.parent)
    os.environ["PYTHONPATH"] = str(folders.root)
    files = sorted(folders.lessons.glob("*.ipynb"))
    kernel = environment.name.replace(".", "_")
    run_lessons(files, folders.relative, done, Conditions(kernel=kernel))
    return finding, shown


def text_of(cell: NotebookNode) -> str:
    """Return what a cell shows as text, without what differs from run to run."""
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts.append(output.data.get("text/plain", ""))
    text = "\n".join(parts)
    for pattern, stand_in in VARIES:
        text = re.sub(pattern, stand_in, text)
    return text


def differences(slug: str, expected: list[str], got: list[str]) -> list[str]:
    """Return a line for each code cell, counted from 1, whose text is not the expected one."""
    return [
        f"{slug}, code cell {number}: {first_difference(before, after)}"
        for number, (before, after) in enumerate(zip(expected, got, strict=True), start=1)
        if before != after
    ]


def first_difference(expected: str, got: str) -> str:
    """Return the first line that differs, on both sides."""
    lines = zip_longest(expected.splitlines(), got.splitlines(), fillvalue="")
    before, after = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
    return f"{before!r} became {after!r}"
