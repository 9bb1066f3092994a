"""Matplotlib for `make html LIVE=full`: what is fetched, checked, kept and left out."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT
from course.live import full
from course.live import update as updating
from course.live.contents import contents
from course.live.runtime import LOCK, PACKAGES, Runtime, RuntimeFaultError

INSIDE = {
    "matplotlib": {
        "matplotlib/pyplot.py": b"pyplot",
        "matplotlib/mpl-data/fonts/ttf/a.ttf": b"font",
        "matplotlib/mpl-data/fonts/afm/a.afm": b"other font",
        "matplotlib/mpl-data/sample_data/a.csv": b"sample",
        "matplotlib/tests/test_a.py": b"test",
        "matplotlib-1.dist-info/licenses/LICENSE": b"its license",
    },
    "cycler": {"cycler/__init__.py": b"cycler"},
}


def wheel(files: dict[str, bytes]) -> bytes:
    """Return a wheel."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return data.getvalue()


class Carrier:
    """Stands in for pip: delivers a distribution that carries the wheels, or fails."""

    def __init__(self) -> None:
        self.wheels = {f"{name}.whl": wheel(files) for name, files in INSIDE.items()}
        self.fails = False
        self.downloads = 0

    def __call__(self, _command: list[str], folder: Path) -> str:
        """Write what pip would have downloaded into `folder`."""
        if self.fails:
            raise CourseError("pip failed: no route to host")
        self.downloads += 1
        carried = {f"some/where/{name}": data for name, data in self.wheels.items()}
        (folder / "carrier-1-py3-none-any.whl").write_bytes(wheel(carried))
        return ""


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    made = Carrier()
    monkeypatch.setattr(updating, "output_of", made)
    return made


@pytest.fixture
def runtime(tmp_path: Path, carrier: Carrier) -> Runtime:
    """A runtime whose lock names the carrier's wheels."""
    packages = {
        name: {
            "file_name": f"{name}.whl",
            "sha256": hashlib.sha256(carrier.wheels[f"{name}.whl"]).hexdigest(),
            "depends": ["numpy", "cycler"],
        }
        for name in INSIDE
    }
    folder = tmp_path / "pyodide"
    folder.mkdir()
    (folder / LOCK).write_text(json.dumps({"packages": packages}))
    (folder / "pyodide.mjs").write_text('var Y="314.0.3";')
    return Runtime(folder)


def test_the_lock_says_what_matplotlib_needs_besides_what_pages_have() -> None:
    found = full.wheels(Runtime(ROOT / "vendor" / "pyodide"))
    assert {"matplotlib", "contourpy", "kiwisolver", "pyparsing"} <= set(found)
    assert not set(found) & set(PACKAGES)


def test_the_page_what_runs_here_has_a_license_for_each() -> None:
    named = {item.name: item for item in contents(ROOT / "vendor", with_matplotlib=True)}
    assert named["matplotlib"].version
    assert all(item.license for item in named.values())


def test_wheels_are_downloaded_once_and_again_if_one_is_damaged(
    runtime: Runtime, carrier: Carrier, tmp_path: Path
) -> None:
    place = tmp_path / "kept"
    paths = full.fetched(runtime, place)
    assert [path.name for path in paths] == ["cycler.whl", "matplotlib.whl"]
    carrier.fails = True
    assert full.fetched(runtime, place) == paths
    paths[0].write_bytes(b"damaged")
    carrier.fails = False
    full.fetched(runtime, place)
    assert paths[0].read_bytes() == carrier.wheels["cycler.whl"]
    assert carrier.downloads == 2


def test_without_a_network_one_sentence_says_what_to_do(
    runtime: Runtime, carrier: Carrier, tmp_path: Path
) -> None:
    carrier.fails = True
    with pytest.raises(CourseError, match="Connect to the network once, or leave out LIVE=full"):
        full.fetched(runtime, tmp_path / "kept")


def test_a_wheel_that_the_lock_does_not_name_is_refused(
    runtime: Runtime, carrier: Carrier, tmp_path: Path
) -> None:
    carrier.wheels["matplotlib.whl"] += b"x"
    with pytest.raises(RuntimeFaultError, match="but Pyodide's lock says"):
        full.fetched(runtime, tmp_path / "kept")
    assert not (tmp_path / "kept" / "matplotlib.whl").exists()


def test_a_version_without_a_known_carrier_is_named(runtime: Runtime, tmp_path: Path) -> None:
    (runtime.folder / "pyodide.mjs").write_text('var Y="1.2.3";')
    with pytest.raises(CourseError, match=r"Matplotlib for Pyodide 1\.2\.3"):
        full.fetched(runtime, tmp_path / "kept")


def test_what_pictures_do_not_need_is_left_out(
    runtime: Runtime, carrier: Carrier, tmp_path: Path
) -> None:
    assert carrier.downloads == 0
    names = set(full.files(full.fetched(runtime, tmp_path / "kept")))
    assert "matplotlib/mpl-data/fonts/ttf/a.ttf" in names
    assert "matplotlib-1.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if "afm" in name or "sample" in name or "test" in name]
