"""The package: what importing it brings along, and the examples in its docstrings."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import stridescope as ss

ROOT = Path(__file__).parents[2]
EXAMPLES = [name for name in ss.__all__ if name != "Instrument"]


def test_importing_brings_numpy_and_no_notebook_along() -> None:
    code = "import stridescope, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert not {"IPython", "anywidget", "matplotlib", "ipywidgets", "traitlets"} & loaded


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * (name == "race")) for name in EXAMPLES],
)
def test_the_examples_in_the_docstrings_are_true(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where no answers are kept yet
    importlib.import_module(f"stridescope.instruments.{name}")
    result = doctest.testmod(sys.modules[f"stridescope.instruments.{name}"])
    assert result.attempted > 0
    assert result.failed == 0


def test_the_code_of_the_readme_runs_and_prints_what_it_says() -> None:
    readme = (ROOT / "stridescope" / "README.md").read_text("utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    (session,) = re.findall(r"```pycon\n(.*?)```", readme, re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - our own text
    test = doctest.DocTestParser().get_doctest(session, names, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test) == doctest.TestResults(failed=0, attempted=1)
