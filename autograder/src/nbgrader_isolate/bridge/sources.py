"""What can be known of a student's cell from its text: names, functions, signatures."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import linecache
import types
from collections.abc import Iterable
from typing import Any

from nbgrader_isolate.notebook.ast_queries import bound, read_names, tree_of


def located(code: types.CodeType, name: str, source: str) -> types.CodeType:
    """Return code that `inspect.getsource` finds in the student's cell, where the cell defines a function of this name."""
    line = next((node.lineno for node in definitions(source) if node.name == name), 0)
    if not line:
        return code.replace(co_name=name)
    file = f"<solution of {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    return code.replace(co_filename=file, co_firstlineno=line, co_name=name)


def definitions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Return the functions and classes that a cell defines, the last first; none if it is not Python."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in reversed(parsed(source)) if isinstance(node, kinds)]


def parsed(source: str) -> list[ast.stmt]:
    """Return the statements of a cell; none if it is not plain Python."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def bound_names(source: str) -> set[str]:
    """Return the names that a cell binds at its top level."""
    found: set[str] = set()
    rest: list[ast.AST] = list(parsed(source))
    for node in rest:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        rest.extend(ast.iter_child_nodes(node))
    return found


def own_names(sources: Iterable[str]) -> set[str]:
    """Return the names that cells of the instructor's bind at their top level.

    One that a cell reads before any binds it is not among them: that is the student's, also where it is bound again.
    """
    own: set[str] = set()
    read: set[str] = set()
    for source in sources:
        for statement in tree_of(source).body:
            names = {*bound(ast.Module([statement], [])), *imported_names(statement)}
            used = read_names(statement) - own
            if isinstance(statement, ast.AugAssign):
                used |= names - own
            if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign):
                read |= used
            defines = isinstance(
                statement, ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
            )
            own |= names if defines else names - read
            read |= used - own
    return own


def imported_names(tree: ast.AST) -> Iterable[str]:
    """Yield the names that code imports, but for those that a star stands for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((one.asname or one.name).partition(".")[0] for one in node.names)


def star_names(source: str) -> set[str]:
    """Return the names that the stars of a cell's imports stand for; imports the modules."""
    found: set[str] = set()
    if "import *" not in source:
        return found
    for node in ast.walk(tree_of(source)):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and node.module:
            with contextlib.suppress(Exception):
                module = importlib.import_module(node.module)
                public = [name for name in vars(module) if not name.startswith("_")]
                found.update(getattr(module, "__all__", public))
    return found


def signature_in(source: str, name: str) -> inspect.Signature | None:
    """Return the signature of a function as a cell writes it; a default is there as its text."""
    for node in definitions(source):
        if node.name == name and isinstance(node, ast.FunctionDef):
            return inspect.Signature(list(_parameters(node.args)))
    return None


def _parameters(given: ast.arguments) -> Iterable[inspect.Parameter]:
    kind = inspect.Parameter
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults)) + list(
        given.defaults
    )
    for place, (one, default) in enumerate(zip(plain, defaults, strict=True)):
        only = (
            kind.POSITIONAL_ONLY if place < len(given.posonlyargs) else kind.POSITIONAL_OR_KEYWORD
        )
        yield kind(one.arg, only, default=_default(default))
    if given.vararg:
        yield kind(given.vararg.arg, kind.VAR_POSITIONAL)
    for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True):
        yield kind(one.arg, kind.KEYWORD_ONLY, default=_default(default))
    if given.kwarg:
        yield kind(given.kwarg.arg, kind.VAR_KEYWORD)


def _default(node: ast.expr | None) -> Any:  # noqa: ANN401
    if node is None:
        return inspect.Parameter.empty
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ast.unparse(node)
