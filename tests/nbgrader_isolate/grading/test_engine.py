"""Isolated tests: what honest notebooks get, and what hostile ones do not."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.grading.engine import Engine
from support.patience import eventually, patience
from support.prepared import as_text, graded, notebook, plain, records, student

if TYPE_CHECKING:
    from nbformat import NotebookNode

pytestmark = pytest.mark.slow

SMALL = {"cell_seconds": 4.0, "call_seconds": 1.5, "notebook_seconds": 60.0, "restarts": 2}
CHECK = "assert double(4) == 8, f'expected 8, got {double(4)!r}'"
GOOD = "def double(n):\n    return 2 * n"


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine(Limits(**SMALL)) as running:
        yield running


def ran(
    engine: Engine, *cells: NotebookNode, names: tuple[str, ...] = ("double",)
) -> list[dict[str, object]]:
    """Return what the engine wrote of each cell."""
    return records(engine.run(notebook(*cells), files={}, student_names=names, seed=1))


def outcomes(
    engine: Engine, *cells: NotebookNode, names: tuple[str, ...] = ("double",)
) -> list[object]:
    return [one["outcome"] for one in ran(engine, *cells, names=names)]


def test_an_honest_answer_passes_and_a_wrong_one_gets_a_message(engine: Engine) -> None:
    right, wrong = (
        ran(engine, student(one), graded(CHECK))[1]
        for one in (GOOD, "def double(n):\n    return n")
    )
    assert (right["outcome"], right["completed"], right["message"]) == ("passed", True, "")
    assert (wrong["outcome"], wrong["completed"], wrong["message"]) == (
        "failed",
        False,
        "expected 8, got 4",
    )


def test_tests_never_see_student_versions_of_their_own_names_or_of_builtins(engine: Engine) -> None:
    evil = (
        f"{GOOD}\nlen = print = sum = lambda *_: 0\ndef helper(): return 'evil'\n__name__ = 'evil'"
    )
    check = (
        "assert len([1]) == 1 and sum([1, 2]) == 3 and helper() == 'mine' "
        "and __name__ == '__main__'"
    )
    cells = plain("def helper():\n    return 'mine'"), student(evil), graded(check)
    assert outcomes(engine, *cells)[2] == "passed"


def test_a_name_that_a_failing_test_would_have_bound_is_not_the_students(
    engine: Engine,
) -> None:
    first = "assert double(2) == 4\nexpected = 6"
    evil = "expected = -1\ndef double(n):\n    return -1"
    assert ran(engine, student(evil), graded(first), graded("assert double(3) == expected"))[2][
        "message"
    ] == ("NameError: name 'expected' is not defined")


def test_a_restarted_test_process_does_not_use_the_students_helpers(
    engine: Engine,
) -> None:
    helper = plain("import os\ndef helper():\n    return 'mine'\nif quits: os._exit(1)")
    evil = student("quits = True\nhelper = lambda: 'evil'")
    dies = graded("import os; os._exit(1)")
    cells = evil, helper, dies, graded("assert helper() == 'evil'")
    assert outcomes(engine, *cells, names=("quits",)) == ["passed", "died", "died", "failed"]


def test_a_student_name_that_a_test_reads_and_rebinds_is_read(engine: Engine) -> None:
    cells = student("found = [2, 1]"), graded("found = sorted(found)\nassert found == [1, 2]")
    executed = engine.run(notebook(*cells), files={}, student_names=["found"], seed=1)
    assert records(executed)[1]["outcome"] == "passed"


def test_a_warning_does_not_show_a_line_of_the_test(engine: Engine) -> None:
    warns = "import warnings\ndef double(n):\n    warnings.warn('old')\n    return 2 * n"
    executed = engine.run(
        notebook(student(warns), graded(CHECK)), files={}, student_names=["double"], seed=1
    )
    (stream,) = executed.cells[1].outputs
    assert stream.text == "UserWarning: old\n"


def test_reading_elements_outside_memory_with_as_strided_fails_visibly(
    engine: Engine,
) -> None:
    out = (
        "from numpy.lib.stride_tricks import as_strided\n"
        "def double(n):\n    return as_strided(np.arange(3), (9,), (8,))"
    )
    reads = (
        "from numpy.lib.stride_tricks import as_strided\n"
        "try:\n    as_strided(double(2), (2,), (8,))\nexcept BaseException: pass"
    )
    cells = plain("import numpy as np"), student(out), graded(reads)
    assert outcomes(engine, *cells)[2] == "failed"


@pytest.mark.sample("cell", "notebook")
@pytest.mark.parametrize(
    ("limits", "answer", "too_long"),
    [
        ({"call_seconds": 0.5}, "def double(n):\n    time.sleep(1.5)\n    return 2 * n", "timeout"),
        ({"cell_seconds": 1.0}, f"time.sleep(2)\n{GOOD}", "timeout"),
        ({"cpu_seconds": 1}, f"while time.process_time() < 2.5: pass\n{GOOD}", "died"),
        ({"notebook_seconds": 2.0}, f"time.sleep(3)\n{GOOD}", "not run"),
    ],
    ids=["call", "cell", "processor", "notebook"],
)
def test_an_answer_that_takes_too_long_passes_with_more_time(
    limits: dict[str, float], answer: str, too_long: str
) -> None:
    cells = student(f"import time\n{answer}"), graded(CHECK)
    inputs: Any = {"files": {}, "student_names": ("double",), "seed": 1}
    with Engine(Limits(**limits)) as strict:
        usual = records(strict.run(notebook(*cells), **inputs))
        longer = records(strict.run(notebook(*cells), **inputs, time_factor=10.0))
        again = records(strict.run(notebook(*cells), **inputs))
    assert [one["outcome"] for one in longer] == ["passed", "passed"]
    for ran_as_usual in (usual, again):
        outcomes = [one["outcome"] for one in ran_as_usual]
        assert too_long in outcomes, outcomes
        assert outcomes[1] != "passed"


def test_exit_in_a_cell_costs_no_points(engine: Engine) -> None:
    assert (
        outcomes(
            engine,
            student(GOOD),
            student("exit()"),
            graded(CHECK),
            student("quit()"),
            graded(CHECK),
        )
        == ["passed"] * 5
    )


def test_an_output_that_is_too_large_does_not_cost_the_answer(engine: Engine) -> None:
    cells = student(f"{GOOD}\nprint(list(range(1_500_000)))"), graded(CHECK)
    executed = engine.run(notebook(*cells), files={}, student_names=["double"], seed=1)
    assert [one["outcome"] for one in records(executed)] == ["passed", "passed"]
    assert "cut here" in executed.cells[0].outputs[0].text


def test_functions_in_a_test_see_the_students_names(engine: Engine) -> None:
    words = (
        "def check():\n    def inner():\n        return [double(k) for k in range(3)]\n"
        "    assert inner() == [0, 2, 4]"
    )
    assert outcomes(engine, plain(words), student(GOOD), graded("check()"))[2] == "passed"


def test_the_body_of_a_class_sees_the_students_names(engine: Engine) -> None:
    check = (
        "class Case:\n    value = double(2)\n    def run(self):\n        return double(3)\n"
        "assert (Case.value, Case().run()) == (4, 6)"
    )
    assert outcomes(engine, student(GOOD), graded(check))[1] == "passed"


def test_variables_are_read_as_data_and_names_of_stubs_are_the_students(
    engine: Engine,
) -> None:
    cells = (
        plain("answer = None\nother = 1"),
        student("answer = {'a': [1, (2,)]}\nother = 2"),
        graded("assert answer == {'a': [1, (2,)]} and other == 1"),
    )
    assert outcomes(engine, *cells, names=("answer",))[2] == "passed"


def test_deleting_a_name_deletes_it_in_both_processes_until_it_is_bound_again(
    engine: Engine,
) -> None:
    code = f"{GOOD}\ndef twice(n):\n    return double(double(n))"
    check = """
