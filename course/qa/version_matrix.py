"""`make version-matrix`: run the lessons on several versions of NumPy and compare the outputs.

Each NumPy gets an environment of its own below `_build/version-matrix/`, and a kernel that Jupyter
finds there. The last one is the Python that runs in the pages, which has 32 bits. Differences are
written to `lessons/versions.json`, and the pages show them; `course/site/numpy_versions.py` says
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
from course.qa.page_lessons import run_lesson
from course.qa.page_python import NO_NODE, node, page_python
from course.site import numpy_versions
from course.site.execute import Conditions, LessonRun, run_lessons

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The oldest supported NumPy, the most widely used, and the newest, each with a Python.
VERSIONS = (("3.11", "2.2.*"), ("3.11", "2.4.*"), ("3.12", "2.5.*"), ("3.13", ""))
# What the lessons import besides NumPy and the standard library, and what runs them.
PACKAGES = ("ipykernel", "matplotlib", "nbconvert", "scipy", "threadpoolctl")


@dataclass
class Result:
    """The output of the lessons on one NumPy.

    Parameters
    ----------
    name : str
        Its Python and NumPy, such as "Python 3.12, NumPy 2.5.5"; for the Python of the pages, with
        how many bits it has.
    notebooks : dict of str to NotebookNode
        The lessons that ran, with their outputs, by slug.
    errors : list of CourseError
        Why the others did not run.
    """

    name: str
    notebooks: dict[str, NotebookNode] = field(default_factory=dict)
    errors: list[CourseError] = field(default_factory=list)


def run(folders: Folders, say: Callable[[str], None] = print) -> list[Result]:
    """Run all lessons on each NumPy whose Python is installed, and record the differences.

    The first NumPy runs the lessons twice: a cell whose output differs between two runs on one
    NumPy says nothing about other versions.

    Parameters
    ----------
    folders : Folders
        The checkout.
    say : callable
        Takes each line for the reader.

    Returns
    -------
    list of Result
        One for each NumPy that could be tried, in the order of `VERSIONS`, and one for the pages.
    """
    tell_stale(folders, say)
    results: list[Result] = []
    again: dict[str, NotebookNode] = {}
    for python, numpy in VERSIONS:
        if (interpreter := prepare(folders, python, numpy)) is None:
            newest = numpy or "newest"
            say(f"Python {python} is not installed on this machine: NumPy {newest} was not tried")
            continue
        result = run_with(folders, interpreter)
        if not results:
            again = run_with(folders, interpreter).notebooks
        results.append(result)
        tell(result, say)
    if not results:
        return []
    if node() is None:
        say(f"{NO_NODE}: the Python of the pages was not tried")
    else:
        results.append(run_in_page(folders))
        tell(results[-1], say)
    if any(result.errors for result in results):
        say("lessons/versions.json stays as it is, because not all lessons ran")
    else:
        write_record(folders, results, again, say)
    return results


def tell(result: Result, say: Callable[[str], None]) -> None:
    """Say how many lessons ran on one NumPy, and why others did not."""
    say(f"{result.name}: {len(result.notebooks)} lessons ran, {len(result.errors)} failed")
    for error in result.errors:
        say(f"  {error}")


def tell_stale(folders: Folders, say: Callable[[str], None]) -> None:
    """Name the recorded cells whose code has changed; the pages no longer show their record."""
    import nbformat

    files = sorted(folders.lessons.glob("*.ipynb"))
    notebooks = {file.stem: nbformat.read(file, as_version=4) for file in files}
    for cell in numpy_versions.stale(numpy_versions.read(folders), notebooks):
        say(f"the record of {cell} is outdated: its code has changed, so the page did not show it")


def write_record(
    folders: Folders,
    results: list[Result],
    again: dict[str, NotebookNode],
    say: Callable[[str], None],
) -> None:
    """Compare the outputs, write the record, and print what is in it."""
    outputs = {result.name: result.notebooks for result in results}
    record, left_out = numpy_versions.compare(outputs, again)
    changed = numpy_versions.write(folders, list(outputs), record)
    for slug, cells in record.items():
        for name, entry in cells.items():
            first, *others = entry["shows"].items()
            for version, text in others:
                if text != first[1]:
                    say(f"  {slug}, cell {name}, {version}: {first_difference(first[1], text)}")
    for cell in left_out:
        say(f"  not compared, because it differs from run to run: {cell}")
    file = folders.relative(numpy_versions.file_of(folders))
    count = sum(map(len, record.values()))
    done = "wrote" if changed else "nothing new for"
    differ = "1 cell differs" if count == 1 else f"{count} cells differ"
    say(f"{done} {file}: {differ} between versions of NumPy")


def prepare(folders: Folders, python: str, numpy: str) -> Path | None:
    """Create the environment and the kernel of one NumPy.

    Returns
    -------
    Path or None
        Its interpreter; None if that Python is not installed on this machine.

    Raises
    ------
    CourseError
        If the packages cannot be installed.
    """
    home = folders.build / "version-matrix"
    interpreter = environment(folders, home, python, numpy, *PACKAGES)
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
    """Create an environment with one NumPy, or bring it up to date.

    Parameters
    ----------
    folders : Folders
        The checkout.
    home : Path
        The folder in which to create it.
    python, numpy : str
        As in `VERSIONS`.
    packages : str
        What to install besides NumPy, as uv takes it.

    Returns
    -------
    Path or None
        Its interpreter; None if that Python is not installed on this machine.

    Raises
    ------
    CourseError
        If the packages cannot be installed.
    """
    folder = home / name_of(python, numpy)
    interpreter = folder / "bin" / "python"
    if not interpreter.exists():
        base = find_python(python)
        if base is None:
            return None
        run_uv(folders, "venv", "--clear", "--python", base, str(folder))
    requirements = [f"numpy{f'=={numpy}' if numpy else ''}", *packages]
    run_uv(folders, "pip", "install", "--python", str(interpreter), *requirements)
    return interpreter


def name_of(python: str, numpy: str) -> str:
    """Return the name of an environment, such as `python3.12-numpy2.5`."""
    return f"python{python}-numpy{numpy.rstrip('.*') or 'newest'}"


def find_python(version: str) -> str | None:
    """Return a Python of this version that starts: on the path, or installed by pyenv."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    paths = [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python3"))]
    for python in filter(None, paths):
        started = subprocess.run([str(python), "--version"], capture_output=True, check=False)
        if started.returncode == 0:
            return str(python)
    return None


