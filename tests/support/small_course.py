"""A small assignment as plain data, submissions to it, and an engine that runs cells in this
process (for tests only)."""

from __future__ import annotations

import ast
import copy
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan, Task
from nbgrader_isolate.notebook.cells import checksum, is_test, name_of
from nbgrader_isolate.notebook.parse import parse

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

LIMITS = Limits()
STUB = "def double(x):\n    raise NotImplementedError()"


def code(source: str, name: str | None = None, **about: object) -> dict[str, Any]:
    """Return a code cell; with a name, one of nbgrader's."""
    return cell("code", source, name, **about)


def text(source: str, name: str | None = None, **about: object) -> dict[str, Any]:
    """Return a Markdown cell."""
    return cell("markdown", source, name, **about)


def cell(kind: str, source: str, name: str | None = None, **about: object) -> dict[str, Any]:
    """Return a cell; `about` is nbgrader's metadata."""
    new_cell: dict[str, Any] = {"cell_type": kind, "id": name, "metadata": {}, "source": source}
    if kind == "code":
        new_cell |= {"execution_count": None, "outputs": []}
    if name is None or not about:
        new_cell["id"] = f"plain-{abs(hash_of(source))}"
    if name is not None and about:
        words = {"grade": False, "solution": False, "locked": False, "task": False}
        new_cell["metadata"]["nbgrader"] = {**words, "grade_id": name, "schema_version": 3, **about}
        new_cell["metadata"]["nbgrader"]["checksum"] = checksum(new_cell)
    return new_cell


def hash_of(source: str) -> int:
    """Return a number for a text, the same in every run."""
    return int.from_bytes(source.encode()[:6].ljust(6, b"."), "big") + len(source)


CELLS = [
    text("# Doubles"),
    code("import math\nLIMIT = 10"),
    code(STUB, "double", solution=True),
    code("assert double(2) == 4", "double-test", grade=True, points=2, locked=True),
    text("Why?", "why", grade=True, solution=True, points=3),
    text("Find an example.", "task", task=True, points=4, locked=True),
    code("def area(r):\n    raise NotImplementedError()", "area", solution=True),
    code("assert area(0) == 0", "area-test", grade=True, points=1, locked=True),
]


def notebook(cells: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a notebook of format 4.5."""
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": copy.deepcopy(cells)}


def plan_of(cells: list[dict[str, Any]] = CELLS, name: str = "hw") -> NotebookPlan:
    """Return a plan in which all tests are isolated."""
    modes = {str(name_of(c)): "isolated" for c in cells if is_test(c)}
    return NotebookPlan(name, notebook(cells), modes, {}, ["double", "area"])  # type: ignore[arg-type]


def assignment(*notebooks: NotebookPlan, **more: Any) -> AssignmentPlan:  # noqa: ANN401 - what the plan holds
    """Return the plan of an assignment."""
    fields = {"files": {}, "extra_files": [], **more}
    return AssignmentPlan("ps1", list(notebooks or [plan_of()]), digest="d" * 64, **fields)


def answered(answers: dict[str, str], cells: list[dict[str, Any]] = CELLS) -> dict[str, Any]:
    """Return the notebook with sources put into cells, by grade_id."""
    copied = notebook(cells)
    for each in copied["cells"]:
        each["source"] = answers.get(name_of(each) or "", each["source"])
    return copied


def parsed(content: dict[str, Any]) -> NotebookNode:
    """Return a notebook as it is read from a submission."""
    return parse(json.dumps(content).encode(), LIMITS)


def task_of(files: dict[str, bytes], notes: list[str] | None = None) -> Task:
    """Return the task of a student who handed these files in."""
    return Task("ada", "ps1", "d" * 64, files, notes or [], 7)


class InProcess:
    """Runs cells here: the student's and the tests' namespaces apart, as two processes would hold
    them."""

    sandbox = "none"

    def __init__(self) -> None:
        self.runs = 0
        self.inputs: dict[str, Any] = {}

    def run(self, nb: NotebookNode, **inputs: Any) -> NotebookNode:  # noqa: ANN401 - as the protocol has it
        self.runs += 1
        self.inputs = inputs
        done = copy.deepcopy(nb)
        student: dict[str, Any] = {}
        tests: dict[str, Any] = {}
        for each in done["cells"]:
            if each["cell_type"] != "code" or not each["source"].strip():
                continue
            record = each["metadata"]["nbgrader_isolate"]
            if record["mode"] == "isolated":
                there = {n: v for n, v in student.items() if n in inputs["student_names"]}
                record |= run_cell(each["source"], TestNames(tests | copies(there), student))
                continue
            record |= run_cell(each["source"], student)
            if record["owner"] == "instructor" and record["mode"] is None:
                run_cell(each["source"], tests)
        return done


class TestNames(dict[str, Any]):
    """The names of a test: the student's names that it deletes or restores are theirs, too."""

    __test__ = False

    def __init__(self, names: dict[str, Any], student: dict[str, Any]) -> None:
        super().__init__(names)
        self.student = student
        self.originals = {
            id(names[name]): value for name, value in student.items() if name in names
        }

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self.student.pop(name, None)

    def __setitem__(self, name: str, value: Any) -> None:  # noqa: ANN401
        super().__setitem__(name, value)
        if callable(value) and id(value) in self.originals:
            self.student[name] = self.originals[id(value)]


def copies(names: dict[str, Any]) -> dict[str, Any]:
    """Return values as copies, and functions that get copies."""

    def apart(function: Callable[..., object]) -> Callable[..., object]:
        return lambda *a, **k: copy.deepcopy(function(*copy.deepcopy(a), **copy.deepcopy(k)))

    return {n: apart(v) if callable(v) else copy.deepcopy(v) for n, v in names.items()}


def run_cell(source: str, names: dict[str, Any]) -> dict[str, Any]:
    """Run a cell; what is recorded of it."""
    try:
        tree = ast.parse(source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 - the cells of these tests
        value = last and eval(ast.unparse(last), names)  # noqa: S307 - and their last expressions
    except Exception as error:  # noqa: BLE001 - that is how tests fail
        return {
            "outcome": "failed",
            "completed": True,
            "message": f"{type(error).__name__}: {error}",
        }
    credit = value if type(value) in (int, float) else None
    return {"outcome": "passed", "completed": True, "credit": credit}


def folder(root: Path, files: dict[str, bytes]) -> Path:
    """Write a submission."""
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root