kept = double
del double
try:
    twice(1)
except NameError:
    pass
else:
    raise AssertionError("twice does not use double")
double = kept
assert twice(1) == 4 and double(2) == 4
"""
    assert (
        outcomes(engine, student(code), graded(check), graded("assert double(1) == 2"))[1:]
        == ["passed"] * 2
    )


def test_the_source_of_the_solution_can_be_read(engine: Engine) -> None:
    check = """
import inspect
assert "2 * n" in solution_source("double") and "2 * n" in inspect.getsource(double)
assert inspect.signature(double).parameters.keys() == {"n"}
assert double.__name__ == "double" and double.__doc__ == "Twice."
"""
    code = 'def double(n):\n    """Twice."""\n    return 2 * n'
    assert ran(engine, student("import math"), student(code), graded(check))[2]["message"] == ""


def test_the_last_value_of_a_test_is_its_credit(engine: Engine) -> None:
    cells = [
        graded(one)
        for one in (
            "0.5",
            "import numpy as np\nnp.float32(2)",
            "True",
            "'3'",
            "x = 1",
            "float('nan')",
        )
    ]
    cells += [graded("1 + 1", mode="in-process")]
    results = ran(engine, student(GOOD), *cells)[1:]
    assert [one["credit"] for one in results] == [0.5, 2.0, None, None, None, "invalid", 2.0]
    assert all(one["completed"] for one in results)


def test_what_a_call_prints_appears_in_the_output_of_the_test(engine: Engine) -> None:
    code = "def double(n):\n    print('thinking', n)\n    return 2 * n"
    executed = engine.run(
        notebook(student(code), graded(CHECK)), files={}, student_names=["double"], seed=1
    )
    assert executed.cells[1].outputs[0]["text"] == "thinking 4\n"


def test_an_error_names_the_students_line_and_hides_the_source_of_the_test(engine: Engine) -> None:
    code = "def double(n):\n    return n.missing"
    executed = engine.run(
        notebook(student(code), graded("secret = 41\ndouble(secret)")),
        files={},
        student_names=["double"],
        seed=1,
    )
    (output,) = executed.cells[1].outputs
    assert output.ename == "AttributeError"
    assert output.traceback[0] == "AttributeError: 'int' object has no attribute 'missing'"
    assert "line 2: return n.missing" in "\n".join(output.traceback)
    assert "secret" not in as_text(executed.cells[1].outputs)
    assert "/" not in "".join(output.traceback)


def test_files_beside_the_notebook_are_in_both_processes(engine: Engine) -> None:
    code = "from words import ONE\ntext = open('data.txt').read()"
    cells = (
        plain(code),
        student("def double(n):\n    return text * n"),
        graded("assert double(ONE) == text == 'abc'"),
    )
    files = {"words.py": b"ONE = 1", "data.txt": b"abc"}
    results = records(engine.run(notebook(*cells), files=files, student_names=["double"], seed=1))
    assert [one["outcome"] for one in results] == ["passed"] * 3


def test_tests_get_the_seeds_random_numbers_and_the_student_gets_others(engine: Engine) -> None:
    show = "import random, numpy as np\nprint(random.random(), np.random.random())"
    seen = []
    for seed in (1, 1, 2):
        cells = notebook(student(show), graded(show))
        executed = engine.run(cells, files={}, student_names=[], seed=seed)
        seen.append([one.outputs[0].text for one in executed.cells])
    assert seen[0] == seen[1] != seen[2]
    assert seen[0][0] != seen[0][1]


def test_figures_and_magics_in_instructor_cells_are_harmless(engine: Engine) -> None:
    cells = (
        plain("%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2]); plt.show()"),
        plain("from IPython.display import display, HTML\ndisplay(HTML('<b>x</b>'))"),
        student(GOOD),
        graded("%time double(2)\n" + CHECK),
    )
    executed = engine.run(notebook(*cells), files={}, student_names=["double"], seed=1)
    assert [(one["outcome"], one["message"]) for one in records(executed)] == [("passed", "")] * 4
    assert "image/png" in executed.cells[0].outputs[0].data


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("source", ["plt.plot([1, 2]);", "plt.plot([1, 2]); plt.show()"])
def test_a_students_figure_is_shown_without_a_magic(engine: Engine, source: str) -> None:
    cells = student("import matplotlib.pyplot as plt"), student(source)
    executed = engine.run(notebook(*cells), files={}, student_names=[], seed=1)
    assert [sorted(one.data) for one in executed.cells[1].outputs if "image/png" in one.data] == [
        ["image/png", "text/plain"]
    ]


STUBBORN = """def double(n):
    while True:
        try:
            while True: pass
        except BaseException: pass"""
IGNORES_SIGNALS = """import signal
def double(n):
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True: pass"""
CRASHES = {
    "exit": ("import os\ndef double(n):\n    os._exit(0)", "died"),
    "segmentation fault": ("import ctypes\ndef double(n):\n    ctypes.string_at(1)", "died"),
    "for ever": ("def double(n):\n    while True: pass", "timeout"),
    "sleeps": ("import time\ndef double(n):\n    time.sleep(1000)", "timeout"),
    "stubborn": (STUBBORN, "timeout"),
    "ignores signals": (IGNORES_SIGNALS, "timeout"),
}  # fmt: skip


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_costs_only_the_cell_that_crashed(engine: Engine, name: str) -> None:
    source, ends = CRASHES[name]
    other = "def triple(n):\n    return 3 * n"
    cells = (
        student(other),
        graded("assert triple(1) == 3"),
        student(source),
        graded(CHECK),
        graded("assert triple(2) == 6"),
    )
    results = ran(engine, *cells, names=("double", "triple"))
    assert [one["outcome"] for one in results] == ["passed", "passed", "passed", ends, "passed"]
    assert results[3]["message"]


@pytest.mark.parametrize(
    "source", ["import os; os._exit(1)", "while True: pass", "raise SystemExit", "1/0", "def f(:"]
)
def test_a_student_cell_that_ends_badly_does_not_affect_the_others(
    engine: Engine, source: str
) -> None:
    results = ran(engine, student(GOOD), student(source), graded(CHECK))
    assert results[1]["outcome"] != "passed"
    assert results[2]["outcome"] == "passed"


def test_after_too_many_crashes_the_remaining_cells_say_that_they_did_not_run(
    engine: Engine,
) -> None:
    cells = [student("import os; os._exit(1)") for _ in range(4)]
    results = ran(engine, student(GOOD), *cells, graded(CHECK))
    assert results[-1]["outcome"] == "not run"
    assert "died too often" in str(results[-1]["message"])


def test_each_cell_that_did_not_pass_has_an_error_output(engine: Engine) -> None:
    cells = [student("import os; os._exit(1)") for _ in range(4)]
    executed = engine.run(notebook(*cells, graded(CHECK)), files={}, student_names=[], seed=1)
    assert all(any(o.output_type == "error" for o in one.outputs) for one in executed.cells)


def test_a_test_that_runs_out_of_memory_costs_only_its_own_points(engine: Engine) -> None:
    bomb = "import numpy as np\nparts = [np.ones(1 << 27) for _ in range(8)]"
    results = ran(
        engine, plain("base = 8"), student(GOOD), graded(bomb), graded("assert double(4) == base")
    )
    assert results[2]["outcome"] in ("died", "failed")
    assert results[3]["outcome"] == "passed"


EVIL = {
    "equal to everything": """
