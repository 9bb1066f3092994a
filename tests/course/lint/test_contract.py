"""The test contract: what breaks it is refused with file and line, and what keeps it passes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from course.core.errors import ContentFaultsError
from course.core.myst import to_notebook, to_text
from course.core.paths import ROOT
from course.lint.texts import check_content
from support.checkout import HEADER, lesson_text, make

CHECKING = ROOT / "content" / "solutions" / "checking.py"
SOLUTION = (
    ":grade_id: f\n\ndef f(a, b=1):\n    ### BEGIN SOLUTION\n    inner = a\n    return a * b + 1\n"
    "    ### END SOLUTION"
)
CHANGES = SOLUTION.replace("inner = a", "inner = TABLE.append(a)\n    IMAGE[0] = a")
WORDS = ":grade_id: f-words\n\nimport numpy as np\nfrom checking import call, raises\n\nSEED = 20"
VISIBLE = ":grade_id: f-visible\n:points: 1\n\nassert f(1) == 2"
HIDDEN = ":grade_id: f-walk\n:points: 2\n\n### BEGIN HIDDEN TESTS\n{}\n### END HIDDEN TESTS"


def faults_of(root: Path, *cells: str) -> list[tuple[int, str]]:
    """Return line and message of each fault of a task with these cells."""
    folders = make(root, {}, {"02/f": lesson_text("T", *cells)})
    shutil.copy(CHECKING, folders.content / "solutions")
    try:
        check_content(folders)
    except ContentFaultsError as raised:
        return [(error.line, error.message) for error in raised.errors]
    return []


def line_of(text: str, *cells: str) -> int:
    """Return the line, counted from 1, on which `text` stands in the task's file."""
    before = lesson_text("T", *cells).split(text)[0]
    return before.count("\n") + 1


BAD = {
    "a generator": ("f(i for i in [1])", "this passes (i for i in [1]) to f, so the test would"),
    "a generator through a helper": ("call(f, (i for i in [1]))", "passes (i for i in [1]) to f"),
    "an iterator": ("call(f, map(str, [1]))", "passes map(str, [1]) to f"),
    "a function that runs code": ("raises(ValueError, f, 1, b=eval)", "passes eval to f"),
    "a random state": ("call(f, np.random.rand(3))", "np.random.rand draws from a hidden state"),
    "Python's random": ("import random\nrandom.random()", "draws from a hidden state"),
    "no seed": ("np.random.default_rng()", "without a seed"),
    "seed None": ("np.random.default_rng(None)", "without a seed"),
    "another seed": ("np.random.default_rng(7)", "random data without SEED"),
    "memory": ("import tracemalloc\ntracemalloc.start()", "measures memory (tracemalloc)"),
    "limits": ("import resource\nresource.getrusage(0)", "measures the process (resource)"),
    "live objects": ("import gc\ngc.collect()", "inspects live objects (gc)"),
    "the reason as a comment": ("# in process: because", "write this reason as the option"),
    "the reason as a comment of old": ("# one process: why", "write this reason as the option"),
    "magics": ("%timeit f(1)", "not plain Python"),
}
PLAIN = "TABLE = [1, 2]\nIMAGE = np.zeros(3)\n\n\ndef helper():\n    return 1"


@pytest.mark.parametrize("name", list(BAD))
def test_what_breaks_the_contract_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    code, words = BAD[name]
    cells = (CHANGES, f"{WORDS}\n{PLAIN}", VISIBLE, HIDDEN.format(code))
    found = faults_of(tmp_path, *cells)
    last = code.splitlines()[-1]
    assert (line_of(last, *cells), True) in [(line, words in said) for line, said in found]


