"""The version of a release is the same everywhere, and is written by one command."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT
from course.handout.versions import PLACES, UNRELEASED, check_versions, versions, write_version

DAY = date(2026, 12, 24)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The files that name the version, with something to release."""
    for name in PLACES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    log = tmp_path / "CHANGELOG.md"
    text = log.read_text("utf-8")
    first = next(line for line in text.splitlines() if line.startswith("## "))
    log.write_text(text.replace(first, f"## {check_versions(ROOT)}, {UNRELEASED}", 1), "utf-8")
    return tmp_path


def test_all_files_of_this_checkout_name_one_version() -> None:
    assert check_versions(ROOT)


def test_a_version_is_written_everywhere_and_dated(checkout: Path) -> None:
    before = {name: (checkout / name).read_text("utf-8") for name in PLACES}
    assert write_version(checkout, "1.2.3rc1", DAY) == list(PLACES)
    assert set(versions(checkout).values()) == {"1.2.3rc1"}
    assert "## 1.2.3rc1, 2026-12-24\n" in (checkout / "CHANGELOG.md").read_text("utf-8")
    assert "date-released: 2026-12-24\n" in (checkout / "CITATION.cff").read_text("utf-8")
    for name, text in before.items():
        lines = zip(text.splitlines(), (checkout / name).read_text().splitlines(), strict=False)
        assert name == "CITATION.cff" or sum(old != new for old, new in lines) == 1


def test_a_released_section_is_not_released_again(checkout: Path) -> None:
    write_version(checkout, "1.2.3", DAY)
    with pytest.raises(CourseError, match="does not begin with what is released"):
        write_version(checkout, "1.2.4", DAY)


@pytest.mark.parametrize("version", ["", "1.2", "v1.2.3", "1.2.3-rc1", "1.2.3\n"])
def test_what_is_not_a_version_is_refused(checkout: Path, version: str) -> None:
    with pytest.raises(CourseError, match="is not a version such as"):
        write_version(checkout, version, DAY)


def test_several_versions_are_shown_with_their_files(checkout: Path) -> None:
    citation = checkout / "CITATION.cff"
    citation.write_text(citation.read_text("utf-8").replace("version: 0", "version: 9"), "utf-8")
    with pytest.raises(CourseError, match=r"9\.\S+ +CITATION\.cff\n(.|\n)*make release-version"):
        check_versions(checkout)
