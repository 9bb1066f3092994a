"""What is taken of a submission: regular files with expected names, within a size; no link is followed.

A submission is a folder (or an archive) of a stranger, on the instructor's disk. It is read once, here; what comes after
works on bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, NotebookJSON
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.intake.safe_files import Entry, Refused, opened_folder
from nbgrader_isolate.intake.zip_archives import opened
from nbgrader_isolate.notebook.cells import name_of
from nbgrader_isolate.notebook.parse import UnreadableError, parse

__all__ = ["Taken", "UnreadableError", "parse", "take"]

Taken = tuple[dict[str, bytes], list[str]]
"""Files by name, and notes. A note on one notebook begins with the notebook's file name and a colon."""

UNSPOKEN = {"timestamp.txt", "submission_secret.txt", "desktop.ini", "Thumbs.db"}
"""Files that nbgrader and file managers leave there: not taken, and not worth a note."""
MB = 1 << 20


def take(folder: Path, plan: AssignmentPlan, limits: Limits) -> Taken:
    """Take the files of a submission from its folder.

    Parameters
    ----------
    folder : Path
        `submitted/<student>/<assignment>`.
    plan : AssignmentPlan
        Says which notebooks and which extra files are expected.
    limits : Limits
        `notebook_bytes`, `file_mb` and `disk_mb` count here.

    Returns
    -------
    dict of str to bytes
        Notebooks under the names of the plan, and allowed extra files.
    list of str
        What was found under another name, refused or left behind; a line each.
    """
    refused: dict[str, str] = {}
    try:
        with opened_folder(folder, refused) as entries:
            archives = [entry for entry in entries if entry.last.lower().endswith(".zip")]
            if len(archives) == 1 and not any(map(is_notebook, [*entries])) and not refused:
                return from_lone_archive(archives[0], plan, limits)
            return Selection(entries, refused, plan, limits).taken()
    except Refused as error:
        return {}, [f"the folder of the submission {error}"]


def from_lone_archive(entry: Entry, plan: AssignmentPlan, limits: Limits) -> Taken:
    """Take a submission that was handed in as one zip file."""
    refused: dict[str, str] = {}
    try:
        with opened(entry.read(limits.disk_mb * MB)) as archive:
            files, notes = Selection(archive.entries(refused), refused, plan, limits).taken()
    except Refused as error:
        return {}, [f"{printable(entry.name)}: {error}"]
    return files, [f"taken from the archive {printable(entry.name)}", *notes]


class Selection:
    """What is taken of the files that are there.

    Parameters
    ----------
    entries : sequence of Entry
    refused : dict of str to str
        What cannot be read, by name, and why.
    plan : AssignmentPlan
    limits : Limits
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        refused: dict[str, str],
        plan: AssignmentPlan,
        limits: Limits,
    ) -> None:
        self.left = {entry.name: entry for entry in entries}
        self.refused, self.plan, self.limits = refused, plan, limits
        self.cells = {f"{one.name}.ipynb": cell_names(one.notebook) for one in plan.notebooks}
        self.files: dict[str, bytes] = {}
        self.notes: list[str] = []

    def taken(self) -> Taken:
        """Return the files and the notes."""
        missing = [name for name in self.cells if not self.expected(name)]
        self.renamed(missing)
        self.extra()
        other = [name for name in self.refused if name not in self.cells]
        self.notes += [f"{printable(name)}: {self.refused[name]}" for name in other[:5]]
        behind = [name for name in self.left if name not in self.plan.files]
        if behind := [name for name in behind if PurePosixPath(name).name not in UNSPOKEN]:
            self.notes.append(f"left behind: {join_names(sorted(behind))}")
        return self.files, self.notes

    def expected(self, name: str) -> bool:
        """Take a notebook under its own name; tell whether something stood there."""
        if name in self.refused:
            self.notes.append(f"{name}: {self.refused[name]}")
            return True
        if name not in self.left:
            return False
        self.keep(name, self.left.pop(name), self.limits.notebook_bytes)
        return True

    def keep(self, name: str, entry: Entry, most: int) -> bool:
        """Read a file and keep it under a name, or note why not."""
        try:
            self.files[name] = entry.read(most)
        except Refused as error:
            self.notes.append(f"{name}: {error}")
        return name in self.files

    def renamed(self, missing: list[str]) -> None:
        """Find missing notebooks under other names or in subfolders, where that is unambiguous."""
        candidates = [entry for entry in self.left.values() if is_notebook(entry)]
        for name, found in self.claims(missing, candidates).items() if missing else ():
            if len(found) == 1:
                entry = self.left.pop(found[0].name)
                if self.keep(name, entry, self.limits.notebook_bytes):
                    self.notes.append(f"{name} was found as {printable(entry.name)}")
            elif found:
                names = join_names([entry.name for entry in found])
                self.notes.append(f"{name}: not there, and each of these could be it: {names}")

    def claims(self, missing: list[str], candidates: list[Entry]) -> dict[str, list[Entry]]:
        """Return, for each missing notebook, the files that could be it.

        By the names of their cells. A file that has none goes by its own name; and if the assignment has
        one notebook, the only file is it.
        """
        if len(self.cells) == len(candidates) == 1:
            return {missing[0]: candidates}
        claims: dict[str, list[Entry]] = {name: [] for name in missing}
        for entry in candidates:
            found = self.names_in(entry)
            common = {name: len(cells & found) for name, cells in self.cells.items()}
            most = max(common.values())
            for name in missing:
                same_name = entry.last.lower() == name.lower()
                if common[name] == most if most else same_name:
                    claims[name].append(entry)
        return claims

    def names_in(self, entry: Entry) -> set[str]:
        """Return the grade_ids of a file; none if it is no notebook."""
        try:
            return cell_names(parse(entry.read(self.limits.notebook_bytes), self.limits))
        except (Refused, UnreadableError):
            return set()

    def extra(self) -> None:
        """Take the files beside the notebooks whose names the course allows."""
        room = self.limits.disk_mb * MB // 2
        for name in sorted(self.left):
            allowed = any(fnmatchcase(name, form) for form in self.plan.extra_files)
            if is_notebook(self.left[name]) or not allowed:
                continue
            if self.keep(name, self.left.pop(name), min(room, self.limits.file_mb * MB)):
                room -= len(self.files[name])


def is_notebook(entry: Entry) -> bool:
    """Tell whether a file is named as a notebook."""
    return entry.last.lower().endswith(".ipynb")


def cell_names(notebook: NotebookJSON) -> set[str]:
    """Return the grade_ids of a notebook's cells."""
    return {name for cell in notebook["cells"] if (name := name_of(cell))}
