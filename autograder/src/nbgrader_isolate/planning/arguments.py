"""Which arguments of a test's calls cannot be sent to the student's process, as far as the text tells.

A function, a class or an iterator cannot; numbers, text, arrays and Python's and NumPy's own types
can. What is known by name (`math.sqrt`, `np.int16`, `reversed`) is asked of the bridge itself.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module

from nbgrader_isolate.notebook.ast_queries import callables_of, stored_names

LIBRARIES = frozenset(
    {"numpy", "math", "cmath", "operator", "itertools", "functools", "statistics"}
)
"""Modules whose names are looked up; no other module is imported."""
USUAL = {"np": "numpy", "numpy": "numpy", "math": "math", "operator": "operator"}
"""Names of modules that are known without an import in sight."""
UNKNOWN = object()

Forwarding = Mapping[str, set[tuple[str, str]]]
"""Of each helper function: pairs of parameters, of which it calls the first with the second."""


@dataclass(frozen=True)
class Scope:
    """What names stand for where a call is written.

    Parameters
    ----------
    callables : set of str
        Functions and classes that are defined in the notebook.
    local : set of str
        Names that are bound there to anything else.
    imports : dict of str to str
        Names that are imported from `LIBRARIES`, and their full names.
    """

    callables: set[str]
    local: set[str] = field(default_factory=set)
    imports: Mapping[str, str] = field(default_factory=dict)

    def within(self, tree: ast.AST) -> Scope:
        """Return the scope inside a cell or a function."""
        defined = callables_of(tree)
        return Scope(
            callables=(self.callables - stored_names(tree)) | defined,
            local=stored_names(tree) - defined,
            imports={**self.imports, **dict(imported(tree))},
        )

    def value(self, expression: ast.expr) -> object:
        """Return what a name of Python or of a library stands for; `UNKNOWN` for any other expression."""
        match expression:
            case ast.Attribute(value=inner, attr=name):
                owner = self.value(inner)
                return UNKNOWN if owner is UNKNOWN else getattr(owner, name, UNKNOWN)
            case ast.Name(id=name) if name in self.local | self.callables:
                return UNKNOWN
            case ast.Name(id=name) if path := self.imports.get(name) or USUAL.get(name):
                return looked_up(path)
            case ast.Name(id=name):
                return getattr(builtins, name, UNKNOWN)
            case _:
                return UNKNOWN

    def is_object(self, argument: ast.expr) -> bool:
        """Return whether an argument is, or holds, something that cannot be sent."""
        parts = parts_of(argument)
        if parts is not None:
            return any(map(self.is_object, parts))
        match argument:
            case ast.Lambda() | ast.GeneratorExp():
                return True
            case ast.Name(id=name) if name in self.callables:
                return True
            case ast.Call(func=function):
                maker = self.value(function)
                return maker is not UNKNOWN and makes_objects(maker)
        value = self.value(argument)
        return value is not UNKNOWN and not can_cross(value)


def parts_of(argument: ast.expr) -> list[ast.expr] | None:
    """Return the expressions that an argument is made of; None if it is not made of others.

    What `*iterator` yields is sent, and not the iterator, so that has no parts.
    """
    match argument:
        case (
            ast.List(elts=parts)
            | ast.Tuple(elts=parts)
            | ast.Set(elts=parts)
            | ast.Dict(values=parts)
            | ast.Starred(value=ast.List(elts=parts) | ast.Tuple(elts=parts))
        ):
            return parts
        case ast.Starred():
            return []
        case (
            ast.ListComp(elt=part)
            | ast.SetComp(elt=part)
            | ast.DictComp(value=part)
            | ast.NamedExpr(value=part)
        ):
            return [part]
        case ast.IfExp(body=first, orelse=second):
            return [first, second]
    return None


def imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that code imports from `LIBRARIES`, with their full names."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    path = alias.name if alias.asname else alias.name.partition(".")[0]
                    yield from known(alias.asname or path, path)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    yield from known(alias.asname or alias.name, f"{module}.{alias.name}")


def known(name: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield a name and its full name, if that is of one of `LIBRARIES`."""
    if path.partition(".")[0] in LIBRARIES:
        yield name, path


