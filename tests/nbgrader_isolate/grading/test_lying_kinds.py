"""Values whose kind is hidden from the check of kinds, in each way that a message allows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, plain, records, student

pytestmark = pytest.mark.slow
FRAME = "a pandas DataFrame"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits(cell_seconds=30.0)) as running:
        yield running


def run(engine: Engine, answer: str, *tests: str, **kinds: list[str]) -> list[tuple[str, str]]:
    """How tests end that expect some kinds, and why a person has to look."""
    expected = {f"{name}(…)": found for name, found in kinds.items()}
    facts = {"owner": "instructor", "mode": "isolated", "kinds": expected}
    cells = [plain("import numpy as np"), student(answer), *(cell(test, **facts) for test in tests)]
    done = records(engine.run(notebook(*cells), files={}, student_names=["f", "g"], seed=1))
    return [(one["outcome"], one["refused"]) for one in done[2:]]


ORDERED = """
import enum
import pandas as pd
import nbgrader_isolate.bridge.library_values as lv
from enum import Enum
class Word(Enum):
    CATEGORY, INTERVAL, INDEX = "category", "interval", "index"
class Text(str): pass
words = {{word.value: word for word in Word}}
def conv(x, depth=0):
    if isinstance(x, tuple):
        y = [conv(part) for part in x]
        if y and type(y[0]) is str and y[0] in words:
            y[0] = {name}
            {more}
        return tuple(y)
    return [conv(part) for part in x] if isinstance(x, list) else x
described = lv.describe
lv.describe = lambda value, tag: conv(described(value, tag))
def f(x):
    ages = pd.Categorical([31, 7, 55], categories=[31, 7, 55], ordered=True)
    return {value}
"""
SORTED = (
    "got = f(1)\nassert got['age'].is_monotonic_increasing\n"
    "assert sorted(got['age'].tolist()) == [7, 31, 55]"
)


@pytest.mark.parametrize("name", ["y[0]", "words[y[0]]", "Text(y[0])", "[y[0]]", "(y[0],)"])
@pytest.mark.parametrize("more", ["pass", "y[-1] = 1 if y[-1] is True else y[-1]"])
@pytest.mark.parametrize(
    "value",
    ["pd.DataFrame({'age': ages})", "pd.DataFrame({'age': pd.Series(ages, index=[3, 4, 5])})"],
)
def test_ordered_categories_do_not_pass_for_numbers(
    engine: Engine, name: str, more: str, value: str
) -> None:
    answer = ORDERED.format(name=name, more=more, value=value)
    ((outcome, _),) = run(engine, answer, SORTED, f=[FRAME])
    assert outcome == "failed"


UNORDERED = """
import pandas as pd
def f(x):
    return pd.DataFrame({{'age': pd.Categorical({values}, categories={categories})}})
"""


@pytest.mark.parametrize("values", ["[31, 7, 55]", "['31', '07', '55']"])
def test_the_order_of_categories_decides_nothing(engine: Engine, values: str) -> None:
    lie = UNORDERED.format(values=values, categories=values)
    test = "got = f(1)\nassert got['age'].is_monotonic_increasing and len(got) == 3"
    ((outcome, refused),) = run(engine, lie, test, f=[FRAME])
    assert (outcome, "ordered categories" in refused) == ("failed", True)


def test_texts_as_categories_in_their_own_order_are_plain(engine: Engine) -> None:
    honest = UNORDERED.format(values="['a', 'b', 'b']", categories="None")
    test = "got = f(1)\nassert got['age'].is_monotonic_increasing and len(got) == 3"
    assert run(engine, honest, test, f=[FRAME]) == [("passed", "")]


def test_ordered_categories_inside_other_frames_are_noted(engine: Engine) -> None:
    value = "pd.DataFrame({'age': [31, 7], 'in': [pd.DataFrame({'a': ages}), None]})"
    answer = ORDERED.format(name="words[y[0]]", more="pass", value=value)
    test = "got = f(1)\nassert got['in'][0]['a'].is_monotonic_increasing"
    ((outcome, _),) = run(engine, answer, test, f=[FRAME])
    assert outcome == "failed"


COMPLEX = {
    "swapped": "np.array([9 + 5j] * 3).astype('>c16')",
    "single": "np.full(3, 9 + 5j, np.complex64)",
    "long": "np.full(3, 9 + 5j, np.clongdouble)",
    "swapped single": "np.full(3, 9 + 5j).astype('>c8')",
    "field": "np.array([(9 + 5j,)] * 3, [('v', 'c16')])['v']",
    "strided": "np.full((3, 2), 9 + 5j)[:, 0]",
    "broadcast": "np.broadcast_to(np.complex128(9 + 5j), 3)",
    "objects": "np.array([9 + 5j] * 3, object)",
    "list": "[np.complex64(9 + 5j)] * 3",
    "generator": "(9 + 5j for _ in range(3))",
    "values": "dict.fromkeys('abc', 9 + 5j).values()",
    "deque": "__import__('collections').deque([9 + 5j] * 3)",
    "masked": "np.ma.masked_array([9 + 5j] * 3)",
    "matrix": "np.asmatrix([9 + 5j] * 3)",
    "series": "__import__('pandas').Series([9 + 5j] * 3)",
}


@pytest.mark.parametrize("form", COMPLEX)
def test_complex_numbers_do_not_pass_for_real_ones(engine: Engine, form: str) -> None:
    answer = f"import numpy as np\ndef f(): return {COMPLEX[form]}\ndef g(): return 1"
    test = (
        "got = list(f())\nassert len(got) > 0\n"
        "assert all(((x - 9) ** 2 < 1e-9).all() for x in map(np.asarray, got))"
    )
    ((outcome, _),) = run(engine, answer, test)
    assert outcome == "failed"
    honest = "import numpy as np\ndef f(): return np.full(3, 9.0)\ndef g(): return 1"
    assert run(engine, honest, test) == [("passed", "")]


LEFT = {
    "empty loop": "for got in []: pass",
    "no condition": "if not g(): got = 9",
    "error": "try:\n    got = int('x')\nexcept ValueError: pass",
    "short": "g() == 1 or (got := 9)",
    "function": "def bind():\n    global got\n    got = 9",
    "no case": "match g():\n    case 7: got = 9",
    "while": "while not g(): got = 9",
    "comprehension": "[got for got in [9]]",
    "suppressed": "import contextlib\nwith contextlib.suppress(ValueError):\n    got = int('x')",
}


@pytest.mark.parametrize("form", LEFT)
def test_a_name_that_a_test_may_leave_as_it_was_keeps_its_kind(engine: Engine, form: str) -> None:
    answer = "def f(): return 9 + 5j\ndef g(): return 1"
    tests = ["got = f()\nassert got", f"{LEFT[form]}\nassert (abs(got) > 10 and g() == 1)"]
    first, second = run(engine, answer, *tests)
    assert (first[0], second[0]) == ("failed", "failed")
    assert "complex" in second[1]
