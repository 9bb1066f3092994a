"""The faults that `make lint` finds in a course with one lesson and one more file."""

from __future__ import annotations

from pathlib import Path

from course.core.errors import ContentFaultsError
from course.lint.texts import check_content
from support.checkout import HEADER, make

TEXT = (
    f"{HEADER}\n# One\n\n## `np.x`, and how\n\nA **flat\nline** is one.\n\n### Part\n\nA view.\n\n"
    "## Next\n"
)


def faults(tmp_path: Path, name: str, text: str) -> list[str]:
    """Return the faults, a line each, if the file `name` in `content/` has this text."""
    folders = make(tmp_path, {"01-one": TEXT})
    (folders.content / name).write_text(text)
    try:
        check_content(folders)
    except ContentFaultsError as error:
        return str(error).splitlines()
    return []