def test_a_fault_in_a_function_that_a_test_uses_is_found_where_it_stands(tmp_path: Path) -> None:
    words = f"{WORDS}\n\n\ndef check(x):\n    inner(x)\n\n\ndef inner(x):\n    call(f, iter([x]))"
    cells = (SOLUTION, words, VISIBLE, HIDDEN.format("check(1)"))
    ((line, said),) = faults_of(tmp_path, *cells)
    assert line == line_of("    call(f, iter([x]))", *cells)
    assert "iter([x])" in said


def test_a_function_that_no_test_uses_is_nobodys_fault(tmp_path: Path) -> None:
    words = f"{WORDS}\n\n\ndef unused(x):\n    call(f, iter([x]))"
    assert faults_of(tmp_path, SOLUTION, words, VISIBLE) == []


def test_a_reason_for_running_in_process_allows_what_needs_it_and_no_more(tmp_path: Path) -> None:
    code = "import tracemalloc\ncall(f, iter([1]))\nnp.random.rand(2)"
    memory = f":grade_id: f-peak\n:points: 1\n:in_process: measures memory\n\n{code}"
    ((_, said),) = faults_of(tmp_path, SOLUTION, WORDS, VISIBLE, memory)
    assert "hidden state" in said


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ((SOLUTION, WORDS), "no cell has `:points:`"),
        ((SOLUTION, VISIBLE.replace(": 1", ": 0")), "a test with no points"),
        ((SOLUTION, VISIBLE.replace(":grade_id: f-visible\n", "")), "a test without a name"),
        ((SOLUTION, VISIBLE, HIDDEN.replace(":points: 2\n", "")), "hidden tests without points"),
        ((SOLUTION, VISIBLE, HIDDEN.replace("### END HIDDEN TESTS", "")), "do not come in pairs"),
        ((SOLUTION, VISIBLE.replace("== 2", "== 1 * 1 + 1\na = b = 1\na * b + 1")), "reference's"),
        ((SOLUTION, WORDS + "\na = b = 1\nright = a * b + 1", VISIBLE), "`a * b + 1` is the refer"),
        ((SOLUTION, WORDS + "\nSEED = 21", VISIBLE), "second time"),
        ((SOLUTION, WORDS + "\n# your parts begin", VISIBLE), "grading would undo the student"),
        (
            (SOLUTION, WORDS.replace("SEED = 20", "r = np.random.default_rng(SEED)"), VISIBLE),
            "SEED",
        ),
        ((SOLUTION, VISIBLE.replace(": 1", ": 1\n:in_process: ' '")), "without a reason"),
        (
            (SOLUTION, WORDS.replace("\n\n", "\n:in_process: x\n\n", 1), VISIBLE),
            "beside `:points:",
        ),
        (
            (
                SOLUTION.replace("def f(a, b=1)", "class f").replace("return", "x ="),
                VISIBLE.replace("f(1) == 2", "f().x is f().x"),
            ),
            "by identity",
        ),
    ],
)
def test_a_task_with_a_part_missing_or_too_much_is_refused(
    tmp_path: Path, cells: tuple[str, ...], words: str
) -> None:
    found = faults_of(tmp_path, *cells)
    assert any(words in said for _, said in found), found


GOOD = {
    "functions": "call(f, lambda: 1)\ncall(f, len)\ncall(f, np.sum)\nf(f)",
    "plain data": "call(f, 1, b=(2, [3.0, 'x', None, b'y', {1: 2}]))",
    "arrays and views": "call(f, np.arange(6)[::-1].reshape(2, 3).T)",
    "numpy scalars": "call(f, np.int8(3))",
    "seeded data": "rng = np.random.default_rng(SEED + 3)\ncall(f, rng.integers(9, size=3))",
    "data seeded by the caller": "def of(seed):\n"
    "    return np.random.default_rng(seed).random()\n\nof(SEED)",
    "a name that the solution uses inside too": "inner = (1, 2)\ncall(f, inner)",
    "errors": "raises(ValueError, f, -1)",
    "dtypes as text": "call(f, 'int16')",
    "dtypes and types": "call(f, np.dtype('int16'))\ncall(f, np.int16)\ncall(f, float)",
    "what an iterator yields": "call(f, *map(str, [1, 2]))",
    "an import that is not used": "import tracemalloc",
    "a list of ours that the answer does not read": "call(f, LIST[0])",
    "our own functions on results": "assert max(map(helper, [f(1), f(2)]))",
    "a list made in the test": "TABLE = [1]\ncall(f, TABLE)",
    "a tuple of ours": "call(f, FIXED[0])",
    "the solution's variables": "assert answer in (1, 2)",
    "the answer, hidden": "a, b = 2, 3\nassert f(a, b) == a * b + 1",
}


