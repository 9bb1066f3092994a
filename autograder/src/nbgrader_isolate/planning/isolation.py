"""Where a test can run, as far as its text shows: isolated, or in the student's process and why.

This module reads syntax trees and runs no code. What the text does not show is found by the dry
run of the reference solution (`nbgrader_isolate.planning.dry_run`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
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
    generator_names,
    immutable_types,
    module_attributes,
    mutable_names,
    read_names,
    stored_names,
    top_level_names,
    unsendable_callables,
    unsendable_definitions,
)
from nbgrader_isolate.notebook.ipython_syntax import ipython_line, parse_cell, without_inline
from nbgrader_isolate.notebook.name_flow import changed_in_place
from nbgrader_isolate.planning.arguments import Scope, arguments_for, forwarding_of, library_imports
from nbgrader_isolate.planning.rebound_names import read_in_functions, visible_rebinds
from nbgrader_isolate.planning.revealing_names import (
    harmless_lookups,
    harmless_patches,
    measuring_imports,
    revealing_names,
)

ISOLATION_VALUES: dict[str, Mode] = {
    "isolated": ISOLATED,
    "in-process": IN_PROCESS,
    "in_process": IN_PROCESS,
}
"""Values of `isolation` in metadata; the underscore is what a course's sources often use."""
CONTAINERS = frozenset(
    {"list", "dict", "set", "frozenset", "tuple", "str", "bytes", "int", "float", "deque"}
    | {"Counter", "OrderedDict", "defaultdict", "UserDict", "UserList", "UserString", "bytearray"}
)
"""Classes of Python that a student's class can derive from; a proxy derives from none of them."""
FUNCTION_PARTS = frozenset(
    {"__code__", "__defaults__", "__kwdefaults__", "__globals__", "__closure__", "__wrapped__"}
)
"""Attributes of a function that its proxy has of its own."""
NO_MODULES: Mapping[str, str] = {}


def declared_mode(cell: dict[str, Any]) -> tuple[Mode, str] | None:
    """Return the mode that a test's metadata declares, and why; None if it declares none.

    The key is `nbgrader_isolate.isolation`, `"isolated"` or `"in-process"` (with a `reason`). The
    keys of earlier versions are read too: `autograder.mode`, and `course.one_process`, whose value
    is the reason to run a test in-process.
    """
    metadata = cell["metadata"]
    entry, former = metadata.get(METADATA, {}), metadata.get(FORMER_METADATA, {})
    mode: Mode | None = ISOLATION_VALUES.get(str(entry.get("isolation")))
    if mode is None:
        entry, mode = former, FORMER_MODES.get(str(former.get("mode")))
    if mode is not None:
        reason = entry.get("reason") or "its metadata says so"
        return mode, "" if mode == ISOLATED else str(reason)
    if reason := metadata.get("course", {}).get("one_process"):
        return IN_PROCESS, str(reason)
    return None


@dataclass(frozen=True, order=True)
class Obstacle:
    """An obstacle to isolation: something in a test that needs the student's process.

    Parameters
    ----------
    line : int
        Its line in the source of the cell or module, counted from 1.
    reason : str
        What it is, as in "measures memory (tracemalloc)".
    module : str
        The instructor's module that contains it; empty if a cell does.
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
        The instructor's module that defines it; empty if a cell does.
    """

    tree: ast.FunctionDef
    module: str = ""


