"""Where a grade cell runs, as far as its text tells: out of the student's process, or why it cannot.

Reads syntax trees; runs nothing. What it cannot see, the dry run of the reference solution does (`nbgrader_isolate.planning.dry_run`).
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nbgrader_isolate.core.models import (
    FORMER_METADATA,
    FORMER_MODES,
    IN_PROCESS,
    ISOLATED,
    METADATA,
    Mode,
)
from nbgrader_isolate.notebook.ast_queries import (
    attributes_of,
    bound,
    deferred,
    defined_functions,
    mutable,
    read_names,
    stored,
    tree_of,
)

SPELLINGS: dict[str, Mode] = {
    "isolated": ISOLATED,
    "in-process": IN_PROCESS,
    "in_process": IN_PROCESS,
}
"""What metadata may say; the course's sources use the underscore."""
MAGIC = re.compile(r"(?m)^\s*(?:[%!]|\w+\s*=\s*[%!])\S|^\s*\?*\w+\?+\s*$")
"""A line for IPython: a magic, a command of the system, a question."""
IMPORTED = {
    "tracemalloc": "measures memory",
    "resource": "measures the process",
    "psutil": "measures the process",
    "gc": "looks at live objects",
    "weakref": "looks at live objects",
    "mock": "patches names",
    "patch": "patches names",
    "redirect_stdout": "reads what is printed",
    "redirect_stderr": "reads what is printed",
    "capture_output": "reads what is printed",
}
"""What a test imports, and what it does with it in the student's process."""
BUILT_IN = {
    "get_ipython": "speaks to the kernel",
    "input": "answers the student's input",
    "globals": "looks names up by text",
    "locals": "looks names up by text",
}
"""The same for names that are there without an import."""
ATTRIBUTES = {
    "gcf": "looks at figures",
    "gca": "looks at figures",
    "get_fignums": "looks at figures",
    "stdout": "reads what is printed",
    "stderr": "reads what is printed",
    "input": "answers the student's input",
}
"""The same for attributes; the modules go by any name."""
LIBRARIES = {"np", "numpy", "math", "operator"}
"""Modules whose functions and types, given to a student's function, cannot cross."""
BUILTINS = {name for name in dir(builtins) if callable(getattr(builtins, name))}
MAKERS = {"iter", "map", "filter", "zip", "open", "reversed", "enumerate"}
"""Builtins whose results cannot cross."""


def declared(cell: dict[str, Any]) -> tuple[Mode, str] | None:
    """Return the mode that a test's metadata declares, and why; None if it declares none.

    The key is `nbgrader_isolate.isolation`, `"isolated"` or `"in-process"` (with a `reason`).
    Spellings of earlier versions are read too: `autograder.mode`, and `course.one_process`, which
    holds the reason for running a test in-process.
    """
    metadata = cell["metadata"]
    ours, former = metadata.get(METADATA, {}), metadata.get(FORMER_METADATA, {})
    mode: Mode | None = SPELLINGS.get(str(ours.get("isolation")))
    if mode is None:
        ours, mode = former, FORMER_MODES.get(str(former.get("mode")))
    if mode is not None:
        reason = ours.get("reason") or "its metadata says so"
        return mode, "" if mode == ISOLATED else str(reason)
    if reason := metadata.get("course", {}).get("one_process"):
        return IN_PROCESS, str(reason)
    return None


NO_MODULES: Mapping[str, str] = {}


