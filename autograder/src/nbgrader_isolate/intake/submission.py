"""Take a submission in: regular files with expected names, within a size; no link is followed.

A submission is a stranger's folder (or archive) on the instructor's disk. It is read once, here.
All later steps work on bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, NotebookJSON
from nbgrader_isolate.core.text import join_names, printable
from nbgrader_isolate.intake.safe_files import Entry, FileRefusedError, open_folder
from nbgrader_isolate.intake.worked_in import best_match, changed_cells, grade_ids, read_notebook
from nbgrader_isolate.intake.zip_archives import open_zip

TakenFiles = tuple[dict[str, bytes], list[str]]
"""Files by name, and notices. A notice about a notebook starts with its file name and a colon."""

SILENTLY_IGNORED = {"timestamp.txt", "submission_secret.txt", "desktop.ini", "Thumbs.db"}
"""Files that nbgrader and file managers write: they are not taken, and no notice mentions them."""
SEARCHED_NOTEBOOKS = 4
"""How many notebooks of the largest size are searched for one that has another name."""
MB = 1 << 20


def take(folder: Path, plan: AssignmentPlan, limits: Limits) -> TakenFiles:
    """Take the files of a submission from its folder.

    Parameters
    ----------
    folder : Path
        `submitted/<student>/<assignment>`.
    plan : AssignmentPlan
        Says which notebooks and which extra files are expected.
    limits : Limits
        `notebook_bytes`, `file_mb` and `disk_mb` apply here.

    Returns
    -------
    dict of str to bytes
        Notebooks under the names in the plan, and allowed extra files.
    list of str
        Notices, one line each: what was found under another name, refused or left behind.
    """
    refused: dict[str, str] = {}
    try:
        with open_folder(folder, refused) as entries:
            archives = [entry for entry in entries if entry.basename.lower().endswith(".zip")]
            if len(archives) == 1 and not any(map(is_notebook, entries)) and not refused:
                return take_from_archive(archives[0], plan, limits)
            return Selection(entries, refused, plan, limits).select()
    except FileRefusedError as error:
        return {}, [f"the submission's folder {error}"]


def take_from_archive(entry: Entry, plan: AssignmentPlan, limits: Limits) -> TakenFiles:
    """Take a submission that was handed in as a single zip file."""
    refused: dict[str, str] = {}
    try:
        with open_zip(entry.read(limits.disk_mb * MB)) as archive:
            selection = Selection(archive.entries(refused), refused, plan, limits)
            files, notices = selection.select()
    except FileRefusedError as error:
        return {}, [f"{printable(entry.name)}: {error}"]
    return files, [f"taken from the archive {printable(entry.name)}", *notices]


class Selection:
    """Selects the files that are taken from those that are there.

    Parameters
    ----------
    entries : sequence of Entry
    refused : dict of str to str
        Names of files that cannot be read, and why.
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
        self.remaining = {entry.name: entry for entry in entries}
        self.refused, self.plan, self.limits = refused, plan, limits
        self.released = {f"{each.name}.ipynb": each.notebook for each in plan.notebooks}
        self.cells = {name: grade_ids(notebook) for name, notebook in self.released.items()}
        self.files: dict[str, bytes] = {}
        self.notices: list[str] = []
        self.searched = 0  # bytes of notebooks that were read only to see what they are

    def select(self) -> TakenFiles:
        """Return the files and the notices."""
        missing = [name for name in self.cells if not self.take_expected(name)]
        self.take_renamed(missing)
        self.compare_copies()
        self.take_extra()
        others = [name for name in self.refused if name not in self.cells]
        self.notices += [f"{printable(name)}: {self.refused[name]}" for name in others[:5]]
        left_behind = [
            name
            for name in self.remaining
            if name not in self.plan.files and PurePosixPath(name).name not in SILENTLY_IGNORED
        ]
        if left_behind:
            self.notices.append(f"left behind: {join_names(sorted(left_behind))}")
        return self.files, self.notices

    def take_expected(self, name: str) -> bool:
        """Take a notebook under its own name; return whether there was such a file."""
        if name in self.refused:
            self.notices.append(f"{name}: {self.refused[name]}")
            return True
        if name not in self.remaining:
            return False
        self.read(name, self.remaining.pop(name), self.limits.notebook_bytes)
        return True

    def read(self, name: str, entry: Entry, max_bytes: int) -> bool:
        """Read a file and store it under a name, or add a notice that says why not."""
        try:
            self.files[name] = entry.read(max_bytes)
        except FileRefusedError as error:
            self.notices.append(f"{name}: {error}")
        return name in self.files

    def take_renamed(self, missing: list[str]) -> None:
        """Find missing notebooks under other names or in subfolders if there is no doubt."""
        others = self.other_notebooks()
        if missing and len(self.cells) == len(others) == 1:
            self.take_as(missing[0], others[0])
            return
        for name, candidates in self.candidates(missing, others).items():
            worked = [entry for entry in candidates if self.changed_cells(name, entry)]
            chosen = worked if len(worked) == 1 else candidates
            if len(chosen) == 1:
                self.take_as(name, chosen[0])
            elif candidates:
                names = join_names([entry.name for entry in candidates])
                self.notices.append(f"{name}: missing, and each of these could be it: {names}")

    def take_as(self, name: str, entry: Entry) -> None:
        """Take a file as the notebook of a name."""
        del self.remaining[entry.name]
        if self.read(name, entry, self.limits.notebook_bytes):
            self.notices.append(f"{name} was found as {printable(entry.name)}")

    def compare_copies(self) -> None:
        """Take the copy in which the student worked in place of a notebook without any answer.

        If answers are in several files, a notice says so.
        """
        others, taken = self.other_notebooks(), [name for name in self.cells if name in self.files]
        for name, copies in self.candidates(taken, others).items():
            worked = [
                entry
                for entry in copies
                if entry.name in self.remaining and self.changed_cells(name, entry)
            ]
            names = join_names([entry.name for entry in worked])
            mine = read_notebook(self.files[name], self.limits)
            if worked and changed_cells(mine, self.released[name]):
                self.notices.append(f"{name}: {names} has answers, too, and was not graded")
            elif len(worked) > 1:
                del self.files[name]
                self.notices.append(
                    f"{name}: as it was handed out, and each of these could have the answers: "
                    f"{names}"
                )
            elif worked:
                del self.files[name]
                self.notices.append(f"{name} was as it was handed out")
                self.take_as(name, worked[0])

    def other_notebooks(self) -> list[Entry]:
        """Return the notebooks that have not been taken."""
        return [entry for entry in self.remaining.values() if is_notebook(entry)]

    def candidates(self, names: list[str], entries: list[Entry]) -> dict[str, list[Entry]]:
        """Return, for each notebook, the files that could be it.

        Files are recognized by the names of their cells, or by their own name if no cell has one.
        """
        candidates: dict[str, list[Entry]] = {name: [] for name in names}
        for entry in entries if names else ():
            if self.searched > SEARCHED_NOTEBOOKS * self.limits.notebook_bytes:
                if missing := [name for name in names if name not in self.files]:
                    self.notices.append(
                        f"{join_names(missing)}: missing, and the other notebooks are too large "
                        "to search all of them; hand in the notebook under its own name"
                    )
                return {}
            matches = best_match(grade_ids(self.notebook_in(entry)), self.cells)
            for name in names:
                if name in matches or (not matches and entry.basename.lower() == name.lower()):
                    candidates[name].append(entry)
        return candidates

    def changed_cells(self, name: str, entry: Entry) -> int:
        """Return how many cells of a file are not as the notebook of a name was handed out."""
        return changed_cells(self.notebook_in(entry), self.released[name])

    def notebook_in(self, entry: Entry) -> NotebookJSON:
        """Return the notebook in a file; one that cannot be read has no cells."""
        try:
            data = entry.read(self.limits.notebook_bytes)
        except FileRefusedError:
            return {"cells": []}
        self.searched += len(data)
        return read_notebook(data, self.limits)

    def take_extra(self) -> None:
        """Take the files beside the notebooks whose names the course allows."""
        budget = self.limits.disk_mb * MB // 2
        for name in sorted(self.remaining):
            allowed = any(fnmatchcase(name, pattern) for pattern in self.plan.extra_files)
            if is_notebook(self.remaining[name]) or not allowed:
                continue
            max_bytes = min(budget, self.limits.file_mb * MB)
            if self.read(name, self.remaining.pop(name), max_bytes):
                budget -= len(self.files[name])


def is_notebook(entry: Entry) -> bool:
    """Return whether a file has the name of a notebook."""
    return entry.basename.lower().endswith(".ipynb")
