"""Write `static/live/` of the site: what a page loads on the first press of Run, and not before."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from course.core import exercises as core
from course.core import scripts
from course.core.cache import digest, digest_files, files_below, write_atomically
from course.core.exercises import exercise_files, read_exercise
from course.core.paths import Folders
from course.live import exercises, full, pack
from course.live.cells import cells
from course.live.pack import Packed
from course.live.runtime import SUMS, Runtime, licenses_in
from stridescope.runtime.bundle import bundle, joined
from stridescope.runtime.styles import style

OPTIONAL = {"pillow": r"\bPIL\b|\bimread\b"}
"""Parts that load only when a cell needs them, and how one recognizes that."""
WITH_MATPLOTLIB = {"pillow": rf"{OPTIONAL['pillow']}|{full.PATTERN}", "matplotlib": full.PATTERN}
"""The same, where Matplotlib is among them; it needs Pillow."""
FOLDER = "static/live"
CORE = Path(core.__file__)


class LiveSite:
    """The live files of one checkout.

    Parameters
    ----------
    folders : Folders
        The checkout.
    with_matplotlib : bool, optional
        Whether cells can use Matplotlib, which is downloaded if `_build/` does not have it.
    """

    def __init__(self, folders: Folders, *, with_matplotlib: bool = False) -> None:
        self.folders = folders
        self.with_matplotlib = with_matplotlib
        self.place = folders.site / FOLDER

    @cached_property
    def runtime(self) -> Runtime:
        """The runtime in `vendor/`."""
        return Runtime(self.folders.root / "vendor" / "pyodide")

    @property
    def companions(self) -> list[Path]:
        """What cells read and import: files beside the lessons and the exercises, pictures."""
        files = files_below(self.folders.lessons, self.folders.exercises)
        beside = [file for file in files if file.suffix != ".ipynb"]
        pictures = [self.folders.root / "img" / f"lighthouse.{kind}" for kind in ("jpg", "png")]
        return [*beside, *(file for file in pictures if file.is_file())]

    def key(self) -> str:
        """Return a digest of all that the live files are made from."""
        root = self.folders.root
        code = [*Path(__file__).parent.glob("*.py"), root / "vendor" / "codemirror/codemirror.js"]
        return digest(
            str(self.with_matplotlib),
            (self.runtime.folder / SUMS).read_bytes(),
            digest_files(code, Path(code[0].anchor)),
            digest_files(files_below(self.folders.web / "live"), root),
            digest_files(files_below(root / "stridescope" / "src"), root),
            digest_files([*self.companions, *self.lessons, *self.exercises], root),
            digest_files([CORE, Path(scripts.__file__), *pack.SHARED], pack.COURSE),
        )

    @property
    def lessons(self) -> list[Path]:
        """The lessons' notebooks."""
        return sorted(self.folders.lessons.glob("*.ipynb"))

    @property
    def exercises(self) -> list[Path]:
        """The exercises' notebooks, in the order in which they should be done."""
        return exercise_files(self.folders.exercises)

    def write(self) -> None:
        """Write the files that changed, and remove those that nothing names any more."""
        runtime = self.packed_runtime()
        packed = Packed(dict(runtime.files), dict(runtime.parts))
        wheels = self.wheels()
        if wheels:
            self.add_matplotlib(packed, wheels)
        packed.add("course", pack.stored(pack.course_files(self.folders.root, self.companions)))
        facts = {
            "client": packed.add_file("client.js", self.client().encode()),
            "style": packed.add_file("live.css", self.web("live.css").encode()),
            "editor": packed.add_file("editor.js", self.vendored("codemirror/codemirror.js")),
            "instruments": self.front_end(packed),
            "instrumentStyle": packed.add_file("instruments.css", style(live=True).encode()),
            "cells": {
                lesson.stem: packed.add_file(f"cells-{lesson.stem}.js", cells(lesson))
                for lesson in self.lessons
            },
            "progress": packed.add_file("progress.js", self.client("progress_page.js").encode()),
            "firstPage": packed.add_file("first.js", self.client("first_page.js").encode()),
            "exercises": [
                exercises.entry(one, packed.add_file(exercises.script_name(one), script))
                for one in map(read_exercise, self.exercises)
                for script in [exercises.script(one)]
            ],
            "lock": self.runtime.bare_lock,
            "optional": WITH_MATPLOTLIB if wheels else OPTIONAL,
        }
        packed.files["index.js"] = pack.manifest(packed, facts)
        packed.files["licenses.txt"] = licenses(self.folders.root / "vendor", wheels)
        for name, data in packed.files.items():
            write_atomically(self.place / name, data)
        for file in self.place.iterdir():
            if file.name not in packed.files:
                file.unlink()

    def wheels(self) -> list[Path]:
        """Return the wheels of Matplotlib and what it needs, if this site has them.

        Raises
        ------
        CourseError
            If they have to be downloaded and cannot be.
        """
        if not self.with_matplotlib:
            return []
        return full.fetched(self.runtime, self.folders.build / "wheels")

    def add_matplotlib(self, packed: Packed, wheels: list[Path]) -> None:
        """Add Matplotlib to what is packed; it is packed once, and kept in `_build/`."""

        def make() -> Packed:
            made = Packed()
            made.add("matplotlib", pack.stored(full.files(wheels)))
            return made

        code = code_of(full, pack, scripts)
        key = digest(*code, *(file.name for file in wheels))
        found = kept(self.folders.build / "live-matplotlib", key, make)
        packed.files |= found.files
        packed.parts |= found.parts

    def is_there(self) -> bool:
        """Tell whether all files are in the site that its `index.js` names."""
        index = self.place / "index.js"
        if not index.is_file():
            return False
        names = re.findall(r'"((?:\.\./)?[\w-]+-[0-9a-f]{8}\.\w+)"', index.read_text("utf-8"))
        return all((self.place / name).is_file() for name in names)

    def remove(self) -> None:
        """Remove the live files: the site is a plain one now."""
        shutil.rmtree(self.place, ignore_errors=True)

    def client(self, entry: str = "main.js") -> str:
        """Return a module of `web/live/`, with those that it imports, as one classic script."""
        return f'"use strict";\n(() => {{\n{joined(self.web, entry)}\n}})();\n'

    def front_end(self, packed: Packed) -> str:
        """Return where the instruments' front end is: in the pages' own script, if they have one.

        Else it is added to what is packed.
        """
        name, text = scripts.front_end(bundle())
        if (self.place.parent / name).is_file():
            return f"../{name}"
        packed.files[name] = text.encode()
        return name

    def web(self, name: str) -> str:
        """Return the text of a file in `web/live/`."""
        return (self.folders.web / "live" / name).read_text("utf-8")

    def client_name(self) -> str:
        """Return the name of the client's script."""
        return Packed().add_file("client.js", self.client().encode())

    def progress_name(self) -> str:
        """Return the name of the script that shows the progress over all exercises."""
        return Packed().add_file("progress.js", self.client("progress_page.js").encode())

    def first_bytes(self) -> int:
        """Return how many bytes the first press of Run loads, without the course's own files."""
        parts = self.packed_runtime().parts
        return sum(part["bytes"] for name, part in parts.items() if name not in OPTIONAL)

    def vendored(self, name: str) -> bytes:
        """Return a file in `vendor/`."""
        return (self.folders.root / "vendor" / name).read_bytes()

    def packed_runtime(self) -> Packed:
        """Return the runtime's parts: packed once, and kept in `_build/live/`.

        Raises
        ------
        RuntimeFaultError
            If a file in `vendor/pyodide/` is missing or damaged.
        """
        worker = self.web("worker.js")
        code = code_of(pack, scripts)
        key = digest((self.runtime.folder / SUMS).read_bytes(), worker, *code)
        return kept(
            self.folders.build / "live", key, lambda: pack.pack_runtime(self.verified(), worker)
        )

    def verified(self) -> Runtime:
        """Return the runtime after checking every byte of it."""
        self.runtime.verify()
        return self.runtime


