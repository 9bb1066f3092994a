"""The folders of a checkout, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from course.bootstrap import ROOT

__all__ = ["ROOT", "Folders"]


@dataclass(frozen=True)
class Folders:
    """The folders of one checkout of the course.

    Parameters
    ----------
    root : Path
        The checkout. The default is the one this package was imported from.
    """

    root: Path = ROOT

    @property
    def content(self) -> Path:
        """The lessons and exercises as people edit them: MyST Markdown."""
        return self.root / "content"

    @property
    def lessons(self) -> Path:
        """The built lessons, committed without outputs."""
        return self.root / "lessons"

    @property
    def colab(self) -> Path:
        """The built lessons with a first cell for Colab."""
        return self.root / "colab"

    @property
    def solutions(self) -> Path:
        """The built assignments with their solutions: nbgrader's source."""
        return self.root / "solutions"

    @property
    def exercises(self) -> Path:
        """The built assignments as students get them: nbgrader's release."""
        return self.root / "exercises"

    @property
    def web(self) -> Path:
        """The templates, styles and scripts of the site."""
        return self.root / "web"

    @property
    def site(self) -> Path:
        """The site itself, not committed."""
        return self.root / "_site"

    @property
    def build(self) -> Path:
        """What the verbs remember between runs, not committed; safe to delete."""
        return self.root / "_build"

    @property
    def work(self) -> Path:
        """Where a student works; never overwritten, not committed."""
        return self.root / "work"

    def relative(self, path: Path) -> str:
        """Return `path` as messages show it: relative to the root, with slashes."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )
