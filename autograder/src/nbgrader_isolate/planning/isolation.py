"""Where a grade cell runs, as far as its text tells: out of the student's process, or why it cannot.

Reads syntax trees; runs nothing. What it cannot see, the dry run of the reference solution does (`nbgrader_isolate.planning.dry_run`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    callables_of,
    defined_functions,
    immutable_types,
    module_attributes,
    mutable_names,
    parse_cell,
    read_names,
    stored_names,
    top_level_names,
    top_level_nodes,
    unsendable_definitions,
)
from nbgrader_isolate.planning.arguments import Scope, forwarding_of, given, imported

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


@dataclass(frozen=True, order=True)
class Finding:
    """Something that a test does, and that needs the student's process.

    Parameters
    ----------
    line : int
        Where it stands in the source of its cell or module, counted from 1.
    reason : str
        What it is, as in "measures memory (tracemalloc)".
    module : str
        The instructor's module beside the notebook that it stands in; empty: a cell.
    """

    line: int
    reason: str
    module: str = ""


@dataclass(frozen=True)
class Helper:
    """A function of the instructor's that tests may use.

    Parameters
    ----------
    tree : ast.FunctionDef
    module : str
        The module beside the notebook that defines it; empty: a cell.
    """

    tree: ast.FunctionDef
    module: str = ""


class Reading:
    """What the sources of an assignment tell about its tests.

    This alone decides by their text where they run: the plan asks it, and so may a course's own checks.

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
        plain_trees = [parse_cell(source) for source in plain]
        self.modules = set(modules)
        helpers = [*((name, parse_cell(source)) for name, source in modules.items())]
        helpers += [("", tree) for tree in plain_trees]
        self.helpers = {
            name: Helper(function, module)
            for module, tree in helpers
            for name, function in defined_functions(tree).items()
        }
        self.functions = {name: helper.tree for name, helper in self.helpers.items()}
        self.forwarding = forwarding_of(self.functions)
        self.imports = dict(pair for _, tree in helpers for pair in measuring(tree))
        frozen = {name for _, tree in helpers for name in immutable_types(tree)}
        self.mutable = {name for tree in plain_trees for name in mutable_names(tree, frozen)}
        self.student_side(plain_trees, [*map(parse_cell, stubs)], [*map(parse_cell, references)])
        tested = {name for source in tests for name in read_names(parse_cell(source))}
        tested |= {name for tree in plain_trees for name in read_names(tree)}
        self.student = self.stubbed | (self.answered & tested)

    def student_side(
        self, plain: list[ast.Module], stubs: list[ast.Module], references: list[ast.Module]
    ) -> None:
        """Read what students write: what it binds, reads and defines."""
        both = [*stubs, *references]
        ours = {name for tree in plain for name in top_level_names(tree)}
        self.stubbed = {name for tree in stubs for name in top_level_names(tree)}
        self.answered = {name for tree in references for name in top_level_names(tree)} - ours
        self.theirs = {name for tree in both for name in read_names(tree) - stored_names(tree)}
        self.odd = {name: what for tree in both for name, what in unsendable_definitions(tree)}
        callables = {
            name
            for tree in (*both, *plain)
            for name in (*callables_of(tree), *immutable_types(tree))
        }
        imports = dict(pair for tree in plain for pair in imported(tree))
        self.scope = Scope(callables | self.functions.keys(), imports=imports)

    def reason(self, source: str) -> str:
        """Return why a test must run in the student's process; an empty text if it need not."""
        return "; ".join(sorted({finding.reason for finding in self.findings(source)}))

    def findings(self, source: str) -> list[Finding]:
        """Return all that keeps a test in the student's process, also in functions that it uses."""
        if magic := MAGIC.search(source):
            line = source.count("\n", 0, magic.end()) + 1
            return [Finding(line, "uses a magic or a command of the system")]
        tree = parse_cell(source)
        found = {Finding(line, reason) for line, reason in self.faults(tree)}
        again = set(top_level_names(tree)) & self.stubbed & read_names(tree)
        for node in top_level_nodes(tree):
            name = getattr(node, "id", getattr(node, "name", ""))
            if name in again and not isinstance(getattr(node, "ctx", None), ast.Load):
                found.add(Finding(getattr(node, "lineno", 1), f"gives {name} another value"))
        for helper in self.reached(tree):
            faults = self.faults(helper.tree)
            found |= {Finding(line, reason, helper.module) for line, reason in faults}
        return sorted(found)

    def reached(self, tree: ast.AST) -> list[Helper]:
        """Return the instructor's functions that a test uses, directly or through others."""
        found: dict[str, Helper] = {}
        todo = [tree]
        while todo:
            node = todo.pop()
            names = read_names(node) | set(module_attributes(node, self.modules))
            for name in names & self.helpers.keys() - found.keys():
                found[name] = self.helpers[name]
                todo.append(self.helpers[name].tree)
        return list(found.values())

    def faults(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """Find what needs the student's process, and on which line."""
        imported = self.imports | dict(measuring(tree))
        scope = self.scope.within(tree)
        for node in ast.walk(tree):
            for reason in (*mentions(node, imported, scope.local), *self.reads(node)):
                yield node.lineno, reason  # type: ignore[attr-defined]
            if isinstance(node, ast.Call):
                yield from self.passes(node, scope)

    def reads(self, node: ast.AST) -> Iterator[str]:
        """Find a name that stands for something that only the student's process has."""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id in self.odd:
                yield f"uses {node.id}, which is {self.odd[node.id]}"
            if node.id in self.mutable & self.theirs:
                yield f"reads {node.id}, which the student's code may have changed"

    def passes(self, call: ast.Call, scope: Scope) -> Iterator[tuple[int, str]]:
        """Find functions, types and iterators that are given to a student's function."""
        for name, argument in given(call, self.functions, self.forwarding):
            if name in self.student and scope.is_object(argument):
                yield argument.lineno, f"passes {ast.unparse(argument)[:40]} to {name}"


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


def mentions(node: ast.AST, imported: dict[str, str], local: set[str]) -> Iterator[str]:
    """Find what one node names that needs the student's process; `local` names are the test's own."""
    if isinstance(node, ast.Name) and node.id in imported:
        yield imported[node.id]
    elif isinstance(node, ast.Name) and node.id in BUILT_IN and node.id not in local:
        yield f"{BUILT_IN[node.id]} ({node.id})"
    elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
        yield f"{ATTRIBUTES[node.attr]} ({node.attr})"
