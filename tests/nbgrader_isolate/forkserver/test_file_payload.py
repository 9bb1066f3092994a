"""Files reach a child in a sealed payload."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nbgrader_isolate.forkserver import file_payload


def test_a_payload_carries_every_file_and_nothing_else(tmp_path: Path) -> None:
    files = {"a.txt": b"1", "deep/er/b.bin": bytes(range(256)), "empty": b""}
    file_payload.unpack(file_payload.pack(files, 1000), tmp_path)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in paths} == files


@pytest.mark.parametrize("name", ["../up", "/etc/passwd", "a/../../b", "", "nul\0"])
def test_a_name_outside_the_folder_is_refused(name: str) -> None:
    with pytest.raises(file_payload.FilePayloadError, match="is not the name of a file"):
        file_payload.pack({name: b""}, 1000)


def test_more_than_the_limit_is_refused_before_it_is_sent() -> None:
    os.close(file_payload.pack({"big": bytes(11)}, 11))
    with pytest.raises(file_payload.FilePayloadError, match=r"the limit is .* 10 bytes"):
        file_payload.pack({"big": bytes(11)}, 10)


def test_a_payload_cannot_be_changed_after_it_was_created() -> None:
    fd = file_payload.pack({"a": b"1"}, 10)
    with pytest.raises(PermissionError):
        os.pwrite(fd, b"2", 0)
    with pytest.raises(PermissionError):
        os.ftruncate(fd, 0)
    os.close(fd)
