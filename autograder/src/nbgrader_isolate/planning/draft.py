"""The contents of an assignment in a course, and the plan that follows from them."""

from __future__ import annotations

import ast
import builtins
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.models import (
    IN_PROCESS,
    ISOLATED,
    AssignmentPlan,
    Mode,
    NotebookJSON,
    NotebookPlan,
)
from nbgrader_isolate.grading.submission import Engine
from nbgrader_isolate.notebook.ast_queries import imports_of, source_of_last_value
from nbgrader_isolate.notebook.cells import is_solution, is_test, name_of
from nbgrader_isolate.notebook.ipython_syntax import as_python, parse_cell, parse_python
from nbgrader_isolate.notebook.name_flow import binds, needs
from nbgrader_isolate.planning.base_notebook import (
    PlanError,
    base_notebook,
    mismatches,
    read_instructor_notebook,
    with_usual_words,
)
from nbgrader_isolate.planning.dry_run import DryRun, resolve_modes
from nbgrader_isolate.planning.environment import environment_of, own_modules
from nbgrader_isolate.planning.isolation import IsolationAnalysis, declared_mode
from nbgrader_isolate.planning.name_owners import CellText, NameOwners, name_owners
from nbgrader_isolate.planning.value_kinds import expected_kinds
from nbgrader_isolate.planning.weak_tests import weak_tests

if TYPE_CHECKING:
    from nbgrader.api import Assignment, Gradebook
    from nbgrader.coursedir import CourseDirectory
    from traitlets.config import Config

FORMAT = 13
"""Version of the plan format; a stored plan of another version is made again."""


class AssignmentDraft:
    """The contents of an assignment before the modes of its tests are decided.

    Parameters
    ----------
    coursedir, gradebook, assignment
        As for `plan_for`.
    """

    def __init__(self, coursedir: CourseDirectory, gradebook: Gradebook, assignment: str) -> None:
        self.assignment = assignment
        self.release = Path(coursedir.format_path(coursedir.release_directory, ".", assignment))
        self.source = Path(coursedir.format_path(coursedir.source_directory, ".", assignment))
        known = find_assignment(gradebook, assignment)
        self.notebooks = [
            NotebookDraft(self.release, self.source, notebook, coursedir.config)
            for notebook in sorted(known.notebooks, key=lambda notebook: notebook.name)
        ]
        if not self.notebooks:
            raise PlanError(
                f"The gradebook has no notebooks for {assignment}: "
                f"run `nbgrader generate_assignment {assignment}`."
            )
        self.extra_files = allowed_extra_files(coursedir, assignment)
        released, source = (
            dict(files_beside_notebooks(folder, list(coursedir.ignore)))
            for folder in (
                self.release if self.release.is_dir() else self.source,
                self.source,
            )
        )
        # nbgrader takes the instructor's files from the source folder.
        self.files = {name: source.get(name, data) for name, data in released.items()}
        self.source_only = {name: source[name] for name in source.keys() - released.keys()}
        self.digest = self.compute_digest()
        own = own_modules([*self.files, *self.source_only, *self.extra_files])
        sources = [text for draft in self.notebooks for text in draft.sources()]
        self.environment = environment_of(sources, own, coursedir.config)

    def compute_digest(self) -> str:
        """Return the digest of everything that the plan is made from."""
        content = {
            "format": FORMAT,
            "assignment": self.assignment,
            "notebooks": {draft.name: [draft.base, draft.declared] for draft in self.notebooks},
            "files": {name: sha256(data) for name, data in self.files.items()},
            "source_only": {name: sha256(data) for name, data in self.source_only.items()},
            "extra_files": self.extra_files,
        }
        return sha256(json.dumps(content, sort_keys=True).encode("ascii"))

    def plan(self, engine: Engine | None) -> AssignmentPlan:
        """Return the plan."""
        shown: set[str] = set()
        while True:
            files = self.files | {name: self.source_only[name] for name in sorted(shown)}
            hidden = {name: data for name, data in self.source_only.items() if name not in shown}
            plans = [draft.plan(engine, files, hidden) for draft in self.notebooks]
            texts = [
                text
                for draft, plan in zip(self.notebooks, plans, strict=True)
                for text in draft.texts_in_students_kernel(plan)
            ]
            more = {name for name in hidden if any(is_named_in(name, text) for text in texts)}
            if not more:
                return AssignmentPlan(
                    self.assignment,
                    plans,
                    files,
                    self.extra_files,
                    self.digest,
                    hidden,
                    self.environment,
                )
            shown |= more


