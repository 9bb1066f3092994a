"""Mutants of the reference solutions, by the operators of cosmic-ray, and which of them may
survive.

A mutant is the reference with one small change: another operator, another number, a condition
turned round. One that changes behaviour and still gets all points shows a hole in the tests.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from course.core.exercises import Notebook, grading, is_solution, is_test

if TYPE_CHECKING:
    from cosmic_ray.operators.operator import Operator
    from parso.python.tree import Module

MOST = 200
MARKS = "### BEGIN SOLUTION", "### END SOLUTION"
NEED_ARGUMENTS = {"core/VariableInserter", "core/VariableReplacer"}
IDENTITY = re.compile(r"_Is(Not)?$")
"""Operators that put `is` for `==`: whether equal numbers are one object is Python's affair, not
the answer's."""


@dataclass(frozen=True)
class Mutant:
    """One change of one solution cell.

    Parameters
    ----------
    task : str
        `02-strides/ravel`.
    cell : str
        The grade_id of the solution cell. What is given in it, outside the marks, is not changed.
    source : str
        The cell's whole code, changed.
    was, now : str
        The lines that differ, without their indentation.
    """

    task: str
    cell: str
    source: str
    was: str
    now: str

    def __str__(self) -> str:
        """Return the mutant as an entry of survivors.yml, without its reason."""
        entry = [{"was": self.was, "now": self.now, "why": "…"}]
        return yaml.safe_dump({self.task: entry}, sort_keys=False, width=1000, allow_unicode=True)


def mutants(notebook: Notebook, task: str) -> list[Mutant]:
    """Return the mutants of all solution cells of a task, each different code once."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    found: dict[str, Mutant] = {}
    for cell in filter(is_solution, up_to_last_test(notebook["cells"])):
        source = cell["source"].rstrip() + "\n"
        for name in sorted(set(operator_names()) - NEED_ARGUMENTS):
            if IDENTITY.search(name):
                continue
            operator = get_operator(name)()
            for occurrence in range(min(MOST, places(source, operator))):
                made = mutate_code(source, operator, occurrence)
                key = meaning(made)
                if key in {None, meaning(source), *found} or not within_marks(source, made):
                    continue
                found[key] = Mutant(task, grading(cell)["grade_id"], made, *changed(source, made))
    return list(found.values())


def places(source: str, operator: Operator) -> int:
    """Return how many changes an operator can make in a source."""
    from cosmic_ray.ast import ast_nodes

    return sum(len(list(operator.mutation_positions(node))) for node in ast_nodes(parsed(source)))


@cache
def parsed(source: str) -> Module:
    """Return the syntax tree of a source: read for all operators, and changed by none."""
    from cosmic_ray.ast import get_ast

    return get_ast(source)


def up_to_last_test(cells: list[Any]) -> list[Any]:
    """Return the cells before the last test: what stands after it is not graded."""
    last = max(k for k, cell in enumerate(cells) if is_test(cell))
    return cells[:last]


@cache
def meaning(source: str) -> str | None:
    """Return what a source says, whatever its layout; None if it is not Python."""
    try:
        return ast.dump(ast.parse(source))
    except SyntaxError:
        return None


def within_marks(source: str, made: str) -> bool:
    """Tell whether only lines between the marks of a solution differ: the others are given."""
    inside, allowed = False, set()
    for number, line in enumerate(lines := source.splitlines()):
        inside = (inside or line.strip() == MARKS[0]) and line.strip() != MARKS[1]
        allowed |= {number} if inside else set()
    places = difflib.SequenceMatcher(None, lines, made.splitlines(), autojunk=False).get_opcodes()
    return all(
        set(range(start, max(stop, start + 1))) <= allowed
        for tag, start, stop, _, _ in places
        if tag != "equal"
    )


def changed(source: str, made: str) -> tuple[str, str]:
    """Return the lines that were changed, and what they became."""
    lines = list(difflib.ndiff(source.splitlines(), made.splitlines()))
    sides = [[line[2:].strip() for line in lines if line.startswith(sign)] for sign in "-+"]
    return " ⏎ ".join(sides[0]), " ⏎ ".join(sides[1])


def sample(all_mutants: list[Mutant], count: int) -> list[Mutant]:
    """Choose some mutants, always the same ones."""
    return sorted(all_mutants, key=lambda one: hashlib.sha256(one.source.encode()).digest())[:count]


def with_mutant(notebook: Notebook, mutant: Mutant) -> Notebook:
    """Return the task's notebook with the mutant in place of its reference."""
    cells = [
        {**cell, "source": mutant.source} if grading(cell).get("grade_id") == mutant.cell else cell
        for cell in notebook["cells"]
    ]
    return {**notebook, "cells": cells}


def survivors(file: Path) -> dict[tuple[str, str, str], str]:
    """Return the mutants that may survive, (task, was, now), each with the reason why."""
    listed = yaml.safe_load(file.read_text("utf-8")) or {}
    return {
        (task, entry["was"], entry["now"]): re.sub(r"\s+", " ", entry["why"]).strip()
        for task, entries in listed.items()
        for entry in entries
    }