class Reading:
    """What the sources of an assignment tell about its tests.

    Parameters
    ----------
    plain : sequence of str
        Sources of the instructor's code cells that have no points.
    stubs : sequence of str
        Sources of solution cells as students get them.
    references : sequence of str
        The same with their solutions; none if there are none.
    tests : sequence of str
        Sources of the grade cells.
    modules : dict of str to str, optional
        Sources of the instructor's modules beside the notebook, by the names that import them.
    """

    def __init__(
        self,
        plain: Sequence[str],
        stubs: Sequence[str],
        references: Sequence[str],
        tests: Sequence[str],
        modules: Mapping[str, str] = NO_MODULES,
    ) -> None:
        plain_trees = [tree_of(source) for source in plain]
        self.modules = set(modules)
        helpers = [*map(tree_of, modules.values()), *plain_trees]
        self.functions = {
            name: function for tree in helpers for name, function in defined_functions(tree).items()
        }
        self.imports = dict(pair for tree in helpers for pair in measuring(tree))
        self.mutable = {name for tree in plain_trees for name in mutable(tree)}
        self.student_side(plain_trees, [*map(tree_of, stubs)], [*map(tree_of, references)])
        tested = {name for source in tests for name in read_names(tree_of(source))}
        tested |= {name for tree in plain_trees for name in read_names(tree)}
        self.student = self.stubbed | (self.answered & tested)

    def student_side(
        self, plain: list[ast.Module], stubs: list[ast.Module], references: list[ast.Module]
    ) -> None:
        """Read what students write: what it binds, reads and defines."""
        both = [*stubs, *references]
        ours = {name for tree in plain for name in bound(tree)}
        self.stubbed = {name for tree in stubs for name in bound(tree)}
        self.answered = {name for tree in references for name in bound(tree)} - ours
        self.theirs = {name for tree in both for name in read_names(tree) - stored(tree)}
        self.odd = {name: what for tree in both for name, what in deferred(tree)}
        self.callables = {name for tree in both for name in defined_functions(tree)}
        self.callables |= self.functions.keys() | BUILTINS

    def reason(self, source: str) -> str:
        """Return why a test must run in the student's process; an empty text if it need not."""
        if MAGIC.search(source):
            return "uses a magic or a command of the system"
        tree = tree_of(source)
        found = set(self.faults(tree))
        found |= {
            f"gives {name} another value"
            for name in set(bound(tree)) & self.stubbed & read_names(tree)
        }
        for function in self.reached(tree):
            found |= set(self.faults(function))
        return "; ".join(sorted(found))

    def reached(self, tree: ast.AST) -> list[ast.AST]:
        """Return the instructor's functions that a test uses, directly or through others."""
        found: dict[str, ast.AST] = {}
        todo = [tree]
        while todo:
            node = todo.pop()
            names = read_names(node) | set(attributes_of(node, self.modules))
            for name in names & self.functions.keys() - found.keys():
                found[name] = self.functions[name]
                todo.append(self.functions[name])
        return list(found.values())

    def faults(self, tree: ast.AST) -> Iterator[str]:
        """Find what needs the student's process."""
        imported = self.imports | dict(measuring(tree))
        for node in ast.walk(tree):
            yield from mentions(node, imported)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from self.passes(node)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                if node.id in self.odd:
                    yield f"uses {node.id}, which is {self.odd[node.id]}"
                if node.id in self.mutable & self.theirs:
                    yield f"reads {node.id}, which the student's code may have changed"

    def passes(self, call: ast.Call) -> Iterator[str]:
        """Find functions, types and iterators that are given to a student's function."""
        if not isinstance(call.func, ast.Name) or call.func.id not in self.student:
            return
        for argument in [*call.args, *(word.value for word in call.keywords)]:
            if self.is_object(argument):
                yield f"gives {ast.unparse(argument)[:40]} to {call.func.id}"

    def is_object(self, argument: ast.expr) -> bool:
        """Tell whether an argument is a function, a type or an iterator, as far as its text tells."""
        match argument:
            case ast.Lambda() | ast.GeneratorExp():
                return True
            case ast.Starred(value=value) if not isinstance(value, ast.GeneratorExp):
                return self.is_object(value)
            case ast.Name(id=name):
                return name in self.callables
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in LIBRARIES:
                return is_callable(module, name)
            case ast.Call(func=ast.Name(id=name)):
                return name in MAKERS
            case _:
                return False


def measuring(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that code imports for measuring its own process, and what for."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
        for alias in node.names:
            parts = [*module.split("."), *alias.name.split(".")]
            if found := [part for part in parts if part in IMPORTED]:
                name = alias.asname or alias.name.split(".")[0]
                yield name, f"{IMPORTED[found[-1]]} ({found[-1]})"


def mentions(node: ast.AST, imported: dict[str, str]) -> Iterator[str]:
    """Find what one node names that needs the student's process."""
    if isinstance(node, ast.Name) and node.id in imported:
        yield imported[node.id]
    elif isinstance(node, ast.Name) and node.id in BUILT_IN:
        yield f"{BUILT_IN[node.id]} ({node.id})"
    elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
        yield f"{ATTRIBUTES[node.attr]} ({node.attr})"


def is_callable(module: str, name: str) -> bool:
    """Tell whether an attribute of a known module is a function or a type."""
    import math
    import operator

    import numpy as np

    known = {"np": np, "numpy": np, "math": math, "operator": operator}
    return callable(getattr(known[module], name, None))
