"""nbgrader's `release_feedback` finds the files that it needs beside every page."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.feedback.write import check_writable, release_files
from nbgrader_isolate.gradebook.course import SUBMISSION_SECRET, TIMESTAMP


def folders(root: Path) -> tuple[Path, Path]:
    """Make the folders of a submission and of its feedback."""
    submitted, target = root / "submitted", root / "feedback"
    submitted.mkdir()
    target.mkdir()
    return submitted, target


@pytest.mark.slow
def test_a_submissions_own_timestamp_and_secret_are_copied_to_its_feedback(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    (submitted / TIMESTAMP).write_text("2026-11-20 10:00:00 UTC")
    (submitted / SUBMISSION_SECRET).write_text("s3")
    (target / TIMESTAMP).write_text("older")
    assert release_files(submitted, target) == {
        TIMESTAMP: b"2026-11-20 10:00:00 UTC",
        SUBMISSION_SECRET: b"s3",
    }


def test_a_submission_from_elsewhere_gets_an_unknown_secret_and_keeps_it(
    tmp_path: Path,
) -> None:
    submitted, target = folders(tmp_path)
    files = release_files(submitted, target)
    assert files[TIMESTAMP] == b""
    assert files[SUBMISSION_SECRET] != release_files(submitted, target)[SUBMISSION_SECRET]
    for name, data in files.items():
        (target / name).write_bytes(data)
    assert release_files(submitted, target) == {}


def test_a_secret_that_is_a_link_or_too_long_is_not_read(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    (tmp_path / "other").write_text("another student's")
    (submitted / SUBMISSION_SECRET).symlink_to(tmp_path / "other")
    assert release_files(submitted, target)[SUBMISSION_SECRET] != b"another student's"
    (submitted / SUBMISSION_SECRET).unlink()
    (submitted / SUBMISSION_SECRET).write_bytes(b"x" * 5000)
    assert len(release_files(submitted, target)[SUBMISSION_SECRET]) == 32


def test_a_timestamp_that_is_not_a_time_is_left_out(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    for stamp in ("tomorrow, perhaps", "99999-01-01 00:00:00 UTC", "\x00"):
        (submitted / TIMESTAMP).write_text(stamp)
        assert release_files(submitted, target)[TIMESTAMP] == b""


def test_a_folder_in_which_no_page_can_be_written_is_named_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_writable(tmp_path / "feedback")
    (tmp_path / "feedback").write_text("a file")
    for folder in (tmp_path / "feedback", tmp_path / "feedback" / "more"):
        with pytest.raises(GraderError, match="feedback: it is not a folder, so no feedback can"):
            check_writable(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(GraderError, match="you may not write there"):
        check_writable(tmp_path / "other")