def run_uv(folders: Folders, *arguments: str) -> None:
    """Run uv quietly; raise `CourseError` with its error output if it fails."""
    command = [sys.executable, "-m", "uv", *arguments, "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folders.root)
    if done.returncode:
        raise CourseError(f"uv {' '.join(arguments)}: {done.stderr.strip()}")


def run_with(folders: Folders, interpreter: Path) -> Result:
    """Run all lessons on one NumPy."""
    environment = interpreter.parent.parent
    print_versions = (
        "import platform, numpy\n"
        "print(f'Python {platform.python_version()}, NumPy {numpy.__version__}')"
    )
    name = subprocess.run(
        [str(interpreter), "-c", print_versions], capture_output=True, text=True, check=True
    )
    result = Result(name.stdout.strip())

    def done(run: LessonRun) -> None:
        if run.notebook is None:
            result.errors.append(run.error or CourseError(run.file.name))
            return
        result.notebooks[run.file.stem] = run.notebook

    os.environ["JUPYTER_PATH"] = str(environment.parent)
    os.environ["PYTHONPATH"] = str(stridescope(folders))
    files = sorted(folders.lessons.glob("*.ipynb"))
    kernel = environment.name.replace(".", "_")
    run_lessons(files, folders.relative, done, Conditions(kernel=kernel))
    result.notebooks = dict(sorted(result.notebooks.items()))
    return result


def stridescope(folders: Folders) -> Path:
    """Return the folder from which lessons import stridescope."""
    return folders.root / "stridescope" / "src"


def run_in_page(folders: Folders) -> Result:
    """Run all lessons in the Python of the pages, without the cells that a page does not run."""
    with page_python(folders) as python:
        notebooks = {
            file.stem: run_lesson(python, file).shown()
            for file in sorted(folders.lessons.glob("*.ipynb"))
        }
        return Result(python.name, notebooks)


def first_difference(expected: str, got: str) -> str:
    """Return the first line that differs, from both sides."""
    lines = zip_longest(expected.splitlines(), got.splitlines(), fillvalue="")
    before, after = next((pair for pair in lines if pair[0] != pair[1]), ("", ""))
    return f"{before!r} became {after!r}"
