"""The first cells run once, every test process starts with its own copy of what they bound."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import Any

import pytest

from nbgrader_isolate.bridge.session import CellResult, TestProcess
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, plain, records, student

pytestmark = pytest.mark.slow

FIRST = "table = [int(line) for line in open('data.csv')]"
FILES = {"data.csv": b"1\n2\n3\n"}
ANSWER = student("def double(n):\n    return 2 * n")
CHECK = graded("assert table == [1, 2, 3], table\ntable.append(4)\nassert double(2) == 4")


@pytest.fixture
def engine() -> Iterator[Engine]:
    """An engine for one test, which replaces its processes."""
    with Engine(Limits(cell_seconds=6.0)) as running:
        yield running


@pytest.fixture(scope="module")
def shared() -> Iterator[Engine]:
    """An engine for tests that leave its processes as they are."""
    with Engine(Limits(cell_seconds=6.0)) as running:
        yield running


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of the cells that run in test processes."""
    sources: list[str] = []
    run = TestProcess.run

    def recorded(self: TestProcess, source: str, *args: Any, **kwargs: Any) -> CellResult:  # noqa: ANN401
        sources.append(source)
        return run(self, source, *args, **kwargs)

    monkeypatch.setattr(TestProcess, "run", recorded)
    return sources


def outcomes(engine: Engine, *cells: Any, files: dict[str, bytes] = FILES) -> list[object]:  # noqa: ANN401
    nb = notebook(*cells)
    executed = engine.run(nb, files=files, student_names=["double"], seed=1)
    return [record["outcome"] for record in records(executed)]


def test_test_processes_start_with_copies_of_what_the_first_cells_bound(
    shared: Engine, ran: list[str]
) -> None:
    shared.prepare([FIRST], FILES)
    for _ in range(2):
        assert outcomes(shared, plain(FIRST), ANSWER, CHECK) == ["passed"] * 3
    assert ran == [CHECK.source] * 2


def test_cells_that_the_student_adds_change_nothing(shared: Engine, ran: list[str]) -> None:
    shared.prepare([FIRST], FILES)
    cells = student("import builtins\ntable = builtins.open = 5"), plain(FIRST), ANSWER, CHECK
    assert outcomes(shared, *cells)[-1] == "passed"
    assert ran == [CHECK.source]


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    ("first", "files"),
    [("table = [1, 2, 3]", FILES), (FIRST, FILES | {"other": b""}), (FIRST, {"data.csv": b"1\n"})],
)
def test_another_notebook_runs_all_its_cells(
    shared: Engine, ran: list[str], first: str, files: dict[str, bytes]
) -> None:
    shared.prepare([FIRST], FILES)
    outcomes(shared, plain(first), ANSWER, CHECK, files=files)
    assert ran == [first, CHECK.source]


@pytest.mark.sample(every=4)
@pytest.mark.parametrize(
    "more",
    [
        "1 / 0",
        "import random; random.random()",
        "import secrets; token = secrets.token_hex()",
        "import numpy as np; np.seterr(all='raise')",
        "import os; os.environ['A'] = 'b'",
        "kept = open('data.csv')",
        "from threading import Timer\nwaiting = Timer(9, print)\nwaiting.start()",
        "while True: pass",
    ],
)
def test_a_warm_process_that_a_cell_changed_is_replaced(
    engine: Engine, ran: list[str], more: str
) -> None:
    generation = engine.server.generation
    engine.prepare([FIRST, more], FILES)
    assert engine.server.generation == generation + 1
    cells = plain(FIRST), plain("pass"), ANSWER, CHECK
    assert outcomes(engine, *cells) == ["passed"] * 4
    assert ran == [FIRST, "pass", CHECK.source]


def test_a_new_warm_process_runs_the_first_cells_again(engine: Engine, ran: list[str]) -> None:
    engine.prepare([FIRST], FILES)
    assert engine.server.pid
    os.kill(engine.server.pid, signal.SIGKILL)
    assert outcomes(engine, plain(FIRST), ANSWER, CHECK) == ["passed"] * 3
    assert outcomes(engine, plain(FIRST), ANSWER, CHECK) == ["passed"] * 3
    assert ran[-1:] == [CHECK.source]


def test_a_test_process_that_is_replaced_starts_with_them_too(engine: Engine) -> None:
    engine.prepare([FIRST], FILES)
    fatal = graded("import os; os._exit(1)")
    assert outcomes(engine, plain(FIRST), ANSWER, fatal, CHECK) == [
        "passed",
        "passed",
        "died",
        "passed",
    ]