@pytest.mark.sample(every=3)
@pytest.mark.parametrize("name", list(GOOD))
def test_what_keeps_the_contract_passes(tmp_path: Path, name: str) -> None:
    words = f"{WORDS}\nFIXED = (1, (2, 3))\nLIST = [1, 2]\n\n\ndef helper(x):\n    return x"
    other = ":grade_id: g\n\n### BEGIN SOLUTION\nanswer = 2\n### END SOLUTION"
    test = HIDDEN.format(GOOD[name])
    assert faults_of(tmp_path, SOLUTION, other, words, VISIBLE, test) == []


@pytest.mark.parametrize("code", ["call(f, TABLE[0])", "call(f, IMAGE)"])
def test_a_test_may_read_what_the_answer_changes(tmp_path: Path, code: str) -> None:
    assert faults_of(tmp_path, CHANGES, f"{WORDS}\n{PLAIN}", VISIBLE, HIDDEN.format(code)) == []


def test_an_answer_may_be_a_generator_function(tmp_path: Path) -> None:
    test = HIDDEN.format("assert list(f(1)) == [2]")
    assert faults_of(tmp_path, SOLUTION.replace("return", "yield"), WORDS, test) == []


def test_a_text_without_a_task_has_no_contract(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "import random\nrandom.random()") == []


def test_the_reason_for_running_in_process_is_in_the_notebook_and_comes_back() -> None:
    cell = ":grade_id: f-peak\n:in_process: 'memory peaks: in-process'\n:points: 1\n\nassert f"
    text = f"{HEADER}\n# T\n\n```{{code-cell}}\n{cell}\n```\n"
    notebook = to_notebook(text, "x.md")
    entry = {"isolation": "in-process", "reason": "memory peaks: in-process"}
    assert notebook.cells[-1].metadata.nbgrader_isolate == entry
    assert "in_process" not in notebook.cells[-1].metadata
    again = to_notebook(to_text(notebook), "x.md")
    assert again.cells == notebook.cells


def test_the_former_option_and_its_metadata_are_still_read() -> None:
    text = (
        f"{HEADER}\n# T\n\n```{{code-cell}}\n:grade_id: f\n:OPTION: why\n:points: 1\n\nf()\n```\n"
    )
    now = to_notebook(text.replace("OPTION", "in_process"), "x.md")
    former = to_notebook(text.replace("OPTION", "one_process"), "x.md")
    assert former == now
    del former.cells[-1].metadata["nbgrader_isolate"]
    former.cells[-1].metadata["course"] = {"one_process": "why"}
    assert to_text(former) == to_text(now)
    assert ":in_process: why" in to_text(now)


@pytest.mark.slow
def test_the_reason_for_running_in_process_is_handed_out_with_the_exercise() -> None:
    from course.content.build import to_bytes
    from course.content.release import release

    cell = VISIBLE.replace(": 1\n", ": 1\n:in_process: memory\n")
    made = to_bytes(to_notebook(lesson_text("T", SOLUTION, cell), "x.md"))
    (released,) = release({Path("02/f.ipynb"): made}).values()
    assert released.cells[-1].metadata.nbgrader_isolate == {
        "isolation": "in-process",
        "reason": "memory",
    }
