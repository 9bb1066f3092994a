"""Tracebacks that the test process prints show nothing of ours, and no hidden line."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from nbgrader_isolate.bridge import own_tracebacks, tester
from nbgrader_isolate.bridge.cells import ipython, run_cell
from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.prepared import as_text, graded, notebook, records, student

SECRET = "fail('hidden_marker_78')"  # noqa: S105 (a line of a test)
HIDDEN = "### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"
TASK = f"""import asyncio
async def job():
    return {SECRET}
async def main():
    kept.append(asyncio.get_running_loop().create_task(job()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
await main()"""
THREAD = f"""import threading
thread = threading.Thread(target=lambda: {SECRET})
thread.start()
thread.join()"""
UNRAISABLE = f"""class Ends:
    def __del__(self):
        {SECRET}
Ends()
None"""


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the format for one test."""
    summary = traceback.StackSummary
    monkeypatch.setattr(summary, "format_frame_summary", summary.format_frame_summary)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    own_tracebacks.install()


@pytest.fixture
def namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """Yield names for cells: a function of a module that only tests may read, and a list."""
    (tmp_path / "only_tests.py").write_text("def fail(x):\n    return {}['answer ' + x]  # ours\n")
    monkeypatch.syspath_prepend(tmp_path)
    kept: list[object] = []
    yield {"__name__": "__main__", "kept": kept, "fail": __import__("only_tests").fail}
    sys.modules.pop("only_tests")


def printed(source: str, names: dict[str, Any], number: int) -> str:
    return "".join(
        str(one.get("text", "")) for one in run_cell(source, names, number, 9_000).outputs
    )


@pytest.mark.parametrize("test", [TASK, THREAD, UNRAISABLE])
def test_what_python_prints_of_an_error_has_no_hidden_line_and_no_folder(
    test: str, namespace: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    text = printed(HIDDEN.format(test), namespace, 7)
    text += printed("kept.clear()\nimport gc\nN = gc.collect()", namespace, 8) + caplog.text
    assert "KeyError: 'answer hidden_marker_78'" in text
    assert 'File "only_tests.py", line 2, in fail\n' in text
    assert "# ours" not in text
    assert SECRET not in text
    assert "[a line of a hidden test]" in text
    assert "/" not in text.replace("asyncio/", "")


def test_lines_of_an_earlier_cell_with_magics_are_hidden_in_later_cells(
    namespace: dict[str, Any],
) -> None:
    names = ipython(namespace).user_ns  # of the first cell with magics in this process
    names["fail"] = namespace["fail"]
    source = "%matplotlib inline\n" + HIDDEN.format(f"def helper():\n    return {SECRET}")
    printed(source, names, 7)
    later = "import traceback\ntry:\n    helper()\nexcept KeyError:\n    traceback.print_exc()"
    text = printed(later, names, 8)
    assert SECRET not in text
    assert "    helper()\n" in text, "visible lines stay"


def test_lines_of_libraries_stay_and_frames_of_ours_do_not() -> None:
    frames = [
        traceback.FrameSummary(file, 1, "f", line="x = 1")
        for file in (traceback.__file__, tester.__file__, "<solution of f>", "<cell 3>")
    ]
    library, bridge, proxy, test = map(
        traceback.StackSummary.from_list(frames).format_frame_summary,  # type: ignore[attr-defined]
        frames,
    )
    assert (bridge, proxy) == (None, None)
    assert library == '  File "traceback.py", line 1, in f\n    x = 1\n'
    assert test == '  File "<cell 3>", line 1, in f\n    x = 1\n'


def test_a_test_that_prints_the_error_of_an_answer_shows_nothing_of_ours() -> None:
    test = (
        "import traceback\ntry:\n    g(1)\nexcept Exception:\n    traceback.print_exc()\n    raise"
    )
    cells = student("def g(x):\n    raise ValueError('boom')"), graded(HIDDEN.format(test))
    with Engine(Limits()) as engine:
        executed = engine.run(notebook(*cells), files={}, student_names=["g"], seed=1)
    shown = as_text([NotebookNode(outputs=executed.cells[1].outputs)])
    assert "ValueError: boom" in shown
    assert records(executed)[1]["outcome"] == "failed"
    for part in ("g(1)", "site-packages", "remote.py", "<solution of", "/nbgrader_isolate/"):
        assert part not in shown
