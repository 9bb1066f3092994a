"""What takes long to generate and always comes out the same is kept from run to run, in
`_build/tests/`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from course.core.cache import digest, installed_versions, write_atomically
from course.core.paths import Folders

FOLDER = Folders().build / "tests"


def generated(
    name: str, make: Callable[[], Any], *, files: Iterable[Path], packages: Iterable[str]
) -> Any:  # noqa: ANN401 - JSON
    """Return what `make` returns, from the cache when nothing that decides it has changed.

    Parameters
    ----------
    name : str
        The name of the value, for its file in the cache.
    make : callable
        Makes the value, which is the same each time and consists of what JSON can hold.
    files : iterable of Path
        The sources that decide the value.
    packages : iterable of str
        The distributions whose versions decide it.
    """
    sources = [file.read_bytes() for file in files]
    place = FOLDER / f"{name}-{digest(installed_versions(*packages), *sources)[:16]}.json"
    if not place.is_file():
        data = json.dumps(make()).encode()
        for older in FOLDER.glob(f"{name}-*.json"):
            older.unlink(missing_ok=True)
        write_atomically(place, data)
    return json.loads(place.read_bytes())
