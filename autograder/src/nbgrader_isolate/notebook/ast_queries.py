"""Questions to the syntax tree of a notebook cell: what it binds, reads and defines."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

FOR_IPYTHON = re.compile(r"(?m)^(\s*)(?:[%!?]|\w+\s*=\s*[%!]).*$")
FLAGS = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
SAFE_CALLS = {
    *("tuple", "frozenset", "int", "float", "complex", "str", "bytes", "bool", "range"),
    *("len", "sum", "min", "max", "round", "abs", "slice", "namedtuple"),
}
"""Calls whose results nobody can change afterwards."""
SAFE_MODULES = {"math", "cmath", "operator"}
"""Modules whose functions return numbers and other functions."""


def tree_of(source: str) -> ast.Module:
    """Return the syntax tree of a cell; lines for IPython are blank, and what is no Python is empty."""
    plain = FOR_IPYTHON.sub(r"\1pass", source)
    try:
        made = compile(plain, "cell", "exec", FLAGS, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])
    return made if isinstance(made, ast.Module) else ast.Module([], [])


def read_names(tree: ast.AST) -> set[str]:
    """Return the names that code reads."""
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def attributes_of(tree: ast.AST, modules: set[str]) -> Iterator[str]:
    """Yield what code takes from modules by `module.name`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                yield name


def stored(tree: ast.AST) -> set[str]:
    """Return the names that code binds anywhere, and those of its parameters."""
    names = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def outer(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a cell, but not those inside its functions and classes."""
    todo = list(ast.iter_child_nodes(tree))
    while todo:
        node = todo.pop(0)
        yield node
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp)
        if not isinstance(node, (*inner, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo.extend(ast.iter_child_nodes(node))


def bound(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell binds at its top level, but for those of imports."""
    for node in outer(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def last_from(tree: ast.Module, names: set[str]) -> str:
    """Return by which of some names a cell's last expression gets its value; an empty text if by none.

    `double(3)`, `double(3).sum()` and `answer[0] + 1` get it from `double` and `answer`; `len(answer)` does not.
    """
    if not tree.body or not isinstance(tree.body[-1], ast.Expr):
        return ""
    todo: list[ast.expr] = [tree.body[-1].value]
    while todo:
        match todo.pop():
            case ast.Name(id=name) if name in names:
                return name
            case ast.Call(func=value) | ast.Attribute(value=value) | ast.Subscript(value=value):
                todo.append(value)
            case ast.BinOp(left=left, right=right):
                todo += [left, right]
            case ast.UnaryOp(operand=value):
                todo.append(value)
    return ""


def imports_of(source: str) -> str:
    """Return the import statements that stand at the top level of a cell."""
    if "import" not in source:
        return ""
    found = [node for node in tree_of(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join(map(ast.unparse, found))


def defined_functions(tree: ast.AST) -> dict[str, ast.FunctionDef]:
    """Return the functions that a cell defines, by name."""
    return {node.name: node for node in outer(tree) if isinstance(node, ast.FunctionDef)}


def deferred(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what makes objects that cannot leave their process: classes and generator functions."""
    for node in outer(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, "a class"
        elif isinstance(node, ast.FunctionDef) and yields(node):
            yield node.name, "a generator function"
        elif isinstance(node, ast.AsyncFunctionDef):
            yield node.name, "an async function"


def yields(function: ast.FunctionDef) -> bool:
    """Tell whether a function itself, and no function inside it, yields."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in outer(function))


def callables_of(tree: ast.AST) -> set[str]:
    """Return the names that code binds to functions and classes."""
    found = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case ast.Assign(targets=targets, value=ast.Lambda()):
                found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def frozen_types(tree: ast.AST) -> Iterator[str]:
    """Yield the names of the named tuples that a cell defines: nobody can change an instance."""
    for node in outer(tree):
        match node:
            case ast.Assign(targets=targets, value=ast.Call(func=made)) if (
                called(made) == "namedtuple"
            ):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.ClassDef(name=name, bases=bases) if "NamedTuple" in map(called, bases):
                yield name


def called(function: ast.expr) -> str:
    """Return the last name of `a.b.c`; an empty text for any other expression."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def mutable(tree: ast.AST, frozen: Collection[str] = ()) -> Iterator[str]:
    """Yield the names that a cell binds to something that can be changed afterwards.

    Parameters
    ----------
    tree : ast.AST
    frozen : collection of str
        Types of the instructor's whose instances cannot be changed.
    """
    for node in outer(tree):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if node.value is not None and is_mutable(node.value, frozen):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))


def is_mutable(value: ast.expr, frozen: Collection[str] = ()) -> bool:
    """Return whether an expression makes a list, a dict, an array or another thing that can be changed.

    The result of an unknown function counts as such. `np.int64(5)` does not: a NumPy scalar, and a
    dtype, cannot be changed.
    """
    match value:
        case ast.Tuple(elts=parts):
            return any(is_mutable(part, frozen) for part in parts)
        case ast.Call():
            return makes_mutable(value, frozen)
        case ast.BinOp(left=left, right=right):  # `[0] * 3`
            return isinstance(left, DISPLAYS) or isinstance(right, DISPLAYS)
        case ast.IfExp(body=first, orelse=second):
            return is_mutable(first, frozen) or is_mutable(second, frozen)
    return isinstance(value, DISPLAYS)


def makes_mutable(call: ast.Call, frozen: Collection[str]) -> bool:
    """Return whether a call may return something that can be changed."""
    match call.func:
        case ast.Name(id=name) if name in frozen:
            return any(is_mutable(argument, frozen) for argument in call.args)
        case ast.Name(id=name):
            return name not in SAFE_CALLS
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) if is_scalar_type(name):
            return False
        case ast.Attribute(value=ast.Name(id=module)) if module in SAFE_MODULES:
            return False
    return called(call.func) != "namedtuple"


def is_scalar_type(name: str) -> bool:
    """Return whether a name of NumPy's is a scalar type, or `dtype`."""
    import numpy as np

    kind = getattr(np, name, None)
    return isinstance(kind, type) and issubclass(kind, np.generic | np.dtype)
