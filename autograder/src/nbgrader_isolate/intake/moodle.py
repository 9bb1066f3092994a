"""Downloads of Moodle: a folder for each student, or files side by side."""

from __future__ import annotations

import re

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution

MOODLE_NAME = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?")
"""Moodle: `Ada Lovelace_1234_assignsubmission_file_/hw.ipynb`, or the same with `_` for `/`."""
LAST_MOODLE_NAME = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>)")


def read_moodle(path: str) -> Attribution | None:
    """Read a path as Moodle writes it."""
    top, _, rest = path.partition("/")
    match = MOODLE_NAME.fullmatch(top)
    several = top.count("_assignsubmission_") > 1
    if several and rest:  # the student's own name contains what Moodle puts behind it
        match = LAST_MOODLE_NAME.fullmatch(top)
    elif several:  # so does the name of a file, and nobody can tell
        return None
    if not match or not (file := rest or match["file"]):
        return None
    place = f"{top}/" if rest else top.removesuffix(file)
    return Attribution(Submitter(match["name"], match["number"]), file, place)