class NotebookDraft:
    """One notebook before the modes of its tests are decided.

    Parameters
    ----------
    release, source : Path
        Folders of the assignment.
    known : nbgrader.api.Notebook
    config : traitlets.config.Config
        Of the course.
    """

    def __init__(
        self,
        release: Path,
        source: Path,
        known: Any,  # noqa: ANN401 - untyped
        config: Config,
    ) -> None:
        self.name: str = known.name
        file = f"{self.name}.ipynb"
        source_notebook = read_instructor_notebook(source / file)
        released = read_instructor_notebook(release / file) or source_notebook
        self.base: NotebookJSON = with_usual_words(base_notebook(known, released), config)
        self.warnings = [*without_solution(self.name, source_notebook, released)]
        self.warnings += mismatches(known, released)
        cells = self.base["cells"]
        self.tests = {str(name_of(cell)): cell for cell in cells if is_test(cell)}
        self.reference = references(
            source_notebook, {str(name_of(c)) for c in cells if is_solution(c)}
        )
        self.declared = {
            name: mode for name, cell in self.tests.items() if (mode := declared_mode(cell))
        }
        for cell in source_notebook["cells"] if source_notebook else ():
            if name_of(cell) in self.tests and (mode := declared_mode(cell)):
                self.declared[str(name_of(cell))] = mode

    def sources(self) -> Iterator[str]:
        """Yield the sources of all code cells, and those of the reference solution."""
        yield from (cell["source"] for cell in self.base["cells"] if cell["cell_type"] == "code")
        yield from (self.reference or {}).values()

    def texts_in_students_kernel(self, plan: NotebookPlan) -> Iterator[str]:
        """Yield the instructor's sources that run in the student's kernel: all but tests apart."""
        for cell in self.base["cells"]:
            if cell["cell_type"] == "code" and plan.modes.get(str(name_of(cell))) != ISOLATED:
                yield cell["source"]
        yield from (self.reference or {}).values()

    def plan(
        self, engine: Engine | None, files: Mapping[str, bytes], test_files: Mapping[str, bytes]
    ) -> NotebookPlan:
        """Return the plan: modes are declared, or follow from the tests' text and the dry run.

        Parameters
        ----------
        engine : Engine or None
        files, test_files : mapping of str to bytes
            The instructor's files in both processes, and those in the test process only.

        Raises
        ------
        PlanError
            If the notebook is in another language than Python.
        """
        language = language_of(self.base)
        if language != "python":
            raise PlanError(
                f"{self.name}.ipynb is a notebook in {language.title()}, and this grader runs only "
                "Python. Grade the assignment with nbgrader autograde, without this grader's "
                "lines in nbgrader_config.py."
            )
        analysis = self.analysis({**files, **test_files})
        modes: dict[str, Mode] = {}
        reasons: dict[str, str] = {}
        evidence: dict[str, list[str]] = {}
        for name, cell in self.tests.items():
            modes[name], reason = self.declared.get(name) or self.mode_by_text(cell, analysis)
            if modes[name] == IN_PROCESS:
                reasons[name] = reason
                evidence[name] = [] if name in self.declared else analysis.evidence(cell["source"])
        owners = name_owners(self.cell_texts(), analysis.changed_names)
        names = (analysis.student_names - owners.instructor) | owners.student
        names -= vars(builtins).keys() - analysis.defined_by_students
        warnings = [*self.warnings, *self.credit_warnings(names), *self.name_warnings(owners)]
        warnings += self.object_warnings(analysis)
        plan = NotebookPlan(
            self.name,
            self.base,
            modes,
            reasons,
            sorted(names),
            warnings,
            imports=dict(self.imports(owners)),
            needs=dict(self.needs()),
            shared=dict(self.shared_names(analysis)),
            evidence=evidence,
            changes=owners.changes,
            asked=owners.asked,
            takes=owners.takes,
            unknown=owners.unknown,
            objects=[*self.tests] if analysis.classes | analysis.plain_classes else [],
        )
        if engine is None or not modes:
            return plan
        fixed = set(self.declared)
        plan = resolve_modes(plan, self.reference, fixed, engine, files, test_files)
        if not self.reference or ISOLATED not in plan.modes.values():
            return plan
        run = DryRun(plan, engine, files, test_files).executed
        plan = replace(plan, kinds=expected_kinds(plan, run(self.reference), analysis))
        run = DryRun(plan, engine, files, test_files).executed
        weak = weak_tests(plan, self.reference, run)
        return replace(plan, warnings=[*plan.warnings, *weak])

    def shared_names(self, analysis: IsolationAnalysis) -> Iterator[tuple[str, list[str]]]:
        """Yield the tests that read objects of yours that students could change, with the names."""
        for name, cell in self.tests.items():
            if shared := analysis.shared_names(cell["source"]):
                yield name, shared

    def needs(self) -> Iterator[tuple[str, list[str]]]:
        """Yield the solution cells that take names from tests before them, and the names."""
        bound: set[str] = set()
        for cell in self.base["cells"]:
            name, source = str(name_of(cell) or ""), cell["source"]
            if is_test(cell):
                bound |= binds(source)
            elif cell["cell_type"] == "code" and is_solution(cell):
                needed = needs(source) | needs((self.reference or {}).get(name, ""))
                if taken := sorted(needed & bound):
                    yield name, taken

    def cell_texts(self) -> Iterator[CellText]:
        """Yield the code cells of the notebook, with their reference solutions."""
        for cell in self.base["cells"]:
            name = str(name_of(cell) or "")
            if cell["cell_type"] == "code":
                solution = is_solution(cell)
                reference = (self.reference or {}).get(name) if solution else None
                yield CellText(name, cell["source"], solution, reference)

    def imports(self, owners: NameOwners) -> Iterator[tuple[str, str]]:
        """Yield the imports of solution cells that the test process needs, by grade_id."""
        for cell in self.base["cells"]:
            name = str(name_of(cell) or "")
            if cell["cell_type"] == "code" and is_solution(cell) and name in owners.imports:
                lines = [imports_of(cell["source"]), owners.imports[name]]
                yield name, "\n".join(filter(None, lines))

    def object_warnings(self, analysis: IsolationAnalysis) -> Iterator[str]:
        """Yield a warning for each test that lets the student's class say what is equal."""
        for test, cell in self.tests.items():
            if not self.declared.get(test) and analysis.compares_objects(cell["source"]):
                yield (
                    f"{self.name}/{test}: it compares objects of the student's class, which "
                    "decides itself what is equal; compare data, such as their attributes, too"
                )

    def name_warnings(self, owners: NameOwners) -> Iterator[str]:
        """Yield a warning for each name that may be the student's or the instructor's."""
        for name in sorted(owners.unclear):
            yield (
                f"{self.name}: both the solution and one of your cells bind {name}, and one of "
                "your functions reads it; it counts as the student's, so give yours another name"
            )

    def credit_warnings(self, names: set[str]) -> Iterator[str]:
        """Yield a warning for each test whose points the student's code could choose."""
        for test, cell in self.tests.items():
            if name := source_of_last_value(parse_cell(cell["source"]), names):
                yield (
                    f"{self.name}/{test}: the value of its last line comes from the student's "
                    f"{name}, and a number there counts as points; end the test with an assert, "
                    "or with a number of your own"
                )

    def analysis(self, files: Mapping[str, bytes]) -> IsolationAnalysis:
        """Return the analysis of the notebook's sources."""
        modules = {
            name.removesuffix(".py"): data.decode("utf-8", "replace")
            for name, data in files.items()
            if name.endswith(".py")
        }
        code = [cell for cell in self.base["cells"] if cell["cell_type"] == "code"]
        return IsolationAnalysis(
            plain=[c["source"] for c in code if not is_test(c) and not is_solution(c)],
            stubs=[cell["source"] for cell in code if is_solution(cell)],
            references=list((self.reference or {}).values()),
            tests=[cell["source"] for cell in self.tests.values()],
            modules=modules,
        )

    def mode_by_text(self, cell: dict[str, Any], analysis: IsolationAnalysis) -> tuple[Mode, str]:
        """Return the mode that follows from the text of a test, and why."""
        reason = analysis.reason(cell["source"])
        return (IN_PROCESS, reason) if reason else (ISOLATED, "")


