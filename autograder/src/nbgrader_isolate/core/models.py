"""Shared data: plans, tasks and results. All of it converts to JSON and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict

NotebookJSON = dict[str, Any]
"""A notebook as nbformat 4 writes it."""

Mode = Literal["isolated", "in-process"]
"""Where a test runs: isolated in the test process, or (unprotected) in the student's kernel."""

ISOLATED: Mode = "isolated"
IN_PROCESS: Mode = "in-process"
FORMER_MODES: dict[str, Mode] = {"two-kernel": ISOLATED, "same-process": IN_PROCESS}
"""What earlier versions called the modes, in metadata and in stored results."""

Owner = Literal["instructor", "student"]
"""The author of a cell's source in a rebuilt notebook."""

INVALID: Literal["invalid"] = "invalid"
"""The credit of a value that is like a number, but is not one: infinite, complex, an array."""

Credit = float | Literal["invalid"] | None
"""The number of points that a test ends with; None if it ends with something else."""

RunOutcome = Literal["passed", "failed", "timeout", "died", "not run"]
"""How the run of a cell ended."""

Status = Literal["graded", "partial", "missing", "unreadable", "error"]
"""How grading a notebook ended.

`graded`: every cell ran. `partial`: some cells timed out, crashed or were killed. `missing`: no
notebook was submitted. `unreadable`: it could not be read. `error`: the grader failed and recorded
nothing.
"""


class Notice(str):
    """A sentence that is for information only. Any other sentence is a reason for a review."""

    __slots__ = ()


METADATA = "nbgrader_isolate"
"""Key of the `CellRecord` in a cell's metadata. Submissions never keep theirs."""
FORMER_METADATA = "autograder"
"""The same key in earlier versions; it is still read where the new one is absent."""

STATE = ".autograder"
"""Folder of the course that holds plans, results, and the lock of a run."""

UNTOUCHED = "No response."
"""nbgrader's comment on an answer that was not written."""


NO_FILES: Mapping[str, bytes] = {}


class RunInputs(TypedDict):
    """What a run needs besides the notebook.

    Attributes
    ----------
    files : mapping of str to bytes
        The instructor's files beside the notebook, for both processes.
    student_names : sequence of str
        Names that the stubs bind. They are the student's, even if an instructor's cell binds them
        before.
    seed : int
        Seed of random numbers in the test process. The student's kernel gets one derived from it.
    student_files : mapping of str to bytes
        Files that the student submitted, for the student's kernel only. `files` replace them.
    test_files : mapping of str to bytes
        Files of the instructor's for the test process only.
    time_factor : float
        How many times as long as usual everything may take.
    """

    files: Mapping[str, bytes]
    student_names: Sequence[str]
    seed: int
    student_files: Mapping[str, bytes]
    test_files: Mapping[str, bytes]
    time_factor: float


@dataclass(frozen=True)
class NotebookPlan:
    """How one notebook of an assignment is graded, decided at release or before the first run.

    Parameters
    ----------
    name : str
        Without `.ipynb`.
    notebook : NotebookJSON
        The instructor's version: plain cells, stubs in solution cells, grade cells with their
        hidden tests.
    modes : dict of str to Mode
        Mode of each test, by grade_id.
    reasons : dict of str to str
        Why a test runs in-process, by grade_id.
    student_names : list of str
        Names that the stubs bind, so that tests read the student's.
    warnings : list of str
        What the instructor should check, such as a test that the reference solution fails.
    imports : dict of str to str
        For each solution cell, the import statements that the test process runs as well: the
        stub's, and those of the solution that tests depend on.
    credit_tests : list of str
        Tests for which the reference solution gets a number of points from the test itself. A
        submission for which such a test ends with anything else gets none.
    needs : dict of str to list of str
        For each solution cell, the names that its solution takes from tests before it.
    evidence : dict of str to list of str
        For each in-process test, the lines that need the student's process, and what happened.
    shared : dict of str to list of str
        For each test, the instructor's objects that it reads and that students could change. They
        must be the same in both processes.
    kinds : dict of str to dict
        For each isolated test that the reference solution passes, the kinds of values that it gives
        the test, other than plain data; see `nbgrader_isolate.bridge.value_kinds`.
    objects : list of str
        The tests that may get objects of the student's classes, as proxies: all of a notebook whose
        solutions or ungraded cells define a class.
    asked : dict of str to list of str
        For each solution cell that only imports, the imported names that tests read. The test
        process imports them itself, if the student's process has them, too.
    changes : dict of str to list of str
        For each solution cell, the instructor's names whose objects its solution changes. After the
        cell, tests read the student's.
    showing : list of str
        The tests that end with a value that is like a number and is not one, such as an array, when
        the reference solution passes them. Such a value is shown; it declares no credit.
    takes : dict of str to list of str, or None
        For each solution cell, the names that become the student's there, because its stub or its
        solution binds them or changes their objects. None in plans of earlier versions: then each
        of the student's cells takes those of the student's names that it binds.
    unknown : list of str
        The solution cells whose solution is not known. They and cells that students add may bind
        other names; a test that reads one that is also the instructor's is left to a person.
    """

    name: str
    notebook: NotebookJSON
    modes: dict[str, Mode]
    reasons: dict[str, str] = field(default_factory=dict)
    student_names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    imports: dict[str, str] = field(default_factory=dict)
    credit_tests: list[str] = field(default_factory=list)
    needs: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, list[str]] = field(default_factory=dict)
    evidence: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    objects: list[str] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    showing: list[str] = field(default_factory=list)
    takes: dict[str, list[str]] | None = None
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AssignmentPlan:
    """All notebooks of an assignment, and the files that the instructor released with them.

    Parameters
    ----------
    assignment : str
    notebooks : list of NotebookPlan
    files : dict of str to bytes
        Data and helper modules by relative path, available in both processes. Where the source
        folder has a file of the same name as the released one, it is that of the source folder.
    extra_files : list of str
        Patterns of file names that a submission may add; empty unless the course allows some.
    digest : str
        Digest of all this and of the gradebook's cells. If it changes, a new plan is needed.
    test_files : dict of str to bytes
        Files of the source folder that were not released, and that only tests need. The student's
        kernel does not get them.
    environment : dict of str to str
        The versions of Python and of the packages that the notebooks import, and the limits that
        the course sets, when the plan was made. If they change, a new plan is needed.
    """

    assignment: str
    notebooks: list[NotebookPlan]
    files: dict[str, bytes]
    extra_files: list[str]
    digest: str
    test_files: dict[str, bytes] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def warnings(self) -> list[str]:
        """What the instructor should check in the assignment, without repeats."""
        return list(dict.fromkeys(text for one in self.notebooks for text in one.warnings))


