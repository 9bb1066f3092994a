"""The single rules of the test contract; each reads a syntax tree and names lines."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

import numpy as np

Fault = tuple[int, str]
"""A line, counted from 0, and what is wrong there and what to do."""

CALLERS = {"call": 1, "raises": 2}
"""Functions of `checking` that call an answer, and how many of their arguments are not the answer's."""
SEEDED = {
    "default_rng",
    "SeedSequence",
    "PCG64",
    "PCG64DXSM",
    "SFC64",
    "Philox",
    "MT19937",
    "RandomState",
    "Random",
}
RANDOM_MODULES = {"random", "secrets", "uuid"}
IN_PROCESS = {
    "tracemalloc": "measures memory",
    "resource": "measures the process",
    "psutil": "measures the process",
    "gc": "looks at live objects",
    "weakref": "looks at live objects",
    "mock": "patches names",
    "patch": "patches names",
}
CAPTURE = {"capsys", "capfd", "redirect_stdout", "redirect_stderr", "capture_output"}
IMMUTABLE_CALLS = {
    "tuple",
    "frozenset",
    "int",
    "float",
    "complex",
    "str",
    "bytes",
    "bool",
    "range",
    "len",
    "sum",
    "min",
    "max",
    "round",
    "abs",
    "slice",
}
OBJECTS = {"iter", "map", "filter", "zip", "np.dtype"}
NUMPY_SCALARS = {
    name
    for name in dir(np)
    if isinstance(getattr(np, name), type) and issubclass(getattr(np, name), np.generic)
}


def callables_passed(node: ast.AST, student: set[str], functions: set[str]) -> Iterator[Fault]:
    """Find functions, types and generators given to the student's code as arguments."""
    for made in ast.walk(node):
        if not isinstance(made, ast.Call):
            continue
        name = made.func.id if isinstance(made.func, ast.Name) else ""
        skipped = CALLERS.get(name)
        if name not in student and skipped is None:
            continue
        for argument in [*made.args[skipped or 0 :], *(word.value for word in made.keywords)]:
            if what := not_data(argument, functions | student):
                yield (
                    argument.lineno - 1,
                    f"passes {what} to the student's code: pass plain data (a dtype as text), or say why not in `:in_process:`",
                )


def not_data(argument: ast.expr, functions: set[str]) -> str:
    """Return what an argument is, if it cannot cross to another process; else an empty text."""
    text = ast.unparse(argument)
    match argument:
        case ast.Lambda() | ast.GeneratorExp():
            return f"the object {text}"
        case ast.Starred(value=value) if not isinstance(value, ast.GeneratorExp):
            return not_data(value, functions)
        case ast.Name(id=name) if name in functions or callable(getattr(builtins, name, None)):
            return f"the function {name}"
        case ast.Attribute(value=ast.Name(id="np"), attr=attr) if callable(getattr(np, attr, None)):
            return f"the object {text}"
        case ast.Call(func=function) if ast.unparse(function) in OBJECTS:
            return f"the object {text}"
        case _:
            return ""


def random_faults(node: ast.AST) -> Iterator[Fault]:
    """Find random data that differs from run to run."""
    for made in ast.walk(node):
        if not isinstance(made, ast.Call) or not (path := dotted(made.func)):
            continue
        last, module = path[-1], path[:-1]
        seeds = [*made.args, *(word.value for word in made.keywords)]
        fixed = seeds and not (isinstance(seeds[0], ast.Constant) and seeds[0].value is None)
        if last in SEEDED:
            if not fixed:
                yield (
                    made.lineno - 1,
                    f"{'.'.join(path)} without a seed: every student meets other data",
                )
        elif (
            module[-1:] == ("random",)
            or module[:1] in [(name,) for name in RANDOM_MODULES]
            or path == ("os", "urandom")
        ):
            yield (
                made.lineno - 1,
                f"{'.'.join(path)} draws from a hidden state: use `np.random.default_rng(SEED + k)`",
            )


