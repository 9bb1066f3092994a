"""The script with the code cells of a lesson, and what a page has to know about each of them."""

from __future__ import annotations

import ast
import json
from pathlib import Path

from course.core.myst import in_page
from course.live.magics import NeedsComputerError, without_magics

CLOCKS = frozenset({"race", "race_times", "perf_counter", "timeit", "_timeit"})
"""Names by which a cell measures time."""


def cells(lesson: Path) -> bytes:
    """Return the script with the code cells of a lesson."""
    notebook = json.loads(lesson.read_text("utf-8"))
    numbered = [
        (number, cell, "".join(cell["source"]))
        for number, cell in enumerate(notebook["cells"], 1)
        if cell["cell_type"] == "code"
    ]
    measured = measuring([source for _, _, source in numbered])
    facts = [
        {
            "number": number,
            "key": cell.get("id") or f"cell-{number}",
            "source": source,
            "tags": cell["metadata"].get("tags", []),
            "note": in_page(cell["metadata"]),
            "measures": measures,
        }
        for (number, cell, source), measures in zip(numbered, measured, strict=True)
    ]
    return f"self.liveCells = {json.dumps(facts, ensure_ascii=False)};\n".encode()


def measuring(sources: list[str]) -> list[bool]:
    """Tell of each cell whether it measures time, itself or by a function of a cell above it."""
    clocks = set(CLOCKS)
    found = []
    for source in sources:
        try:
            body = ast.parse(without_magics(source)).body
        except (SyntaxError, NeedsComputerError):
            body = []
        functions = [node for node in body if isinstance(node, ast.FunctionDef)]
        clocks |= {node.name for node in functions if names_in(node) & clocks}
        found.append(any(names_in(node) & clocks for node in body if node not in functions))
    return found


def names_in(tree: ast.AST) -> set[str]:
    """Return the names and attributes that code uses."""
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return names | {node.attr for node in nodes if isinstance(node, ast.Attribute)}