def kept(folder: Path, key: str, make: Callable[[], Packed]) -> Packed:
    """Return what was packed under a key, from a folder; make it first if it is not there."""
    index = folder / "index.json"
    try:
        record: dict[str, Any] = json.loads(index.read_text("utf-8"))
        if record["key"] == key:
            names = [name for part in record["parts"].values() for name in part["files"]]
            files = {name: (folder / name).read_bytes() for name in names}
            return Packed(files, record["parts"])
    except (OSError, ValueError, KeyError):
        pass  # never packed, or half removed
    packed = make()
    shutil.rmtree(folder, ignore_errors=True)
    for name, data in packed.files.items():
        write_atomically(folder / name, data)
    write_atomically(index, json.dumps({"key": key, "parts": packed.parts}).encode())
    return packed


def code_of(*modules: ModuleType) -> list[bytes]:
    """Return the source text of modules."""
    return [Path(str(module.__file__)).read_bytes() for module in modules]


def licenses(vendor: Path, wheels: Iterable[Path] = ()) -> bytes:
    """Return the licenses of all that the live files contain, as one text."""
    files = [
        vendor / "pyodide" / "README.md",
        *sorted(file for file in (vendor / "pyodide" / "licenses").rglob("*") if file.is_file()),
        vendor / "codemirror" / "LICENSE",
    ]
    texts = {file.relative_to(vendor).as_posix(): file.read_text("utf-8") for file in files}
    for wheel in wheels:
        for name, data in licenses_in(wheel).items():
            texts[f"{wheel.name}/{name}"] = data.decode("utf-8", "replace")
    line = "=" * 80
    parts = [f"{line}\n{name}\n{line}\n\n{text}\n" for name, text in texts.items()]
    return "\n".join(parts).encode()