def without_solution(
    name: str, source: NotebookJSON | None, released: NotebookJSON | None
) -> Iterator[str]:
    """Yield what a plan cannot know about a notebook if its source is missing."""
    if source is None:
        plain = ", and the plain cells are missing too" if released is None else ""
        yield (
            f"{name}: no solution was found in the source folder, so none was run; where each test "
            f"runs follows from the text of the tests alone{plain}"
        )


def find_assignment(gradebook: Gradebook, assignment: str) -> Assignment:
    """Return the gradebook's record of an assignment."""
    from nbgrader.api import MissingEntry

    try:
        return gradebook.find_assignment(assignment)
    except MissingEntry:
        raise PlanError(
            f"The assignment {assignment} is not in the gradebook: "
            f"run `nbgrader generate_assignment {assignment}`."
        ) from None


def references(notebook: NotebookJSON | None, solutions: set[str]) -> dict[str, str] | None:
    """Return the sources of the code cells with solutions in a source notebook, by grade_id.

    None if there is no source notebook.
    """
    if notebook is None:
        return None
    return {
        str(name_of(cell)): cell["source"]
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and name_of(cell) in solutions
    }


def language_of(notebook: NotebookJSON) -> str:
    """Return the language of a notebook's kernel in lower case; "python" if it names none."""
    metadata = notebook["metadata"]
    spec, info = metadata.get("kernelspec", {}), metadata.get("language_info", {})
    return str(spec.get("language") or info.get("name") or "python").lower()


