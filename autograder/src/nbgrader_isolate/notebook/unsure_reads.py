"""Names that a cell may read as an earlier cell left them, although it binds them somewhere.

`for got in []: pass` and `if flag: got = 1` may leave a name as it was. Only what a cell binds in
any case before it reads it is certainly its own.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import lru_cache

from nbgrader_isolate.notebook.ipython_syntax import parse_cell
from nbgrader_isolate.notebook.name_uses import bound_by, uses_of

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Loop = ast.While | ast.For | ast.AsyncFor
_Parts = _Loop | ast.If | ast.With | ast.AsyncWith | ast.Try | ast.Match
_Binding = ast.Assign | ast.AnnAssign | ast.Import | ast.ImportFrom


@lru_cache(4096)
def unsure_reads(source: str) -> frozenset[str]:
    """Return the names that a cell may read before it binds them."""
    reader = _Reader()
    sure = reader.follow(parse_cell(source).body, set())
    return frozenset(reader.read | (reader.deferred - sure))


class _Reader:
    """Follows statements in their order.

    Attributes
    ----------
    read, deferred : set of str
        Names that are read before they are certainly bound, and those that functions read.
    """

    def __init__(self) -> None:
        self.read: set[str] = set()
        self.deferred: set[str] = set()

    def follow(self, body: Iterable[ast.stmt], sure: set[str]) -> set[str]:
        """Follow some statements; return the names that are certainly bound after them."""
        sure = set(sure)
        for node in body:
            if isinstance(node, _Parts):
                sure |= self.branches(node, sure)
            else:
                self.note(node, sure)
                if isinstance(node, _Definition):
                    sure.add(node.name)  # and what it declares global only when it runs
                elif isinstance(node, _Binding):
                    sure |= bound_by(node)
                elif isinstance(node, ast.Delete):
                    sure -= {part.id for part in node.targets if isinstance(part, ast.Name)}
        return sure

    def note(self, node: ast.AST | None, sure: set[str]) -> None:
        """Note what an expression or a simple statement reads."""
        bound = set(sure)
        for kind, name in uses_of(node) if node is not None else ():
            if kind in {"binds", "imports"}:
                bound.add(name)
            elif kind == "may read":
                self.deferred.add(name)
            elif name not in bound:
                self.read.add(name)

    def branches(self, node: _Parts, sure: set[str]) -> set[str]:
        """Follow a compound statement; return what it certainly binds."""
        match node:
            case ast.If(test=test, body=body, orelse=orelse):
                self.note(test, sure)
                return self.follow(body, sure) & self.follow(orelse, sure)
            case ast.While(test=test, body=body, orelse=orelse):
                self.note(test, sure)
                self.follow([*body, *orelse], sure)
            case ast.For() | ast.AsyncFor():
                self.note(node.iter, sure)
                self.follow([*node.body, *node.orelse], sure | bound_by(node.target))
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    self.note(item.context_expr, sure)
                    sure = sure | (bound_by(item.optional_vars) if item.optional_vars else set())
                self.follow(node.body, sure)  # an error in it may be suppressed
                return sure
            case ast.Try():
                done = self.follow([*node.body, *node.orelse], sure)
                for handler in node.handlers:
                    named = {handler.name} if handler.name else set()
                    self.note(handler.type, sure)
                    self.follow(handler.body, sure | named)
                last = self.follow(node.finalbody, sure)
                return last if node.handlers else done | last
            case ast.Match():
                self.note(node.subject, sure)
                for case in node.cases:
                    inside = sure | bound_by(case.pattern)
                    self.note(case.guard, inside)
                    self.follow(case.body, inside)
        return set()
