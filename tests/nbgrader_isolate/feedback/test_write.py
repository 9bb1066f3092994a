"""nbgrader's `release_feedback` finds what it needs beside every page, whatever lies in a
submission."""

from __future__ import annotations

from pathlib import Path

from nbgrader_isolate.feedback.write import for_release
from nbgrader_isolate.gradebook.course import SUBMISSION_SECRET, TIMESTAMP


def folders(root: Path) -> tuple[Path, Path]:
    """Make the folders of a submission and of its feedback."""
    submitted, target = root / "submitted", root / "feedback"
    submitted.mkdir()
    target.mkdir()
    return submitted, target


def test_a_submissions_own_stamp_and_secret_are_laid_beside_its_feedback(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    (submitted / TIMESTAMP).write_text("2026-11-20 10:00:00 UTC")
    (submitted / SUBMISSION_SECRET).write_text("s3")
    (target / TIMESTAMP).write_text("older")
    assert for_release(submitted, target) == {
        TIMESTAMP: b"2026-11-20 10:00:00 UTC",
        SUBMISSION_SECRET: b"s3",
    }


def test_a_submission_from_elsewhere_gets_a_secret_that_nobody_knows_and_keeps_it(
    tmp_path: Path,
) -> None:
    submitted, target = folders(tmp_path)
    made = for_release(submitted, target)
    assert made[TIMESTAMP] == b""
    assert made[SUBMISSION_SECRET] != for_release(submitted, target)[SUBMISSION_SECRET]
    for name, data in made.items():
        (target / name).write_bytes(data)
    assert for_release(submitted, target) == {}


def test_a_secret_that_is_a_link_or_too_long_is_not_read(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    (tmp_path / "other").write_text("another student's")
    (submitted / SUBMISSION_SECRET).symlink_to(tmp_path / "other")
    assert for_release(submitted, target)[SUBMISSION_SECRET] != b"another student's"
    (submitted / SUBMISSION_SECRET).unlink()
    (submitted / SUBMISSION_SECRET).write_bytes(b"x" * 5000)
    assert len(for_release(submitted, target)[SUBMISSION_SECRET]) == 32


def test_a_stamp_that_names_no_time_is_left_out(tmp_path: Path) -> None:
    submitted, target = folders(tmp_path)
    for stamp in ("tomorrow, perhaps", "99999-01-01 00:00:00 UTC", "\x00"):
        (submitted / TIMESTAMP).write_text(stamp)
        assert for_release(submitted, target)[TIMESTAMP] == b""
