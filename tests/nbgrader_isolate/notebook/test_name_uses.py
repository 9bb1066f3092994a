"""The names that a cell binds are those that Python itself binds when it runs the cell."""

from __future__ import annotations

import symtable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbgrader_isolate.notebook.ipython_syntax import parse_cell
from nbgrader_isolate.notebook.name_uses import bound_by, uses_of
from support.tiers import examples

NAMES = [f"n{number}" for number in range(8)]
names = st.sampled_from(NAMES)
values = st.sampled_from(["1", "[1, 2]", "(n0_ := 3)", "[w_ := t_ for t_ in [1]]", "{'k': 1}"])
FORMS = [
    "{a} = {v}",
    "{a} = {b} = {v}",
    "{a}, *{b} = [1, 2]",
    "{a}: int = {v}",
    "import os.path as {a}, math",
    "from math import pi as {a}",
    "for {a} in [1]:\n    {b} = 2",
    "with memoryview(b'') as {a}:\n    pass",
    "try:\n    1 / 0\nexcept ZeroDivisionError:\n    {a} = 1\nelse:\n    {b} = 1",
    "match [1, 2, 3]:\n    case [{a}, *{b}]:\n        pass",
    "match {{'k': 1, 'l': 2}}:\n    case {{'k': {a}, **{b}}} if {a}:\n        pass",
    "match 3:\n    case int() as {a}:\n        pass",
    "if ({a} := 1):\n    pass",
    "[{a} := i_ for i_ in [1, 2]]",
    "print([{a} := {b}_ for {b}_ in [1]])",
    "def {a}(x={v}):\n    {b} = 1",
    "async def {a}():\n    pass",
    "class {a}:\n    {b}_ = 1",
    "def {a}():\n    global {b}\n    {b} = 1\n{a}()",
    "class {a}:\n    global {b}\n    {b} = 1",
    "{a} = lambda {b}_: (inner_ := {b}_)",
    "{a} = 1\ndel {a}\n{a} = 2",
    "{a} = 1\n{a} += 1",
    "globals_ = [q_ for q_ in [1] if q_]",
]
forms = st.builds(
    lambda form, a, b, v: form.format(a=a, b=b, v=v), st.sampled_from(FORMS), names, names, values
)


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(forms, min_size=1, max_size=4).map("\n".join))
def test_the_names_that_a_cell_binds_are_those_that_are_there_when_it_has_run(cell: str) -> None:
    there: dict[str, object] = {}
    try:
        exec(cell, there)  # noqa: S102 (generated from the forms above)
    except (TypeError, SyntaxError):  # such as a class used as a number, or `global` after a use
        return
    found = bound_by(parse_cell(cell))
    assert found >= there.keys() - {"__builtins__", "__annotations__"}
    assert found <= bound_in_symbol_table(cell)


def bound_in_symbol_table(cell: str) -> set[str]:
    """The names that Python's own symbol table says are bound, in the module or as globals."""
    module = symtable.symtable(cell, "cell", "exec")
    tables = [module]
    bound = {s.get_name() for s in module.get_symbols() if s.is_assigned() or s.is_imported()}
    for table in tables:
        tables += table.get_children()
        bound |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_declared_global() and (symbol.is_assigned() or symbol.is_imported())
        }
    return bound


@pytest.mark.parametrize(
    ("cell", "uses"),
    [
        ("x = x + 1", "reads x, binds x"),
        ("x += y", "reads x, reads y, binds x"),
        ("for i in range(n): assert f(i)", "reads range, reads n, binds i, reads f, reads i"),
        ("def g(a, b=c):\n    d = 1\n    return a + d + e", "reads c, binds g, may read e"),
        ("h = lambda a: a + z", "may read z, binds h"),
        ("[f(i) for i in xs]", "reads xs, reads xs, reads f"),
        ("import numpy as np\nnp.pi", "imports np, reads np"),
        ("del x", ""),
    ],
)
def test_uses_come_in_the_order_in_which_the_cell_runs(cell: str, uses: str) -> None:
    assert ", ".join(f"{kind} {name}" for kind, name in uses_of(parse_cell(cell))) == uses


def test_a_cell_that_is_nested_too_deep_uses_nothing() -> None:
    assert bound_by(parse_cell("x = " + "+".join(["1"] * 20_000))) in ({"x"}, set())
