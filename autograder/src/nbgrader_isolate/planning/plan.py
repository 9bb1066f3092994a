"""The plan of an assignment: its notebooks, files and modes, made once and kept until the gradebook's cells change.

Only this module and `base` touch the gradebook and the course's folders; what they make is plain data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core import atomic
from nbgrader_isolate.core.models import (
    IN_PROCESS,
    ISOLATED,
    STATE,
    AssignmentPlan,
    Mode,
    NotebookJSON,
    NotebookPlan,
)
from nbgrader_isolate.core.serialization import from_json, to_json
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.notebook.ast_queries import parse_cell, source_of_last_value
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of
from nbgrader_isolate.planning.base_notebook import (
    PlanError,
    base_notebook,
    instructors,
    mismatches,
)
from nbgrader_isolate.planning.dry_run import settle
from nbgrader_isolate.planning.isolation import Reading, declared

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook
    from nbgrader.coursedir import CourseDirectory

FORMAT = 3
"""Version of what is planned; another one makes all plans anew."""

NEW = "its plan is made, once: which test runs where (the reference solution is run)."
CHANGED = "it is not as it was planned; a new plan is made (the reference solution is run)."

__all__ = [
    "PlanError",
    "fresh_plan",
    "load_plan",
    "make_plan",
    "plan_file",
    "plan_for",
    "save_plan",
]


def plan_for(
    coursedir: CourseDirectory,
    gradebook: Gradebook,
    assignment: str,
    engine: Engine | None = None,
    tell: Callable[[str], object] | None = None,
) -> AssignmentPlan:
    """Return the plan of an assignment: the one that was written, or a new one, written.

    Parameters
    ----------
    coursedir : nbgrader.coursedir.CourseDirectory
    gradebook : nbgrader.api.Gradebook
    assignment : str
    engine : Engine, optional
        For the dry run, if a new plan is made.
    tell : callable, optional
        Takes a line for the person who waits, if a new plan is made.

    Raises
    ------
    PlanError
        If the assignment cannot be planned.
    """
    drafts = Drafts(coursedir, gradebook, assignment)
    file = plan_file(Path(coursedir.root), assignment)
    known = load_plan(file)
    if known is not None and known.digest == drafts.digest:
        return known
    if tell is not None:
        tell(f"{assignment}: {NEW if known is None else CHANGED}")
    plan = drafts.planned(engine)
    save_plan(file, plan)
    return plan


def fresh_plan(
    coursedir: CourseDirectory, gradebook: Gradebook, assignment: str
) -> AssignmentPlan | None:
    """Return the plan that was written; None if there is none, or the assignment has changed since.

    Parameters, errors: as for `plan_for`.
    """
    known = load_plan(plan_file(Path(coursedir.root), assignment))
    if known is None or known.digest != Drafts(coursedir, gradebook, assignment).digest:
        return None
    return known


def make_plan(
    coursedir: CourseDirectory,
    gradebook: Gradebook,
    assignment: str,
    engine: Engine | None = None,
) -> AssignmentPlan:
    """Make the plan of an assignment; `plan_for` also keeps it.

    Parameters, errors: as for `plan_for`.
    """
    return Drafts(coursedir, gradebook, assignment).planned(engine)


def plan_file(root: Path, assignment: str) -> Path:
    """Return where the plan of an assignment lies in a course."""
    return root / STATE / f"{assignment}.json"


def load_plan(file: Path) -> AssignmentPlan | None:
    """Read a plan; None if there is none, or one that this version does not read."""
    try:
        return from_json(AssignmentPlan, file.read_bytes())
    except (OSError, ValueError):
        return None


def save_plan(file: Path, plan: AssignmentPlan) -> None:
    """Write a plan, whole or not at all. It holds hidden tests: only its owner can read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    atomic.write_atomically(file, to_json(plan), 0o600)


