"""What the code of the instructor's functions may read and change, as its steps show."""

from __future__ import annotations

import dis
import functools
import types
from typing import NamedTuple

from nbgrader_isolate.notebook.name_flow import CHANGING_METHODS

_WRITES = {"STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE", "DELETE_ATTR", "DELETE_SUBSCR"}
_WRITES |= {"STORE_GLOBAL", "DELETE_GLOBAL"}
_WRITING = CHANGING_METHODS | {"setattr", "delattr", "send", "__setitem__", "__setattr__"}


class CodeFacts(NamedTuple):
    """What the code of a function and of those inside it may do.

    Parameters
    ----------
    names : frozenset of str
        Names that it may read.
    globals : frozenset of str
        Global names that it binds.
    cells : frozenset of str
        Names of enclosing functions that it binds.
    writes : bool
        Whether it may change any object.
    """

    names: frozenset[str]
    globals: frozenset[str]
    cells: frozenset[str]
    writes: bool


@functools.lru_cache(4096)
def facts_of(code: types.CodeType) -> CodeFacts:
    """Return what some code may do."""
    steps = [*dis.get_instructions(code)]
    inner = [facts_of(part) for part in code.co_consts if type(part) is types.CodeType]
    bound = {str(step.argval) for step in steps if step.opname.endswith("_GLOBAL")}
    stored = {str(step.argval) for step in steps if step.opname == "STORE_GLOBAL"}
    cells = {str(step.argval) for step in steps if step.opname == "STORE_DEREF"}
    names = {*code.co_names, *bound}
    writes = any(step.opname in _WRITES for step in steps) or bool(names & _WRITING)
    return CodeFacts(
        frozenset(names).union(*(part.names for part in inner)),
        frozenset(stored).union(*(part.globals for part in inner)),
        frozenset(cells).union(*(part.cells for part in inner)),
        writes or any(part.writes for part in inner),
    )
