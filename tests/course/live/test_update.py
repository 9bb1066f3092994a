"""`make live-update` takes what Pyodide's lock names, and nothing else."""

from __future__ import annotations

import io
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT
from course.live import update as updating
from course.live.runtime import BYTECODE, CORE, PACKAGES, Runtime

VENDOR = ROOT / "vendor" / "pyodide"


class Clients:
    """Stands in for npm and pip: they deliver our own files, unchanged or not."""

    def __init__(self, harm: str = "") -> None:
        self.harm = harm
        self.commands: list[list[str]] = []

    def __call__(self, command: list[str], folder: Path) -> str:
        """Write what the client would have downloaded into `folder`."""
        self.commands.append(command)
        if command[0] == "npm":
            with tarfile.open(folder / "pyodide.tgz", "w:gz", compresslevel=1) as archive:
                for name in CORE:
                    archive.add(VENDOR / name, f"package/{name}")
            return "pyodide.tgz\n"
        if command[0] == "node":
            Path(command[3]).write_bytes((VENDOR / BYTECODE).read_bytes())
            return ""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as archive:
            for wheel in Runtime(VENDOR).wheels.values():
                name = wheel["file_name"]
                if self.harm == "absent" and name.startswith("pillow"):
                    continue
                tail = b"x" if self.harm == "changed" else b""
                archive.writestr(f"some/where/{name}", (VENDOR / name).read_bytes() + tail)
            archive.writestr("some/where/else.js", "not ours")
        (folder / "carrier-1-py3-none-any.whl").write_bytes(data.getvalue())
        return ""


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    return Path(shutil.copytree(VENDOR, tmp_path / "pyodide"))


@pytest.mark.slow
def test_an_update_replaces_the_files_and_keeps_readme_and_licenses(
    vendor: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clients = Clients()
    monkeypatch.setattr(updating, "output_of", clients)
    (vendor / "python_stdlib.zip").write_bytes(b"old")
    shutil.rmtree(vendor / "licenses" / PACKAGES[0])
    said: list[str] = []
    updating.update(vendor, "314.0.3", "", said.append)
    assert "Next: run the tests" in said[-1]
    Runtime(vendor).verify()
    before = {file.relative_to(VENDOR) for file in VENDOR.rglob("*")}
    assert {file.relative_to(vendor) for file in vendor.rglob("*")} == before
    assert clients.commands[0][0] == "npm"
    assert clients.commands[1][-1] == updating.CARRIERS["314.0.3"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("harm", "said"), [("changed", "but Pyodide's lock says"), ("absent", "does not contain")]
)
def test_a_wheel_that_the_lock_does_not_name_is_refused_and_nothing_changes(
    vendor: Path, monkeypatch: pytest.MonkeyPatch, harm: str, said: str
) -> None:
    monkeypatch.setattr(updating, "output_of", Clients(harm))
    with pytest.raises(CourseError, match=said):
        updating.update(vendor, "314.0.3", "carrier==1")
    Runtime(vendor).verify()


@pytest.mark.slow
def test_a_version_without_a_known_carrier_asks_for_one(vendor: Path) -> None:
    with pytest.raises(CourseError, match="Name one that pip can download"):
        updating.update(vendor, "1.0", "")


def test_a_client_that_fails_or_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="no-such-client is not installed"):
        updating.output_of(["no-such-client"], tmp_path)
    with pytest.raises(CourseError, match="failed"):
        updating.output_of(["false"], tmp_path)
