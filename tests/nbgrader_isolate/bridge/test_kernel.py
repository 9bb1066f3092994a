"""What a cell may print, display and raise: how much is kept, and what ends its kernel."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from nbformat import NotebookNode

from nbgrader_isolate.bridge import kernel
from nbgrader_isolate.bridge.outputs import NOTEBOOK_FACTOR, Collector
from nbgrader_isolate.bridge.zmtp import Message
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import graded, notebook, records, student

DOUBLE = "def double(n):\n    return 2 * n\n"
CHECK = "assert double(4) == 8"
LOOP = "for _ in range(4194): print('x' * 9999)"
"""Prints 40 MiB, in well under a second."""
SMALL = 100_000


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """An engine with the default limits."""
    with Engine(Limits()) as started:
        yield started


@pytest.fixture(scope="module")
def narrow() -> Iterator[Engine]:
    """An engine that keeps little output."""
    with Engine(Limits(output_bytes=SMALL)) as started:
        yield started


def run_cells(engine: Engine, code: str, check: str = CHECK) -> list[NotebookNode]:
    """Run a student's cell and a test; return both."""
    cells = student(DOUBLE + code), graded(check)
    executed = engine.run(notebook(*cells), files={}, student_names=["double"], seed=1)
    return list(executed.cells)


def outcomes(cells: list[NotebookNode]) -> list[str]:
    return [record["outcome"] for record in records(NotebookNode(cells=cells))]


def message(cells: list[NotebookNode]) -> str:
    return str(records(NotebookNode(cells=cells))[0]["message"])


def printed(cell: NotebookNode, name: str = "stdout") -> str:
    return "".join(output.text for output in cell.outputs if output.get("name") == name)


@pytest.mark.sample("loop")
@pytest.mark.slow
@pytest.mark.parametrize(
    "code",
    [LOOP, "print('x' * (40 << 20))", "import sys; sys.stdout.writelines(['x' * 9999] * 4194)"],
    ids=["loop", "one piece", "writelines"],
)
def test_a_cell_that_prints_40_mib_keeps_its_kernel_and_the_first_of_it(
    engine: Engine, code: str
) -> None:
    cells = run_cells(engine, code)
    assert outcomes(cells) == ["passed", "passed"]
    text = printed(cells[0])
    assert text.endswith("… cut here: this cell's output is larger than 1.0 MB\n")
    assert text.count("cut here") == 1
    assert 0.99 < len(text) / engine.limits.output_bytes < 1.01


@pytest.mark.slow
def test_standard_error_counts_as_output_too(engine: Engine) -> None:
    cells = run_cells(engine, "import sys; print('x' * (40 << 20), file=sys.stderr)")
    assert outcomes(cells) == ["passed", "passed"]
    assert "cut here" in printed(cells[0], "stderr")


@pytest.mark.sample(every=2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("while True: print('x' * 10_000)", "67.1 MB of output in one cell"),
        ("print('x' * (70 << 20))", "67.1 MB of output in one cell"),
        ("display('x' * (40 << 20))", "33.6 MB of output at once"),
        ("'x' * (40 << 20)", "33.6 MB of output at once"),
        ("raise ValueError('x' * (40 << 20))", "33.6 MB of output at once"),
    ],
    ids=["endless", "one piece", "display", "result", "traceback"],
)
def test_a_kernel_is_stopped_because_of_its_output_and_not_of_its_time(
    engine: Engine, code: str, reason: str
) -> None:
    cells = run_cells(engine, code, "assert True")
    assert outcomes(cells) == ["died", "passed"]
    assert message(cells) == f"the kernel died while this cell ran (it sent more than {reason})"


@pytest.mark.sample(every=2)
@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "ends"),
    [
        (f"print('x' * {26 * SMALL})", "passed"),
        (f"print('x' * {40 * SMALL})", "passed"),
        (f"print('x' * {65 * SMALL})", "it sent more than 6.4 MB of output in one cell"),
        (LOOP, "it sent more than 6.4 MB of output in one cell"),
        (f"display('x' * {31 * SMALL})", "passed"),
        (f"display('x' * {33 * SMALL})", "it sent more than 3.2 MB of output at once"),
    ],
)
def test_all_limits_of_output_are_multiples_of_the_one_that_is_set(
    narrow: Engine, code: str, ends: str
) -> None:
    cells = run_cells(narrow, code)
    if ends == "passed":
        assert outcomes(cells) == ["passed", "passed"]
        assert printed(cells[0]).endswith("this cell's output is larger than 100.0 kB\n")
    else:
        assert (outcomes(cells)[0], ends in message(cells)) == ("died", True)


