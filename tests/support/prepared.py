"""Notebooks as the rebuild hands them to the engine, made by hand or from this course's
solutions."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from course.core.paths import ROOT

SOLUTIONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


def plain(source: str) -> NotebookNode:
    """A cell of the instructor's that gives no points."""
    return cell(source, owner="instructor")


def student(source: str, **facts: object) -> NotebookNode:
    """A cell of the student's."""
    return cell(source, owner="student", **facts)


def graded(source: str, mode: str = "isolated") -> NotebookNode:
    """A grade cell."""
    return cell(source, owner="instructor", mode=mode)


def cell(source: str, **facts: object) -> NotebookNode:
    """A code cell with what the rebuild writes of it."""
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader_isolate": facts})


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of cells."""
    return nbformat.v4.new_notebook(cells=list(cells))


def bound(source: str) -> set[str]:
    """The names that a cell's functions, classes and assignments bind."""
    bound_names = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound_names.add(node.name)
        for one in ast.walk(node) if isinstance(node, ast.Assign) else ():
            if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
                bound_names.add(one.id)
    return bound_names


def from_course(
    file: Path, answers: dict[str, str] | None = None
) -> tuple[NotebookNode, dict[str, bytes], list[str]]:
    """A task of this course as its reference solves it, or with other answers in its solution
    cells."""
    loaded = nbformat.read(file, 4)
    names: set[str] = set()
    for one in loaded.cells:
        if one.cell_type != "code":
            continue
        facts = one.metadata.get("nbgrader") or {}
        mine = facts.get("solution")
        if mine and answers is not None:
            one.source = answers.get(facts["grade_id"], one.source)
        elif not facts and answers is not None and "# your parts begin" in one.source:
            mine = True
        is_test = facts.get("grade") and not facts.get("solution")
        declared = one.metadata.get("nbgrader_isolate") or {}
        record = {"owner": "student" if mine else "instructor"}
        if mine:
            names |= bound(one.source)
        if is_test:
            record["mode"] = declared.get("isolation", "isolated")
        one.metadata["nbgrader_isolate"] = NotebookNode(record)
    files = {"checking.py": (file.parent / "checking.py").read_bytes()}
    files |= {
        p.name: p.read_bytes()
        for p in file.parent.iterdir()
        if p.suffix in (".npy", ".py", ".png", ".csv")
    }
    return loaded, files, sorted(names)


def records(executed: NotebookNode) -> list[dict[str, Any]]:
    """What the engine wrote of each code cell."""
    return [
        dict(one.metadata["nbgrader_isolate"]) for one in executed.cells if one.cell_type == "code"
    ]


def tests_of(executed: NotebookNode) -> dict[str, dict[str, Any]]:
    """What the engine wrote of each grade cell that runs, by grade_id."""
    return {
        (one.metadata.get("nbgrader") or {}).get("grade_id", str(number)): dict(
            one.metadata["nbgrader_isolate"]
        )
        for number, one in enumerate(executed.cells)
        if one.cell_type == "code" and one.metadata["nbgrader_isolate"].get("mode")
    }


def as_text(cells: Iterable[NotebookNode]) -> str:
    """All of some cells as JSON, to look for what must not be there."""
    return json.dumps([dict(one) for one in cells])
