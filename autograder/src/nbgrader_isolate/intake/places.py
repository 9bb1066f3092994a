"""Where a platform put a student's files, so that feedback goes back to the same place.

Canvas and Moodle take back a zip file whose names begin as those in their download did. `collect`
remembers these beginnings in `.autograder/collected/`.
"""

from __future__ import annotations

import json
from pathlib import Path

from nbgrader_isolate.core.atomic import default_mode, write_atomically


def places_file(state: Path, assignment: str) -> Path:
    """Return the file with the places of an assignment."""
    return state / "collected" / f"{assignment}.json"


def remember_places(state: Path, assignment: str, places: dict[str, str]) -> None:
    """Add the places of students, by id; a later download replaces what an earlier one said."""
    if not places:
        return
    file = places_file(state, assignment)
    file.parent.mkdir(parents=True, exist_ok=True)
    data = json.dumps(read_places(state, assignment) | places, indent=1)
    write_atomically(file, data.encode("utf-8", "surrogatepass"), default_mode())


def read_places(state: Path, assignment: str) -> dict[str, str]:
    """Return the places of students, by id; an empty dict if nothing was collected."""
    try:
        places = json.loads(places_file(state, assignment).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(places, dict):
        return {}
    return {str(student): str(place) for student, place in places.items()}
