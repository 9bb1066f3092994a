"""A graded folder takes the place of the old one in a single step."""

from __future__ import annotations

from pathlib import Path

import pytest

from nbgrader_isolate.gradebook import staging

pytestmark = pytest.mark.slow


def test_a_folder_is_exchanged_in_one_step(tmp_path: Path) -> None:
    graded = tmp_path / "student" / "lab"
    for text in (b"old", b"new"):
        staging.stage(graded, {"a.txt": text, "deep/b.txt": text}, mode=0o444, shared=False)
        assert staging.is_unfinished(graded)
        assert graded.exists() == (text == b"new")
        staging.publish(graded)
        assert not staging.is_unfinished(graded)
        assert (graded / "deep" / "b.txt").read_bytes() == text
    assert [place.name for place in graded.parent.iterdir()] == ["lab"]
    with pytest.raises(ValueError, match="leads out"):
        staging.stage(graded, {"../x": b""}, mode=0o444, shared=False)
