"""Tests that look at what both sides have a copy of: a wrong answer fails them isolated, too.

Each answer is wrong, and fails its test in one process. In the isolated test its code could have
passed, because a copy, a proxy or a mark stood in the place of what the test looks at.
"""

from __future__ import annotations

import linecache

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import cell, notebook, plain, records, student

pytestmark = pytest.mark.slow

DATA = "data = [3, 1, 2]"
STACK = """class Stack:
    def __init__(self, items=[]):
        self.own = items
    def push(self, x):
        self.own.append(x)
    def items(self):
        return self.own
    def __len__(self):
        return len(self.own)
"""
APPEND = "def append_to(x, to=[]):\n    to.append(x)\n    return to\n"
TIMED = """def timed(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)
    return wrapper
@timed
def slow(x, y=2):
    return x + y
"""
REPLACES = """class Account:
    def __init__(self, balance):
        self.balance = 7
    def __enter__(self):
        return self
    def __exit__(self, *error):
        raise ValueError("no money")
"""
FORGETS = """import functools
def timed(f):
    @functools.wraps(f)
    def g(*args):
        f(*args)
    return g
"""
APPLY = "def double(x):\n    return 2 * x\ndef apply(f, x):\n    return f(float(x))\n"
SORTER = "class Sorter:\n    def sort(self, x):\n        return sorted(x)\n"
MAKE = "def make():\n    return lambda x: sum(x)\n"
SWALLOW = """def retry(f):
    try:
        return f(1)
    except BaseException:
        return f(2)
"""
GLOBALS = """total = 10
log = []
def smallest():
    data.sort()
    return data[0]
def peek():
    global total
    total += 1
    return total - 1
def record(x):
    log.append(x)
    return log
"""
VACUOUS = {
    "an argument is copied": (STACK, "d = [1]\ns = Stack(d)\ns.push(3)\nassert d == [1]"),
    "an argument is not kept": (STACK, "d = [1]\ns = Stack(d)\nd.append(9)\nassert len(s) == 1"),
    "a result is a copy": (STACK, "s = Stack([1])\ns.items().append(5)\nassert len(s) == 1"),
    "no default is shared": (STACK, "a = Stack()\na.push(1)\nb = Stack()\nassert len(b) == 0"),
    "no default is changed": (APPEND, "a = append_to(1)\nb = append_to(2)\nassert a == [1]"),
    "data is unchanged": (GLOBALS, "assert smallest() == 1\nassert data == [3, 1, 2]"),
    "a number is unchanged": (GLOBALS, "assert total == peek() == 10\nassert total == 10"),
    "a list is unchanged": (GLOBALS, "assert log == []\nassert record(1)\nassert log == []"),
    "the name is kept": (TIMED, "assert slow.__name__ == 'slow'"),
    "the signature is kept": (
        TIMED,
        "import inspect\nassert list(inspect.signature(slow).parameters) == ['x', 'y']",
    ),
    "an assertion is replaced": (
        REPLACES,
        "try:\n    with Account(5) as a:\n        assert a.balance == 5\n"
        "        raise ValueError\nexcept ValueError:\n    pass",
    ),
    "a function comes back wrapped": (
        FORGETS,
        "@timed\ndef h(a):\n    return a * 2\nassert h(4) == 8",
    ),
    "a wrapped function is passed": (
        APPLY,
        "import functools\n@functools.wraps(double)\ndef strict(x):\n"
        "    assert isinstance(x, int)\n    return double(x)\nassert apply(strict, 4) == 8",
    ),
    "the text of a method": (
        SORTER,
        "import inspect\nassert 'sorted' not in inspect.getsource(Sorter.sort)",
    ),
    "the text of a returned function": (
        MAKE,
        "import inspect\nassert 'sum' not in inspect.getsource(make())",
    ),
    "an assertion in a function": (
        SWALLOW,
        "def f(x):\n    assert x != 1, 'too early'\n    return x\nassert retry(f) == 2",
    ),
}
UNNOTICED = {"an assertion is replaced", "an assertion in a function"}
"""In one process, the student's code hides these failed assertions."""
NAMES = ["Stack", "append_to", "timed", "slow", "Account", "double", "apply", "Sorter", "make"]
NAMES += ["retry", "smallest", "peek", "record", "total", "log"]


def in_one_process(answer: str, test: str) -> bool:
    """Whether a test passes when it runs where the answer runs."""
    names: dict[str, object] = {"__name__": "__main__"}
    for source, file in ((DATA, "<data>"), (answer, "<answer>"), (test, "<test>")):
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            exec(compile(source, file, "exec"), names)  # noqa: S102 (the sources above)
        except Exception:  # noqa: BLE001 (what a test raises)
            return False
    return True


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """What becomes of each isolated test, with the kinds of values that a reference gives."""
    found = {}
    with Engine(Limits()) as engine:
        for name, (answer, test) in VACUOUS.items():
            kinds = {
                "": ["a function", "a class of the student's", "an object of the student's class"]
            }
            facts = {"mode": "isolated", "objects": "class" in answer, "kinds": kinds}
            graded = cell(test, owner="instructor", shared=["data"], **facts)
            given = notebook(plain(DATA), student(answer), graded)
            ran = engine.run(given, files={}, student_names=NAMES, seed=0)
            found[name] = records(ran)[-1]["outcome"]
    return found


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("name", VACUOUS)
def test_what_fails_in_one_process_fails_isolated(outcomes: dict[str, str], name: str) -> None:
    if name not in UNNOTICED:
        assert not in_one_process(*VACUOUS[name])
    assert outcomes[name] == "failed"
