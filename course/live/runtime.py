"""The files in `vendor/pyodide/`: CPython and NumPy as WebAssembly, with their digests."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from course.core.errors import CourseError

LOCK = "pyodide-lock.json"
SUMS = "SHA256SUMS"
BYTECODE = "bytecode.zip"
"""What a start imports, compiled: made from the other files by `course/live/bytecode.mjs`."""
CORE = (LOCK, "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip")
PACKAGES = ("numpy", "pillow")
"""The wheels that a page can load, as Pyodide's lock names them."""


class RuntimeFaultError(CourseError):
    """A file of the runtime is missing, damaged, or not the one that Pyodide's lock names."""


@dataclass(frozen=True)
class Runtime:
    """The runtime in one folder.

    Parameters
    ----------
    folder : Path
        Holds the files of `CORE`, `BYTECODE`, the wheels of `PACKAGES`, `SHA256SUMS` and
        `licenses/`.
    """

    folder: Path

    @cached_property
    def lock(self) -> dict[str, Any]:
        """Pyodide's own list of packages, with their digests."""
        loaded: dict[str, Any] = json.loads((self.folder / LOCK).read_text("utf-8"))
        return loaded

    @property
    def bare_lock(self) -> dict[str, Any]:
        """The lock for a page, which names no packages: pages bring their own."""
        return {"info": self.lock["info"], "packages": {}}

    @cached_property
    def wheels(self) -> dict[str, dict[str, Any]]:
        """What the lock says about the packages that a page can load, by name."""
        return {name: self.lock["packages"][name] for name in PACKAGES}

    @property
    def files(self) -> tuple[str, ...]:
        """The names of all files that make up the runtime, sorted."""
        return tuple(
            sorted((*CORE, BYTECODE, *(wheel["file_name"] for wheel in self.wheels.values())))
        )

    @property
    def python_version(self) -> str:
        """The version of Python, such as `3.14.2`; the lock rounds it, the interpreter does not."""
        data = (self.folder / "pyodide.asm.wasm").read_bytes()
        series = ".".join(str(self.lock["info"]["python"]).split(".")[:2])
        found = re.search(rf"\0({re.escape(series)}\.\d+)\0".encode(), data)
        return found[1].decode() if found else str(self.lock["info"]["python"])

    @property
    def cache_tag(self) -> str:
        """What Python adds to the names of files with bytecode, such as `cpython-314`."""
        major, minor = self.python_version.split(".")[:2]
        return f"cpython-{major}{minor}"

    @property
    def pyodide_version(self) -> str:
        """The version of Pyodide, such as `314.0.3`."""
        text = (self.folder / "pyodide.mjs").read_text("utf-8")
        found = re.search(r'="(\d+\.\d+\.\d+)";', text)
        if found is None:
            raise RuntimeFaultError(f"{self.folder / 'pyodide.mjs'} names no version of Pyodide")
        return found[1]

    def sums(self) -> dict[str, str]:
        """Return the digests in `SHA256SUMS`, by name of file."""
        lines = (self.folder / SUMS).read_text("utf-8").splitlines()
        return {name: digest for digest, name in (line.split("  ") for line in lines)}

    def verify(self) -> None:
        """Check every file against `SHA256SUMS`, and the wheels against Pyodide's lock.

        Raises
        ------
        RuntimeFaultError
            If a file is missing, additional or different; the message names it.
        """
        sums = self.sums()
        if set(sums) != set(self.files):
            listed = ", ".join(sorted(set(sums) ^ set(self.files)))
            raise RuntimeFaultError(f"{self.folder / SUMS} and the folder differ in: {listed}")
        expected = {wheel["file_name"]: wheel["sha256"] for wheel in self.wheels.values()}
        for name, digest in sums.items():
            found = sha256(self.folder / name)
            if found != digest or found != expected.get(name, digest):
                raise RuntimeFaultError(
                    f"{self.folder / name} is damaged: its SHA-256 is {found}, expected {digest}. "
                    "Get it again with `git checkout -- vendor/pyodide`."
                )

    def write_sums(self) -> None:
        """Write `SHA256SUMS` for the files that are there."""
        lines = [f"{sha256(self.folder / name)}  {name}\n" for name in self.files]
        (self.folder / SUMS).write_text("".join(lines), "utf-8")


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises
    ------
    RuntimeFaultError
        If the file is missing.
    """
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        message = f"{file} is missing. Get it back with `git checkout -- vendor/pyodide`."
        raise RuntimeFaultError(message) from None


def licenses_in(wheel: Path) -> dict[str, bytes]:
    """Return the license texts inside a wheel: path below `licenses/` to bytes."""
    with zipfile.ZipFile(wheel) as archive:
        return {
            name.partition(".dist-info/licenses/")[2]: archive.read(name)
            for name in archive.namelist()
            if ".dist-info/licenses/" in name
        }
