"""Queries on the syntax tree of a notebook cell: which names it binds, reads and defines."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from nbgrader_isolate.notebook.ipython_syntax import parse_cell

MUTABLE_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
SAFE_CALLS = {
    *("tuple", "frozenset", "int", "float", "complex", "str", "bytes", "bool", "range"),
    *("len", "sum", "min", "max", "round", "abs", "slice", "namedtuple"),
}
"""Built-in functions whose results cannot be changed."""
SAFE_MODULES = {"math", "cmath", "operator"}
"""Modules whose functions return numbers and other functions."""


def read_names(tree: ast.AST) -> set[str]:
    """Return the names that code reads."""
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}


def module_attributes(tree: ast.AST, modules: set[str]) -> Iterator[str]:
    """Yield the attributes that code looks up on some modules, as in `module.name`."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules:
                yield name


def stored_names(tree: ast.AST) -> set[str]:
    """Return the names that code binds in any scope, parameters included."""
    names = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    return names | {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}


def top_level_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a cell, except those inside its functions and classes."""
    todo = list(ast.iter_child_nodes(tree))
    while todo:
        node = todo.pop(0)
        yield node
        inner = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp)
        if not isinstance(node, (*inner, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            todo.extend(ast.iter_child_nodes(node))


def top_level_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell binds at its top level, except by import."""
    for node in top_level_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def source_of_last_value(tree: ast.Module, names: set[str]) -> str:
    """Return which of some names the value of a cell's last expression comes from, or "".

    The value of `double(3)`, `double(3).sum()` or `answer[0] + 1` comes from `double` or `answer`;
    the value of `len(answer)` does not.
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
    """Return the import statements at the top level of a cell."""
    if "import" not in source:
        return ""
    found = [
        node for node in parse_cell(source).body if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    return "\n".join(map(ast.unparse, found))


def defined_functions(tree: ast.AST) -> dict[str, ast.FunctionDef]:
    """Return the functions that a cell defines, by name."""
    return {node.name: node for node in top_level_nodes(tree) if isinstance(node, ast.FunctionDef)}


def unsendable_definitions(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield names whose objects cannot be sent to another process, each with what it names."""
    for node in top_level_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield node.name, "a class"
        elif isinstance(node, ast.FunctionDef) and is_generator(node):
            yield node.name, "a generator function"
        elif isinstance(node, ast.AsyncFunctionDef):
            yield node.name, "an async function"


def is_generator(function: ast.FunctionDef) -> bool:
    """Return whether a function contains `yield`, not counting functions inside it."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in top_level_nodes(function))


def callables_of(tree: ast.AST) -> set[str]:
    """Return the names that code binds to functions and classes."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets, value=ast.Lambda()):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def unsendable_callables(tree: ast.AST) -> set[str]:
    """Return the names of classes, generator functions and async functions that code defines."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, _UNSENDABLE)}
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return found | {node.name for node in functions if is_generator(node)}


_UNSENDABLE = (ast.ClassDef, ast.AsyncFunctionDef)


def immutable_types(tree: ast.AST) -> Iterator[str]:
    """Yield the names of a cell's named-tuple types, whose instances are immutable."""
    for node in top_level_nodes(tree):
        match node:
            case ast.Assign(targets=targets, value=ast.Call(func=function)) if (
                last_name(function) == "namedtuple"
            ):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.ClassDef(name=name, bases=bases) if "NamedTuple" in map(last_name, bases):
                yield name


def last_name(function: ast.expr) -> str:
    """Return the last name in an expression like `a.b.c`, or "" for any other expression."""
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def mutable_names(tree: ast.AST, frozen: Collection[str] = ()) -> Iterator[str]:
    """Yield the names that a cell binds to a mutable object.

    Parameters
    ----------
    tree : ast.AST
    frozen : collection of str
        The instructor's own types whose instances are immutable.
    """
    for node in top_level_nodes(tree):
        if isinstance(node, ast.Assign):
            targets: list[ast.expr] = node.targets
        elif isinstance(node, ast.AnnAssign):
            targets = [node.target]
        else:
            continue
        if node.value is not None and is_mutable(node.value, frozen):
            for target in targets:
                yield from (n.id for n in ast.walk(target) if isinstance(n, ast.Name))


GENERATOR_MAKERS = {"default_rng", "RandomState", "Random", "Generator"}
"""Functions and classes that make random number generators."""


def generator_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a cell binds to random number generators; drawing changes those."""
    for node in top_level_nodes(tree):
        match node:
            case ast.Assign(
                targets=targets,
                value=ast.Call(func=ast.Name(id=maker) | ast.Attribute(attr=maker)),
            ) if maker in GENERATOR_MAKERS:
                yield from (target.id for target in targets if isinstance(target, ast.Name))


def is_mutable(value: ast.expr, frozen: Collection[str] = ()) -> bool:
    """Return whether an expression makes a list, a dict, an array or another mutable object.

    The result of an unknown function counts as mutable. `np.int64(5)` does not, because a NumPy
    scalar cannot be changed; the same holds for a dtype.
    """
    match value:
        case ast.Tuple(elts=parts):
            return any(is_mutable(part, frozen) for part in parts)
        case ast.Call():
            return returns_mutable(value, frozen)
        case ast.BinOp(left=left, right=right):  # `[0] * 3`
            return isinstance(left, MUTABLE_DISPLAYS) or isinstance(right, MUTABLE_DISPLAYS)
        case ast.IfExp(body=first, orelse=second):
            return is_mutable(first, frozen) or is_mutable(second, frozen)
    return isinstance(value, MUTABLE_DISPLAYS)


def returns_mutable(call: ast.Call, frozen: Collection[str]) -> bool:
    """Return whether a call may return a mutable object."""
    match call.func:
        case ast.Name(id=name) if name in frozen:
            return any(is_mutable(argument, frozen) for argument in call.args)
        case ast.Name(id=name):
            return name not in SAFE_CALLS
        case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr=name) if is_scalar_type(name):
            return False
        case ast.Attribute(value=ast.Name(id=module)) if module in SAFE_MODULES:
            return False
    return last_name(call.func) != "namedtuple"


def is_scalar_type(name: str) -> bool:
    """Return whether `np.<name>` is a scalar type, or `dtype`."""
    import numpy as np

    kind = getattr(np, name, None)
    return isinstance(kind, type) and issubclass(kind, np.generic | np.dtype)