@dataclass
class CellRecord:
    """What is known about a cell of a rebuilt notebook, stored in its metadata.

    The rebuild sets `owner`, `imports`, `needs`, `changes`, `asked`, `takes`, `unknown` and, on
    tests, `mode`, `shared`, `kinds`, `objects`, `declares_credit` and `shows_value`. The run
    sets all others.

    Parameters
    ----------
    owner : Owner
    mode : Mode or None
    outcome : RunOutcome
    completed : bool
        Whether the cell is known to have run to its end.
    credit : Credit
        Partial credit: the number that is the cell's last expression, if any.
    starved : bool
        Whether the cell did not pass, and its processes had to wait long for a processor.
    declares_credit : bool
        Whether the last expression of this test is a number of points.
    message : str
        The first lines of the error, for the report, without terminal codes.
    seconds : float
    imports : str
        On a student's cell, the import statements that the test process runs as well; see
        `NotebookPlan`.
    needs : list of str
        On a student's cell, the names that it takes from tests before it; see `NotebookPlan`.
    refused : str
        Which of the student's values an isolated test could not get, if it failed because of that.
    shared : list of str
        On a test, the instructor's objects that must be the same in both processes; see
        `NotebookPlan`.
    kinds : dict of str to list of str, or None
        On a test, the kinds of values that it may get; see `NotebookPlan`. None if any may come.
    returned : dict of str to list of str
        The kinds of values that an isolated test has got, if `kinds` is None.
    objects : bool
        On a test, whether objects of the student's classes cross; see `NotebookPlan`.
    shows_value : bool
        On a test, whether an array at its end declares no credit; see `NotebookPlan.showing`.
    asked : list of str
        On a student's cell, the imported names that a test asks for; see `NotebookPlan`.
    changes : list of str
        On a student's cell, the instructor's names that are the student's after it; see
        `NotebookPlan`.
    takes : list of str or None
        On a student's cell, the names that become the student's there; see `NotebookPlan`. None if
        they are those that it binds.
    unknown : bool
        On a student's cell, whether it may bind other names, too; see `NotebookPlan`.
    """

    owner: Owner
    mode: Mode | None = None
    outcome: RunOutcome = "not run"
    completed: bool = False
    credit: Credit = None
    message: str = ""
    seconds: float = 0.0
    imports: str = ""
    declares_credit: bool = False
    starved: bool = False
    needs: list[str] = field(default_factory=list)
    refused: str = ""
    shared: list[str] = field(default_factory=list)
    kinds: dict[str, list[str]] | None = None
    returned: dict[str, list[str]] = field(default_factory=dict)
    objects: bool = False
    changes: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    shows_value: bool = False
    takes: list[str] | None = None
    unknown: bool = False


@dataclass(frozen=True)
class Task:
    """One submission to grade, as data that any process or machine can turn into a `Result`.

    Parameters
    ----------
    student : str
    assignment : str
    plan : str
        Digest of the plan.
    files : dict of str to bytes
        The accepted files by name: notebooks and allowed extra files.
    notices : list of str
        What was noticed while the files were read.
    seed : int
        Seed of this student's random data; the same in every run.
    time_factor : float
        How many times as long as usual the student's code may run.
    """

    student: str
    assignment: str
    plan: str
    files: dict[str, bytes]
    notices: list[str]
    seed: int
    time_factor: float = 1.0


@dataclass
class CellScore:
    """Points of one graded cell. `score` is None if a person has to grade it."""

    score: float | None
    max_score: float
    message: str = ""
    mode: Mode | None = None


@dataclass
class NotebookResult:
    """One graded notebook of a submission.

    Parameters
    ----------
    name : str
    status : Status
    score, max_score : float
    cells : dict of str to CellScore
        By grade_id.
    review_reasons : list of str
        Why a person should review the submission, because points are at stake.
    seconds : float
    notebook : NotebookJSON or None
        The executed notebook, with outputs.
    notices : list of str
        What was noticed and needs no review.
    starved : list of str
        Cells that did not pass while the processors were busy; see `CellRecord`.
    """

    name: str
    status: Status
    score: float
    max_score: float
    cells: dict[str, CellScore]
    review_reasons: list[str]
    seconds: float
    notebook: NotebookJSON | None
    notices: list[str] = field(default_factory=list)
    starved: list[str] = field(default_factory=list)


@dataclass
class Result:
    """A graded submission: its notebooks in the order of the plan, and notices about all of it."""

    student: str
    assignment: str
    notebooks: list[NotebookResult]
    notices: list[str]
    sandbox: str
    seconds: float
