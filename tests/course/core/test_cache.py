"""What makes a verb cheap to repeat: digests, whole writes, and a memory that may be lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.core.cache import BuildCache, digest, digest_files, files_below, write_atomically


def test_a_digest_changes_with_every_part_and_with_where_it_ends() -> None:
    parts = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), (b"ab", b"d")]
    assert len({digest(*one) for one in parts}) == len(parts)
    assert digest("é", b"x") == digest("é".encode(), "x")


def test_a_digest_of_files_is_one_of_names_and_bytes_in_any_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    before = digest_files([one, two], tmp_path)
    assert digest_files([two, one], tmp_path) == before
    two.rename(tmp_path / "three")
    assert digest_files([one, tmp_path / "three"], tmp_path) != before


def test_files_that_programs_leave_do_not_count(tmp_path: Path) -> None:
    for name in ("a.md", "b/c.py", "b/__pycache__/c.pyc", ".git/d", "b/.hidden/e", "b/f.pyc"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    names = {file.relative_to(tmp_path).as_posix() for file in files_below(tmp_path)}
    assert names == {"a.md", "b/c.py"}
    assert files_below(tmp_path / "gone") == []


def test_a_file_is_written_whole_and_only_if_it_differs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deep" / "file"
    assert write_atomically(file, b"1")
    assert not write_atomically(file, b"1")
    assert file.stat().st_mode & 0o777 == 0o644

    def full(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(file, b"2")
    assert file.read_bytes() == b"1"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff", b"[1]", b'"text"'])
def test_a_memory_that_cannot_be_read_is_empty(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "memory.json"
    cache = BuildCache(file)
    assert cache.entries == {}
    cache.entries["é"] = [1]
    cache.save()
    assert BuildCache(file).entries == {"é": [1]}
    file.write_bytes(damage)
    assert BuildCache(file).entries == {}
