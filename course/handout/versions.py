"""The version of a release: in each place where it is written, and in all of them at once."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from course.core.cache import write_atomically
from course.core.errors import CourseError

PLACES = {
    "pyproject.toml": r'(?m)^version = "(.+)"$',
    "autograder/src/nbgrader_isolate/__init__.py": r'(?m)^__version__ = "(.+)"$',
    "stridescope/src/stridescope/__init__.py": r'(?m)^__version__ = "(.+)"$',
    "CITATION.cff": r"(?m)^version: (.+)$",
    ".zenodo.json": r'(?m)^  "version": "(.+)",?$',
    "CHANGELOG.md": r"(?m)^## ([\d.\w]+), .+$",
}
"""Files that name the version, and the line that does; the first one is the place to look."""
VERSION = re.compile(r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?")
UNRELEASED = "not released yet"


def versions(root: Path) -> dict[str, str]:
    """Return the version that each file names; "" where it names none."""
    found = {}
    for name, pattern in PLACES.items():
        line = re.search(pattern, (root / name).read_text("utf-8"))
        found[name] = line[1] if line else ""
    return found


def check_versions(root: Path) -> str:
    """Return the version of this checkout.

    Raises
    ------
    CourseError
        If not all files name the same one.
    """
    found = versions(root)
    if len(set(found.values())) > 1:
        table = "\n".join(f"  {version or 'none':10} {name}" for name, version in found.items())
        raise CourseError(
            f"The files name several versions:\n{table}\n"
            "`make release-version V=1.2.3` writes one into all of them."
        )
    return next(iter(found.values()))


def write_version(root: Path, version: str, today: date) -> list[str]:
    """Write a version into all files, and date it in the change log; return the changed files.

    Parameters
    ----------
    root : Path
        The checkout.
    version : str
        Such as 1.2.3, or 1.2.3rc1.
    today : date
        The day of the release.

    Raises
    ------
    CourseError
        If it is not a version, or the change log has nothing to release.
    """
    if not VERSION.fullmatch(version):
        raise CourseError(f"{version!r} is not a version such as 1.2.3 or 1.2.3rc1.")
    log = (root / "CHANGELOG.md").read_text("utf-8")
    heading = re.search(PLACES["CHANGELOG.md"], log)
    if heading is None or UNRELEASED not in heading[0]:
        raise CourseError(
            f"CHANGELOG.md does not begin with what is released: write a section "
            f"`## {version}, {UNRELEASED}` above the last release first."
        )
    texts = {name: (root / name).read_text("utf-8") for name in PLACES}
    changed = dict(texts)
    for name, pattern in PLACES.items():
        line = re.search(pattern, texts[name])
        if line is None:
            raise CourseError(f"{name} names no version.")
        changed[name] = texts[name][: line.start(1)] + version + texts[name][line.end(1) :]
    changed["CHANGELOG.md"] = log.replace(heading[0], f"## {version}, {today.isoformat()}", 1)
    released = f"date-released: {today.isoformat()}\n"
    citation = re.sub(r"(?m)^date-released: .*\n", "", changed["CITATION.cff"])
    changed["CITATION.cff"] = re.sub(
        r"(?m)^version: .*\n", lambda line: line[0] + released, citation, count=1
    )
    for name, text in changed.items():
        write_atomically(root / name, text.encode())
    return [name for name in PLACES if changed[name] != texts[name]]