class Yes:
    __eq__ = lambda s, o: True
    __ne__ = lambda s, o: False
    __bool__ = lambda s: True
def double(n): return Yes()
""",
    "an int that lies": """
class Yes(int):
    __eq__ = lambda s, o: True
def double(n): return Yes(1)
""",
    "patched NumPy and builtins": """
import builtins, numpy as np
np.array_equal = np.shares_memory = lambda *a: True
builtins.isinstance = lambda *a: True
builtins.len = lambda *a: 8
def double(n): return n
""",
    "swallows errors": """
get_ipython().set_custom_exc((BaseException,), lambda *a: None)
def double(n): return n
""",
    "replaced run_cell": """
shell = get_ipython()
shell.run_cell = shell.run_cell_async = lambda *a, **k: None
reply = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}
shell.kernel.do_execute = lambda *a, **k: reply
""",
    "rewrites serve": """
import nbgrader_isolate.bridge.student as s, sys
def serve(*a): raise SystemExit
s.serve = serve
""",
    "serves by itself": """
import nbgrader_isolate.bridge.student as s, json
class Server(s.Server):
    def _answer(self, request):
        return {"value": 8, "o": [], "m": [], "w": [], "wrote": [], "changed": {},
                "outcome": "passed"}
s.Server = Server
""",
    "forges the end": """
