"""A course with one lesson, built."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.content.build import build
from course.core.paths import Folders
from support.built_course import TEXT
from support.checkout import make


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = make(tmp_path, {"01-one": TEXT})
    build(made, lessons_only=True)
    return made
