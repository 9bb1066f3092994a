"""An extension that a file gave can be taken back; one that a person gave stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from nbgrader_isolate.gradebook.written_extensions import WrittenExtensions

DAY = timedelta(days=1)


def test_what_was_written_is_remembered_until_it_is_taken_back(tmp_path: Path) -> None:
    written = WrittenExtensions(tmp_path, "ps1")
    written.note("bob", None)
    assert not written.file.exists()
    written.note("ada", DAY)
    again = WrittenExtensions(tmp_path, "ps1")
    assert again.is_ours("ada", DAY)
    assert not again.is_ours("ada", 2 * DAY), "a person has changed it"
    assert not again.is_ours("ada", None)
    assert not again.is_ours("bob", DAY)
    assert not WrittenExtensions(tmp_path, "ps2").is_ours("ada", DAY)
    again.note("ada", None)
    assert not WrittenExtensions(tmp_path, "ps1").is_ours("ada", DAY)


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"null"])
def test_a_damaged_file_remembers_nothing(tmp_path: Path, data: bytes) -> None:
    written = WrittenExtensions(tmp_path, "ps1")
    written.note("ada", DAY)
    written.file.write_bytes(data)
    assert not WrittenExtensions(tmp_path, "ps1").is_ours("ada", DAY)
