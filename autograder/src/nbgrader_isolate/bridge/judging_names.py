"""Names that a test judges with, if no cell of the instructor's binds them, nor a known solution.

Without a reference solution, `isclose` in `assert isclose(area(2), 12.57)` may be an import of the
solution. The student's own would judge the student's answer, so it is not used: what a cell of the
student's imports from a known library is imported here, and anything else is left to a person.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import Any

from nbgrader_isolate.notebook.ipython_syntax import parse_cell

LIBRARIES = (
    *("math", "cmath", "statistics", "operator", "itertools", "functools", "collections"),
    *("fractions", "decimal", "random", "copy", "re", "numpy", "numpy.testing", "numpy.linalg"),
    *("pandas", "pandas.testing", "datetime", "unittest.mock"),
)
"""Modules whose functions tests are known to judge with."""
ALIASES = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot", "mpl": "matplotlib"}
"""What usual names of modules stand for."""


def judging_names(source: str, names: Collection[str]) -> set[str]:
    """Return the names of libraries that a test gives something of the student's.

    Parameters
    ----------
    source : str
        The test.
    names : collection of str
        Names that may be the student's.
    """
    tree = parse_cell(source)
    theirs, known = set(names), -1
    while known < len(theirs):
        known = len(theirs)
        for node in ast.walk(tree):
            theirs |= given(node, theirs)
    found = set(judges(tree, theirs))
    return {name for name in found & set(names) if name in ALIASES or is_known(name)}


def given(node: ast.AST, theirs: Collection[str]) -> set[str]:
    """Return the names that a node of code gives something of the student's, or may give it."""
    match node:
        case ast.arg(arg=name):
            return {name}
        case (
            ast.Assign(value=ast.expr() as value)
            | ast.AnnAssign(value=ast.expr() as value)
            | ast.AugAssign(value=value)
            | ast.NamedExpr(value=value)
            | ast.For(iter=value)
            | ast.comprehension(iter=value)
            | ast.withitem(context_expr=value)
        ) if uses(value, theirs):
            return stored(node)
        case ast.Call(func=ast.Attribute(value=value), args=args) if any(
            uses(part, theirs) for part in args
        ):
            return words(value)
    return set()


def stored(node: ast.AST) -> set[str]:
    """Return the names that an assignment or a loop gives a value, or whose objects it changes."""
    targets = getattr(node, "targets", None) or [
        getattr(node, "target", None) or getattr(node, "optional_vars", None)
    ]
    return {name for target in targets if target is not None for name in words(target)}


def defines(source: str) -> bool:
    """Return whether a cell has functions, which later cells may call."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    return any(isinstance(node, kinds) for node in ast.walk(parse_cell(source)))


def judges(tree: ast.AST, theirs: Collection[str]) -> Iterator[str]:
    """Yield the names that are called with something of the student's, or passed on."""
    called: set[int] = set()
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        base: ast.expr = node.func
        while isinstance(base, ast.Attribute):
            base = base.value
        if isinstance(base, ast.Name):
            called.add(id(base))
            parts = [*node.args, *(keyword.value for keyword in node.keywords)]
            if any(uses(part, set(theirs) - {base.id}) for part in parts):
                yield base.id
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and id(node) not in called:
            yield node.id


def uses(tree: ast.AST, names: Collection[str]) -> bool:
    """Return whether code contains one of some names."""
    return not words(tree).isdisjoint(names)


def words(tree: ast.AST) -> set[str]:
    """Return the names in a part of code."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@lru_cache(4096)
def is_known(name: str) -> bool:
    """Return whether a library has a function of this name, or is called so."""
    if name in LIBRARIES:
        return True
    return any(callable(getattr(module, name, None)) for module in libraries())


@lru_cache(1)
def libraries() -> list[Any]:
    """Return the modules of `LIBRARIES` that exist here."""
    found = []
    for name in LIBRARIES:
        try:
            found.append(importlib.import_module(name))
        except ImportError:
            continue
    return found


def imported(name: str, sources: Iterable[str]) -> Any:  # noqa: ANN401
    """Return what the student's cells import under its own name from a library; None if nothing.

    Parameters
    ----------
    name : str
    sources : iterable of str
        The student's cells.
    """
    modules = (
        node.module
        for source in sources
        for node in ast.walk(parse_cell(source))
        if isinstance(node, ast.ImportFrom) and not node.level and node.module in LIBRARIES
        if any(alias.name in {name, "*"} and alias.asname in {None, name} for alias in node.names)
    )
    for module in modules:
        try:
            value = getattr(importlib.import_module(str(module)), name, None)
        except ImportError:
            continue
        if value is not None:
            return value
    return None


def is_usual_module(name: str, module: object) -> bool:
    """Return whether a name may stand for a module: it has no other usual meaning."""
    usual = ALIASES.get(name, name if name in LIBRARIES else module)
    return module == usual
