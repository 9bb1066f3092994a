"""Whether a test can be kept out of the student's process, as far as its text tells."""

from __future__ import annotations

import pytest

from nbgrader_isolate.planning.isolation import IsolationAnalysis, declared_mode
from support.small_course import code

NO_REASON = "its metadata says so"
STUBS = [
    "def double(x):\n    raise NotImplementedError()",
    "class Stack:\n    pass",
    "def count():\n    yield 1",
    "%matplotlib inline\nanswer = None",
    "def half(x):\n    return x / 2\ndef quarter(x):\n    return half(half(x))",
]
PLAIN = [
    "import numpy as np\nimport tracemalloc as tm",
    "LIMIT = 10\nSIZES = [1, 2]\nlog = []\nPAIR = (1, 2)",
    "def check(x, want):\n    assert double(x) == want",
    "def peak(f):\n    tm.start()\n    return f()",
    "def twice(x):\n    return helper(x)\n\n\ndef helper(x):\n    return peak(x)",
]
REFERENCES = [
    "def double(x):\n    log.append(x)\n    SIZES = 3\n    return 2 * x\n\n\narea = 3\nunused = 4"
]
TESTS = ["assert area == 3", "assert double(2) == 4"]
ANALYSIS = IsolationAnalysis(PLAIN, STUBS, REFERENCES, TESTS)

ISOLATED = [
    "assert double(2) == 4",
    "check(2, 4)",
    "import numpy as np\na = np.arange(3)\nassert np.shares_memory(double(a), a)",
    "try:\n    double('a')\nexcept TypeError:\n    pass\nelse:\n    raise AssertionError",
    "assert answer == 3 and LIMIT == 10",
    "assert [double(n) for n in SIZES] == [2, 4]",
    "assert double(np.float64(2)) == 4.0 and double(np.array([1], dtype=np.int8)) == 2",
    "patch = double(3)\nassert patch == 6",
    "points = 0\npoints += double(1) == 2\npoints",
    "assert sorted([3, 1], key=lambda x: -x) == double([1])",
    "assert double(len([1])) == 2",
    "assert double(*(n for n in 'ab'))",
    "assert double(np.int8) and double(int) and double(np.dtype('int8'))",
    "await double(2)",
    "assert Stack().size == 0",
    "assert double(lambda: 3) == 6",
    "assert double(check) and double(key=len) and double(double)",
    "from contextlib import redirect_stdout as r\nwith r(out):\n    double(1)",
    "import sys\nsys.stdout = 3",
    "assert next(count()) == 1",
    "def f():\n    pass\nassert f.__code__.co_names == () and double(f) == 2",
    "assert isinstance(double(2), list) and issubclass(int, int)",
    "assert isinstance(Stack(), Stack) and issubclass(Stack, Exception)",
    "%matplotlib inline\nassert double(2) == 4",
    "from unittest.mock import patch\nwith patch('random.randint', f):\n    double(1)",
    "from unittest.mock import patch\nwith patch.object(random, 'choice'):\n    double(1)",
    "from unittest.mock import patch\nwith patch('builtins.print') as out:\n    double(1)",
    "assert log == [2]",
    "old = half\ndel half\ntry:\n    quarter(4)\nexcept NameError:\n    pass\nhalf = old",
    "for answer in [3]:\n    assert double(1) == answer",
    "answer = sorted(answer)\nassert answer == [1]",
    "assert 'double' in globals() and 'x' not in locals() and 'double' in dir()",
    "assert globals()['double'](2) == 4 and globals().get('answer') == 3",
    "import builtins\nbuiltins.input = lambda _: '3'",
    "from unittest.mock import patch\nwith patch('builtins.input', f):\n    double(1)",
    "from unittest import mock\nwith mock.patch('sys.stdout', f) as out:\n    double(1)",
]
IN_PROCESS = {
    "%timeit double(2)": "uses a magic or a shell command",
    "out = !ls": "uses a magic or a shell command",
    "assert peak(double) < 9": "measures memory (tracemalloc)",
    "twice(double)": "measures memory (tracemalloc)",
    "import tracemalloc\ntracemalloc.start()": "measures memory (tracemalloc)",
    "from unittest.mock import patch\nwith patch('a.b'):\n    double(1)": "patches names (patch)",
    "from unittest import mock\nmock.patch('a')": "patches names (mock)",
    "globals()['double'] = 3": "looks up names by their text (globals)",
    "def here():\n    return 'double' in locals()": "looks up names by their text (locals)",
    "get_ipython().run_cell('1')": "talks to the kernel (get_ipython)",
    "assert len(plt.gcf().axes) == 1": "inspects figures (gcf)",
    "assert Stack().items is not Stack().items": (
        "compares Stack().items is not Stack().items by identity"
    ),
    "assert not issubclass(Stack, list)": "asks for a base (issubclass(Stack, list))",
    "s = Stack()\nassert not isinstance(s, list)": "asks for a base (isinstance(s, list))",
    "assert 'sum' not in double.__code__.co_names": "inspects a function (__code__)",
    "import dis\ndis.dis(double)": "inspects a function (dis)",
    "import sys\nassert sys.getrecursionlimit() == 9": "asks for settings (getrecursionlimit)",
    "assert double(n for n in 'ab')": "passes (n for n in 'ab') to double",
    "def some():\n    yield 1\nassert double(some)": "passes some to double",
    "class Some:\n    pass\nassert double(Some)": "passes Some to double",
    "assert double(eval)": "passes eval to double",
    "assert double(iter([1]))": "passes iter([1]) to double",
    "old = half\nhalf = lambda x: 0\nassert quarter(4) == 0\nhalf = old": (
        "rebinds half, which the student's functions read"
    ),
}