class IsolationAnalysis:
    """What the sources of an assignment say about where its tests can run.

    This class alone decides by a test's text where the test runs. The plan asks it, and a course's
    own checks can ask it too.

    Parameters
    ----------
    plain : sequence of str
        Sources of the instructor's code cells that have no points.
    stubs : sequence of str
        Sources of solution cells as students get them.
    references : sequence of str
        Sources of the same cells with their solutions; empty if there are none.
    tests : sequence of str
        Sources of the grade cells.
    modules : dict of str to str, optional
        Sources of the instructor's modules beside the notebook, by the names that import them.

    Attributes
    ----------
    student_names : set of str
        Names that the student's code binds, and that tests or the instructor's cells use, and those
        in `changed_names`.
    plain_classes : set of str
        Classes that the instructor's ungraded cells define.
    changed_names : set of str
        The instructor's names whose objects the solution changes.
    scope : Scope
        What names refer to in the notebook.
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
        trees = [*((name, parse_cell(source)) for name, source in modules.items())]
        trees += [("", tree) for tree in plain_trees]
        self.helpers = {
            name: Helper(function, module)
            for module, tree in trees
            for name, function in defined_functions(tree).items()
        }
        self.helper_uses: dict[str, set[str]] = {}
        self.helper_obstacles: dict[str, set[Obstacle]] = {}
        self.functions = {name: helper.tree for name, helper in self.helpers.items()}
        self.forwarding = forwarding_of(self.functions)
        self.imports = dict(pair for _, tree in trees for pair in measuring_imports(tree))
        frozen = {name for _, tree in trees for name in immutable_types(tree)}
        self.mutable = {name for tree in plain_trees for name in mutable_names(tree, frozen)}
        self.analyze_student_code(
            plain_trees, [*map(parse_cell, stubs)], [*map(parse_cell, references)]
        )
        used = {name for source in tests for name in read_names(parse_cell(source))}
        used |= {name for tree in plain_trees for name in read_names(tree)}
        self.plain_classes = {
            name
            for tree in plain_trees
            for name, what in unsendable_definitions(tree)
            if what == "a class"
        }
        drawn_from = {name for tree in plain_trees for name in generator_names(tree)}
        self.student_changes |= drawn_from & self.student_reads
        self.changed_names = self.mutable & self.student_reads & self.student_changes
        self.student_names = self.stub_names | (self.reference_names & used) | self.changed_names

    def analyze_student_code(
        self, plain: list[ast.Module], stubs: list[ast.Module], references: list[ast.Module]
    ) -> None:
        """Find what the student's code binds, reads and defines."""
        solutions = [*stubs, *references]
        instructor_names = {name for tree in plain for name in top_level_names(tree)}
        self.stub_names = {name for tree in stubs for name in top_level_names(tree)}
        bound = {name for tree in references for name in top_level_names(tree)}
        self.reference_names = bound - instructor_names
        self.student_reads = {
            name for tree in solutions for name in read_names(tree) - stored_names(tree)
        }
        self.student_changes = {name for tree in solutions for name in changed_in_place(tree)}
        self.defined_by_students = {name for tree in solutions for name in callables_of(tree)}
        self.read_in_functions = read_in_functions(solutions)
        self.unsendable = {
            name: what for tree in solutions for name, what in unsendable_definitions(tree)
        }
        self.classes = {name for name, what in self.unsendable.items() if what == "a class"}
        for name in self.classes:
            del self.unsendable[name]
        generators = {
            name for name, what in self.unsendable.items() if what == "a generator function"
        }
        for name in generators:
            del self.unsendable[name]
        callables = {
            name
            for tree in (*solutions, *plain)
            for name in (*callables_of(tree), *immutable_types(tree))
        }
        imports = dict(pair for tree in plain for pair in library_imports(tree))
        trees = (*solutions, *plain)
        unsendable = {name for tree in trees for name in unsendable_callables(tree)}
        unsendable |= {name for tree in trees for name in immutable_types(tree)}
        callables |= self.functions.keys()
        unsendable -= self.classes | generators
        self.scope = Scope(callables, imports=imports, unsendable=unsendable)

    def reason(self, source: str) -> str:
        """Return why a test must run in the student's process, or "" if it can be isolated."""
        return "; ".join(sorted({obstacle.reason for obstacle in self.obstacles(source)}))

    def obstacles(self, source: str) -> list[Obstacle]:
        """Return everything in a test, and in the functions it uses, that prevents isolation."""
        if line := magic_line(source):
            return [Obstacle(line, "uses a magic or a shell command")]
        tree = parse_cell(source)
        obstacles = {Obstacle(line, reason) for line, reason in self.obstacles_in(tree)}
        for line, name in visible_rebinds(tree, self.stub_names, self.read_in_functions):
            obstacles.add(Obstacle(line, f"rebinds {name}, which the student's functions read"))
        for name in self.helpers_of(tree):
            obstacles |= self.obstacles_in_helper(name)
        if self.uses_classes(source):
            obstacles |= {Obstacle(*found) for found in identity_of_contents(tree)}
        return sorted(obstacles)

    def evidence(self, source: str) -> list[str]:
        """Return the lines of a test, and the functions it uses, that prevent isolation."""
        lines = source.splitlines()
        tree = parse_cell(source) if not magic_line(source) else ast.Module([], [])
        helpers = sorted(self.helpers_of(tree))
        inside = {each for name in helpers for each in self.obstacles_in_helper(name)}
        own = {each.line for each in self.obstacles(source) if each not in inside}
        found = [f"line {line}: {lines[line - 1].strip()}" for line in sorted(own)]
        for name in helpers:
            reasons = sorted({each.reason for each in self.obstacles_in_helper(name)})
            found += [f"your function {name}, which it uses: {reason}" for reason in reasons]
        return found

    def shared_names(self, source: str) -> list[str]:
        """Return the instructor's objects that a test reads and that students could change.

        The solution does not change them, as its text shows. When the test runs, they must be the
        same in both processes.
        """
        if magic_line(source):
            return []
        tree = parse_cell(source)
        trees = [tree, *(self.helpers[name].tree for name in self.helpers_of(tree))]
        read = {name for each in trees for name in read_names(each)}
        return sorted(read & self.mutable & self.student_reads - self.student_names)

    def uses_classes(self, source: str) -> bool:
        """Return whether a test, or a function that it uses, names a class of the student's."""
        if magic_line(source):
            return False
        tree = parse_cell(source)
        trees = [tree, *(self.helpers[name].tree for name in self.helpers_of(tree))]
        return any(self.classes & read_names(each) for each in trees)

    def compares_objects(self, source: str) -> bool:
        """Return whether a test compares two objects of the student's classes, as it makes them."""
        if magic_line(source):
            return False
        tree = parse_cell(source)
        made = self.makes_in(tree)
        return any(
            isinstance(node, ast.Compare)
            and all(self.makes(side, made) for side in (node.left, *node.comparators))
            for node in ast.walk(tree)
        )

    def makes_in(self, tree: ast.AST) -> set[str]:
        """Return the names that some code binds to objects of the student's classes."""
        made: set[str] = set()
        for node in ast.walk(tree) if self.classes else ():
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if self.makes(
                    value, made
                ):
                    made.add(name)
        return made

    def makes(self, expression: ast.expr, made: set[str]) -> bool:
        """Return whether an expression is an object of a student's class, as far as it shows."""
        match expression:
            case ast.Call(func=ast.Name(id=name)):
                return name in self.classes
            case ast.BinOp(left=left, right=right):
                return self.makes(left, made) or self.makes(right, made)
            case ast.Name(id=name):
                return name in made
        return False

    def obstacles_in_helper(self, name: str) -> set[Obstacle]:
        """Return what prevents isolation in a function of the instructor's, for all its tests."""
        if name not in self.helper_obstacles:
            helper = self.helpers[name]
            self.helper_obstacles[name] = {
                Obstacle(line, reason, helper.module)
                for line, reason in self.obstacles_in(helper.tree)
            }
        return self.helper_obstacles[name]

    def helpers_of(self, tree: ast.AST) -> set[str]:
        """Return the instructor's functions that a test uses, directly or through others."""
        used: set[str] = set()
        todo = self.helpers_named_in(tree)
        while todo:
            name = todo.pop()
            used.add(name)
            if name not in self.helper_uses:
                self.helper_uses[name] = self.helpers_named_in(self.helpers[name].tree)
            todo |= self.helper_uses[name] - used
        return used

    def helpers_named_in(self, tree: ast.AST) -> set[str]:
        """Return the instructor's functions that a piece of code names."""
        names = read_names(tree) | set(module_attributes(tree, self.modules))
        return names & self.helpers.keys()

    def obstacles_in(self, tree: ast.AST) -> Iterator[tuple[int, str]]:
        """Yield what needs the student's process in one piece of code, with the line."""
        imports = self.imports | dict(measuring_imports(tree))
        scope, harmless = self.scope.within(tree), harmless_patches(tree) | harmless_lookups(tree)
        for node in ast.walk(tree):
            if node in harmless:
                continue
            for reason in (*revealing_names(node, imports, scope.local), *self.bad_reads(node)):
                yield node.lineno, reason  # type: ignore[attr-defined]
            if isinstance(node, ast.Call):
                yield from self.bad_arguments(node, scope)
        yield from asks_for_base(tree, self.classes, self.makes_in(tree))

    def bad_reads(self, node: ast.AST) -> Iterator[str]:
        """Yield why reading a name needs the student's process."""
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in self.unsendable:
                yield f"uses {name}, which is {self.unsendable[name]}"
            case ast.Attribute(value=owner, attr=part) if part in FUNCTION_PARTS:
                if root_name(owner) in self.student_names:
                    yield f"inspects a function ({part})"
            case ast.Call(func=ast.Attribute(value=ast.Name("dis")), args=[function, *_]):
                if root_name(function) in self.student_names:
                    yield "inspects a function (dis)"

    def bad_arguments(self, call: ast.Call, scope: Scope) -> Iterator[tuple[int, str]]:
        """Yield functions, types and iterators that are passed to a student's function."""
        for name, argument in arguments_for(call, self.functions, self.forwarding):
            if name in self.student_names and scope.is_unsendable(argument):
                yield argument.lineno, f"passes {ast.unparse(argument)[:40]} to {name}"