class Drafts:
    """What the course holds of an assignment, before modes are decided.

    Parameters
    ----------
    coursedir, gradebook, assignment
        As for `plan_for`.
    """

    def __init__(self, coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> None:
        self.assignment = assignment
        self.release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
        self.source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
        known = find(gradebook, assignment)
        self.drafts = [
            Draft(self.release, self.source, notebook)
            for notebook in sorted(known.notebooks, key=lambda notebook: notebook.name)
        ]
        if not self.drafts:
            raise PlanError(
                f"The gradebook knows no notebook of {assignment}: "
                f"run `nbgrader generate_assignment {assignment}`."
            )
        self.extra_files = allowed(coursedir, assignment)
        folder = self.release if self.release.is_dir() else self.source
        self.files = dict(beside(folder, list(coursedir.ignore)))
        self.digest = self.digested()

    def digested(self) -> str:
        """Return the digest of all that the plan is made of."""
        content = {
            "format": FORMAT,
            "assignment": self.assignment,
            "notebooks": {draft.name: [draft.base, draft.declared] for draft in self.drafts},
            "files": {name: sha256(data) for name, data in self.files.items()},
            "extra_files": self.extra_files,
        }
        return sha256(json.dumps(content, sort_keys=True).encode("ascii"))

    def planned(self, engine: Engine | None) -> AssignmentPlan:
        """Return the plan."""
        notebooks = [draft.planned(engine, self.files) for draft in self.drafts]
        return AssignmentPlan(self.assignment, notebooks, self.files, self.extra_files, self.digest)


class Draft:
    """One notebook before its modes are decided.

    Parameters
    ----------
    release, source : Path
        Folders of the assignment.
    known : nbgrader.api.Notebook
    """

    def __init__(self, release: Path, source: Path, known: Any) -> None:  # noqa: ANN401 - untyped
        self.name: str = known.name
        file = f"{self.name}.ipynb"
        written = instructors(source / file)
        released = instructors(release / file) or written
        self.base: NotebookJSON = base_notebook(known, released)
        self.warnings = list(mismatches(known, released))
        cells = self.base["cells"]
        self.tests = {str(name_of(cell)): cell for cell in cells if is_test(cell)}
        self.reference = references(written, {str(name_of(c)) for c in cells if is_solution(c)})
        self.declared = {
            name: found for name, cell in self.tests.items() if (found := declared(cell))
        }
        for cell in written["cells"] if written else ():
            if name_of(cell) in self.tests and (found := declared(cell)):
                self.declared[str(name_of(cell))] = found

    def planned(self, engine: Engine | None, files: Mapping[str, bytes]) -> NotebookPlan:
        """Return the plan: modes as declared, as read, and as the dry run finds them."""
        reading = self.reading(files)
        modes: dict[str, Mode] = {}
        reasons: dict[str, str] = {}
        for name, cell in self.tests.items():
            modes[name], why = self.declared.get(name) or self.read(cell, reading)
            if modes[name] == IN_PROCESS:
                reasons[name] = why
        names = sorted(reading.student)
        warnings = [*self.warnings, *self.given_away(reading.student)]
        plan = NotebookPlan(self.name, self.base, modes, reasons, names, warnings)
        if engine is None or not self.reference or ISOLATED not in modes.values():
            return plan
        return settle(plan, self.reference, set(self.declared), engine, files)

    def given_away(self, names: set[str]) -> Iterator[str]:
        """Yield a warning for each test that lets the student's code say how many points it is worth."""
        for test, cell in self.tests.items():
            if name := source_of_last_value(parse_cell(cell["source"]), names):
                yield (
                    f"{self.name}/{test}: its last line is what the student's {name} gives, and a number there "
                    "is taken for points; end the test with an assert, or with a number of yours"
                )

    def reading(self, files: Mapping[str, bytes]) -> Reading:
        """Return what the sources tell."""
        modules = {
            name.removesuffix(".py"): data.decode("utf-8", "replace")
            for name, data in files.items()
            if name.endswith(".py")
        }
        code = [cell for cell in self.base["cells"] if cell["cell_type"] == "code"]
        return Reading(
            plain=[c["source"] for c in code if not is_test(c) and not is_solution(c)],
            stubs=[cell["source"] for cell in code if is_solution(cell)],
            references=list(self.reference.values()),
            tests=[cell["source"] for cell in self.tests.values()],
            modules=modules,
        )

    def read(self, cell: dict[str, Any], reading: Reading) -> tuple[Mode, str]:
        """Return the mode that the text of a test asks for, and why."""
        language = language_of(self.base)
        why = reading.reason(cell["source"]) if language == "python" else f"is in {language}"
        return (IN_PROCESS, why) if why else (ISOLATED, "")


def find(gradebook: Gradebook, assignment: str) -> Assignment:
    """Return what the gradebook knows of an assignment."""
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry:
        raise PlanError(
            f"The gradebook does not know the assignment {assignment}: "
            f"run `nbgrader generate_assignment {assignment}`."
        ) from None


def references(written: NotebookJSON | None, solutions: set[str]) -> dict[str, str]:
    """Return the sources of the solution cells of code in the source notebook, by grade_id."""
    cells = written["cells"] if written else []
    return {
        str(name_of(cell)): cell["source"]
        for cell in cells
        if cell["cell_type"] == "code" and name_of(cell) in solutions
    }


def language_of(notebook: NotebookJSON) -> str:
    """Return the language of a notebook's kernel, in lower case; Python if it does not say."""
    metadata = notebook["metadata"]
    named = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get(
        "name"
    )
    return str(named or "python").lower()


def allowed(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Return the names of files that students may hand in beside the notebooks.

    nbgrader's own setting: `c.Autograde.exclude_overwriting = {"ps1": ["helper.py"]}`.
    """
    settings = coursedir.config.get("Autograde", {}).get("exclude_overwriting", {})
    return [str(name) for name in dict(settings).get(assignment, [])]


def beside(folder: Path, ignored: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the instructor's files beside the notebooks, by relative path."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        inside = file.relative_to(folder)
        skipped = any(fnmatch(part, form) for part in inside.parts for form in ignored)
        if not skipped and file.suffix != ".ipynb" and file.is_file():
            yield inside.as_posix(), file.read_bytes()


def sha256(data: bytes) -> str:
    """Return a digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
