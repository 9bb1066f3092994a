"""Where the course is published: the links to Colab, Binder and Codespaces, and to its files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from course.core.errors import CourseError

REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
FILES = re.compile(r"https?://\S+/")
KEYS = {"repository", "branch", "files"}


@dataclass(frozen=True)
class Published:
    """The place from which services read the course.

    Parameters
    ----------
    repository : str
        Owner and name on GitHub, such as ``numpy/numpy``.
    branch : str
        The branch that the services open.
    files : str
        The address of the repository's folder as plain files; it ends with a slash.
    """

    repository: str
    branch: str
    files: str

    def colab(self, slug: str) -> str:
        """Return the address that opens a lesson in Colab."""
        return f"https://colab.research.google.com/github/{self._place}/colab/{slug}.ipynb"

    def page(self, path: str) -> str:
        """Return the address of a file of the repository, as GitHub shows it."""
        return f"https://github.com/{self._place}/{path}"

    @property
    def binder(self) -> str:
        """The address that opens the first lesson on Binder."""
        opened = "?urlpath=lab/tree/work/lessons/00-start-here.ipynb"
        return f"https://mybinder.org/v2/gh/{self.repository}/{self.branch}{opened}"

    @property
    def codespaces(self) -> str:
        """The address that opens the course in a codespace."""
        return f"https://codespaces.new/{self.repository}/tree/{self.branch}"

    @property
    def _place(self) -> str:
        return f"{self.repository}/blob/{self.branch}"


def read_published(file: Path) -> Published | None:
    """Return what the map of the course says below `published:`, or None if it says nothing.

    Parameters
    ----------
    file : Path
        The map, `content/course.yml`.

    Raises
    ------
    CourseError
        If a part is missing or has another form.
    """
    try:
        raw = yaml.safe_load(file.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise CourseError(f"{file.name}: is not YAML: {error}") from error
    entry = raw.get("published") if isinstance(raw, dict) else None
    if entry is None:
        return None
    if not isinstance(entry, dict) or set(entry) != KEYS:
        raise CourseError(f"{file.name}: give `published:` `repository:`, `branch:` and `files:`")
    found = Published(**{key: str(value) for key, value in entry.items()})
    if not REPOSITORY.fullmatch(found.repository):
        raise CourseError(
            f"{file.name}: `repository: {found.repository}` is not owner/name, as GitHub writes it"
        )
    if not re.fullmatch(r"[\w./-]+", found.branch):
        raise CourseError(f"{file.name}: `branch: {found.branch}` is not the name of a branch")
    if not FILES.fullmatch(found.files):
        raise CourseError(
            f"{file.name}: `files: {found.files}` is not the address of a folder: begin with "
            "https:// and end with a slash"
        )
    return found