def magic_line(source: str) -> int:
    """Return the first line with a magic or a shell command, other than `%matplotlib inline`."""
    return ipython_line(without_inline(source))


def root_name(node: ast.expr) -> str:
    """Return the name that an expression such as `Stack().push` begins with, or ""."""
    while isinstance(node, ast.Attribute | ast.Call):
        node = node.value if isinstance(node, ast.Attribute) else node.func
    return node.id if isinstance(node, ast.Name) else ""


def asks_for_base(
    tree: ast.AST, classes: AbstractSet[str], made: AbstractSet[str]
) -> Iterator[tuple[int, str]]:
    """Yield questions whether a class of the student's derives from one of Python's containers.

    Parameters
    ----------
    tree : AST
    classes, made : set of str
        The student's classes, and names of their objects.
    """
    for node in ast.walk(tree) if classes else ():
        match node:
            case ast.Call(
                func=ast.Name("isinstance" | "issubclass" as word), args=[value, kinds]
            ) if any(
                isinstance(each, ast.Name) and each.id in CONTAINERS for each in ast.walk(kinds)
            ):
                asked = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)}
                if asked & classes if word == "issubclass" else is_object(value, classes, made):
                    yield node.lineno, f"asks for a base ({ast.unparse(node)[:60]})"


def is_object(value: ast.expr, classes: AbstractSet[str], made: AbstractSet[str]) -> bool:
    """Return whether an expression is an object of a student's class, as far as it shows."""
    match value:
        case ast.Call(func=ast.Name(id=name)):
            return name in classes
        case ast.Name(id=name):
            return name in made
    return False


def identity_of_contents(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield comparisons of what two objects hold with `is`, which copies of data cannot answer."""
    held = ast.Attribute | ast.Subscript | ast.Call
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[ast.Is() | ast.IsNot()], comparators=[right]) if (
                isinstance(left, held) and isinstance(right, held)
            ):
                yield node.lineno, f"compares {ast.unparse(node)[:60]} by identity"