import os, socket, struct, json
def double(n):
    link = socket.socket(fileno=os.dup(3))
    for body in ({"done": {"outcome": "passed"}}, {"end": True}, {"id": "x", "value": 8}):
        data = json.dumps(body).encode()
        link.send(struct.pack(">I", len(data)) + data)
    return n
""",
    "closes the bridge": """
import os
def double(n):
    os.close(3); os.close(4); os.close(5)
    return n
""",
    "answers from a thread": """
import threading, time, os
def double(n):
    late = lambda: (time.sleep(0.2), os.write(3, b"\\0\\0\\0\\1x"))
    threading.Thread(target=late, daemon=True).start()
    return n
""",
    "raises what steers": "def double(n): raise SystemExit(0)",
    "floods": "def double(n):\n    while True: print('x' * 100_000)",
    "skips": "import sys\nsys.exit = None\nraise SystemExit(0)",
}


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("name", EVIL)
def test_no_trick_passes_an_isolated_test(engine: Engine, name: str) -> None:
    began = time.monotonic()
    results = ran(
        engine,
        student(EVIL[name]),
        graded("assert double(4) == 8 and double(5) == 10, 'wrong'"),
        graded(CHECK + "\nassert double(1) == 2"),
    )
    assert [one["outcome"] == "passed" for one in results[1:]] == [False, False]
    assert [one["completed"] for one in results[1:]] == [False, False]
    assert all(one["message"] for one in results[1:])
    assert time.monotonic() - began < patience(15)


def test_an_unexpected_error_is_reported_with_its_type(engine: Engine) -> None:
    cells = [graded(source) for source in ("{}['key']", "assert 1 == 2, 'one is not two'")]
    results = ran(engine, student(GOOD), *cells, graded("tripel(1)"))
    messages = ["KeyError: 'key'", "one is not two", "NameError: name 'tripel' is not defined"]
    assert [one["message"] for one in results[1:]] == messages


def test_a_call_that_runs_out_of_memory_says_so() -> None:
    code = "def double(n):\n    kept = [bytearray(b'x') * (8 << 20) for _ in range(120)]"
    with Engine(Limits(memory_mb=256, call_seconds=100.0, cell_seconds=120.0)) as engine:
        results = ran(engine, student(code), graded(CHECK))
    assert results[1]["outcome"] == "died"
    assert "memory limit" in str(results[1]["message"])


def test_a_failure_fails_the_cell_even_if_the_test_catches_everything(engine: Engine) -> None:
    check = "try:\n    double(4)\nexcept BaseException:\n    pass"
    results = ran(engine, student(EVIL["equal to everything"]), graded(check))
    assert results[1]["outcome"] == "failed"
    assert "an object of type Yes" in str(results[1]["message"])


def test_an_in_process_test_that_did_not_run_is_not_passed(engine: Engine) -> None:
    cells = student(EVIL["replaced run_cell"]), graded("assert False", mode="in-process")
    assert outcomes(engine, *cells)[1] != "passed"
    results = ran(engine, student(GOOD), graded(CHECK, mode="in-process"))
    assert (results[1]["outcome"], results[1]["completed"]) == ("passed", True)


def test_endless_output_is_cut_and_its_kernel_is_killed(engine: Engine) -> None:
    executed = engine.run(
        notebook(student("while True: print('x' * 10_000)"), student(GOOD), graded(CHECK)),
        files={},
        student_names=["double"],
        seed=1,
    )
    assert len(as_text(executed.cells)) < 2 * engine.limits.output_bytes
    assert records(executed)[2]["outcome"] == "passed"


def test_no_process_or_file_stays_open_after_many_notebooks(engine: Engine) -> None:
    def held() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 (numbers)

    counts = []
    for _ in range(4):
        ran(engine, student(GOOD), student("import os; os._exit(1)"), graded(CHECK))
        if not counts:
            time.sleep(0.3)  # zmq closes its sockets in a thread
        counts.append(held())
    assert eventually(lambda: held() <= counts[0]), (counts, held())


def test_a_dead_warm_process_is_restarted() -> None:
    with Engine(Limits(**SMALL)) as engine:
        cells = student(GOOD), graded(CHECK)
        assert outcomes(engine, *cells) == ["passed"] * 2
        os.kill(engine.server.pid, signal.SIGKILL)
        assert outcomes(engine, *cells) == ["passed"] * 2


TABLE = "import numpy as np\ntable = np.array([[1, 2, 4], [3, 6, 9]])\n"
BESIDE = "from numpy.lib.stride_tricks import as_strided\nimport numpy as np\n"


@pytest.mark.parametrize(
    "cheat",
    [
        "def double(a):\n    return a.base",
        BESIDE + "def double(a):\n    return as_strided(a, (3,), (8,))[1:2]",
        BESIDE + "def double(a):\n    return np.array(as_strided(a, (3,), (8,)))[1::2]",
        "def double(a):\n    a[:] = 0\n    return a + 4",
    ],
    ids=["base", "a view beside", "a copy of what is beside", "its own"],
)
def test_what_lies_beside_an_argument_is_not_handed_over(engine: Engine, cheat: str) -> None:
    test = f"{TABLE}assert (double(table[:, 0]) == table[:, 1]).all()"
    assert outcomes(engine, student(cheat), graded(test))[1] == "failed"
    honest = "def double(a):\n    return 2 * a"
    assert outcomes(engine, student(honest), graded(test))[1] == "passed"


def test_a_test_that_asks_for_the_base_has_it(engine: Engine) -> None:
    answer = "def double(a):\n    return a.base.size"
    test = "import numpy as np\na = np.arange(6)[1:3]\nassert a.base.size == 6\nassert double(a)"
    assert outcomes(engine, student(answer), graded(test))[1] == "passed"


MASKED = "import numpy as np\ndef double(n):\n    return np.ma.array([1, 2], mask=[True, False])"


def test_a_masked_element_is_equal_to_everything_and_is_refused(engine: Engine) -> None:
    test = "import numpy as np\nnp.testing.assert_array_equal(double(1), [7, 2])"
    result = ran(engine, student(MASKED), graded(test))[1]
    assert result["outcome"] == "failed"
    assert "masked elements, which compare as equal to everything" in str(result["message"])
    unmasked = MASKED.replace("True", "False")
    honest = test.replace("7", "1")
    refused = ran(engine, student(unmasked), graded(honest))[1]  # it runs again, in-process
    assert "a masked array, which hides what is not a number" in str(refused["message"])
    asks = "import numpy as np\nassert isinstance(double(1), np.ma.MaskedArray)"
    assert outcomes(engine, student(MASKED), graded(asks))[1] == "passed"


AWAITS = "import asyncio\nasync def g():\n    return 3\nassert await g() == 3\n"
NOTEBOOK_CELLS = [
    "await asyncio.sleep(0)",
    "t = asyncio.create_task(asyncio.sleep(0))\nawait t",
    "%timeit -n1 -r1 double(2)",
    "%time double(2)",
    "double?",
    "!echo hi",
    "files = !echo hi",
    "%matplotlib inline",
]


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("line", NOTEBOOK_CELLS)
def test_what_a_notebook_can_do_costs_nothing(engine: Engine, line: str) -> None:
    """In a student's cell, in a plain one and in a test: the same points as without it."""
    checks = [
        "import inspect\nassert str(inspect.signature(double)) == '(n)'",
        "import inspect\nassert '2 * n' in inspect.getsource(double)",
        "assert '2 * n' in solution_source('double')",
    ]
    cells = [
        plain(f"import asyncio\n{AWAITS}"),
        student(f"import asyncio\n{GOOD}\n{line}"),
        plain("%matplotlib inline\n!echo hi"),
        *map(graded, checks),
        graded(f"{AWAITS}assert double(4) == 8\nawait g()"),
        graded(f"import asyncio\n{line}\nassert double(4) == 8\n2", mode="in-process"),
        graded(f"%%time\n{CHECK}\n3", mode="in-process"),
    ]
    found = ran(engine, *cells)
    assert [one["outcome"] for one in found] == ["passed"] * len(cells)
    assert [one["credit"] for one in found[-3:]] == [3.0, 2.0, 3.0]


