"""`make live-update`: replace `vendor/pyodide/` by another version, through npm and pip alone.

npm has Pyodide's core and its lock, which names the SHA-256 of every wheel. No index offers those
wheels under their own names, but other products carry them in theirs. Such a carrier is not trusted
and nothing else of it is used: a wheel is taken only if its digest is the one in Pyodide's lock.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from course.core.cache import write_atomically
from course.core.errors import CourseError
from course.live.runtime import BYTECODE, CORE, Runtime, RuntimeFaultError, licenses_in

CARRIERS = {"314.0.3": "open-webui==0.12.4"}
"""For a version of Pyodide, a distribution whose wheel contains the wheels of its lock."""


def update(vendor: Path, version: str, carrier: str, say: Callable[[str], None] = print) -> None:
    """Fetch a version of the runtime, verify it, and replace the files in `vendor`.

    Parameters
    ----------
    vendor : Path
        The folder `vendor/pyodide`. Its README and the licenses of Pyodide and CPython stay.
    version : str
        The version of Pyodide, such as `314.0.3`.
    carrier : str
        The requirement of a distribution that carries the wheels; empty for the one in `CARRIERS`.
    say : callable
        Takes each line for the person who runs this.

    Raises
    ------
    CourseError
        If a download fails, or a wheel is not in the carrier with the digest of the lock.
    """
    carrier = carrier or CARRIERS.get(version, "")
    if not carrier:
        raise CourseError(
            f"No carrier of the wheels of Pyodide {version} is known. Name one that pip can "
            "download: CARRIER='name==version'."
        )
    with tempfile.TemporaryDirectory() as scratch:
        fetched = Runtime(Path(scratch) / "runtime")
        fetched.folder.mkdir()
        fetch_core(fetched.folder, version)
        fetch_wheels(fetched.folder, fetched.wheels.values(), carrier)
        compile_bytecode(fetched)
        fetched.write_sums()
        fetched.verify()
        replace(vendor, fetched)
    for name, digest in Runtime(vendor).sums().items():
        say(f"{digest}  {name}")
    say(f"{vendor} has Pyodide {version}. Next: run the tests in tests/course/live.")


def fetch_core(folder: Path, version: str) -> None:
    """Get Pyodide's core from npm, which checks the package's integrity."""
    command = ["npm", "pack", "--silent", f"pyodide@{version}"]
    name = output_of(command, folder.parent).split()[-1]
    with tarfile.open(folder.parent / name) as archive:
        for file in CORE:
            member = archive.extractfile(f"package/{file}")
            if member is None:
                raise RuntimeFaultError(f"{file} is not in npm's package of Pyodide {version}")
            (folder / file).write_bytes(member.read())


def fetch_wheels(folder: Path, wheels: Iterable[dict[str, Any]], carrier: str) -> None:
    """Take wheels out of the carrier's.

    Parameters
    ----------
    folder : Path
        Where to put them; it exists.
    wheels : iterable of dict
        What Pyodide's lock says about each: its `file_name` and `sha256`.
    carrier : str
        The requirement of a distribution that carries them.

    Raises
    ------
    CourseError
        If the download fails, or a wheel is not in the carrier with the digest of the lock.
    """
    options = ["--quiet", "--no-deps", "--ignore-requires-python", "--only-binary=:all:"]
    options += ["--retries", "1", "-d", "."]
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        output_of([sys.executable, "-m", "pip", "download", *options, carrier], scratch)
        (file,) = scratch.glob("*.whl")
        with zipfile.ZipFile(file) as archive:
            inside = {Path(name).name: name for name in archive.namelist()}
            for wheel in wheels:
                take(archive, inside, wheel, folder, carrier)


def take(
    archive: zipfile.ZipFile,
    inside: dict[str, str],
    wheel: dict[str, Any],
    folder: Path,
    carrier: str,
) -> None:
    """Take one wheel out of the carrier's archive, if it is the one that the lock names."""
    name = wheel["file_name"]
    if name not in inside:
        raise RuntimeFaultError(f"{carrier} does not contain {name}")
    data = archive.read(inside[name])
    if (found := hashlib.sha256(data).hexdigest()) != wheel["sha256"]:
        raise RuntimeFaultError(
            f"{name} in {carrier} has the SHA-256 {found}, "
            f"but Pyodide's lock says {wheel['sha256']}"
        )
    write_atomically(folder / name, data)


def compile_bytecode(runtime: Runtime) -> None:
    """Write what a start imports, compiled by the runtime itself."""
    here = Path(__file__).parent
    root = here.parents[1]
    folders = [root, root / "stridescope" / "src"]
    command = ["node", here / "bytecode.mjs", runtime.folder, runtime.folder / BYTECODE, *folders]
    output_of([str(part) for part in command], runtime.folder)


def replace(vendor: Path, fetched: Runtime) -> None:
    """Put the fetched files, and the licenses inside the wheels, in place of the old ones."""
    if (vendor / "SHA256SUMS").is_file():
        for name in Runtime(vendor).files:
            (vendor / name).unlink(missing_ok=True)
    for name in (*fetched.files, "SHA256SUMS"):
        shutil.copyfile(fetched.folder / name, vendor / name)
    for package, wheel in fetched.wheels.items():
        folder = vendor / "licenses" / package
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in licenses_in(vendor / wheel["file_name"]).items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)


def build_editor(vendor: Path) -> None:
    """Bundle CodeMirror as `vendor/codemirror/package.json` and `entry.mjs` say.

    Parameters
    ----------
    vendor : Path
        The folder `vendor/codemirror`.

    Raises
    ------
    CourseError
        If npm or esbuild fails.
    """
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        for file in ("package.json", "entry.mjs"):
            shutil.copyfile(vendor / file, scratch / file)
        output_of(["npm", "install", "--silent", "--no-audit", "--no-fund"], scratch)
        options = ["--bundle", "--minify", "--format=iife", "--global-name=codeMirror"]
        options += ["--target=es2022", "--legal-comments=none", "--outfile=codemirror.js"]
        output_of(["npx", "--no", "esbuild", "entry.mjs", *options], scratch)
        shutil.copyfile(scratch / "codemirror.js", vendor / "codemirror.js")


def output_of(command: list[str], folder: Path) -> str:
    """Run a package client in a folder and return what it prints.

    Raises
    ------
    CourseError
        If it is not installed or fails.
    """
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise CourseError(f"{command[0]} is not installed, and live-update needs it.") from None
    except subprocess.CalledProcessError as error:
        raise CourseError(f"{' '.join(command)} failed:\n{error.stderr.strip()}") from None
    return done.stdout
