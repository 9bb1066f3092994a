"""`make lens`: are the lessons true on every NumPy? Run them on several and compare, cell by cell.

Each NumPy gets an environment of its own below `_build/lens/` and a kernel that JupyterLab's tools find
there. What differs is written into `lessons/versions.json`, which the pages show; `course/site/numpy_versions.py` says
how cells are compared.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from course.core.errors import CourseError
from course.core.paths import Folders
from course.site import numpy_versions
from course.site.execute import Conditions, Run, run_lessons

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The oldest NumPy the course promises, the one most installed, and the newest, each with a Python.
LENSES = (("3.11", "2.2.*"), ("3.11", "2.4.*"), ("3.12", "2.5.*"), ("3.13", ""))
# What the lessons import besides NumPy and the standard library, and what runs them.
NEEDED = ("ipykernel", "matplotlib", "nbconvert", "scipy", "threadpoolctl")


@dataclass
class Finding:
    """What one NumPy shows.

    Parameters
    ----------
    name : str
        Its Python and NumPy, such as "Python 3.12, NumPy 2.5.5".
    notebooks : dict of str to NotebookNode
        The lessons that ran, by slug, with what their cells show.
    errors : list of CourseError
        The lessons that did not.
    """

    name: str
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    errors: list[CourseError] = field(default_factory=list)


def look(folders: Folders, say: Callable[[str], None] = print) -> list[Finding]:
    """Run all lessons on each NumPy whose Python is on this machine, and write what differs.

    The first one runs them twice: what differs from itself says nothing about NumPy.

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
    tell_stale(folders, say)
    findings: list[Finding] = []
    again: dict[str, NotebookNode] = {}
    for python, numpy in LENSES:
        if (kernel := prepare(folders, python, numpy)) is None:
            say(f"no Python {python} on this machine: NumPy {numpy or 'newest'} was not tried")
            continue
        finding = run_with(folders, kernel)
        if not findings:
            again = run_with(folders, kernel).notebooks
        findings.append(finding)
        say(f"{finding.name}: {len(finding.notebooks)} lessons ran, {len(finding.errors)} failed")
        for error in finding.errors:
            say(f"  {error}")
    if findings:
        write_record(folders, findings, again, say)
    return findings


def tell_stale(folders: Folders, say: Callable[[str], None]) -> None:
    """Say which cells of the old record have changed; the pages have not shown them since."""
    import nbformat

    files = sorted(folders.lessons.glob("*.ipynb"))
    notebooks = {file.stem: nbformat.read(file, as_version=4) for file in files}
    for cell in numpy_versions.stale(numpy_versions.read(folders), notebooks):
        say(f"the record is old for {cell}: its code has changed, so the page did not show it")


def write_record(
    folders: Folders,
    findings: list[Finding],
    again: dict[str, NotebookNode],
    say: Callable[[str], None],
) -> None:
    """Compare, write the record and say what is in it."""
    record, left_out = numpy_versions.compare({f.name: f.notebooks for f in findings}, again)
    changed = numpy_versions.write(folders, [finding.name for finding in findings], record)
    for slug, cells in record.items():
        for name, entry in cells.items():
            first, *others = entry["shows"].items()
            for version, text in others:
                if text != first[1]:
                    say(f"  {slug}, cell {name}, {version}: {first_difference(first[1], text)}")
    for cell in left_out:
        say(f"  not compared, it differs from run to run: {cell}")
    file = folders.relative(numpy_versions.file_of(folders))
    count = sum(map(len, record.values()))
    did = "wrote" if changed else "nothing new for"
    differ = "1 cell differs" if count == 1 else f"{count} cells differ"
    say(f"{did} {file}: {differ} from one NumPy to another")


def prepare(folders: Folders, python: str, numpy: str) -> Path | None:
    """Make the environment and kernel of one NumPy; None if its Python is not on this machine.

    Raises
    ------
    CourseError
        If the packages cannot be had.
    """
    home = folders.build / "lens"
    interpreter = environment(folders, home, python, numpy, *NEEDED)
    if interpreter is None:
        return None
    argv = [str(interpreter), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": name_of(python, numpy), "language": "python"}
    kernel = home / "kernels" / name_of(python, numpy).replace(".", "_")
    kernel.mkdir(parents=True, exist_ok=True)
    (kernel / "kernel.json").write_text(json.dumps(spec))
    return interpreter


def environment(
    folders: Folders, home: Path, python: str, numpy: str, *packages: str
) -> Path | None:
    """Make an environment with one NumPy, or bring it up to date; return its interpreter.

    Parameters
    ----------
    folders : Folders
    home : Path
        Where it goes.
    python, numpy : str
        As in `LENSES`.
    packages : str
        What it holds besides NumPy, as uv takes it.

    Returns
    -------
    Path or None
        None if that Python is not on this machine.

    Raises
    ------
    CourseError
        If the packages cannot be had.
    """
    place = home / name_of(python, numpy)
    interpreter = place / "bin" / "python"
    if not interpreter.exists():
        base = find_python(python)
        if base is None:
            return None
        run_uv(folders, "venv", "--clear", "--python", base, str(place))
    wanted = [f"numpy{f'=={numpy}' if numpy else ''}", *packages]
    run_uv(folders, "pip", "install", "--python", str(interpreter), *wanted)
    return interpreter


def name_of(python: str, numpy: str) -> str:
    """Return the name of an environment, such as `python3.12-numpy2.5`."""
    return f"python{python}-numpy{numpy.rstrip('.*') or 'newest'}"


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


def run_with(folders: Folders, interpreter: Path) -> Finding:
    """Run all lessons on one NumPy."""
    environment = interpreter.parent.parent
    tell = "import platform, numpy; print('Python', platform.python_version() + ', NumPy', numpy.__version__)"
    name = subprocess.run(
        [str(interpreter), "-c", tell], capture_output=True, text=True, check=True
    )
    finding = Finding(name.stdout.strip())

    def done(run: Run) -> None:
        if run.notebook is None:
            finding.errors.append(run.error or CourseError(run.file.name))
            return
        finding.notebooks[run.file.stem] = run.notebook

    os.environ["JUPYTER_PATH"] = str(environment.parent)
    os.environ["PYTHONPATH"] = str(folders.root)
    files = sorted(folders.lessons.glob("*.ipynb"))
    kernel = environment.name.replace(".", "_")
    run_lessons(files, folders.relative, done, Conditions(kernel=kernel))
    finding.notebooks = dict(sorted(finding.notebooks.items()))
    return finding


def first_difference(expected: str, got: str) -> str:
    """Return the first line that differs, on both sides."""
    lines = zip_longest(expected.splitlines(), got.splitlines(), fillvalue="")
    before, after = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
    return f"{before!r} became {after!r}"
