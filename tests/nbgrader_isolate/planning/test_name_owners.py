"""Whose the names of a notebook are, with and without a reference solution."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from nbgrader_isolate.planning.name_owners import CellText, NameOwners, name_owners

STUB = "def f(x):\n    raise NotImplementedError"


def owners(cells: Iterable[str | tuple[str, str | None]]) -> NameOwners:
    """Return the owners in a notebook of cells: a pair is a stub and its solution."""
    return name_owners(
        CellText(str(number), cell)
        if isinstance(cell, str)
        else CellText(str(number), cell[0], solution=True, reference=cell[1])
        for number, cell in enumerate(cells)
    )


@pytest.mark.parametrize(
    ("cells", "student", "instructor"),
    [
        ([(STUB, "def f(x): return 1"), "assert f(2) == 1"], "f", ""),
        (["TOL = 1e-9", (STUB, STUB), "assert f(2) < TOL"], "f", "TOL"),
        (["def ok(x): return x < TOL", (STUB, STUB), "assert ok(1)", "TOL = 1"], "f", "ok TOL"),
        (["total = None", ("", "total = 3"), "assert total == 3"], "total", ""),
        (["total = None", ("", "total = 3"), "total = 4\nassert total == 4"], "", "total"),
        ([("", "found = [2]"), "found = sorted(found)"], "found", ""),
        ([("", "i = 3"), "for i in range(2): assert i < 2"], "", "i"),
        ([("", "import numpy as np"), "import numpy as np\nnp.pi"], "", "np"),
        ([(STUB, STUB), "match f(1):\n    case [a, *b]: assert a"], "f", "a b"),
        ([(STUB, STUB), "old = f\ndel f\nf = old"], "f", "old"),
    ],
)
def test_with_a_solution_it_is_known_whose_a_name_is(
    cells: list[str | tuple[str, str | None]], student: str, instructor: str
) -> None:
    found = owners(cells)
    assert (found.student, found.instructor) == (set(student.split()), set(instructor.split()))


def test_without_a_solution_a_name_that_is_read_first_may_be_the_students() -> None:
    found = owners([(STUB, None), "assert total == f(3)", "total = 4", "def ok(): return TOL"])
    assert found.student == {"f", "total"}
    assert found.instructor == {"ok"}
    found = owners([(STUB, None), "def ok(): return TOL", "assert ok() == f(1)", "TOL = 3"])
    assert found.instructor == {"ok", "TOL"}


def test_a_name_that_both_bind_and_a_function_reads_is_unclear() -> None:
    found = owners(["def ok(): return total", ("", "total = 3"), "total = 3\nassert ok()"])
    assert found.unclear == {"total"}


def test_what_only_the_solution_imports_and_a_test_reads_is_imported_for_the_tests() -> None:
    solution = "from math import isclose, floor\nimport numpy as npx\ndef f(x): return floor(x)"
    found = owners([(STUB, solution), "assert isclose(f(2), 2) and npx.pi"])
    assert found.imports == {"0": "from math import isclose\nimport numpy as npx"}
    assert owners(["import numpy as npx", (STUB, solution), "npx.pi"]).imports == {}


def test_a_solution_that_only_imports_is_asked_for_its_names() -> None:
    cells = [
        ("", '"""Import it."""\nfrom math import tau as t, pi'),
        ("", "import math as m\nx = m.pi"),
        "assert t > 6 and m.pi > 3",
    ]
    found = owners(cells)
    assert found.asked == {"0": ["t"]}
    assert sorted(found.imports) == ["0", "1"]


def test_an_object_that_a_solution_changes_is_the_students_after_it() -> None:
    cells = [
        CellText("a", "stock = {}\nother = []"),
        CellText("b", "", solution=True, reference="stock['tea'] = 1\nother.append(1)"),
        CellText("c", "assert stock"),
    ]
    found = name_owners(cells, {"stock"})
    assert found.changes == {"b": ["stock"]}
    assert found.takes == {"b": ["stock"]}
    assert (found.student, found.instructor) == ({"stock"}, {"other"})


def test_a_name_is_taken_where_the_stub_or_the_solution_binds_it() -> None:
    cells = ["total = None", (STUB, STUB), "assert f(1)", ("", "total = 3"), "assert total == 3"]
    assert owners(cells).takes == {"1": ["f"], "3": ["total"]}
    cells[1] = (STUB, None)
    assert owners(cells).takes == {"1": ["f"], "3": ["total"]}
    assert owners(cells).unknown == ["1"], "its solution may bind anything"
