"""The pure modules of `web/live/` under node, and files for them to read."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from course.core.paths import ROOT
from support.in_node import in_node

LIVE = ROOT / "web" / "live"
BYTES = "const bytes = (text) => Uint8Array.from(Buffer.from(text, 'base64'));"


def in_live(modules: dict[str, list[str]], body: str, cases: list[Any]) -> list[Any]:
    """Return what `body`, a function of one case, gives for each; `bytes` decodes base 64."""
    absolute = {str(LIVE / file): names for file, names in modules.items()}
    return in_node(absolute, f"(c) => {{ {BYTES} return ({body})(c); }}", cases)


def encoded(data: bytes | str) -> str:
    """Return bytes, or text as UTF-8, in base 64."""
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def handed_out(place: str) -> dict[str, Any]:
    """Return an exercise as its page has it."""
    assignment, name = place.split("/")
    file = ROOT / "exercises" / assignment / f"{name}.ipynb"
    return {
        "assignment": assignment,
        "name": name,
        "notebook": json.loads(file.read_text("utf-8")),
    }


def places() -> list[str]:
    """Return the names of all exercises, such as `02-strides/ravel`."""
    files = sorted((ROOT / "exercises").glob("*/*.ipynb"))
    return [f"{file.parent.name}/{file.stem}" for file in files]


def solution(notebook: dict[str, Any], grade_id: str) -> dict[str, Any]:
    """Return the cell of a notebook with this name."""
    cells = [
        cell
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
    ]
    return cells[0]


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """Return a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return out.getvalue()


def path_of(place: str) -> Path:
    """Return the file of an exercise."""
    return ROOT / "exercises" / f"{place}.ipynb"