@pytest.mark.parametrize("source", ISOLATED)
def test_tests_with_plain_calls_and_values_are_isolated(source: str) -> None:
    assert ANALYSIS.reason(source) == ""


@pytest.mark.parametrize("source", IN_PROCESS)
def test_each_obstacle_to_isolation_is_named(source: str) -> None:
    assert ANALYSIS.reason(source) == IN_PROCESS[source]


def test_objects_that_students_read_and_do_not_change_are_compared() -> None:
    plain = "rows = [1, 2]\nlog = []\nOTHER = [3]\ndef first():\n    return rows[0]"
    solution = "def total():\n    log.append(1)\n    return sum(rows)"
    analysis = IsolationAnalysis([plain], ["def total():\n    ..."], [solution], ["total()"])
    assert analysis.reason("assert total() == sum(rows)") == ""
    assert analysis.shared_names("assert total() == sum(rows)") == ["rows"]
    assert analysis.shared_names("assert total() == first()") == ["rows"]
    assert analysis.shared_names("assert total() == OTHER[0]") == []


@pytest.mark.parametrize(
    "change",
    ["rows.append(1)", "rows[0] = 1", "rows.sort_values('a', inplace=True)"],
)
def test_an_object_that_the_solution_changes_itself_is_the_students(change: str) -> None:
    analysis = IsolationAnalysis(["rows = [1]"], ["x = 1"], [f"x = 2\n{change}"], ["x"])
    assert analysis.reason("assert rows == [1]") == ""
    assert analysis.changed_names == {"rows"}
    assert analysis.shared_names("assert rows == [1]") == []


def test_a_random_generator_that_the_solution_draws_from_is_the_students() -> None:
    plain = "rng = np.random.default_rng(1)\nother = random.Random(2)\nvalues = [1]"
    analysis = IsolationAnalysis([plain], [""], ["x = rng.normal()\ny = values[0]"], ["x"])
    assert analysis.changed_names == {"rng"}


def test_all_of_several_reasons_are_named() -> None:
    both = "import gc, resource\ngc.collect()\nresource.getrusage(0)"
    assert ANALYSIS.reason(both) == "inspects live objects (gc); measures the process (resource)"


def test_student_names_are_those_of_stubs_and_those_of_references_that_tests_read() -> None:
    assert ANALYSIS.student_names == {
        *("double", "Stack", "count", "answer", "area", "log", "half", "quarter"),
    }


def test_an_instructors_name_is_not_the_students_even_if_a_reference_binds_it() -> None:
    analysis = IsolationAnalysis(
        ["LIMIT = 10"], ["double = None"], ["LIMIT = 3\ndouble = 2"], ["LIMIT", "double"]
    )
    assert analysis.student_names == {"double"}


