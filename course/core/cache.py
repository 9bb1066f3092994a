"""What makes a verb cheap to repeat: digests of inputs, atomic writes, a small memory in `_build/`.

Standard library only: a run that finds nothing to do must not pay for importing Jupyter.
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
    """Return a digest of `parts` that changes when any of them, or their borders, change."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "big") + data)
    return whole.hexdigest()


def digest_files(files: Iterable[Path], root: Path) -> str:
    """Return a digest of the names (below `root`) and bytes of `files`, in sorted order."""
    parts: list[bytes | str] = []
    for file in sorted(files):
        parts += [file.relative_to(root).as_posix(), file.read_bytes()]
    return digest(*parts)


def files_below(*folders: Path) -> list[Path]:
    """Return the files in and below `folders` that a person may have written (no caches)."""
    return [
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.is_file()
        and not any(part[0] in "._" for part in file.parent.relative_to(folder).parts)
        if file.suffix != ".pyc"
    ]


def versions(*distributions: str) -> str:
    """Return the installed versions of `distributions`, without importing them."""
    return " ".join(f"{name}=={metadata.version(name)}" for name in distributions)


def write_atomically(path: Path, data: bytes) -> bool:
    """Write `data` to `path` all at once, or not at all; return whether the file changed.

    The bytes go to a temporary file beside `path`, which then takes its place, so that a reader, or
    a run that was stopped, never meets half a file.
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


class Memory:
    """A JSON mapping in a file: what was last made from what.

    A file that is missing or unreadable is an empty memory: the worst it costs is a rebuild.

    Parameters
    ----------
    file : Path
        Where it is kept.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        try:
            loaded = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError):
            loaded = {}
        self.entries: dict[str, Any] = loaded if isinstance(loaded, dict) else {}

    def save(self) -> None:
        """Write the mapping, all at once."""
        text = json.dumps(self.entries, indent=1, sort_keys=True)
        write_atomically(self.file, text.encode() + b"\n")
