"""Whose each global name of a notebook is: the student's, or the instructor's for good.

A name that one of the instructor's cells binds is the instructor's, unless the stub binds it too,
or one of the instructor's cells reads it where the reference solution has bound it or changed its
object. Names that the
solution imports and a test reads are the instructor's: the test process imports them itself.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from nbgrader_isolate.notebook.ipython_syntax import parse_cell
from nbgrader_isolate.notebook.name_uses import Use, bound_by, uses_of


@dataclass(frozen=True)
class CellText:
    """The source of a code cell of the instructor's notebook.

    Parameters
    ----------
    name : str
        Its grade_id, or "".
    source : str
        As students get it.
    solution : bool
        Whether students write it.
    reference : str or None
        The source with its solution, if it is known.
    """

    name: str
    source: str
    solution: bool = False
    reference: str | None = None


@dataclass
class NameOwners:
    """Whose the names are.

    Attributes
    ----------
    student : set of str
        Names that are the student's although one of the instructor's cells binds them too, or that
        the stubs bind.
    instructor : set of str
        The other names that the instructor's cells bind.
    unclear : set of str
        The student's names that a function of the instructor's reads, and that both bind.
    imports : dict of str to str
        For each solution cell, the import statements of its solution that tests depend on.
    asked : dict of str to list of str
        For each solution cell that only imports, the names that tests read: whether the student has
        imported them is what is tested.
    changes : dict of str to list of str
        For each solution cell, the instructor's names whose objects it changes.
    takes : dict of str to list of str
        For each solution cell, the student's names that it binds or whose objects it changes, as
        far as its stub and its solution show.
    unknown : list of str
        The solution cells whose solution is not known.
    """

    student: set[str] = field(default_factory=set)
    instructor: set[str] = field(default_factory=set)
    unclear: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    asked: dict[str, list[str]] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    takes: dict[str, list[str]] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def name_owners(cells: Iterable[CellText], changed: Collection[str] = ()) -> NameOwners:
    """Return whose the names of a notebook are, by following its cells in order.

    Parameters
    ----------
    cells : iterable of CellText
    changed : collection of str
        The instructor's names whose objects solutions change.
    """
    cells = list(cells)
    walk = _Walk(all(cell.reference is not None for cell in cells if cell.solution))
    walk.changed = set(changed)
    for cell in cells:
        if cell.solution:
            walk.take_solution(cell)
        else:
            walk.take_instructor(uses_of(parse_cell(cell.source)))
    return walk.finish(cells)


class _Walk:
    """Follows the cells and knows who has bound each name last.

    Parameters
    ----------
    complete : bool
        Whether the reference solution is known. If not, a name that is read before any cell binds
        it may be one that students bind.
    """

    def __init__(self, complete: bool) -> None:  # noqa: FBT001 (its only parameter)
        self.complete = complete
        self.changed: set[str] = set()
        self.owners = NameOwners()
        self.by_student: set[str] = set()
        self.by_instructor: set[str] = set()
        self.students_now: set[str] = set()
        self.read: set[str] = set()
        self.deferred: set[str] = set()
        self.taken: dict[str, set[str]] = {}

    def take_solution(self, cell: CellText) -> None:
        """Follow a cell that students write, as the reference solution has it."""
        stub = assigned(uses_of(parse_cell(cell.source)))
        bound = stub | assigned(uses_of(parse_cell(cell.reference or "")))
        self.owners.student |= stub
        self.by_student |= bound
        self.students_now |= bound
        if cell.reference is None:
            self.owners.unknown.append(cell.name)
        trees = [parse_cell(cell.source), parse_cell(cell.reference or "")]
        # A cell that only reads such an object leaves it as it is, whoever it belongs to.
        changes = {use.name for tree in trees for use in uses_of(tree)} & self.changed
        changes &= self.by_instructor
        if changes:
            self.owners.changes[cell.name] = sorted(changes)
            self.students_now |= changes
        self.taken[cell.name] = bound | changes

    def take_instructor(self, uses: list[Use]) -> None:
        """Follow one of the instructor's cells."""
        for kind, name in uses:
            if kind in {"binds", "imports"}:
                self.by_instructor.add(name)
                self.students_now.discard(name)
                continue
            self.read.add(name)
            if kind == "may read":
                self.deferred.add(name)
            elif name in self.students_now or self.is_missing(name):
                self.owners.student.add(name)

    def is_missing(self, name: str) -> bool:
        """Return whether a name may be one that the unknown solution binds."""
        known = name in self.by_instructor or hasattr(builtins, name)
        return not self.complete and not known

    def finish(self, cells: Iterable[CellText]) -> NameOwners:
        """Return the owners."""
        owners = self.owners
        owners.unclear = self.deferred & self.by_student & self.by_instructor - owners.student
        owners.student |= owners.unclear
        owners.instructor = self.by_instructor - owners.student
        owners.takes = {name: sorted(taken & owners.student) for name, taken in self.taken.items()}
        wanted = self.read - self.by_instructor - owners.student - self.by_student
        for cell in cells:
            if cell.reference and (imports := "\n".join(imports_of(cell.reference, wanted))):
                owners.imports[cell.name] = imports
                if only_imports(cell.reference):
                    owners.asked[cell.name] = sorted(wanted & bound_by(parse_cell(imports)))
        return owners


def only_imports(source: str) -> bool:
    """Return whether a cell consists of imports and text."""
    return all(
        isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in parse_cell(source).body
    )


def assigned(uses: Iterable[Use]) -> set[str]:
    """Return the names that are bound, except by imports."""
    return {name for kind, name in uses if kind == "binds"}


def imports_of(source: str, names: set[str]) -> Iterable[str]:
    """Yield the import statements at a cell's top level that bind some names, without the rest."""
    for node in parse_cell(source).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [alias for alias in node.names if bound_by(alias) & names]
            if kept:
                node.names = kept
                yield ast.unparse(node)
