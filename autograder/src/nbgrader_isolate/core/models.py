"""The words that the rooms of the autograder share: plans, tasks and results. Plain data, JSON both ways."""

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
"""Who wrote the source of a cell in a rebuilt notebook."""

Outcome = Literal["passed", "failed", "timeout", "died", "not run"]
"""How the run of a cell ended."""

Status = Literal["graded", "partial", "missing", "unreadable", "error"]
"""`graded`: every cell ran; `partial`: some cells ended by time-out, crash or kill; `missing`: no notebook was
handed in; `unreadable`: it could not be read; `error`: the grader failed, nothing was recorded."""


class Notice(str):
    """A sentence about a submission that is for information only; any other one is a reason to review it."""

    __slots__ = ()


METADATA = "nbgrader_isolate"
"""Key of `cell.metadata` (a `CellRecord`) in rebuilt and executed notebooks; submissions never keep theirs."""
FORMER_METADATA = "autograder"
"""The same key in earlier versions; it is still read where the new one is absent."""

STATE = ".autograder"
"""Folder of a course that holds the grader's own: plans, results, the lock of a run."""

UNTOUCHED = "No response."
"""nbgrader's own words for an answer that nobody wrote."""


NO_FILES: Mapping[str, bytes] = {}


class RunInputs(TypedDict):
    """What the run of a notebook is given beside the notebook.

    Attributes
    ----------
    files : mapping of str to bytes
        What the instructor put beside it, for both kernels.
    student_names : sequence of str
        Names that the stubs bind: the student's, even where a cell of the instructor's binds them before.
    seed : int
        Of random numbers in the test process; the student's kernel gets one that is derived from it.
    student_files : mapping of str to bytes
        What the student handed in beside it: in the student's kernel alone, before `files`.
    """

    files: Mapping[str, bytes]
    student_names: Sequence[str]
    seed: int
    student_files: Mapping[str, bytes]


@dataclass(frozen=True)
class NotebookPlan:
    """One notebook of an assignment as it is graded, fixed at release or first sight.

    Parameters
    ----------
    name : str
        Without `.ipynb`.
    notebook : NotebookJSON
        The instructor's version: plain cells, stubs in solution cells, grade cells with their
        hidden tests.
    modes : dict of str to Mode
        Of each grade cell that runs, by grade_id.
    reasons : dict of str to str
        Why a cell runs in the student's process.
    student_names : list of str
        Names that the stubs bind, so that tests read the student's.
    warnings : list of str
        What an instructor should look at, for example a test that the reference solution fails.
    """

    name: str
    notebook: NotebookJSON
    modes: dict[str, Mode]
    reasons: dict[str, str] = field(default_factory=dict)
    student_names: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AssignmentPlan:
    """All notebooks of an assignment, and the files that the instructor gave out beside them.

    Parameters
    ----------
    assignment : str
    notebooks : list of NotebookPlan
    files : dict of str to bytes
        By relative path: data, helper modules. They are there in both kernels.
    extra_files : list of str
        Patterns of names that a submission may add (none unless the course allows it).
    digest : str
        Of all the above, and of the gradebook's cells: another digest asks for another plan.
    """

    assignment: str
    notebooks: list[NotebookPlan]
    files: dict[str, bytes]
    extra_files: list[str]
    digest: str

    @property
    def warnings(self) -> list[str]:
        """What an instructor should look at in the assignment, each thing once."""
        return list(dict.fromkeys(text for one in self.notebooks for text in one.warnings))


@dataclass
class CellRecord:
    """What is known of one cell of a rebuilt notebook; lies in the cell's metadata under `METADATA`.

    `owner`, `mode` (on grade cells that run) and `imports` are set by the rebuild, the rest by the run.

    Parameters
    ----------
    owner : Owner
    mode : Mode or None
    outcome : Outcome
    proof : bool
        The cell is known to have run to its end.
    credit : float or None
        The number that the cell declares as its last expression, for partial credit; None: none declared.
    message : str
        The first lines of what went wrong, for the report; without terminal codes.
    seconds : float
    imports : str
        Of a student's cell: the import statements of the stub that stood there, which the test process runs
        as well.
    """

    owner: Owner
    mode: Mode | None = None
    outcome: Outcome = "not run"
    proof: bool = False
    credit: float | None = None
    message: str = ""
    seconds: float = 0.0
    imports: str = ""


@dataclass(frozen=True)
class Task:
    """One submission to grade: pure data in, a `Result` out, whatever process or machine does it.

    Parameters
    ----------
    student : str
    assignment : str
    plan : str
        Digest of the plan.
    files : dict of str to bytes
        What intake took, by name (notebooks and allowed extra files).
    notices : list of str
        What was noticed when the files were taken in.
    seed : int
        For the random data of this student's feedback; the same in every run.
    """

    student: str
    assignment: str
    plan: str
    files: dict[str, bytes]
    notices: list[str]
    seed: int


@dataclass
class CellScore:
    """Points of one grade cell (or manually graded cell): `score` is None where a human must say it."""

    score: float | None
    max_score: float
    message: str = ""
    mode: Mode | None = None


@dataclass
class NotebookResult:
    """One notebook of one submission, graded.

    Parameters
    ----------
    name : str
    status : Status
    score, max_score : float
    cells : dict of str to CellScore
        By grade_id.
    review_reasons : list of str
        Why a person should review the submission, a short phrase each: points are at stake.
    seconds : float
    notebook : NotebookJSON or None
        The executed notebook, with outputs.
    notices : list of str
        What was noticed and needs no review.
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


@dataclass
class Result:
    """A graded submission: its notebooks, in the order of the plan, and notices about the whole of it."""

    student: str
    assignment: str
    notebooks: list[NotebookResult]
    notices: list[str]
    sandbox: str
    seconds: float
