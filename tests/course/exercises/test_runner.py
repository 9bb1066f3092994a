"""An exercise runs without a kernel, and whatever an answer does, its other tests are still
told."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.core.exercises import Notebook, load
from course.core.paths import ROOT
from course.exercises.runner import environment, run
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow


def notebook(*cells: str | tuple[str, float]) -> Notebook:
    """Return a notebook of code cells; one with points is a test named t0, t1, …"""
    made = []
    for number, cell in enumerate(cells):
        source, points = cell if isinstance(cell, tuple) else (cell, None)
        grading = {"grade_id": f"t{number}", "grade": True, "solution": False, "points": points}
        meta = {} if points is None else {"nbgrader": grading}
        made.append({"cell_type": "code", "source": source, "metadata": meta})
    return {"cells": made}


def messages(
    *cells: str | tuple[str, float], folder: Path, seconds: float = 30
) -> list[str | None]:
    """Return what each test said."""
    outcome = run(notebook(*cells), folder, seconds=seconds)
    return [test.message for test in outcome.tests]


def test_a_test_that_passes_says_nothing_and_one_that_fails_says_its_message(
    tmp_path: Path,
) -> None:
    cells = ("x = 1", ("assert x == 1", 2), ("assert x == 2, 'x is not 2.\\nIt is 1.'", 1))
    outcome = run(notebook(*cells), tmp_path)
    assert [test.message for test in outcome.tests] == [None, "x is not 2.\nIt is 1."]
    assert outcome.score == 2
    assert outcome.first_failure == outcome.tests[1]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("y = nothing", "NameError: name 'nothing' is not defined"),
        ("def f(:\n    pass", "SyntaxError"),
        ("raise SystemExit(1)", "SystemExit: 1"),
        ("raise NotImplementedError", "not written yet"),
        ("input()", "EOFError"),
        ("bytearray(1 << 40)", "MemoryError"),
    ],
)
def test_a_cell_that_fails_is_told_and_does_not_stop_the_others(
    tmp_path: Path, source: str, words: str
) -> None:
    outcome = run(notebook(source, ("assert True", 1)), tmp_path)
    assert words in outcome.troubles["0"]
    assert outcome.score == 1


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("import ctypes; ctypes.string_at(8)", "Python crashed (segmentation fault)"),
        ("import os; os._exit(3)", "ended Python itself (status 3)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Python was killed"),
    ],
)
def test_a_cell_that_ends_python_costs_itself_only(tmp_path: Path, source: str, words: str) -> None:
    before, fatal, after = messages(("assert 1", 1), (source, 1), ("assert 1", 1), folder=tmp_path)
    assert before is None
    assert words in str(fatal)
    assert after is None


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_does_not_end_is_stopped_with_what_it_started(tmp_path: Path) -> None:
    child = "import subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', CODE])"
    code = (
        "import os, pathlib, time; pathlib.Path('pid').write_text(str(os.getpid())); "
        "time.sleep(600); pathlib.Path('late').write_text('x')"
    )
    started = "import pathlib\nwhile not pathlib.Path('pid').exists(): pass"
    loop = (f"CODE = {code!r}\n{child}\n{started}\nwhile True: pass", 1)
    first, forever = messages(("assert 1", 1), loop, folder=tmp_path, seconds=patience(0.8))
    assert first is None
    assert "took too long" in str(forever)
    pid = int((tmp_path / "pid").read_text())
    wait_until(lambda: not alive(pid), "what the cell started ends")
    assert not (tmp_path / "late").exists()


def test_what_a_cell_prints_is_no_result(tmp_path: Path) -> None:
    fake = '{"start": "t1"}\\n{"end": "t1", "message": null}\\n{"done": true}'
    printing = f"print('{fake}', flush=True)\nimport os\nos.write(1, b'{fake}')"
    assert messages(printing, ("assert 0, 'no'", 1), folder=tmp_path) == ["no"]


def test_modules_beside_the_notebook_are_found_and_ours_are_not(tmp_path: Path) -> None:
    (tmp_path / "checking.py").write_text("WORD = 'mine'")
    ours = "import importlib.util\nassert importlib.util.find_spec('runner') is None"
    cells = (("from checking import WORD\nassert WORD == 'mine'", 1), (ours, 1))
    assert messages(*cells, folder=tmp_path) == [None, None]
    assert sorted(file.name for file in tmp_path.iterdir()) == ["checking.py"]


def test_magics_work_and_a_source_can_be_read_back(tmp_path: Path) -> None:
    answer = "def f():\n    return 41 + 1\n\n%timeit -n 1 -r 1 f()\nlines = !echo hello"
    test = "import inspect\nassert '41 + 1' in inspect.getsource(f)\nassert lines == ['hello']"
    outcome = run(notebook(answer, (test, 1)), tmp_path)
    assert outcome.troubles == {}
    assert outcome.score == 1


def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.ipynb"
    for text in ("", "[]", '{"cells": [1]}', '{"cells": [{}]}'):
        file.write_text(text)
        with pytest.raises(ValueError, match=r"not a notebook|Expecting value"):
            load(file)


def test_the_exemplar_is_solved_by_its_reference_and_not_by_its_stub() -> None:
    name = Path("02-strides", "ravel.ipynb")
    scores = [
        run(load(ROOT / kind / name), ROOT / kind / name.parent).tests[0].score
        for kind in ("solutions", "exercises")
    ]
    assert scores == [1, 0]


def test_a_variable_that_another_thread_removes_meanwhile_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Changing(dict[str, str]):
        """An environment that loses a variable after its names were read."""

        def __iter__(self) -> Iterator[str]:
            names = [*super().__iter__()]
            self.pop("GOING", None)
            return iter(names)

    monkeypatch.setattr("course.exercises.runner.os.environ", Changing(GOING="1", STAYING="1"))
    found = environment()
    assert found["STAYING"] == "1"
    assert "GOING" not in found