def test_a_name_bound_by_a_stub_is_the_students_even_if_the_instructor_binds_it_too() -> None:
    analysis = IsolationAnalysis(["double = None"], ["double = ..."], [], ["double"])
    assert analysis.student_names == {"double"}


@pytest.mark.parametrize("source", ["assert peak_of(double) < 9", "helpers.inside(double)"])
def test_functions_in_modules_beside_the_notebook_are_analyzed_too(source: str) -> None:
    module = (
        "import tracemalloc\n\n\ndef peak_of(f):\n    tracemalloc.start()\n    return f()\n\n\n"
        "def inside(f):\n    return peak_of(f)\n\n\ndef plain(f):\n    return f()"
    )
    plain = ["from helpers import peak_of, plain\nimport helpers"]
    analysis = IsolationAnalysis(plain, STUBS, [], [source], {"helpers": module})
    assert analysis.reason(source) == "measures memory (tracemalloc)"
    assert analysis.reason("assert plain(double) == helpers.plain(double)") == ""


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({}, None),
        ({"nbgrader_isolate": {"isolation": "isolated"}}, ("isolated", "")),
        ({"nbgrader_isolate": {"isolation": "in-process", "reason": "x"}}, ("in-process", "x")),
        ({"nbgrader_isolate": {"isolation": "in_process"}}, ("in-process", NO_REASON)),
        ({"nbgrader_isolate": {"isolation": "in-process"}}, ("in-process", NO_REASON)),
        ({"nbgrader_isolate": {"isolation": "elsewhere"}}, None),
        (
            {"autograder": {"mode": "same-process"}, "nbgrader_isolate": {"isolation": "isolated"}},
            ("isolated", ""),
        ),
    ],
)
def test_metadata_sets_the_mode(metadata: dict[str, object], expected: object) -> None:
    cell = code("1", "t", grade=True)
    cell["metadata"] |= metadata
    assert declared_mode(cell) == expected


@pytest.mark.parametrize(
    ("metadata", "expected"),
    [
        ({"autograder": {"mode": "two-kernel"}}, ("isolated", "")),
        ({"autograder": {"mode": "same-process", "reason": "why"}}, ("in-process", "why")),
        ({"autograder": {"mode": "same-process"}}, ("in-process", NO_REASON)),
        ({"autograder": {"mode": "elsewhere"}}, None),
        ({"course": {"one_process": "memory"}}, ("in-process", "memory")),
        (
            {"course": {"one_process": "memory"}, "autograder": {"mode": "two-kernel"}},
            ("isolated", ""),
        ),
    ],
)
def test_metadata_of_earlier_versions_still_sets_the_mode(
    metadata: dict[str, object], expected: object
) -> None:
    cell = code("1", "t", grade=True)
    cell["metadata"] |= metadata
    assert declared_mode(cell) == expected


@pytest.mark.parametrize("source", ["(" * 500, "def f(:", "x = '\ud800'", "\0", "%%bash\nls -l"])
def test_sources_that_are_not_python_bind_and_read_nothing(source: str) -> None:
    assert IsolationAnalysis([source], [source], [source], [source]).student_names == set()


@pytest.mark.parametrize(
    ("source", "compares"),
    {
        "assert Stack() == Stack()": True,
        "a = Stack()\nb = a + 3\nassert b == Stack()": True,
        "a = Stack()\nassert a.items == []": False,
        "assert double(2) == double(2)": False,
        "%time Stack()": False,
    }.items(),
)
def test_a_comparison_of_two_objects_is_noticed(source: str, *, compares: bool) -> None:
    assert ANALYSIS.compares_objects(source) is compares


def test_a_test_uses_a_class_itself_or_through_a_function() -> None:
    plain = "def made():\n    return Stack()"
    analysis = IsolationAnalysis([plain], ["class Stack:\n    pass"], [], ["made()"])
    assert analysis.uses_classes("assert made()")
    assert not analysis.uses_classes("assert 3")
    assert not analysis.uses_classes("%time made()")
