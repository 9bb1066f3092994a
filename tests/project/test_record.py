"""The races that lessons show as recorded: what is recorded, and what refuses to be."""

from __future__ import annotations

import ast
import builtins
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.core.paths import ROOT

SLUG = "06-measuring-speed"
FIGURES = {"seconds": {"sum": 0.123456789, "loop": 2.0}, "peaks": {"sum": 8, "loop": 80}}


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, on a machine that is quiet and has a C compiler, with lessons of one race."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    module = importlib.import_module("record")
    monkeypatch.setattr(module.os, "getloadavg", lambda: (0.1, 9.0, 9.0))
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(module.lesson_speed, "run", lambda _slug, _longer: {"a race": FIGURES})
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SCALE", "small")
    return module


def run(record: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["record.py", *arguments])
    record.main()


def test_a_lesson_gets_the_figures_of_one_run_and_what_they_depend_on(
    record: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / f"{SLUG}.json"
    old.write_text('{"a race that is gone": {}}')
    run(record, monkeypatch, "--lessons", SLUG, "--into", str(tmp_path))
    found = json.loads(old.read_text("utf-8"))
    assert list(found) == ["a race"]
    assert found["a race"]["seconds"] == {"sum": 0.1235, "loop": 2.0}
    assert found["a race"]["peaks"] == FIGURES["peaks"]
    for words in ("NumPy", "Python", "processor", "openblas", "kernel", "full size", "20"):
        assert words in found["a race"]["machine"]
    assert [file.name for file in tmp_path.iterdir()] == [old.name]


@pytest.mark.parametrize("busy", [True, False])
def test_a_busy_machine_records_only_if_asked(
    record: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, busy: bool
) -> None:
    monkeypatch.setattr(record.os, "getloadavg", lambda: (3.0, 0.0, 0.0))
    arguments = ["--lessons", SLUG, "--into", str(tmp_path)] + ["--busy"] * busy
    if busy:
        run(record, monkeypatch, *arguments)
        assert (tmp_path / f"{SLUG}.json").exists()
    else:
        with pytest.raises(SystemExit, match=r"load of this machine is 3.0.*--busy"):
            run(record, monkeypatch, *arguments)
        assert not [*tmp_path.iterdir()]


def test_without_a_c_compiler_nothing_is_recorded(
    record: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"No C compiler was found.*install gcc"):
        run(record, monkeypatch, "--into", str(tmp_path))
    assert not [*tmp_path.iterdir()]


def test_without_opencv_the_lesson_that_compares_with_it_is_not_recorded(
    record: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="pip install opencv-python-headless"):
        run(record, monkeypatch, "--into", str(tmp_path))
    run(record, monkeypatch, "--lessons", SLUG, "--into", str(tmp_path))
    assert [file.stem for file in tmp_path.iterdir()] == [SLUG]


def test_races_are_kept_by_their_key_and_never_mixed(record: ModuleType) -> None:
    recorder = record.lesson_speed.Recorder(1)
    ways: dict[str, Any] = {"one": lambda: 1, "two": lambda: 1}
    recorder.race(ways, seconds=0.01)
    assert not recorder.found  # the lesson shows no recorded race beside this one
    recorder.race(ways, seconds=0.01, recorded=recorder["ones"])
    assert recorder.found["ones"].keys() == {"seconds", "peaks"}
    assert recorder.found["ones"]["seconds"].keys() == ways.keys()
    with pytest.raises(SystemExit, match="have the key 'ones'"):
        recorder.race(ways, seconds=0.01, recorded=recorder["ones"])


def test_a_lesson_is_run_up_to_its_last_race_without_its_questions(record: ModuleType) -> None:
    race = 'ss.race(ways, recorded=recorded["a"])'
    cells = [
        new_markdown_cell("ss.race(recorded=recorded)"),
        new_code_cell("import numpy as np"),
        new_code_cell("ss.predict('?')", metadata={"tags": ["predict"]}),
        new_code_cell(race),
        new_code_cell("ss.race(ways)"),
        new_code_cell("%timeit f()"),
    ]
    found = record.lesson_speed.sources(new_notebook(cells=cells))
    assert found == ["import numpy as np", race]


@pytest.mark.parametrize("slug", ["06-measuring-speed", "07-caches-and-blas"])
def test_the_cells_of_the_lessons_are_plain_python_up_to_their_last_race(
    record: ModuleType, slug: str
) -> None:
    notebook = nbformat.read(ROOT / "lessons" / f"{slug}.ipynb", as_version=4)
    found = record.lesson_speed.sources(notebook)
    assert found
    bound: set[str] = {*dir(builtins), "display", "__name__"}
    for source in found:
        tree = ast.parse(source)
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        bound |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                bound.add(node.name)
            elif isinstance(node, ast.Import | ast.ImportFrom):
                bound |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.arg):
                bound.add(node.arg)
        # names that only a question binds would be missing
        assert {node.id for node in names if isinstance(node.ctx, ast.Load)} <= bound
