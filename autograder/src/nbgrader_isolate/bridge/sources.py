"""What the text of a student's cell tells: names, functions and signatures."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import linecache
import types
from collections.abc import Iterable
from typing import Any

from nbgrader_isolate.notebook.ast_queries import parse_cell, read_names, top_level_names


def located(code: types.CodeType, name: str, source: str) -> types.CodeType:
    """Return code whose source `inspect.getsource` finds in the student's cell.

    Parameters
    ----------
    code : types.CodeType
    name : str
        The name of a function; it is only renamed if the cell does not define it.
    source : str
        The text of the cell.
    """
    line = next((node.lineno for node in definitions(source) if node.name == name), 0)
    if not line:
        return code.replace(co_name=name)
    file = f"<solution of {name}>"
    linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
    return code.replace(co_filename=file, co_firstlineno=line, co_name=name)


def definitions(source: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Return the functions and classes that a cell defines, the last first; [] if not Python."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node for node in reversed(parsed(source)) if isinstance(node, kinds)]


def parsed(source: str) -> list[ast.stmt]:
    """Return the statements of a cell; [] if it is not plain Python."""
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def bound_names(source: str) -> set[str]:
    """Return the names that a cell binds at its top level."""
    names: set[str] = set()
    rest: list[ast.AST] = list(parsed(source))
    for node in rest:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
            continue
        if isinstance(node, ast.Lambda):
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).partition(".")[0])
        rest.extend(ast.iter_child_nodes(node))
    return names


def own_names(sources: Iterable[str]) -> set[str]:
    """Return the names that the instructor's cells bind at their top level.

    A name that a cell reads before any cell binds it is not among them. It is the student's, even
    if a cell binds it again later.
    """
    own: set[str] = set()
    read: set[str] = set()
    for source in sources:
        for statement in parse_cell(source).body:
            names = {*top_level_names(ast.Module([statement], [])), *imported_names(statement)}
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
    """Yield the names that code imports, except through a star."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)


def star_names(source: str) -> set[str]:
    """Return the names that a cell imports through stars; this imports the modules."""
    names: set[str] = set()
    if "import *" not in source:
        return names
    for node in ast.walk(parse_cell(source)):
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*" and node.module:
            with contextlib.suppress(Exception):
                module = importlib.import_module(node.module)
                public = [name for name in vars(module) if not name.startswith("_")]
                names.update(getattr(module, "__all__", public))
    return names


def signature_in(source: str, name: str) -> inspect.Signature | None:
    """Return the signature of a function in a cell; defaults that are not literals become text."""
    for node in definitions(source):
        if node.name == name and isinstance(node, ast.FunctionDef):
            return inspect.Signature(list(_parameters(node.args)))
    return None


def _parameters(arguments: ast.arguments) -> Iterable[inspect.Parameter]:
    parameter = inspect.Parameter
    positional = [*arguments.posonlyargs, *arguments.args]
    without_default = len(positional) - len(arguments.defaults)
    defaults: list[ast.expr | None] = [None] * without_default + list(arguments.defaults)
    for index, (argument, default) in enumerate(zip(positional, defaults, strict=True)):
        positional_only = index < len(arguments.posonlyargs)
        kind = parameter.POSITIONAL_ONLY if positional_only else parameter.POSITIONAL_OR_KEYWORD
        yield parameter(argument.arg, kind, default=_default(default))
    if arguments.vararg:
        yield parameter(arguments.vararg.arg, parameter.VAR_POSITIONAL)
    for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield parameter(argument.arg, parameter.KEYWORD_ONLY, default=_default(default))
    if arguments.kwarg:
        yield parameter(arguments.kwarg.arg, parameter.VAR_KEYWORD)


def _default(node: ast.expr | None) -> Any:  # noqa: ANN401
    if node is None:
        return inspect.Parameter.empty
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return ast.unparse(node)
