"""The copies of a notebook that Google Classroom makes, all in one folder of Drive.

Students can rename them, so a name says less here than on other platforms.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from nbgrader_isolate.gradebook.roster import Submitter
from nbgrader_isolate.intake.attributions import Attribution, Reader

GOOGLE = re.compile(r"(?P<name>[^/]+?) - (?P<file>[^/]+)")
"""`Ada Lovelace - hw.ipynb`, the copy that Google Classroom made for a student."""
TWO_OF_ONE_NAME = (
    "two of the files with this name differ only by a number, and they may be of two people: "
    "students can rename what they hand in; look at the files, and leave one of them"
)
NUMBERED = re.compile(r" ?\(\d+\)(?=\.\w+$)")
"""What Drive and browsers put into the second of two equal names."""
WORK = (".ipynb", ".zip")


def google_classroom(paths: Sequence[str], folder: str) -> Reader | None:
    """Return a reader of the copies that Google Classroom makes, all in one folder of Drive."""
    found = [
        (path.removeprefix(folder), GOOGLE.fullmatch(path.removeprefix(folder))) for path in paths
    ]
    others = sum(match is None for _, match in found)
    files: defaultdict[str, list[str]] = defaultdict(list)
    for _, match in found:
        if match:
            files[match["name"]].append(match["file"])
    working = [
        name for name, own in files.items() if any(file.lower().endswith(WORK) for file in own)
    ]
    if 2 * len(working) <= len(files) + others:
        return None
    unclear = {
        name
        for name, own in files.items()
        if max(Counter(NUMBERED.sub("", file).casefold() for file in own).values()) > 1
    }

    def read(path: str) -> Attribution | None:
        match = GOOGLE.fullmatch(path.removeprefix(folder))
        if not match:
            return None
        return Attribution(
            Submitter(match["name"]),
            match["file"],
            place=f"{match['name']} - ",
            doubt=TWO_OF_ONE_NAME if match["name"] in unclear else "",
        )

    return read