@pytest.mark.slow
def test_what_a_call_prints_is_kept_up_to_the_same_limit(narrow: Engine) -> None:
    code = "def double(n):\n    print('x' * (40 << 20))\n    return 2 * n"
    cells = run_cells(narrow, code, CHECK)
    assert outcomes(cells) == ["passed", "passed"]
    text = printed(cells[1])
    assert text.startswith("x" * SMALL + "\n… cut here")
    assert text.count("cut here") == 1


DEEP = (
    "from IPython.display import publish_display_data as p\nd = 1\n"
    "for _ in range(500): d = [d]\np({'text/plain': '', 'application/json': d}, {'deep': d})\n"
)
FORGED = (
    "k = get_ipython().kernel\n"
    "k.iopub_socket.send_multipart([b'<IDS|MSG>', b'forged', b'[', b'', b'', b''])\n"
    "k.iopub_socket.send_multipart([b'<IDS|MSG>'])\n"
)


@pytest.mark.slow
@pytest.mark.parametrize("code", [DEEP, FORGED], ids=["nested too deep", "not a message"])
def test_messages_that_cannot_be_read_are_only_dropped(engine: Engine, code: str) -> None:
    cells = run_cells(engine, f"{code}print('after')")
    assert outcomes(cells) == ["passed", "passed"]
    assert printed(cells[0]) == "after\n"
    assert "application/json" not in str(cells[0].outputs)


@pytest.mark.slow
def test_a_kernel_that_ends_itself_is_not_accused_of_too_much_output(engine: Engine) -> None:
    cells = run_cells(engine, "import os; os._exit(1)", "assert True")
    assert outcomes(cells) == ["died", "passed"]
    assert "of output" not in message(cells)


def test_the_limit_s_help_and_the_documentation_name_the_factors_that_count() -> None:
    help_text = str(Limits.output_bytes.help)
    assert [int(number) for number in re.findall(r"(\d+) times", help_text)] == [
        NOTEBOOK_FACTOR,
        kernel.LARGEST_FACTOR,
        kernel.KILL_FACTOR,
    ]
    page = Path(__file__).parents[3] / "docs" / "autograder" / "isolated-tests.md"
    rows = [
        line for line in page.read_text("utf-8").splitlines() if "`Limits.output_bytes`" in line
    ]
    factors = [
        int(number) for number in re.findall(r"(\d+) × `Limits.output_bytes`", " ".join(rows))
    ]
    assert factors == [kernel.READ_FACTOR, kernel.LARGEST_FACTOR, kernel.KILL_FACTOR]


def test_a_message_of_very_many_lists_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = b"[" + b",".join([b"[" * 36 + b"]" * 36] * 6_000) + b"]"
    assert not kernel.is_plain(lists)
    assert kernel.is_plain(b'"' + b"[" * kernel.MAX_CONTAINERS * 2 + b'"'), "it is a text"
    assert kernel.is_plain(b"[" * kernel.MAX_CONTAINERS)
    decoded: list[int] = []
    loads = json.loads
    monkeypatch.setattr(json, "loads", lambda data: decoded.append(len(data)) or loads(data))
    client = kernel.KernelClient.__new__(kernel.KernelClient)
    client.limit = 1000
    execution = kernel.Execution("7", Collector(1000, 1))
    content = b'{"data": {"application/json": ' + lists + b"}}"
    frames = [b'{"msg_type": "display_data"}', b'{"msg_id": "7"}', b"{}", content]
    message = Message([kernel.DELIMITER, b"", *frames])
    client._take_message(message, execution, shell=False)  # noqa: SLF001
    assert max(decoded) < 100
    assert "cut here" in execution.collector.outputs[0].text


class Flood:
    """A connection with messages of no bytes."""

    size = 0

    def __init__(self, count: int) -> None:
        self.count = count

    def receive(self) -> Iterator[Message]:
        yield from (Message([b""]) for _ in range(self.count))


def test_messages_without_bytes_count_too() -> None:
    client = kernel.KernelClient.__new__(kernel.KernelClient)
    client.limit, stopped = 1000, []
    client._stop = lambda factor, when: stopped.append((factor, when))  # type: ignore[method-assign] # noqa: SLF001
    client.shell = client.iopub = Flood(2000)  # type: ignore[assignment]
    execution = kernel.Execution("7", Collector(1000, 1))
    client._take(client.iopub, execution)  # noqa: SLF001
    assert stopped[0] == (kernel.KILL_FACTOR, "in one cell")
