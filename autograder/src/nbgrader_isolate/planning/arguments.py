"""Which arguments of a test's calls cannot be sent to the student's process, as the text shows.

A class, a generator function or an iterator cannot be sent. Numbers, strings, arrays, and the types
of Python and NumPy can, and so can functions, which the student's code then calls over the bridge.
For an argument known by its name (`math.sqrt`, `np.int16`, `reversed`) the bridge itself is asked.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module

from nbgrader_isolate.notebook.ast_queries import (
    callables_of,
    stored_names,
    unsendable_callables,
)

LIBRARIES = frozenset(
    {"numpy", "math", "cmath", "operator", "itertools", "functools", "statistics"}
)
"""Modules whose attributes are looked up; no other module is imported."""
USUAL_ALIASES = {"np": "numpy", "numpy": "numpy", "math": "math", "operator": "operator"}
"""Names that refer to modules even if no import is visible."""
UNKNOWN = object()

Forwarding = Mapping[str, set[tuple[str, str]]]
"""For each helper function, pairs of its parameters: it calls the first with the second."""


@dataclass(frozen=True)
class Scope:
    """What names refer to at the place of a call.

    Parameters
    ----------
    callables : set of str
        Functions and classes that are defined in the notebook.
    unsendable : set of str
        Those of them that cannot be sent: classes, generator functions and async functions.
    local : set of str
        Names that are bound there to other objects.
    imports : dict of str to str
        Names that are imported from `LIBRARIES`, and their full names.
    """

    callables: set[str]
    local: set[str] = field(default_factory=set)
    imports: Mapping[str, str] = field(default_factory=dict)
    unsendable: set[str] = field(default_factory=set)

    def within(self, tree: ast.AST) -> Scope:
        """Return the scope inside a cell or a function."""
        defined = callables_of(tree)
        return Scope(
            callables=(self.callables - stored_names(tree)) | defined,
            local=stored_names(tree) - defined,
            imports={**self.imports, **dict(library_imports(tree))},
            unsendable=(self.unsendable - stored_names(tree)) | unsendable_callables(tree),
        )

    def value(self, expression: ast.expr) -> object:
        """Return the object that a name of Python or a library refers to, or `UNKNOWN`."""
        match expression:
            case ast.Attribute(value=inner, attr=name):
                owner = self.value(inner)
                return UNKNOWN if owner is UNKNOWN else getattr(owner, name, UNKNOWN)
            case ast.Name(id=name) if name in self.local | self.callables:
                return UNKNOWN
            case ast.Name(id=name) if path := self.imports.get(name) or USUAL_ALIASES.get(name):
                return resolve(path)
            case ast.Name(id=name):
                return getattr(builtins, name, UNKNOWN)
            case _:
                return UNKNOWN

    def is_unsendable(self, argument: ast.expr) -> bool:
        """Return whether an argument is, or contains, an object that cannot be sent."""
        parts = parts_of(argument)
        if parts is not None:
            return any(map(self.is_unsendable, parts))
        match argument:
            case ast.Lambda():
                return False
            case ast.GeneratorExp():
                return True
            case ast.Name(id=name) if name in self.callables:
                return name in self.unsendable
            case ast.Call(func=function):
                maker = self.value(function)
                return maker is not UNKNOWN and returns_unsendable(maker)
        value = self.value(argument)
        return value is not UNKNOWN and not can_be_sent(value)


def parts_of(argument: ast.expr) -> list[ast.expr] | None:
    """Return the expressions that an argument consists of; None if it is not a compound.

    `*iterator` has no parts, because its items are sent and not the iterator.
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


def library_imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield the names that code imports from `LIBRARIES`, with their full names."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    path = alias.name if alias.asname else alias.name.partition(".")[0]
                    yield from library_name(alias.asname or path, path)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for alias in names:
                    yield from library_name(alias.asname or alias.name, f"{module}.{alias.name}")


def library_name(name: str, path: str) -> Iterator[tuple[str, str]]:
    """Yield a name and its full name, if that belongs to one of `LIBRARIES`."""
    if path.partition(".")[0] in LIBRARIES:
        yield name, path


