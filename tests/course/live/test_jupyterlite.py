"""`make jupyterlite`: what is installed, checked, copied and written; without a network."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.live import jupyterlite
from course.live.jupyterlite import JupyterLite, lock_entry
from course.live.runtime import CORE, LOCK, Runtime, sha256

pytestmark = pytest.mark.slow

METADATA = """Metadata-Version: 2.1
Name: Some_Tool
Version: 1.2
Requires-Dist: Other.Thing>=2
Requires-Dist: numpy
Requires-Dist: colorama; sys_platform == "win32"
Requires-Dist: extra-thing; extra == "test"
"""
FILES = {
    "some_tool/__init__.py": "",
    "some_tool/inner/a.py": "",
    "single.py": "",
    "some_tool-1.2.dist-info/METADATA": METADATA,
    "some_tool-1.2.data/scripts/run.py": "",
}


def wheel(folder: Path) -> Path:
    """Write a wheel of pure Python."""
    file = folder / "some_tool-1.2-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)
    return file


class Commands:
    """Stands in for uv, pip and JupyterLite: notes what is run, and writes what they would."""

    def __init__(self) -> None:
        self.ran: list[list[str]] = []
        self.fails = ""
        self.matplotlib: dict[str, Any] = {
            "file_name": "matplotlib.whl",
            "depends": ["numpy", "absent"],
        }

    def fetch(self, _runtime: Runtime, folder: Path) -> list[Path]:
        """Write a wheel in place of Matplotlib's."""
        if self.fails == "Matplotlib":
            raise CourseError("LIVE=full needs it.\nno route to host")
        folder.mkdir(exist_ok=True)
        file = folder / "matplotlib.whl"
        file.write_bytes(b"drawing")
        self.matplotlib["sha256"] = sha256(file)
        return [file]

    def __call__(self, command: list[Any], folder: Path, wanted: str = "") -> None:
        """Run a command."""
        parts = [str(part) for part in command]
        self.ran.append(parts[1:])
        if self.fails and self.fails in parts:
            raise CourseError(f"no {wanted}")
        if "download" in parts:
            place = Path(parts[parts.index("-d") + 1])
            place.mkdir(exist_ok=True)
            wheel(place)
        elif "venv" in parts:
            Path(parts[-1]).mkdir(exist_ok=True)
        elif "build" in parts:
            new = Path(parts[parts.index("--output-dir") + 1])
            new.mkdir()
            (new / "index.html").write_text("built")
            assert (folder / "files" / "lessons").is_dir()


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    made = Commands()
    monkeypatch.setattr(jupyterlite, "run", made)
    monkeypatch.setattr(jupyterlite.full, "fetched", made.fetch)
    monkeypatch.setattr(jupyterlite.full, "wheels", lambda _: {"matplotlib": made.matplotlib})
    return made


@pytest.fixture
def lite(tmp_path: Path) -> JupyterLite:
    """JupyterLite for a checkout that shares its sources with this one."""
    for name in ("vendor", "stridescope", "lessons", "exercises", "img"):
        (tmp_path / name).symlink_to(ROOT / name)
    return JupyterLite(Folders(tmp_path), lambda _: None)


def test_a_lock_entry_has_names_digest_and_what_a_page_needs(tmp_path: Path) -> None:
    file = wheel(tmp_path)
    assert lock_entry(file) == {
        "name": "some-tool",
        "version": "1.2",
        "file_name": file.name,
        "install_dir": "site",
        "sha256": sha256(file),
        "package_type": "package",
        "imports": ["single", "some_tool"],
        "depends": ["numpy", "other-thing"],
        "unvendored_tests": False,
    }


def test_the_site_has_notebooks_and_a_lock_of_what_is_there(
    lite: JupyterLite, commands: Commands
) -> None:
    assert lite.build() == lite.site
    assert (lite.site / "index.html").read_text() == "built"
    source = lite.place / "source"
    files = source / "files"
    for name in ("lessons/recorded", "exercises/02-strides/checking.py", "img/lighthouse.png"):
        assert (files / name).exists()
    assert not (files / "solutions").exists()
    runtime = source / "static" / "pyodide"
    packages = json.loads((runtime / LOCK).read_text("utf-8"))["packages"]
    assert set(packages) == {"matplotlib", "numpy", "pillow", "some-tool", "stridescope"}
    for facts in packages.values():
        assert sha256(runtime / facts["file_name"]) == facts["sha256"]
        assert set(facts["depends"]) <= set(packages)
    assert packages["stridescope"]["imports"] == ["stridescope"]
    assert {file.name for file in runtime.iterdir()} >= set(CORE)
    settings = json.loads((source / "jupyter-lite.json").read_text("utf-8"))
    plugins = settings["jupyter-config-data"]["litePluginSettings"]
    assert plugins[jupyterlite.KERNEL] == {"disablePyPIFallback": True}
    assert len(commands.ran) == 4


def test_downloads_are_held_to_the_lists_and_kept(lite: JupyterLite, commands: Commands) -> None:
    lite.build()
    downloads = [command for command in commands.ran if "--require-hashes" in command]
    assert [Path(command[-1]).name for command in downloads] == ["tools.txt", "wheels.txt"]
    commands.ran.clear()
    lite.build()
    (again,) = commands.ran
    assert "build" in again


@pytest.mark.parametrize("step", ["sync", "download", "build"])
def test_a_failure_keeps_the_site_that_was_there_and_is_repeated(
    lite: JupyterLite, commands: Commands, step: str
) -> None:
    lite.site.mkdir(parents=True)
    (lite.site / "index.html").write_text("before")
    commands.fails = step
    with pytest.raises(CourseError):
        lite.build()
    assert (lite.site / "index.html").read_text() == "before"
    commands.fails = ""
    lite.build()
    assert (lite.site / "index.html").read_text() == "built"


def test_without_a_network_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    command = [jupyterlite.sys.executable, "-c", "raise SystemExit('no route to host')"]
    expected = r"needs JupyterLite, which could not be downloaded\. Connect to the network once"
    with pytest.raises(CourseError, match=expected) as raised:
        jupyterlite.run(command, tmp_path, "JupyterLite")
    assert str(raised.value).endswith("\nno route to host")


def test_without_matplotlib_the_sentence_is_about_this_verb(
    lite: JupyterLite, commands: Commands
) -> None:
    commands.fails = "Matplotlib"
    with pytest.raises(CourseError, match="make jupyterlite needs Matplotlib") as raised:
        lite.build()
    assert str(raised.value).endswith("run it again.\nno route to host")


def test_a_failure_of_jupyterlite_is_shown(tmp_path: Path) -> None:
    command = [jupyterlite.sys.executable, "-c", "raise SystemExit('what it said')"]
    with pytest.raises(CourseError, match="so JupyterLite was not built:\nwhat it said"):
        jupyterlite.run(command, tmp_path)


def test_a_copy_without_vendor_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="This copy has no vendor/"):
        JupyterLite(Folders(tmp_path)).build()


@pytest.mark.parametrize("name", ["tools", "wheels"])
def test_every_package_in_the_lists_has_a_version_and_digests(name: str) -> None:
    folder = ROOT / "vendor" / "jupyterlite"
    text = (folder / f"{name}.txt").read_text("utf-8")
    pinned = re.findall(r"(?m)^([\w.-]+)==[\w.]+(?: ; .+)? \\\n    --hash=sha256:", text)
    assert len(pinned) == len(re.findall(r"(?m)^\w", text))
    wanted = (folder / f"{name}.in").read_text("utf-8").splitlines()
    assert {line for line in wanted if not line.startswith("#")} <= set(pinned)
