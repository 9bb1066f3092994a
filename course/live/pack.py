"""Pack the runtime, the course's Python files and the client as scripts that any page can load.

A page opened from a disk can fetch nothing and import no module, in some browsers not even a module
worker from a file. What works everywhere is a classic script. So every file becomes text in such
scripts: compressed, in base 85, in pieces of a megabyte each, so that a bar can show progress. The
names contain digests: a host may let browsers keep them forever.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course.core.scripts import digest, text85
from course.live.runtime import BYTECODE, Runtime

PIECE = 1_000_000
"""Characters in one script."""
STAMP = (1980, 1, 1, 0, 0, 0)
NOT_IMPORTED = re.compile(
    r"/tests/|^numpy/f2py/|^PIL/(?:_imagingft|_webp)\.|\.(?:pyi|pyx|pxd|h|c|a)$"
)
"""What a page does not need of an installed package.

`numpy.f2py` needs a compiler. Pillow reads no WebP then, and draws texts in its own font alone.
"""
UNUSABLE = re.compile(
    r"^(?:(?:multiprocessing|wsgiref|xmlrpc)/|http/server\.py$|"
    r"(?:ftplib|imaplib|mailbox|netrc|poplib|smtplib)\.py$|_py(?:datetime|io)\.py$)"
)
"""What a page cannot use of the standard library.

It has no other processes, no network, and `datetime` and `io` are compiled there.
"""
COURSE = Path(__file__).parents[1]
KERNEL = (
    "cell_errors.py",
    "fresh_start.py",
    "kernel.py",
    "magics.py",
    "representations.py",
    "stand_ins.py",
)
SHARED = (
    COURSE / "core" / "python_source.py",
    COURSE / "exercises" / "capstone_parts.py",
    *(COURSE / "live" / name for name in KERNEL),
)
"""Modules of the course that pages run, too; they need the standard library alone."""
EXPORT = re.compile(r"export\{(\w+) as loadPyodide,\w+ as version\};")
DEFAULT = "export default _createPyodideModule"


@dataclass
class Packed:
    """Scripts and styles for `static/live/`.

    Parameters
    ----------
    files : dict
        Name of each file to its bytes.
    parts : dict
        Name of each part to the scripts that hold it, their checksums, and how many bytes they
        have.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, data: bytes) -> None:
        """Add a part, in as many scripts as it needs."""
        text = text85(data)
        key = digest(text.encode())
        scripts, sums = {}, []
        for number, start in enumerate(range(0, len(text), PIECE)):
            piece = text[start : start + PIECE]
            sums.append(zlib.crc32(piece.encode()))
            script = f'(self.liveParts ??= {{}})["{name}/{number}"] = "{piece}";\n'
            scripts[f"{name}-{number}-{key}.js"] = script.encode()
        self.files |= scripts
        size = sum(len(script) for script in scripts.values())
        self.parts[name] = {"files": list(scripts), "sums": sums, "bytes": size}

    def add_file(self, name: str, data: bytes) -> str:
        """Add a file as it is, and return its name with a digest in it."""
        stem, dot, ending = name.rpartition(".")
        named = f"{stem}-{digest(data)}{dot}{ending}"
        self.files[named] = data
        return named


def pack_runtime(runtime: Runtime, worker: str) -> Packed:
    """Return the parts that only change with the runtime.

    Parameters
    ----------
    runtime : Runtime
        The runtime, verified.
    worker : str
        Our own part of the worker, a classic script.

    Returns
    -------
    Packed
        Python (`python`), its standard library (`stdlib`), a part for each wheel, and `worker`.
    """
    packed = Packed()
    for name, data in runtime_parts(runtime, worker).items():
        packed.add(name, data)
    return packed


