"""A course to hand out from."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.paths import ROOT, Folders


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A course whose `_build/` is in a temporary folder; everything else is the checkout's."""
    for name in (
        "solutions",
        "exercises",
        "content",
        "course",
        "stridescope",
        "web",
        "img",
        "docs",
    ):
        (tmp_path / name).symlink_to(ROOT / name)
    for file in ROOT.iterdir():
        if file.is_file():
            (tmp_path / file.name).symlink_to(file)
    (tmp_path / "lessons").mkdir()
    for file in (ROOT / "lessons").glob("*.*"):
        (tmp_path / "lessons" / file.name).symlink_to(file)
    return Folders(tmp_path)