def dotted(node: ast.expr) -> tuple[str, ...]:
    """Return the names of `a.b.c`; nothing for any other expression."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return (*before, node.attr) if before else ()
    return ()


def ambient(node: ast.AST) -> Iterator[Fault]:
    """Find what needs the student's process: printed text, memory, live objects."""
    for found in ast.walk(node):
        names = names_in(found)
        line = getattr(found, "lineno", 1) - 1
        for name in names & CAPTURE:
            yield line, f"{name} reads what the student's code prints: test what it returns"
        for name in names & IN_PROCESS.keys():
            yield line, f"{name} {IN_PROCESS[name]}: say why in `:in_process: reason`"
        if isinstance(found, ast.Attribute) and dotted(found) in (
            ("sys", "stdout"),
            ("sys", "stderr"),
        ):
            yield (
                line,
                f"{'.'.join(dotted(found))} reads what the student's code prints: test what it returns",
            )


def names_in(node: ast.AST) -> set[str]:
    """Return the names that one node itself mentions: a name, an import, an argument."""
    if isinstance(node, ast.Name):
        return {node.id}
    if isinstance(node, ast.alias):
        return {node.name.split(".")[0], node.name.split(".")[-1]}
    if isinstance(node, ast.ImportFrom):
        return {(node.module or "").split(".")[-1], (node.module or "").split(".")[0]}
    return set()


def student_classes(node: ast.AST, solutions: list[ast.Module]) -> Iterator[Fault]:
    """Find classes and generator functions of the student: what they make cannot cross."""
    odd = {}
    for tree in solutions:
        for made in tree.body:
            if isinstance(made, ast.ClassDef):
                odd[made.name] = "a class"
            elif isinstance(made, ast.FunctionDef) and yields(made):
                odd[made.name] = "a generator function"
    for found in ast.walk(node):
        if isinstance(found, ast.Name) and found.id in odd:
            yield (
                found.lineno - 1,
                f"{found.id} is {odd[found.id]}, whose objects cannot leave the student's process: say so in `:in_process: reason`",
            )


def yields(function: ast.FunctionDef) -> bool:
    """Tell whether a function itself, and no function inside it, yields."""
    todo: list[ast.AST] = list(function.body)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Yield | ast.YieldFrom):
            return True
        if not isinstance(node, ast.FunctionDef | ast.Lambda):
            todo += ast.iter_child_nodes(node)
    return False


def mutable_globals(node: ast.AST, plain: list[ast.Module], own: set[str]) -> Iterator[Fault]:
    """Find reads of lists, dicts and arrays of the instructor's that the student's code can change."""
    mutable = {name for tree in plain for name in mutable_names(tree)} - own
    local = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    local |= {
        n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    for found in ast.walk(node):
        reads = isinstance(found, ast.Name) and isinstance(found.ctx, ast.Load)
        if reads and found.id in mutable - local:  # type: ignore[attr-defined]
            yield (
                found.lineno - 1,  # type: ignore[attr-defined]
                f"{found.id} is a global that the student's code can change: make it a tuple, or make it anew in the test",  # type: ignore[attr-defined]
            )


def mutable_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a plain cell binds, at its top level, to something mutable."""
    for made in tree.body:
        if isinstance(made, ast.Assign):
            targets, value = made.targets, made.value
        elif isinstance(made, ast.AnnAssign) and made.value:
            targets, value = [made.target], made.value
        else:
            continue
        if is_mutable(value):
            yield from (
                n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)
            )


def is_mutable(value: ast.expr) -> bool:
    """Tell whether an expression makes something that can be changed afterwards."""
    if isinstance(value, ast.Tuple):
        return any(map(is_mutable, value.elts))
    if isinstance(value, ast.Call):
        return dotted(value.func)[-1:] not in [(name,) for name in IMMUTABLE_CALLS | NUMPY_SCALARS]
    return isinstance(
        value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp | ast.SetComp
    )