def test_a_cell_that_awaits_too_long_is_stopped_and_keeps_what_it_defined(engine: Engine) -> None:
    waits = f"{GOOD}\nimport asyncio\nawait asyncio.sleep(1000)"
    assert outcomes(engine, student(waits), graded(CHECK)) == ["timeout", "passed"]


LENDS = """
import os, socket, struct
for fd in range(3, 200):
    try:
        one = socket.socket(fileno=os.dup(fd))
        name = one.getsockname()
        one.getpeername()
    except OSError:
        continue
    if one.family == socket.AF_UNIX and "k-" in str(name):
        try:
            one.setblocking(True)
            for _ in range(80):
                one.sendall(struct.pack(">BQ", 3, 1 << 20) + bytes(1 << 20))
        except OSError:
            pass
"""


def test_frames_without_an_end_do_not_fill_our_memory(engine: Engine) -> None:
    before = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    found = outcomes(engine, student(GOOD + LENDS), graded("assert True"))
    after = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    assert found[0] in {"died", "timeout"}
    assert found[1] == "passed"
    assert after - before < 64 << 20


def test_a_notebook_whose_time_went_by_in_waiting_for_a_processor_says_so_of_its_last_cells() -> (
    None
):
    waits = """
import os, time
for _ in range(8 * os.cpu_count()):
    if os.fork() == 0:
        end = time.monotonic() + 30
        while time.monotonic() < end: pass
time.sleep(30)
"""
    with Engine(Limits(notebook_seconds=4.0, cell_seconds=60.0)) as short:
        results = ran(short, student(waits), student(GOOD), graded(CHECK))
    assert [one["outcome"] for one in results[1:]] == ["not run", "not run"]
    assert [one["starved"] for one in results[1:]] == [True, True]
