"""Make a verb cheap to repeat: digests of its inputs, atomic writes, a small cache in `_build/`.

Only the standard library is used: a run that has nothing to do must not pay for importing Jupyter.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any


def digest(*parts: bytes | str) -> str:
    """Return a digest of `parts` that changes if any of them changes, or where one ends."""
    sha256 = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        sha256.update(len(data).to_bytes(8, "big") + data)
    return sha256.hexdigest()


def digest_files(files: Iterable[Path], root: Path) -> str:
    """Return a digest of the names (relative to `root`) and bytes of `files`, in sorted order."""
    parts: list[bytes | str] = []
    for file in sorted(files):
        parts += [file.relative_to(root).as_posix(), file.read_bytes()]
    return digest(*parts)


def files_below(*folders: Path) -> list[Path]:
    """Return the files in `folders` and below that a person may have written (no caches)."""
    return [
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part[0] in "._" for part in file.parent.relative_to(folder).parts)
        if file.suffix != ".pyc"
    ]


def installed_versions(*distributions: str) -> str:
    """Return the installed versions of `distributions` without importing them."""
    return " ".join(f"{name}=={metadata.version(name)}" for name in distributions)


def write_atomically(path: Path, data: bytes) -> bool:
    """Write `data` to `path` completely or not at all; return whether the file changed.

    The bytes go to a temporary file beside `path`, which then replaces it. A reader never sees half
    a file, even if the run is interrupted. Every file that the course writes for someone else to
    read goes through this function. The grader has its own: students' copies of the course, which
    use this module, come without the grader.
    """
    if path.is_file() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


class BuildCache:
    """A JSON file that remembers from which inputs each output was built.

    A file that is missing or cannot be read counts as empty: at worst, that costs a rebuild.

    Parameters
    ----------
    file : Path
        The JSON file.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            loaded = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            loaded = {}
        self.entries: dict[str, Any] = loaded if isinstance(loaded, dict) else {}

    def save(self) -> None:
        """Write the file atomically."""
        text = json.dumps(self.entries, indent=1, sort_keys=True)
        write_atomically(self.file, text.encode() + b"\n")
