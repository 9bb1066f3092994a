"""A cell of the instructor's leaves its output, its value and its error, within limits."""

from __future__ import annotations

import sys

import pytest

from nbgrader_isolate.bridge.cells import (
    CellOutcome,
    describe_error,
    message_of,
    needs_ipython,
    run_cell,
)
from nbgrader_isolate.bridge.failures import UngradableError


def run(source: str, limit: int = 1000) -> CellOutcome:
    return run_cell(source, {}, 7, limit)


def test_streams_are_kept_in_their_order_and_restored() -> None:
    before = sys.stdout, sys.stderr
    outcome = run("import sys\nprint(1)\nprint(2)\nprint(3, file=sys.stderr)\nprint(4)")
    assert [(one["name"], one["text"]) for one in outcome.outputs] == [
        ("stdout", "1\n2\n"),
        ("stderr", "3\n"),
        ("stdout", "4\n"),
    ]
    assert (sys.stdout, sys.stderr) == before


def test_both_streams_share_one_limit_and_what_is_cut_is_said_once() -> None:
    loop = "import sys\nfor _ in range(9): print('x' * 99); print('y', file=sys.stderr)"
    outcome = run(loop, 250)
    text = "".join(one["text"] for one in outcome.outputs)
    assert text.count("cut here") == 1
    assert text.count("x") + text.count("y\n") < 250


def test_the_last_value_is_the_cells_even_if_it_is_not_shown() -> None:
    assert run("x = 2\nx + 1;").value == 3
    assert run("x = 2").value is None
    assert run("").value is None


@pytest.mark.parametrize(
    ("source", "name", "message"),
    [
        ("a = 1\n1 / 0", "ZeroDivisionError", "division by zero"),
        ("raise SystemExit(3)", "SystemExit", "3"),
        ("assert False", "AssertionError", "AssertionError"),
        ("def f(:", "SyntaxError", "invalid syntax"),
    ],
)
def test_an_error_is_an_output_without_source(source: str, name: str, message: str) -> None:
    outcome = run(f"print('before')\n{source}" if "def f" not in source else source)
    output = outcome.outputs[-1]
    assert type(outcome.error).__name__ == name
    assert (output["output_type"], output["ename"]) == ("error", name)
    assert message in output["evalue"]
    assert source not in "\n".join(output["traceback"])


def test_an_error_names_the_line_of_the_test() -> None:
    trace = run("a = 1\n\n1 / 0").outputs[-1]["traceback"]
    assert trace == ["ZeroDivisionError: division by zero", "line 3 of the test"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("%timeit f()", True),
        ("out = 1\n!ls", True),
        ("f?", True),
        ("display(1)", True),
        ("get_ipython().run_cell('1')", True),
        ("a = 5 % 3", False),
        ("def f(:", False),
        ("x = '%'", False),
    ],
)
def test_ipython_is_needed_for_what_python_does_not_have(source: str, *, expected: bool) -> None:
    assert needs_ipython(source) is expected


class BrokenError(Exception):
    """An error that cannot be shown."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def test_an_error_has_a_message_even_without_a_text() -> None:
    assert message_of(BrokenError()) == "BrokenError"
    assert message_of(ValueError()) == "ValueError"
    assert len(message_of(ValueError("x" * 10**6))) < 10_000


def test_the_class_is_named_where_it_adds_something() -> None:
    assert describe_error(AssertionError("expected 3")) == "expected 3"
    assert describe_error(UngradableError("an object")) == "an object"
    assert describe_error(KeyError("a")) == "KeyError: 'a'"
    assert describe_error(KeyError()) == "KeyError"


@pytest.mark.parametrize("magic", ["%%capture", "%%capture out", "%%capture --no-stdout", "%%time"])
def test_an_error_below_a_magic_is_the_cells_error(magic: str) -> None:
    assert isinstance(run(f"{magic}\nassert 2 == 4").error, AssertionError)
    assert run(f"{magic}\nassert 4 == 4").error is None


HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
SECRET = "secret(3465) == 6930"  # noqa: S105 (a line of a test)
PRINTING = {
    "traceback": (
        f"import traceback\ntry:\n    assert {SECRET}\nexcept Exception:\n    traceback.print_exc()"
    ),
    "logging": (
        "import logging\nlog = logging.getLogger('test')\nlog.propagate = False\n"
        f"log.addHandler(logging.StreamHandler())\ntry:\n    assert {SECRET}\n"
        "except Exception:\n    log.exception('no')"
    ),
    "unittest": (
        "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n"
        f"        self.assertTrue({SECRET})\n"
        "unittest.TextTestRunner().run(unittest.defaultTestLoader.loadTestsFromTestCase(T))"
    ),
    "doctest": (
        f'import doctest\ndoctest.run_docstring_examples("""\n>>> {SECRET}\nTrue\n""", '
        "{'secret': lambda x: 0})"
    ),
}


@pytest.mark.parametrize(
    ("magic", "test"),
    [
        *(("", test) for test in PRINTING.values()),
        *(("%matplotlib inline\n", PRINTING[kind]) for kind in ("traceback", "unittest")),
    ],
)
def test_a_test_that_prints_tracebacks_shows_no_hidden_line(magic: str, test: str) -> None:
    outcome = run_cell(magic + HIDDEN.format(test), {"__name__": "__main__"}, 7, 10_000)
    printed = "".join(str(one.get("text", "")) for one in outcome.outputs)
    assert len(printed) > 40
    assert SECRET not in printed
    assert "[a line of a hidden test]" in printed


def test_what_is_relayed_from_the_students_code_is_not_searched_for_hidden_lines() -> None:
    source = f"import sys\n{HIDDEN.format('x = ' + repr(SECRET))}\nsys.stdout.relay(x)"
    assert run(source).outputs[0]["text"] == SECRET
