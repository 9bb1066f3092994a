"""Which global names a cell binds and reads, in the order in which it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Literal, NamedTuple

Kind = Literal["binds", "imports", "reads", "may read"]
"""What happens to a name; the body of a function *may* read it, whenever the function is called."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Use(NamedTuple):
    """One use of a global name."""

    kind: Kind
    name: str


def uses_of(tree: ast.AST) -> list[Use]:
    """Return the uses of global names in a cell; [] if it is nested too deep.

    Names bound by a star import are not among them.
    """
    visitor = _Visitor()
    try:
        visitor.visit(tree)
    except RecursionError:
        return []
    return visitor.uses


def bound_by(tree: ast.AST) -> set[str]:
    """Return the global names that a cell binds, by whatever statement or expression."""
    return {use.name for use in uses_of(tree) if use.kind in {"binds", "imports"}}


class _Scope:
    """The body of the module, a function or a class.

    Parameters
    ----------
    declared : set of str or None
        Names that are declared global there; None if all of them are global.
    local : set of str
        Names that are not global there: parameters and variables of functions.
    deferred : bool
        Whether it runs later, if at all.
    """

    def __init__(self, declared: set[str] | None, local: set[str], *, deferred: bool) -> None:
        self.declared, self.local, self.deferred = declared, local, deferred


class _Visitor(ast.NodeVisitor):
    """Collects uses; the names of its methods are those of the nodes of `ast`."""

    def __init__(self) -> None:
        self.uses: list[Use] = []
        self.scope = _Scope(None, set(), deferred=False)

    def read(self, name: str) -> None:
        """Note that the code reads a name."""
        if name not in self.scope.local:
            self.uses.append(Use("may read" if self.scope.deferred else "reads", name))

    def bind(self, name: str | None, kind: Kind = "binds") -> None:
        """Note that the code binds a name, if it is a global one."""
        declared = self.scope.declared
        if name and (declared is None or name in declared):
            self.uses.append(Use(kind, name))

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        """Visit nodes in this order."""
        for node in nodes:
            if node is not None:
                self.visit(node)

    def within(self, scope: _Scope, nodes: Iterable[ast.AST | None]) -> None:
        """Visit nodes in another scope."""
        before, self.scope = self.scope, scope
        self.visit_all(nodes)
        self.scope = before

    def visit_Name(self, node: ast.Name) -> None:
        """Read or bind a name; deleting it does neither."""
        if isinstance(node.ctx, ast.Load):
            self.read(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        """Visit the value before the targets."""
        self.visit_all([node.value, *node.targets])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        """Read the target, and then bind it."""
        if isinstance(node.target, ast.Name):
            self.read(node.target.id)
        self.visit_all([node.value, node.target])

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        """Visit the value before the target, which is only bound if there is a value."""
        self.visit_all([node.value, node.annotation])
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        """Bind the target in the scope around a comprehension, as Python does."""
        self.visit(node.value)
        self.bind(node.target.id)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        """Visit the iterable before the target."""
        self.visit_all([node.iter, node.target, *node.body, *node.orelse])

    visit_AsyncFor = visit_For  # noqa: N815

    def visit_alias(self, node: ast.alias) -> None:
        """Bind an imported name."""
        if node.name != "*":
            self.bind((node.asname or node.name).partition(".")[0], "imports")

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        """Bind the name of an exception."""
        self.visit_all([node.type])
        self.bind(node.name)
        self.visit_all(node.body)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        """Bind the name of a pattern."""
        self.generic_visit(node)
        self.bind(node.name)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        """Bind the name of the rest of a sequence."""
        self.bind(node.name)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        """Bind the name of the rest of a mapping."""
        self.generic_visit(node)
        self.bind(node.rest)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        """Visit the body at once, in a scope of its own, and then bind the name."""
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        scope = self.scope
        inner = _Scope(declared_global(node.body), set(scope.local), deferred=scope.deferred)
        self.within(inner, node.body)
        self.bind(node.name)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Visit what a definition evaluates, bind the name, and visit the body as deferred."""
        arguments = node.args
        annotations = [argument.annotation for argument in every_argument(arguments)]
        self.visit_all([*node.decorator_list, *arguments.defaults, *arguments.kw_defaults])
        self.visit_all([*annotations, node.returns])
        self.bind(node.name)
        self.enter(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """Visit the defaults, and the body as deferred."""
        self.visit_all([*node.args.defaults, *node.args.kw_defaults])
        self.enter(node, [node.body])

    def enter(self, node: _Function, body: list[ast.stmt] | list[ast.expr]) -> None:
        """Visit the body of a function."""
        declared = declared_global(body)
        local = {argument.arg for argument in every_argument(node.args)} | stored_in(body)
        inner = _Scope(declared, (self.scope.local | local) - declared, deferred=True)
        self.within(inner, body)

    def visit_ListComp(self, node: _Comprehension) -> None:
        """Visit the parts of a comprehension, whose own variables are not global."""
        targets = [generator.target for generator in node.generators]
        before = self.scope
        self.visit(node.generators[0].iter)
        self.scope = _Scope(
            before.declared, before.local | stored_in(targets), deferred=before.deferred
        )
        for generator in node.generators:
            self.visit_all([generator.iter, *generator.ifs])
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        self.visit_all(parts)
        self.scope = before

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp  # noqa: N815


def every_argument(arguments: ast.arguments) -> list[ast.arg]:
    """Return all parameters of a function."""
    rest = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def declared_global(body: Iterable[ast.AST]) -> set[str]:
    """Return the names that a body declares as global, not counting functions inside it."""
    return {name for node in own_nodes(body) if isinstance(node, ast.Global) for name in node.names}


def stored_in(body: Iterable[ast.AST]) -> set[str]:
    """Return the names that a body binds in its own scope."""
    names: set[str] = set()
    for node in own_nodes(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name):
                names.add(name)
            case ast.alias(name=name, asname=other):
                names.add((other or name).partition(".")[0])
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
    return names


def own_nodes(body: Iterable[ast.AST]) -> Iterable[ast.AST]:
    """Yield the nodes of a body, except those inside its functions and classes."""
    todo = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            todo.extend(ast.iter_child_nodes(node))
