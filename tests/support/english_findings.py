"""What the linter of English finds in a text, with one rule: “mend” is refused."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from course.lint.english import English, Rule

MEND = Rule("mend", r"\bmend\b", "programs are fixed", "“fix”", ["mend it"], ["fix it"])


def refused(text: str, name: str, folder: Path) -> list[str]:
    """Return the findings in a file of that name which holds this text."""
    file = folder / name
    file.write_text(dedent(text).lstrip("\n"), "utf-8")
    return [str(error) for error in English([MEND]).findings(file, name)]
