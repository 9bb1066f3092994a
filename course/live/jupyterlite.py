"""`make jupyterlite`: lessons and exercises in JupyterLite, for any static host, without a network.

JupyterLite is needed by this verb alone: it is installed into an environment of its own, in
`_build/`. The Python that runs is the one in `vendor/pyodide/`, and every package that a kernel
loads is copied into the result, so that its pages ask nobody else for anything.
"""

from __future__ import annotations

import email
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course.core.cache import digest, files_below, write_atomically
from course.core.errors import CourseError
from course.core.paths import Folders
from course.live import full
from course.live.pack import stored
from course.live.runtime import CORE, LOCK, Runtime, RuntimeFaultError, sha256

KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {
        "appName": "Inside the ndarray",
        "litePluginSettings": {KERNEL: {"disablePyPIFallback": True}},
    },
}
OPTIONS = ("--contents", "files", "--no-sourcemaps", "--no-unused-shared-packages")
PAGE = {"platform_system": "Emscripten", "sys_platform": "emscripten", "extra": ""}
PURE = ("--no-deps", "--only-binary=:all:", "--platform", "any", "--implementation", "py")


class JupyterLite:
    """JupyterLite with one checkout's notebooks.

    Parameters
    ----------
    folders : Folders
        The checkout.
    say : callable, optional
        Takes each line for the person who runs this.
    """

    def __init__(self, folders: Folders, say: Callable[[str], None] = print) -> None:
        self.folders = folders
        self.say = say
        self.place = folders.build / "jupyterlite"
        self.runtime = Runtime(folders.root / "vendor" / "pyodide")
        self.lists = folders.root / "vendor" / "jupyterlite"

    @property
    def site(self) -> Path:
        """The folder to serve."""
        return self.place / "site"

    @property
    def version(self) -> str:
        """The version of JupyterLite."""
        found = re.search(r"(?m)^jupyterlite-core==(\S+)", (self.lists / "tools.txt").read_text())
        return found[1] if found else "?"

    def build(self) -> Path:
        """Write the site and return its folder; an earlier one stays until the new one is whole.

        Raises
        ------
        CourseError
            If something has to be downloaded and cannot be, or JupyterLite fails.
        """
        if not self.lists.is_dir():
            raise CourseError("This copy has no vendor/, so it cannot build JupyterLite.")
        self.runtime.verify()
        python = self.tools()
        matplotlib = self.matplotlib()
        wheels = [*self.wheels(), self.stridescope()]
        source, new = self.place / "source", self.place / "new"
        for folder in (source, new):
            shutil.rmtree(folder, ignore_errors=True)
        self.write_runtime(source / "static" / "pyodide", matplotlib, wheels)
        self.write_notebooks(source / "files")
        write_atomically(source / "jupyter-lite.json", json.dumps(SETTINGS).encode())
        self.say("Building JupyterLite ...")
        run([python, "-m", "jupyterlite_core", "build", "--output-dir", new, *OPTIONS], source)
        shutil.rmtree(self.site, ignore_errors=True)
        new.rename(self.site)
        return self.site

    def tools(self) -> Path:
        """Return the Python of an environment that has JupyterLite; install it where it is not."""
        wanted = self.lists / "tools.txt"
        place = self.kept("tools", wanted)
        python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        if not (place / "done").is_file():
            self.say("Installing JupyterLite into _build/ ...")
            uv = [sys.executable, "-m", "uv"]
            run([*uv, "venv", "--quiet", "--clear", place], self.place)
            install = [*uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python]
            run([*install, wanted], self.place, "JupyterLite")
            (place / "done").touch()
        return python

    def wheels(self) -> list[Path]:
        """Return the wheels that kernels load; download those that are not there yet."""
        wanted = self.lists / "wheels.txt"
        place = self.kept("wheels", wanted)
        if not (place / "done").is_file():
            self.say("Downloading the packages of its kernel ...")
            version = ".".join(self.runtime.python_version.split(".")[:2])
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--retries", "1", *PURE]
            hashes = ["--python-version", version, "--require-hashes", "-d", place, "-r", wanted]
            run([*pip, *hashes], self.place, "a package of JupyterLite's kernel")
            (place / "done").touch()
        return sorted(place.glob("*.whl"))

    def matplotlib(self) -> list[Path]:
        """Return Matplotlib's wheels; download those that are not there yet."""
        try:
            return full.fetched(self.runtime, self.folders.build / "wheels")
        except RuntimeFaultError:
            raise
        except CourseError as error:
            raise not_downloaded("Matplotlib", str(error).splitlines()[-1]) from None

    def kept(self, name: str, wanted: Path) -> Path:
        """Return the folder, in `_build/`, of what a list names; another list has another one."""
        self.place.mkdir(parents=True, exist_ok=True)
        return self.place / f"{name}-{digest(wanted.read_bytes())[:8]}"

    def stridescope(self) -> Path:
        """Write a wheel of stridescope as it is now, and return its path."""
        source = self.folders.root / "stridescope" / "src"
        files = {
            file.relative_to(source).as_posix(): file.read_bytes()
            for file in files_below(source / "stridescope")
        }
        info = "stridescope-0.dist-info"
        files[f"{info}/METADATA"] = (
            b"Metadata-Version: 2.1\nName: stridescope\nVersion: 0\n"
            b"Requires-Dist: anywidget\nRequires-Dist: numpy\n"
        )
        files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in files).encode()
        wheel = self.place / "stridescope-0-py3-none-any.whl"
        wheel.write_bytes(stored(files))
        return wheel

    def write_runtime(self, place: Path, matplotlib: list[Path], wheels: list[Path]) -> None:
        """Write Pyodide, its wheels, the other ones, and a lock that names all of them.

        Pyodide loads a package when a cell imports it, with what it depends on.

        Parameters
        ----------
        place : Path
            The folder to make.
        matplotlib, wheels : list of Path
            Wheels that Pyodide's lock names, and wheels of pure Python that it need not name.
        """
        ours = {facts["name"]: facts for facts in map(lock_entry, wheels)}
        packages = self.runtime.wheels | full.wheels(self.runtime) | ours
        vendored = [wheel["file_name"] for wheel in self.runtime.wheels.values()]
        files = [self.runtime.folder / name for name in (*CORE, *vendored)]
        place.mkdir(parents=True)
        for file in (*files, *matplotlib, *wheels):
            shutil.copyfile(file, place / file.name)
        packages = {
            name: {
                **facts,
                "depends": [needed for needed in facts["depends"] if needed in packages],
            }
            for name, facts in packages.items()
        }
        lock = {**self.runtime.lock, "packages": packages}
        write_atomically(place / LOCK, json.dumps(lock).encode())

    def write_notebooks(self, place: Path) -> None:
        """Copy lessons, exercises and the pictures that lessons read, as they are."""
        folders = self.folders
        for file in files_below(folders.lessons, folders.exercises, folders.root / "img"):
            target = place / file.relative_to(folders.root)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def lock_entry(wheel: Path) -> dict[str, Any]:
    """Return what a lock of Pyodide's says about a wheel of pure Python."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        facts = email.message_from_bytes(archive.read(metadata))
    needed = [Requirement(text) for text in facts.get_all("Requires-Dist", [])]
    return {
        "name": canonicalize_name(facts["Name"]),
        "version": facts["Version"],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel),
        "package_type": "package",
        "imports": sorted(set(imported_names(names))),
        "depends": sorted({canonicalize_name(one.name) for one in needed if in_a_page(one)}),
        "unvendored_tests": False,
    }


def in_a_page(requirement: Requirement) -> bool:
    """Tell whether a requirement applies in a page, where no extra is chosen."""
    return requirement.marker is None or requirement.marker.evaluate(dict(PAGE))


def imported_names(names: list[str]) -> Iterator[str]:
    """Yield the top-level names under which the files of a wheel are imported."""
    for name in names:
        top, _, rest = name.partition("/")
        if not rest and top.endswith(".py"):
            yield top.removesuffix(".py")
        elif rest.endswith(".py") and top.isidentifier():
            yield top


def run(command: list[Any], folder: Path, wanted: str = "") -> None:
    """Run a command in a folder, and show what it prints only if it fails.

    Parameters
    ----------
    command : list
        Its parts, strings or paths.
    folder : Path
    wanted : str, optional
        What the command downloads.

    Raises
    ------
    CourseError
        If it fails.
    """
    parts = [str(part) for part in command]
    done = subprocess.run(parts, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stderr or done.stdout).strip()[-2000:]
    if wanted:
        raise not_downloaded(wanted, said)
    raise CourseError(f"`{' '.join(parts[1:4])}` failed, so JupyterLite was not built:\n{said}")


def not_downloaded(wanted: str, said: str) -> CourseError:
    """Return the error that says what to do without a network."""
    return CourseError(
        f"make jupyterlite needs {wanted}, which could not be downloaded. Connect to the network "
        f"once, and run it again.\n{said}"
    )
