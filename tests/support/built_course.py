"""One lesson of a small course, and an edit of its notebook."""

from __future__ import annotations

import json
from pathlib import Path

from course.core.paths import Folders
from support.checkout import lesson_text

TEXT = lesson_text("One", "x = 1", "print(x)")


def product(folders: Folders) -> Path:
    return folders.lessons / "01-one.ipynb"


def edit(file: Path, change: str = "x = 2") -> None:
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][2]["source"] = [change]
    file.write_text(json.dumps(notebook), "utf-8")
