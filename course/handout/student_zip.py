"""`make student`: one zip with everything that a student needs, and no answers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from course.core.cache import files_below, write_atomically
from course.core.errors import CourseError
from course.core.paths import Folders

NAME = "inside-the-ndarray"
FOLDERS = ("course", "exercises", "img", "lessons", "stridescope", "web")
FILES = (
    "LICENSE",
    "LICENSE-CONTENT",
    "requirements.lock",
    "content/course.yml",
    "content/glossary.yml",
    "content/schedules.yml",
    "docs/teaching.md",
)
ANSWERS = ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS")
VERBS = ("help", "html", "lab", "check", "start-over", "capstone", "setup", "clean", "python")
"""The verbs for students. The others need the solutions, the tests or the sources in content/."""
README = """# Inside the ndarray

How NumPy stores, shares and moves data. You need Python 3.11 or newer; the first command that you
run sets up everything else.

    make lab      # copy the lessons and exercises into work/, and open JupyterLab there
    make check    # show which exercises are done, and what to do next
    make html     # build the lessons as pages; then open _site/index.html

Without `make`, run `python -m course lab`, and so on. What is in `work/` is yours; nothing
overwrites it. If you are stuck, `make start-over A=02-strides T=ravel` gives you a fresh copy and
keeps yours.

The code is under the BSD 3-Clause license (LICENSE), text and pictures are under CC BY 4.0
(LICENSE-CONTENT).
"""


def student_zip(folders: Folders) -> tuple[Path, int]:
    """Write the zip to `_build/`.

    Returns
    -------
    Path
        The zip. The same course always gives the same bytes.
    int
        How many exercises are in it.

    Raises
    ------
    CourseError
        If a notebook that would be handed out contains a solution or a hidden test.
    """
    files = dict(contents(folders))
    for name, data in files.items():
        if name.endswith(".ipynb") and any(mark.encode() in data for mark in ANSWERS):
            raise CourseError(
                f"{name} contains a solution or a hidden test: run `make notebooks` first."
            )
    files["README.md"] = README.encode()
    for name, rewrite in REWRITTEN.items():
        files[name] = rewrite((folders.root / name).read_text("utf-8")).encode()
    target = folders.build / f"{NAME}-student.zip"
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{NAME}/{name}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    write_atomically(target, zipped.getvalue())
    exercises = sum(name.startswith("exercises/") and name.endswith(".ipynb") for name in files)
    return target, exercises


def students_makefile(text: str) -> str:
    """Return the Makefile with only those rules that are for students."""
    blocks = []
    for block in text.strip().split("\n\n"):
        rule = re.search(r"^([a-z-]+):", block, re.MULTILINE)
        if rule is None or rule[1] in VERBS:
            blocks.append(re.sub(r"(?m)^\.PHONY:.*", f".PHONY: {' '.join(VERBS)}", block))
    return "\n\n".join(blocks) + "\n"


def without_grader(text: str) -> str:
    """Return `pyproject.toml` or `environment.yml` without the grader, which is not included."""
    lines = r"nbgrader-isolate = |cluster = |# What grading on many machines |.*-e \./autograder$"
    text = re.sub(rf"(?m)^(?:{lines}).*\n", "", text)
    return re.sub(r'"(?:nbgrader-isolate|autograder)", ', "", text)


def contents(folders: Folders) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file that students get."""
    trees = [folders.root / name for name in FOLDERS]
    single = [folders.root / name for name in FILES]
    for file in [*files_below(*trees), *(one for one in single if one.is_file())]:
        if ".ipynb_checkpoints" not in file.parts and "__pycache__" not in file.parts:
            yield file.relative_to(folders.root).as_posix(), file.read_bytes()


REWRITTEN: dict[str, Callable[[str], str]] = {
    "Makefile": students_makefile,
    "environment.yml": without_grader,
    "pyproject.toml": without_grader,
}
"""Files that students get in a version of their own."""
