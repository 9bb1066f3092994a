"""A small checkout of a course, in a temporary folder, for tests that write."""

from __future__ import annotations

import shutil
from pathlib import Path

from course.core.paths import ROOT, Folders

HEADER = "---\ncourse:\n  needs: []\n  objectives:\n  - see it\n---\n"


def lesson_text(title: str, *cells: str) -> str:
    """Return a lesson's text: a title and some code cells (tags may come first, as `:tags:
    [x]`)."""
    blocks = "".join(f"\n```{{code-cell}}\n{cell}\n```\n" for cell in cells)
    return f"{HEADER}\n# {title}\n{blocks}"


def make(root: Path, lessons: dict[str, str], solutions: dict[str, str] | None = None) -> Folders:
    """Write the texts, the map and the template of a course below `root`."""
    folders = Folders(root)
    (folders.content / "lessons").mkdir(parents=True)
    for slug, text in lessons.items():
        write_lesson(folders, slug, text)
    for name, text in (solutions or {}).items():
        file = folders.content / "solutions" / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    entries = "".join(f"- {{slug: {slug}, title: T, about: A.}}\n" for slug in lessons)
    course = f"title: A course\nsubtitle: for tests\nlessons:\n{entries}"
    (folders.content / "course.yml").write_text(course, "utf-8")
    folders.web.symlink_to(ROOT / "web", target_is_directory=True)
    (root / "docs").mkdir()
    shutil.copy(ROOT / "docs" / "teaching.md", root / "docs")
    return folders


def own_web(folders: Folders) -> Path:
    """Replace the link to our templates and scripts by a copy, which a test may change."""
    folders.web.unlink()
    return Path(shutil.copytree(ROOT / "web", folders.web))


def write_lesson(folders: Folders, slug: str, text: str) -> Path:
    """Write the text of one lesson."""
    file = folders.content / "lessons" / f"{slug}.md"
    file.write_text(text, "utf-8")
    return file
