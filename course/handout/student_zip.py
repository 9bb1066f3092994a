"""`make student`: one zip with all that a student needs, and no answer in it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from course.core.cache import files_below
from course.core.errors import CourseError
from course.core.paths import Folders

NAME = "inside-the-ndarray"
FOLDERS = ("course", "docs", "exercises", "img", "lessons", "stridescope", "web")
FILES = (
    "LICENSE",
    "LICENSE-CONTENT",
    "environment.yml",
    "pyproject.toml",
    "requirements.lock",
    "content/course.yml",
    "content/glossary.yml",
    "content/schedules.yml",
)
ANSWERS = ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS")
VERBS = ("help", "html", "lab", "check", "start-over", "capstone", "setup", "clean", "python")
"""What a student can make. The other verbs need the solutions, the tests or the texts of the lessons."""
README = """# Inside the ndarray

How NumPy stores, shares and moves data. You need Python 3.11 or newer; the first command sets up the rest.

    make lab      # copies lessons and exercises into work/ and opens JupyterLab there
    make check    # says which exercises are solved, and what to do next
    make html     # the lessons as pages: open _site/index.html

Without `make`: `python -m course lab`, and so on. What is in `work/` is yours; nothing overwrites it.
Stuck beyond repair? `make start-over A=02-strides T=ravel` gives a fresh copy and keeps yours.

Code is under the BSD 3-clause licence (LICENSE), text and pictures under CC BY 4.0 (LICENSE-CONTENT).
"""


def student_bundle(folders: Folders) -> tuple[Path, int]:
    """Write the zip into `_build/`.

    Returns
    -------
    Path
        The zip. The same course gives the same bytes.
    int
        How many exercises are in it.

    Raises
    ------
    CourseError
        If a notebook that would be handed out holds a solution or a hidden test.
    """
    files = dict(contents(folders))
    for name, data in files.items():
        if name.endswith(".ipynb") and any(mark.encode() in data for mark in ANSWERS):
            raise CourseError(
                f"{name} holds a solution or a hidden test: run `make notebooks` first."
            )
    files["README.md"] = README.encode()
    makefile = (folders.root / "Makefile").read_text("utf-8")
    files["Makefile"] = students_makefile(makefile).encode()
    target = folders.build / f"{NAME}-student.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{NAME}/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, data)
    exercises = sum(name.startswith("exercises/") and name.endswith(".ipynb") for name in files)
    return target, exercises


def students_makefile(text: str) -> str:
    """Return a Makefile with those rules only that are for students."""
    kept = []
    for block in text.strip().split("\n\n"):
        rule = re.search(r"^([a-z-]+):", block, re.MULTILINE)
        if rule is None or rule[1] in VERBS:
            kept.append(re.sub(r"(?m)^\.PHONY:.*", f".PHONY: {' '.join(VERBS)}", block))
    return "\n\n".join(kept) + "\n"


def contents(folders: Folders) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file that students get."""
    trees = [folders.root / name for name in FOLDERS]
    single = [folders.root / name for name in FILES]
    for file in [*files_below(*trees), *(one for one in single if one.is_file())]:
        if ".ipynb_checkpoints" not in file.parts and "__pycache__" not in file.parts:
            yield file.relative_to(folders.root).as_posix(), file.read_bytes()
