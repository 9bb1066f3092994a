"""A cell of an exercise ends with nothing or with one message, whatever it does."""

from __future__ import annotations

from typing import Any

import pytest

from course.exercises.runner_child import LONGEST, MAGIC, failure_of, without_magics


def failure(source: str, **names: Any) -> str | None:  # noqa: ANN401 - any globals
    return failure_of({"id": "c", "source": source}, names)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x = 1", None),
        ("assert 1 == 2, 'expected 2'", "expected 2"),
        ("assert False", "an assert failed"),
        ("raise NotImplementedError('later')", "not written yet"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt: "),
        ("def f(:", "SyntaxError: invalid syntax (<cell c>, line 1)"),
        ("x = '\0'", "SyntaxError: source code string cannot contain null bytes"),
    ],
)
def test_an_error_is_one_message(source: str, message: str | None) -> None:
    assert failure(source) == message


def test_cells_share_their_globals_and_a_long_message_is_cut() -> None:
    space: dict[str, Any] = {}
    assert failure_of({"id": "a", "source": "def f():\n    return x\nx = 2"}, space) is None
    assert failure_of({"id": "b", "source": "assert f() == 2"}, space) is None
    assert len(failure("raise ValueError('x' * 10**6)") or "") == LONGEST


def test_the_source_of_a_function_can_be_read_back() -> None:
    source = "import inspect\ndef f():\n    return 3\nassert 'return 3' in inspect.getsource(f)"
    assert failure(source) is None


@pytest.mark.parametrize("source", ["%timeit f()", "%%time\nf()", "!ls", "x = %pwd", "x = !ls"])
def test_a_magic_is_noticed(source: str) -> None:
    assert MAGIC.search(f"a = 1\n{source}")


@pytest.mark.parametrize("source", ["a = 5 % 3", "'%d' % 3", "x != y", "a %= 2", "# 100%"])
def test_an_operator_is_no_magic_and_its_cell_needs_no_ipython(source: str) -> None:
    assert without_magics(source, {}) == source


MAGICS = [
    "%matplotlib inline",
    "%pylab",
    "import numpy as np\nnp.ndarray?",
    "x = 1\nx??",
    "get_ipython().run_line_magic('time', 'x = 1')",
    "'what is this?'",
]


@pytest.mark.slow
@pytest.mark.parametrize("source", MAGICS)
def test_what_runs_in_jupyterlab_runs_here(source: str) -> None:
    """And the rest of its cell, too."""
    space: dict[str, Any] = {}
    assert failure_of({"id": "c", "source": f"{source}\nend = 3"}, space) is None
    assert space["end"] == 3


AWAITING = """import asyncio
async def three():
    await asyncio.sleep(0)
    return 3
started = asyncio.ensure_future(three())
found = await three()"""


def test_a_cell_may_await_and_a_later_one_what_it_started() -> None:
    space: dict[str, Any] = {}
    assert failure_of({"id": "a", "source": AWAITING}, space) is None
    assert failure_of({"id": "b", "source": "assert await started == found == 3"}, space) is None
    assert failure("raise ValueError(await x)") == "NameError: name 'x' is not defined"
    assert failure("return 3") == "SyntaxError: 'return' outside function (<cell c>, line 1)"
