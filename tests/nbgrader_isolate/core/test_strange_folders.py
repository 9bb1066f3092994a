"""A stranger's folder is measured and removed, however deep it is and whatever its modes are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nbgrader_isolate.core import strange_folders

AS_NOBODY = """
import os, sys
from nbgrader_isolate.core import strange_folders
from pathlib import Path
folder = Path(sys.argv[1])
if not os.getuid(): os.setgid(65534); os.setuid(65534)
for name, mode in ("unlisted", 0o300), ("read-only", 0o500), ("closed", 0):
    (folder / name / "inner").mkdir(parents=True)
    (folder / name / "inner" / "file").write_bytes(bytes(1 << 20))
    (folder / name / "inner").chmod(mode)
    (folder / name).chmod(mode)
print(strange_folders.size(folder) >> 20, strange_folders.remove(folder))
"""


def nest(folder: Path, levels: int) -> None:
    """Create folders inside each other, deeper than a path can name."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)


def test_a_size_counts_empty_files_and_follows_no_links(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "big").write_bytes(bytes(1 << 20))
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    for number in range(100):
        (folder / f"empty{number}").touch()
    assert 100 << 10 <= strange_folders.size(folder) < 1 << 20
    assert strange_folders.size(folder, enough=10_000) < 20_000
    assert strange_folders.size(tmp_path / "missing") == 0


def test_a_size_refuses_folders_that_are_nested_without_end(tmp_path: Path) -> None:
    nest(tmp_path, 101)
    with pytest.raises(strange_folders.TooDeepError):
        strange_folders.size(tmp_path)


@pytest.mark.slow
def test_removal_reaches_any_depth_and_follows_no_links(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "file").touch()
    folder = tmp_path / "folder"
    folder.mkdir()
    nest(folder, 3000)
    (folder / "d" / "link").symlink_to(kept)
    (folder / "d" / "d" / "file").touch()
    (folder / "moved-1").touch()
    assert strange_folders.remove(folder)
    assert not folder.exists()
    assert (kept / "file").exists()


@pytest.mark.slow
def test_modes_do_not_hide_a_folder_from_its_owner() -> None:
    folder = Path(f"/tmp/ag-strange-{os.getpid()}")  # noqa: S108 (anyone can enter it)
    folder.mkdir()
    if not os.getuid():
        os.chown(folder, 65534, 65534)
    python = [sys.executable, "-c", AS_NOBODY, str(folder)]
    done = subprocess.run(python, capture_output=True, text=True, check=False)
    assert done.stdout == "3 True\n" or not folder.exists(), done.stderr
    assert not folder.exists()


def test_what_is_not_there_is_removed_already(tmp_path: Path) -> None:
    assert strange_folders.remove(tmp_path / "missing")
    (tmp_path / "file").touch()
    assert not strange_folders.remove(tmp_path / "file")
