"""Lessons run bounded and side by side, fail in three lines, and leave no kernel behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from course.site.execute import Conditions, LessonError, LessonRun, refuse_warnings, run_lessons
from support.patience import patience, wait_until

pytestmark = pytest.mark.slow


def notebook(*cells: str, tags: list[str] | None = None) -> NotebookNode:
    made = [nbformat.v4.new_code_cell(cell, metadata={"tags": tags or []}) for cell in cells]
    return nbformat.v4.new_notebook(cells=made)


def run(
    folder: Path, notebooks: dict[str, NotebookNode], cell_seconds: int = 60
) -> dict[str, LessonRun]:
    files = []
    for name, made in notebooks.items():
        files.append(folder / f"{name}.ipynb")
        nbformat.write(made, files[-1])
    finished: dict[str, LessonRun] = {}

    def done(one: LessonRun) -> None:
        finished[one.file.stem] = one

    run_lessons(files, lambda file: file.name, done, Conditions(jobs=2, cell_seconds=cell_seconds))
    return finished


BAD = {
    "raises": (notebook("x = 1", "1 / 0"), 2, "1 / 0", "ZeroDivisionError: division by zero"),
    "prints": (notebook("print('x' * 100_000_000)"), 1, "print('x'", "prints more than 1 MB"),
    "floods": (notebook("while True:\n    print('x' * 1000)"), 1, "while", "more than 1 MB"),
    "hangs": (notebook("import time\ntime.sleep(99)"), 1, "import time", "longer than 3 s"),
    "dies": (notebook("1", "2", "import os; os._exit(3)"), 3, "import os", "the kernel died"),
    "warns": (notebook("import warnings; warnings.warn('old')"), 1, "import", "UserWarning: old"),
    "syntax": (notebook("def f(:"), 1, "def f(:", "SyntaxError"),
}


@pytest.fixture(scope="module")
def bad_runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LessonRun]:
    folder = tmp_path_factory.mktemp("bad")
    notebooks = {name: case[0] for name, case in BAD.items()}
    hangs = {"hangs": notebooks.pop("hangs")}
    good = {"good": notebook("x = 1", "x + 1")}
    enough = round(patience(3))
    return run(folder, hangs, cell_seconds=3) | run(folder, notebooks | good, cell_seconds=enough)


@pytest.mark.sample("raises", "floods", "dies", "syntax")
@pytest.mark.parametrize("name", list(BAD))
def test_a_bad_lesson_names_file_cell_and_error_in_three_lines(
    bad_runs: dict[str, LessonRun], name: str
) -> None:
    _, cell, source, reason = BAD[name]
    lines = str(bad_runs[name].error).splitlines()
    assert bad_runs[name].notebook is None
    assert len(lines) == 3
    assert lines[0].startswith(f"{name}.ipynb does not run")
    assert lines[1].startswith(f"  code cell {cell}: {source}")
    assert reason in lines[2]


def test_a_good_lesson_beside_them_has_its_outputs_and_its_peak(
    bad_runs: dict[str, LessonRun],
) -> None:
    good = bad_runs["good"]
    assert good.error is None
    assert good.notebook is not None
    assert good.notebook.cells[1].outputs[0].data["text/plain"] == "2"
    if Path("/proc/self/status").exists():
        assert good.peak_bytes is not None
        assert 10e6 < good.peak_bytes < 1e9


def test_what_is_shown_on_purpose_is_no_failure(tmp_path: Path) -> None:
    finished = run(
        tmp_path,
        {
            "error": notebook("1 / 0", tags=["raises-exception"]),
            "warning": notebook("import warnings; warnings.warn('w')", tags=["expect-warning"]),
        },
    )
    assert [one.error for one in finished.values()] == [None, None]


def test_a_warning_is_found_whatever_cell_it_is_in() -> None:
    made = notebook("1", "2")
    made.cells[1].outputs = [nbformat.v4.new_output("stream", name="stderr", text="Careful\nx")]
    with pytest.raises(LessonError, match="Careful"):
        refuse_warnings(made, "x")


SCRIPT = """
    import sys
    from pathlib import Path
    from course.site.execute import run_lessons
    print("ready", flush=True)
    run_lessons(sorted(Path(sys.argv[1]).glob("*.ipynb")), str, print)
"""


@pytest.mark.sample("2")
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_no_kernel_behind(tmp_path: Path, stop: signal.Signals) -> None:
    for name in "ab":
        source = f"open(r'{tmp_path / name}', 'w').write('x')\nimport time\ntime.sleep(60)"
        nbformat.write(notebook(source), tmp_path / f"{name}.ipynb")
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tmp_path)],
        env={**os.environ, "COURSE_TEST": str(tmp_path)},
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # a test run that was itself started in the background ignores Ctrl-C; its child must not
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    both = [tmp_path / "a", tmp_path / "b"]
    wait_until(lambda: all(file.exists() for file in both), "both lessons run", 30)
    assert kernels(tmp_path)
    child.send_signal(stop)
    _, said = child.communicate(timeout=patience(10))
    assert child.returncode != 0
    assert b"KeyboardInterrupt" in said
    wait_until(lambda: not kernels(tmp_path), "the kernels end")


def kernels(marker: Path) -> list[str]:
    """Return the processes whose environment carries `marker` (kernels inherit it)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            environment = (process / "environ").read_bytes()
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if f"COURSE_TEST={marker}".encode() in environment and b"ipykernel" in command:
            found.append(process.name)
    return found


def test_a_persons_own_settings_do_not_change_a_lesson(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "ipython" / "profile_default"
    (profile / "startup").mkdir(parents=True)
    (profile / "startup" / "own.py").write_text("mine = 1\n")
    (profile / "ipython_config.py").write_text(
        "c.InteractiveShell.ast_node_interactivity = 'all'\n"
    )
    (tmp_path / "matplotlibrc").write_text("figure.dpi: 17\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    cells = ("1\n2\n'mine' in globals()", "import matplotlib\nmatplotlib.rcParams['figure.dpi']")
    (tmp_path / "lessons").mkdir()
    made = run(tmp_path / "lessons", {"lesson": notebook(*cells)})["lesson"].notebook
    assert made is not None
    shown = [[output["data"]["text/plain"] for output in cell.outputs] for cell in made.cells]
    assert shown == [["False"], ["100.0"]]
