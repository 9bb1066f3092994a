"""Which of the instructor's first cells run once, and which each test process runs itself."""

from __future__ import annotations

from typing import Any

import pytest

from nbgrader_isolate.core.models import AssignmentPlan, NotebookPlan
from nbgrader_isolate.planning.shared_cells import shared_cells

IMPORTS = "import numpy as np\nimport pandas as pd\nimport matplotlib.pyplot as plt\nimport random"
SOLUTION = {"nbgrader": {"grade_id": "s", "solution": True, "grade": False}}

TEST = {"nbgrader": {"grade_id": "t", "solution": False, "grade": True, "points": 1}}


def shared(
    *sources: str,
    names: tuple[str, ...] = (),
    files: tuple[str, ...] = ("data.csv",),
    test: str = "assert f() is None",
) -> list[str]:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": source, "metadata": {}} for source in sources
    ]
    cells.append({"cell_type": "code", "source": "def f(): ...", "metadata": SOLUTION})
    cells.append({"cell_type": "code", "source": "late = 1", "metadata": {}})
    cells.append({"cell_type": "code", "source": test, "metadata": TEST})
    notebook = NotebookPlan("lab", {"cells": cells, "metadata": {}}, {}, student_names=[*names])
    plan = AssignmentPlan("ps1", [notebook], dict.fromkeys(files, b""), [], "d")
    return [cell.source for cell in shared_cells(notebook, plan) if cell.runs]


@pytest.mark.parametrize(
    "source",
    [
        "table = pd.read_csv('data.csv', parse_dates=['day'])\ntable.head()",
        "numbers = np.random.default_rng(7)\nx = numbers.normal(size=10)",
        "def f(n):\n    return [np.sqrt(i) for i in range(n)]\ny = f(3)",
        "with open('data.csv', newline='') as file:\n    rows = list(file)",
        "%matplotlib inline\nx = np.arange(3)",
        "print('m/s', '3..4', 'a: b')",
        "x = pd.read_csv('data/x.csv')",
        "total = 0\nfor i in range(10):\n    total += i\nprint(total)",
    ],
)
def test_a_cell_that_only_computes_runs_once(source: str) -> None:
    imports = IMPORTS.removesuffix("\nimport random")
    assert shared(imports, source) == [imports, source]


@pytest.mark.parametrize(
    "source",
    [
        "x = np.random.rand(3)",
        "np.random.seed(1)",
        "numbers = np.random.default_rng()",
        "numbers = np.random.default_rng(seed)",
        "from numpy.random import rand",
        "import random",
        "import os",
        "import lab_helper",
        "from math import *",
        "from numpy.lib.stride_tricks import as_strided",
        "taken = np.lib.stride_tricks.as_strided",
        "plt.savefig('x.png')",
        "np.seterr(all='ignore')",
        "np.set_printoptions(precision=3)",
        "pd.set_option('display.width', 50)",
        "pd.DataFrame().to_csv('x.csv')",
        "np.save('x', [1])",
        "open('x', 'w')",
        "f = open",
        "name = input()",
        "x = missing + 1",
        "eval('1')",
        "().__class__",
        "%timeit 1",
        "x = (",
        "now = pd.Timestamp.now()",
        "day = pd.Timestamp('today')",
        "day = pd.to_datetime(' Now')",
        "numbers = np.random.default_rng(None)",
        "def g():\n    yield 1",
        "del np",
        "import warnings",
        "@property\ndef g(): ...",
        "x = print.__self__",
        "pd.read_csv('http://host/x', storage_options=0).pipe(exec)",
        "pd.read_csv('https://host/x.csv')",
        "x = pd.read_csv('/data/x.csv')",
        "x = pd.read_csv('~/x.csv')",
        "x = pd.read_csv('../x.csv')",
        "x = pd.read_csv('data/../../x.csv')",
        r"x = pd.read_csv('C:\\x.csv')",
        "with open('/etc/hostname') as file:\n    x = file",
    ],
)
def test_a_cell_that_may_do_more_ends_the_shared_ones(source: str) -> None:
    imports = IMPORTS.removesuffix("\nimport random")
    assert shared(imports, source, "x = 1") == [imports]


def test_a_cell_that_only_draws_is_left_out() -> None:
    imports = IMPORTS.removesuffix("\nimport random")
    assert shared(imports, "line = plt.plot([1])", "x = 1") == [imports, "x = 1"]
    assert shared(imports, "line = plt.plot([1])", "y = line") == [imports]
    assert shared(imports, "line = plt.plot([1])", test="assert line") == [imports]
    assert shared(imports, "plt.plot([1])", "x = 1", test="assert plt.f()") == [imports]


def test_cells_after_the_first_answer_are_not_shared() -> None:
    assert "late = 1" not in shared("x = 1")


def test_nothing_is_shared_if_the_student_may_bind_one_of_the_names() -> None:
    assert shared("x = 1", names=("x",)) == []


def test_a_library_that_a_file_replaces_is_not_shared() -> None:
    assert shared("import pandas", files=("pandas.py",)) == []


def test_nothing_is_shared_if_tests_have_their_own_version_of_a_file() -> None:
    cell = {"cell_type": "code", "source": "x = 1", "metadata": {}}
    notebook = NotebookPlan("lab", {"cells": [cell], "metadata": {}}, {})
    files = {"data.csv": b""}
    for own, count in (({"hidden.csv": b""}, 1), ({"data.csv": b"1"}, 0)):
        plan = AssignmentPlan("ps1", [notebook], files, [], "d", test_files=own)
        assert len(shared_cells(notebook, plan)) == count