def allowed_extra_files(coursedir: CourseDirectory, assignment: str) -> list[str]:
    """Return the names of files that students may submit beside the notebooks.

    This is nbgrader's own setting: `c.Autograde.exclude_overwriting = {"ps1": ["helper.py"]}`.
    """
    settings = coursedir.config.get("Autograde", {}).get("exclude_overwriting", {})
    return [str(name) for name in dict(settings).get(assignment, [])]


def files_beside_notebooks(folder: Path, ignored: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the instructor's files beside the notebooks, by relative path."""
    for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
        path = file.relative_to(folder)
        skipped = any(fnmatch(part, pattern) for part in path.parts for pattern in ignored)
        if not skipped and file.suffix != ".ipynb" and file.is_file():
            yield path.as_posix(), file.read_bytes()


def is_named_in(file: str, text: str) -> bool:
    """Return whether the code of a cell names a file: in a string, or as a module it imports.

    A variable or a word in a comment that is like the name does not count: students would get a
    file that only tests may read.
    """
    path = PurePosixPath(file)
    for node in ast.walk(parse_python(as_python(text)) or ast.Module([], [])):
        match node:
            case ast.Constant(value=str(value)) if path.name in value:
                return True
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=module, names=names):
                modules = [module or "", *(f"{module}.{alias.name}" for alias in names)]
            case _:
                continue
        own = [*path.parts[:-1], path.stem]
        if path.suffix == ".py" and any(is_part_of(own, name.split(".")) for name in modules):
            return True
    return False


def is_part_of(own: list[str], module: list[str]) -> bool:
    """Return whether importing a module may run one of our files."""
    package = own[:-1] if own[-1] == "__init__" else own
    return module[: len(package)] == package or package[: len(module)] == module


def sha256(data: bytes) -> str:
    """Return a SHA-256 digest in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
