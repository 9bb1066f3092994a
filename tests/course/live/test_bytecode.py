"""The bytecode in `vendor/pyodide/` is what the sources there compile to."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from course.core.paths import ROOT
from course.live import pack
from course.live.runtime import BYTECODE, Runtime
from support.tiers import WHOLE, some

VENDOR = ROOT / "vendor" / "pyodide"
SCRIPT = ROOT / "course" / "live" / "bytecode.mjs"


@pytest.fixture(scope="module")
def bytecode() -> dict[str, bytes]:
    return pack.entries(VENDOR / BYTECODE)


def compare(archive: Path) -> subprocess.CompletedProcess[str]:
    """Compile the modules in an archive again, and compare."""
    node = shutil.which("node") or pytest.fail("Node.js is not installed")
    command = [node, str(SCRIPT), str(VENDOR), str(archive)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_each_module_is_what_its_source_compiles_to(
    bytecode: dict[str, bytes], tmp_path: Path
) -> None:
    part = tmp_path / "part.zip"
    with zipfile.ZipFile(part, "w") as archive:
        for name, data in some(sorted(bytecode.items()), every=40):
            archive.writestr(name, data)
    done = compare(VENDOR / BYTECODE if WHOLE else part)
    assert done.returncode == 0, done.stderr
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr("stdlib/json/__init__.pyc", bytecode["stdlib/json/decoder.pyc"])
        archive.writestr("stdlib/json/decoder.pyc", bytecode["stdlib/json/decoder.pyc"])
    done = compare(changed)
    assert done.returncode == 1
    assert done.stderr.split() == ["stdlib/json/__init__.pyc"]


def test_the_library_has_each_module_once_but_what_a_page_cannot_use(
    bytecode: dict[str, bytes],
) -> None:
    library = pack.entries(VENDOR / "python_stdlib.zip")
    packed = pack.compiled_library(library, bytecode)
    modules = [name.removesuffix("c") for name in packed]
    left_out = {name for name in library if pack.UNUSABLE.search(name)}
    assert sorted(modules) == sorted(set(library) - left_out)
    assert {"multiprocessing/__init__.py", "smtplib.py"} < left_out
    assert {"asyncio/__init__.pyc", "json/decoder.pyc", "tarfile.py"} <= set(packed)


def test_numpy_keeps_its_sources_beside_the_bytecode(bytecode: dict[str, bytes]) -> None:
    cached = pack.cached("numpy", bytecode, Runtime(VENDOR).cache_tag)
    assert "numpy/__pycache__/__init__.cpython-314.pyc" in cached
    assert "numpy/_core/__pycache__/numeric.cpython-314.pyc" in cached
    assert not pack.cached("pillow", bytecode, "cpython-314")
