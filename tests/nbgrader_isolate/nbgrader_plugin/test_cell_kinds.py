"""Whatever a cell of a notebook may contain, it earns the points that plain nbgrader gives.

The kinds are those of IPython's documentation: the tutorial, the chapter on autoawait, and the list
of built-in magics. A student with right answers and one with wrong answers use all of them in
answers, and the tests use what a test may.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from nbgrader_isolate.cli.demo_assignment import metadata
from support import preloaded
from support.tiers import some

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
WAYS = {
    "our command": ("", "nbgrader_isolate", "grade"),
    "nbgrader, configured": (
        "import nbgrader_isolate\nnbgrader_isolate.configure(c)\n",
        "nbgrader",
        "autograde",
    ),
}
"""What a way of grading needs in the settings, and its command."""

ANSWERS = {
    "plain": "{f}",
    "await": "import asyncio\n{f}\nawait asyncio.sleep(0)",
    "await-assigned": "import asyncio\nslept = await asyncio.sleep(0, 'slept')\n{f}",
    "async-for": "async def two():\n    yield 1\n    yield 2\nasync for n in two(): print(n)\n{f}",
    "async-with": (
        "import contextlib\n@contextlib.asynccontextmanager\nasync def held():\n    yield 1\n"
        "async with held() as one: print(one)\n{f}"
    ),
    "async-comprehension": (
        "async def two():\n    yield 1\n    yield 2\nprint([n async for n in two()])\n{f}"
    ),
    "task": (
        "import asyncio\nasync def late(): return 3\n"
        "print(await asyncio.gather(late(), late()))\n{f}"
    ),
    "to-thread": "import asyncio\nprint(await asyncio.to_thread(len, 'abc'))\n{f}",
    "time-line": "{f}\n%time square(3)",
    "time-cell": "%%time\n{f}",
    "timeit-line": "{f}\n%timeit -n1 -r1 square(3)",
    "timeit-assigned": "{f}\nspent = %timeit -o -q -n1 -r1 square(3)",
    "capture-cell": "%%capture caught\nprint('caught')\n{f}",
    "prun": "{f}\n%prun -q square(3)",
    "help": "{f}\nsquare?",
    "help-with-source": "{f}\nsquare??",
    "help-before": "{f}\n?square",
    "help-of-names": "{f}\nsqu*?",
    "pinfo": "{f}\n%pinfo square",
    "shell": "!echo here\n{f}",
    "shell-with-a-name": "word = 'here'\n!echo {{word}} $word\n{f}",
    "shell-assigned": "lines = !printf 'one\\ntwo\\n'\nprint(lines.n)\n{f}",
    "shell-with-output": "!!echo here\n{f}",
    "bash-line": "%sx echo here\n{f}",
    "matplotlib-inline": "%matplotlib inline\n{f}",
    "config": "%config InlineBackend.figure_format = 'png'\n{f}",
    "pylab-figure": "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\n{f}",
    "autoreload": "%load_ext autoreload\n%autoreload 2\n{f}",
    "environment": "%env GREETING=hello\nimport os\nprint(os.environ['GREETING'])\n{f}",
    "folders": "%pwd\nhere = %pwd\n%cd -q .\n{f}",
    "names": "{f}\n%who\n%whos\n%who_ls",
    "history": "{f}\n%history -l 1",
    "xmode-and-colors": "%xmode Plain\n%colors NoColor\n{f}\n%xmode Context",
    "precision": "%precision 3\n{f}\n%precision",
    "lsmagic": "%lsmagic\n{f}",
    "alias": "%alias greet echo hello\n%greet\n{f}",
    "quoting": ",print a b\n;print a b\n/print 1\n{f}",
    "continued-magic": "%time \\\n  1 + 1\n{f}",
    "prompts": ">>> x = 1\n>>> x\n{f}",
    "last-results": "1 + 1\nprint(_, __, Out and 1, In and 1)\n{f}",
    "semicolon": "{f}\nsquare(3);",
    "display": "from IPython.display import display, Markdown\ndisplay(Markdown('*x*'))\n{f}",
    "display-builtin": "display(3)\n{f}",
    "run-line-magic": "get_ipython().run_line_magic('time', '1 + 1')\n{f}",
    "indented-cell": "    x = 1\n    print(x)\n{g}",
    "debugger-off": "%pdb off\n{f}",
    "store-and-logs": "%logstate\n{f}",
    "macro": "{f}\n%macro -q again 1",
    "reset-of-names": "gone = 1\n%reset_selective -f ^gone$\n{f}",
    "automagic": "%automagic off\n{f}",
    "system-command": "import os\nos.system('true')\n{f}",
    "print-at-end": "{f}\nprint('no line end', end='')",
}
"""An answer of each kind; `{f}` defines the function, and `{g}` does so with an indent."""
SEPARATE = {
    "writefile": "%%writefile kinds_written.py\nx = 1",
    "bash-cell": "%%bash\necho here",
    "script-cell": "%%script true\nanything",
    "html-cell": "%%html\n<b>bold</b>",
    "latex-cell": "%%latex\n$x$",
    "markdown-cell": "%%markdown\n*x*",
    "javascript-cell": "%%javascript\nvar x = 1",
    "timeit-cell": "%%timeit -n1 -r1\nsum(range(3))",
    "python-cell": "%%python\nprint('another Python')",
}
"""Cells of the student's, between the answers, that define nothing."""
TESTS = {
    "await": "import asyncio\nawait asyncio.sleep(0)\nassert square(3) == 9",
    "await-gathered": (
        "import asyncio\nasync def ask(n): return square(n)\n"
        "assert await asyncio.gather(ask(2), ask(3)) == [4, 9]"
    ),
    "async-for": (
        "async def all_of():\n    for n in (2, 3): yield square(n)\n"
        "assert [n async for n in all_of()] == [4, 9]"
    ),
    "time-line": "%time got = square(3)\nassert got == 9",
    "time-cell": "%%time\nassert square(3) == 9",
    "shell": "!true\nassert square(3) == 9",
    "shell-assigned": "wanted = !echo 9\nassert square(3) == int(wanted[0])",
    "help": "assert square(3) == 9\nprint?",
    "matplotlib-inline": "%matplotlib inline\nassert square(3) == 9",
    "capture": "%%capture\nprint('hidden')\nassert square(3) == 9",
    "display": "from IPython.display import display\ndisplay(square(3))\nassert square(3) == 9",
    "display-builtin": "display(square(3))\nassert square(3) == 9",
    "credit-by-magic": "%precision 3\n1 if square(3) == 9 else 0",
    "automatic-credit": "0.5 * (square(2) == 4) + 0.5 * (square(3) == 9)",
    "line-magic-call": "get_ipython().run_line_magic('time', '1')\nassert square(3) == 9",
    "semicolon": "assert square(3) == 9\nsquare(3);",
}
TRIED = some(ANSWERS, every=6)
"""The kinds of answers that are graded: in the whole tier all."""
RIGHT, WRONG = "n * n", "n + n + 1"