@cache
def resolve(path: str) -> object:
    """Return the object with a full name, or `UNKNOWN`."""
    module, *names = path.split(".")
    value: object = import_module(module)
    for name in names:
        value = getattr(value, name, UNKNOWN)
    return value


def can_be_sent(value: object) -> bool:
    """Return whether the bridge can send a value as an argument."""
    from nbgrader_isolate.bridge.callbacks import Callbacks
    from nbgrader_isolate.bridge.failures import Failure
    from nbgrader_isolate.bridge.pack import Packer

    try:
        Packer(answer=False, describe_function=Callbacks().describe).pack(value)
    except Failure:
        return False
    return True


def returns_unsendable(function: object) -> bool:
    """Return whether calling a known function or type makes an object that cannot be sent."""
    import numpy as np

    from nbgrader_isolate.bridge.pack import TABLED, TYPES

    if any(function is maker for maker in (iter, open)):
        return True
    if not isinstance(function, type) or function is type:
        return False
    sent = (*TABLED, *TYPES.values(), frozenset, slice, range, np.dtype, np.memmap, partial)
    sent += (np.random.Generator, np.random.RandomState)
    return not issubclass(function, np.generic) and function not in sent


def bind_arguments(function: ast.FunctionDef, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield each argument of a call with the parameter that takes it.

    If `*args` in the call leaves that open, it yields all possible parameters.
    """
    parameters = function.args
    positional = [parameter.arg for parameter in (*parameters.posonlyargs, *parameters.args)]
    by_name = [parameter.arg for parameter in (*parameters.args, *parameters.kwonlyargs)]
    varargs = [parameters.vararg.arg] if parameters.vararg else []
    kwargs = [parameters.kwarg.arg] if parameters.kwarg else []
    unknown = False
    for position, argument in enumerate(call.args):
        unknown |= isinstance(argument, ast.Starred)
        targets = (
            [*positional[position:], *varargs]
            if unknown
            else positional[position : position + 1] or varargs
        )
        yield from ((target, argument) for target in targets)
    for keyword in call.keywords:
        if keyword.arg is None:
            yield from ((target, keyword.value) for target in (*by_name, *kwargs))
        else:
            targets = [keyword.arg] if keyword.arg in by_name else kwargs
            yield from ((target, keyword.value) for target in targets)


def passed_names(argument: ast.expr) -> Iterator[str]:
    """Yield the names whose values an argument passes on unchanged: `x`, `*x`, `[x, y]`."""
    match argument:
        case ast.Name(id=name):
            yield name
        case ast.Starred(value=value):
            yield from passed_names(value)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from passed_names(part)


def arguments_for(
    call: ast.Call, functions: Mapping[str, ast.FunctionDef], forwarding: Forwarding
) -> Iterator[tuple[str, ast.expr]]:
    """Yield the names that a call calls, directly or through a helper, each with an argument.

    `call(double, 3)` passes 3 to `double` if the helper `call` calls its first parameter with its
    second one.
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
    bindings = list(bind_arguments(functions[name], call))
    for called, passed in forwarding.get(name, ()):
        for callee in (
            a.id for target, a in bindings if target == called and isinstance(a, ast.Name)
        ):
            yield from ((callee, argument) for target, argument in bindings if target == passed)


def forwarding_of(functions: Mapping[str, ast.FunctionDef]) -> Forwarding:
    """Return which parameters the instructor's functions call, and with which other parameters."""
    pairs: dict[str, set[tuple[str, str]]] = {name: set() for name in functions}
    while True:
        more = {
            name: set(forwarded_pairs(function, functions, pairs))
            for name, function in functions.items()
        }
        if all(more[name] <= pairs[name] for name in functions):
            return pairs
        for name, new in more.items():
            pairs[name] |= new


def forwarded_pairs(
    function: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef], known: Forwarding
) -> Iterator[tuple[str, str]]:
    """Yield the pairs of one function, given those of the functions that it calls."""
    parameters = {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            for callee, argument in arguments_for(node, functions, known):
                if callee in parameters:
                    yield from (
                        (callee, name) for name in passed_names(argument) if name in parameters
                    )
