"""The runtime in vendor/ is the one that Pyodide's lock names, byte for byte."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.core.paths import ROOT
from course.live.runtime import BYTECODE, CORE, Runtime, RuntimeFaultError, licenses_in, sha256

VENDOR = ROOT / "vendor" / "pyodide"


def test_every_byte_is_that_of_the_list_and_of_pyodides_lock() -> None:
    runtime = Runtime(VENDOR)
    runtime.verify()
    sums = runtime.sums()
    assert set(sums) == {
        *CORE,
        BYTECODE,
        *(wheel["file_name"] for wheel in runtime.wheels.values()),
    }
    for wheel in runtime.wheels.values():
        assert sums[wheel["file_name"]] == wheel["sha256"]
        assert sha256(VENDOR / wheel["file_name"]) == wheel["sha256"]
    others = {file.name for file in VENDOR.iterdir()} - set(sums)
    assert others == {"README.md", "SHA256SUMS", "licenses"}


def test_the_licenses_of_the_wheels_lie_beside_them() -> None:
    runtime = Runtime(VENDOR)
    for name, wheel in runtime.wheels.items():
        inside = licenses_in(VENDOR / wheel["file_name"])
        assert inside
        for path, data in inside.items():
            assert (VENDOR / "licenses" / name / path).read_bytes() == data
    for name, title in (("pyodide-MPL-2.0", "Mozilla Public"), ("python-PSF-2.0", "PYTHON SOFT")):
        assert title in (VENDOR / "licenses" / f"{name}.txt").read_text("utf-8")


def test_versions_are_read_from_the_files() -> None:
    runtime = Runtime(VENDOR)
    assert runtime.python_version.startswith("3.14.")
    assert runtime.pyodide_version.startswith("314.")


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["changed", "missing", "unlisted"])
def test_a_damaged_runtime_is_refused(tmp_path: Path, damage: str) -> None:
    folder = Path(shutil.copytree(VENDOR, tmp_path / "pyodide"))
    file = folder / "pyodide.mjs"
    if damage == "changed":
        file.write_bytes(file.read_bytes() + b" ")
    elif damage == "missing":
        file.unlink()
    else:
        sums = (folder / "SHA256SUMS").read_text().splitlines(keepends=True)
        (folder / "SHA256SUMS").write_text("".join(sums[1:]))
    expected = {"changed": "is damaged", "missing": "is missing", "unlisted": "differ in: bytecode"}
    with pytest.raises(RuntimeFaultError, match=expected[damage]):
        Runtime(folder).verify()
