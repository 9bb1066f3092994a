"""What the text of a student's cell tells: names, functions and signatures."""

from __future__ import annotations

import ast
import contextlib
import importlib
import inspect
import linecache
import types
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from nbgrader_isolate.notebook.ipython_syntax import as_python, parse_cell
from nbgrader_isolate.notebook.name_uses import bound_by

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def located(code: types.CodeType, name: str, source: str) -> types.CodeType:
    """Return code whose source `inspect.getsource` finds in the student's cell.

    Parameters
    ----------
    code : types.CodeType
    name : str
        The name of a function. If the cell does not bind it, the code has no source.
    source : str
        The text of the cell.
    """
    file, line = f"<solution of {name}>", binding_line(source, name)
    linecache.cache.pop(file, None)
    if not line:
        return code.replace(co_filename=file, co_name=name)
    text = as_python(source)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    return code.replace(co_filename=file, co_firstlineno=line, co_name=name)


def without_source(code: types.CodeType) -> types.CodeType:
    """Return code of which `inspect.getsource` finds nothing, since ours is not the student's."""
    return code.replace(co_filename="<the student's code>")


def binding_line(source: str, name: str) -> int:
    """Return the first line of the statement that binds a name last; 0 if the cell does not."""
    lines = [0]
    for node in statements(source):
        if isinstance(node, _DEFINITIONS) and node.name == name:
            lines.append(min(part.lineno for part in (node, *node.decorator_list)))
        elif isinstance(node, ast.Assign | ast.AnnAssign) and name in bound_by(node):
            lines.append(node.lineno)
    return max(lines)


def statements(source: str) -> Iterable[ast.AST]:
    """Yield the parts of a cell outside its functions and classes, and these themselves."""
    todo: list[ast.AST] = list(parsed(source).body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, _DEFINITIONS):
            todo.extend(ast.iter_child_nodes(node))


@lru_cache(32)
def parsed(source: str) -> ast.Module:
    """Return the syntax tree of a cell, which is not to be changed; see `parse_cell`."""
    return parse_cell(source)


@lru_cache(4096)
def bound_names(source: str) -> frozenset[str]:
    """Return the names that a cell binds."""
    return frozenset(bound_by(parsed(source)))


def own_names(sources: Iterable[str]) -> set[str]:
    """Return the names that the instructor's cells bind, except through stars.

    They are the instructor's from the first cell to the last, whichever of them binds a name, and
    whether it does so before it fails.
    """
    return {name for source in sources for name in bound_names(source)}


def star_names(source: str) -> set[str]:
    """Return the names that a cell imports through stars; this imports the modules."""
    names: set[str] = set()
    if "import" not in source or "*" not in source:
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
    found: list[tuple[int, ast.arguments]] = []
    for node in statements(source):
        match node:
            case ast.FunctionDef(args=arguments) | ast.AsyncFunctionDef(args=arguments) if (
                node.name == name
            ):
                found.append((node.lineno, arguments))
            case ast.Assign(targets=[ast.Name(id=bound)], value=ast.Lambda(args=arguments)) if (
                bound == name
            ):
                found.append((node.lineno, arguments))
    if not found:
        return None
    _, last = max(found, key=lambda entry: entry[0])
    return inspect.Signature(list(_parameters(last)))


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