@cache
def looked_up(path: str) -> object:
    """Return what a full name stands for; `UNKNOWN` if nothing."""
    module, *names = path.split(".")
    found: object = import_module(module)
    for name in names:
        found = getattr(found, name, UNKNOWN)
    return found


def can_cross(value: object) -> bool:
    """Return whether the bridge sends a value as an argument."""
    from nbgrader_isolate.bridge.failures import Failure
    from nbgrader_isolate.bridge.pack import Packer

    try:
        Packer(answer=False).pack(value)
    except Failure:
        return False
    return True


def makes_objects(function: object) -> bool:
    """Return whether a call of a known function or type makes something that cannot be sent."""
    import numpy as np

    from nbgrader_isolate.bridge.pack import TABLED, TYPES

    if any(function is maker for maker in (iter, open, np.random.default_rng)):
        return True
    if not isinstance(function, type) or function is type:
        return False
    sent = (*TABLED, *TYPES.values(), frozenset, slice, range, np.dtype, np.memmap)
    return not issubclass(function, np.generic) and function not in sent


def bindings(function: ast.FunctionDef, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield each argument of a call with the parameter that takes it.

    Where the text does not tell (`*args` in the call), all parameters that may take it are given.
    """
    given = function.args
    placed = [parameter.arg for parameter in (*given.posonlyargs, *given.args)]
    named = [parameter.arg for parameter in (*given.args, *given.kwonlyargs)]
    rest = [given.vararg.arg] if given.vararg else []
    others = [given.kwarg.arg] if given.kwarg else []
    unsure = False
    for place, argument in enumerate(call.args):
        unsure |= isinstance(argument, ast.Starred)
        takers = [*placed[place:], *rest] if unsure else placed[place : place + 1] or rest
        yield from ((taker, argument) for taker in takers)
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from ((taker, keyword.value) for taker in (*named, *others))
        else:
            takers = [keyword.arg] if keyword.arg in named else others
            yield from ((taker, keyword.value) for taker in takers)


def handed_on(argument: ast.expr) -> Iterator[str]:
    """Yield the names whose values an argument holds as they are: `x`, `*x`, `[x, y]`."""
    match argument:
        case ast.Name(id=name):
            yield name
        case ast.Starred(value=value):
            yield from handed_on(value)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from handed_on(part)


def given(
    call: ast.Call, functions: Mapping[str, ast.FunctionDef], forwarding: Forwarding
) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a call calls, itself or through a helper, each with an argument that they get.

    `call(double, 3)` gives 3 to `double` if the helper `call` calls its first parameter with its second.
    """
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            pass
        case _:
            return
    if isinstance(call.func, ast.Name):
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]:
            yield name, argument
    if name not in functions:
        return
    bound = list(bindings(functions[name], call))
    for called, passed in forwarding.get(name, ()):
        for callee in (a.id for taker, a in bound if taker == called and isinstance(a, ast.Name)):
            yield from ((callee, argument) for taker, argument in bound if taker == passed)


def forwarding_of(functions: Mapping[str, ast.FunctionDef]) -> Forwarding:
    """Return which parameters the instructor's functions call, and with which others."""
    found: dict[str, set[tuple[str, str]]] = {name: set() for name in functions}
    while True:
        more = {name: set(forwarded(one, functions, found)) for name, one in functions.items()}
        if all(more[name] <= found[name] for name in functions):
            return found
        for name, pairs in more.items():
            found[name] |= pairs


def forwarded(
    function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], known: Forwarding
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one function, by what is known of the functions that it calls."""
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            for callee, argument in given(node, functions, known):
                if callee in parameters:
                    yield from (
                        (callee, name) for name in handed_on(argument) if name in parameters
                    )