def runtime_parts(runtime: Runtime, worker: str) -> dict[str, bytes]:
    """Return the parts of `pack_runtime` by name, as the worker gets them."""
    bytecode = entries(runtime.folder / BYTECODE)
    library = entries(runtime.folder / "python_stdlib.zip")
    parts = {
        "worker": worker_text(runtime, worker).encode(),
        "stdlib": stored(compiled_library(library, bytecode)),
    }
    for name, wheel in runtime.wheels.items():
        files = imported(entries(runtime.folder / wheel["file_name"]))
        parts[name] = stored(files | cached(name, bytecode, runtime.cache_tag))
    return parts | {"python": (runtime.folder / "pyodide.asm.wasm").read_bytes()}


def worker_text(runtime: Runtime, worker: str) -> str:
    """Return one module with both of Pyodide's and ours: from disk, a worker can import nothing.

    Raises
    ------
    ValueError
        If Pyodide's modules export something in a form that this function does not know.
    """
    front = (runtime.folder / "pyodide.mjs").read_text("utf-8")
    core = (runtime.folder / "pyodide.asm.mjs").read_text("utf-8")
    exported = EXPORT.search(front)
    if exported is None or core.count(DEFAULT) != 1:
        raise ValueError("Pyodide's modules end in a form that course/live/pack.py does not know")
    front = re.sub(r"//# sourceMappingURL.*", "", EXPORT.sub("", front))
    core = core.replace(DEFAULT, "return _createPyodideModule")
    return (
        f"const loadPyodide = (() => {{ {front}\nreturn {exported[1]}; }})();\n"
        f"const createPyodideModule = (() => {{ {core}\n }})();\n{worker}"
    )


def entries(archive: Path) -> dict[str, bytes]:
    """Return the files in a zip archive."""
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist() if not name.endswith("/")}


def imported(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files of a wheel without those that Python never reads."""
    return {name: data for name, data in files.items() if not NOT_IMPORTED.search(name)}


def compiled_library(files: dict[str, bytes], bytecode: dict[str, bytes]) -> dict[str, bytes]:
    """Return the standard library with bytecode in place of what a start imports.

    Compiling these modules takes more time than all the rest of a start. Their sources are left
    out, because both together would be too large, and so is what a page cannot use.
    """
    ready = {
        name.removeprefix("stdlib/"): data
        for name, data in bytecode.items()
        if name.startswith("stdlib/")
    }
    rest = {
        name: data
        for name, data in files.items()
        if f"{name}c" not in ready and not UNUSABLE.search(name)
    }
    return rest | ready


def cached(package: str, bytecode: dict[str, bytes], tag: str) -> dict[str, bytes]:
    """Return the bytecode of a package where Python looks for it beside the sources."""
    found = {}
    for name, data in bytecode.items():
        part, _, path = name.partition("/")
        folder, _, file = path.rpartition("/")
        if part == package:
            found[f"{folder}/__pycache__/{file.removesuffix('.pyc')}.{tag}.pyc"] = data
    return found


def stored(files: dict[str, bytes]) -> bytes:
    """Return a zip archive without compression.

    The whole is compressed afterwards, which makes it smaller than compressing file by file, and
    Python then imports from the archive without unpacking it.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, STAMP), data)
    return out.getvalue()


def course_files(root: Path, below: Iterable[Path]) -> dict[str, bytes]:
    """Return the files that pages use: stridescope, the kernel, shared modules, pictures, data.

    Parameters
    ----------
    root : Path
        The checkout.
    below : iterable of Path
        Files of the checkout, which keep their place relative to it.
    """
    package = root / "stridescope" / "src"
    files = {
        file.relative_to(package).as_posix(): file.read_bytes()
        for file in (package / "stridescope").rglob("*")
        if file.suffix in {".py", ".css", ".json"}
    }
    files["figures.py"] = (COURSE / "live" / "figures.py").read_bytes()
    files |= {file.relative_to(COURSE.parent).as_posix(): file.read_bytes() for file in SHARED}
    return files | {file.relative_to(root).as_posix(): file.read_bytes() for file in below}


def manifest(packed: Packed, facts: dict[str, Any]) -> bytes:
    """Return the script from which a page learns what there is: `static/live/index.js`."""
    text = json.dumps({"parts": packed.parts, **facts}, sort_keys=True, ensure_ascii=False)
    return f"self.courseLive = {text};\n".encode()