def definition(body: str, indent: str = "") -> str:
    """Return the text of the function."""
    return f"{indent}def square(n):\n{indent}    return {body}"


def answer(text: str, body: str) -> str:
    """Return an answer of a kind."""
    return text.format(f=definition(body), g=definition(body, "    "))


def source() -> NotebookNode:
    """Return the instructor's notebook: a task and a test for each kind of answer, then tests."""
    cells = [new_code_cell("import math")]
    for name in TRIED:
        solution = f"### BEGIN SOLUTION\n{definition(RIGHT)}\n### END SOLUTION"
        cells += [
            new_code_cell(solution, metadata=metadata("solution", name, 0)),
            new_code_cell(
                "assert square(3) == 9\ndel square", metadata=metadata("grade", f"{name}-test", 1)
            ),
        ]
    solution = f"### BEGIN SOLUTION\n{definition(RIGHT)}\n### END SOLUTION"
    cells.append(new_code_cell(solution, metadata=metadata("solution", "last", 0)))
    cells += [
        new_code_cell(test, metadata=metadata("grade", f"in-test-{name}", 1))
        for name, test in TESTS.items()
    ]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def submission(released: NotebookNode, body: str) -> NotebookNode:
    """Return a submission that uses every kind."""
    kinds = {**ANSWERS, "last": "{f}"}
    cells: list[NotebookNode] = []
    separate = [new_code_cell(text) for text in SEPARATE.values()]
    for cell in released.cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("solution"):
            cell.source = answer(kinds[about["grade_id"]], body)
            cells += separate[:1]
            del separate[:1]
        cells.append(cell)
    return new_notebook(cells=cells, metadata=released.metadata)


def run(course: Path, *words: str) -> str:
    """Run a command in a course; it must succeed."""
    home = course.parent / "home"
    home.mkdir(exist_ok=True)
    paths = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {"PATH": paths, "HOME": str(home), "OPENBLAS_NUM_THREADS": "1"}
    done = preloaded.run(words, cwd=course, env=environment)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output[-3000:]
    return output


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that plain nbgrader has graded."""
    made = tmp_path_factory.mktemp("kinds") / "course"
    (made / "source" / "ps1").mkdir(parents=True)
    nbformat.write(source(), made / "source" / "ps1" / "hw.ipynb")
    config = made / "nbgrader_config.py"
    config.write_text("c = get_config()\nc.CourseDirectory.course_id = 'kinds'\n")
    run(made, "nbgrader", "generate_assignment", "ps1")
    for student, body in (("right", RIGHT), ("wrong", WRONG)):
        folder = made / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        released = nbformat.read(made / "release" / "ps1" / "hw.ipynb", 4)
        nbformat.write(submission(released, body), folder / "hw.ipynb")
    run(made, "nbgrader", "autograde", "ps1", "--Execute.timeout=120")
    return made


@pytest.fixture(scope="module")
def plain(graded: Path) -> dict[str, dict[str, float]]:
    """The points of plain nbgrader, by student and test."""
    return points(graded)


def points(course: Path) -> dict[str, dict[str, float]]:
    """Return the points in a gradebook by student and test."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        return {
            student: {
                grade.name: grade.score
                for grade in book.find_submission_notebook("hw", "ps1", student).grades
            }
            for student in ("right", "wrong")
        }


@pytest.mark.sample("our command")
@pytest.mark.parametrize("way", list(WAYS))
def test_every_kind_of_cell_earns_what_plain_nbgrader_gives(
    graded: Path, plain: dict[str, dict[str, float]], tmp_path: Path, way: str
) -> None:
    course = tmp_path / "course"
    shutil.copytree(graded, course)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.Limits.notebook_seconds = 600\nc.Limits.cell_seconds = 120\n{WAYS[way][0]}")
    run(course, *WAYS[way][1:], "ps1", "--force")
    assert points(course) == plain


def test_right_answers_of_every_kind_have_all_points_and_wrong_ones_none(
    plain: dict[str, dict[str, float]],
) -> None:
    assert [name for name, score in plain["right"].items() if score != 1] == []
    assert [name for name, score in plain["wrong"].items() if score] == []
