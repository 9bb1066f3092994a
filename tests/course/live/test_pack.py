"""What is packed can be read again, and packing is the same each time."""

from __future__ import annotations

import base64
import io
import re
import zipfile
import zlib

import pytest

from course.live.pack import PIECE, Packed, imported, manifest, stored


def unpacked(packed: Packed, name: str) -> bytes:
    """Read a part as the page does."""
    texts = []
    for number, file in enumerate(packed.parts[name]["files"]):
        script = packed.files[file].decode("ascii")
        found = re.fullmatch(r'\(self\.liveParts \?\?= \{\}\)\["(.+)"\] = "(.*)";\n', script)
        assert found is not None
        assert found[1] == f"{name}/{number}"
        texts.append(found[2])
    assert all(len(text) == PIECE for text in texts[:-1])
    assert PIECE % 5 == 0  # each piece can be decoded by itself
    return zlib.decompress(base64.b85decode("".join(texts)))


@pytest.mark.slow
def test_a_part_comes_back_from_its_scripts() -> None:
    data = b"".join((number * 2654435761 % 2**32).to_bytes(4, "big") for number in range(600_000))
    packed, again = Packed(), Packed()
    packed.add("part", data)
    again.add("part", data)
    assert len(packed.parts["part"]["files"]) > 1
    assert unpacked(packed, "part") == data
    assert packed.parts["part"]["bytes"] == sum(len(file) for file in packed.files.values())
    assert again.files == packed.files


def test_a_changed_file_gets_another_name() -> None:
    packed = Packed()
    assert packed.add_file("a.css", b"1") != packed.add_file("a.css", b"2")


def test_an_archive_keeps_all_files_and_compresses_none() -> None:
    files = {"b.py": b"1" * 100, "a/b.py": b"2"}
    with zipfile.ZipFile(io.BytesIO(stored(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


def test_what_python_never_reads_is_left_out() -> None:
    names = ["numpy/a.py", "numpy/a.so", "numpy/a.pyi", "numpy/lib/tests/test_a.py", "numpy/x.h"]
    names.append("numpy/f2py/crackfortran.py")
    assert list(imported(dict.fromkeys(names, b""))) == ["numpy/a.py", "numpy/a.so"]


def test_the_manifest_is_one_classic_script() -> None:
    text = manifest(Packed(parts={"a": {"files": ["a-0.js"], "bytes": 1}}), {"client": "c.js"})
    assert text.decode() == (
        'self.courseLive = {"client": "c.js", "parts": {"a": {"bytes": 1, "files": ["a-0.js"]}}};\n'
    )
