"""`make version-matrix`, the grader's half: its tests on every Python and NumPy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from course.cli import main, maintenance
from course.core.paths import Folders
from course.qa import grader_matrix, version_matrix


def test_where_no_other_python_is_the_grader_is_not_said_to_hold_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(version_matrix, "find_python", lambda _: None)
    monkeypatch.setattr(maintenance, "Folders", lambda: Folders(tmp_path))
    assert main.run(["version-matrix", "--grader"]) == 1
    assert capsys.readouterr().out.count("was not tried") == len(grader_matrix.VERSIONS)


@pytest.mark.slow
def test_a_test_that_fails_elsewhere_is_heard_and_runs_with_that_pythons_commands(
    tmp_path: Path,
) -> None:
    first = f"os.environ['PATH'].startswith({str(Path(sys.executable).parent)!r})"
    for name, condition in (("passes", first), ("fails", f"not {first}")):
        test = f"import os\n\ndef test_it():\n    assert {condition}\n"
        (tmp_path / f"test_{name}.py").write_text(test)
    found = [
        grader_matrix.run_tests(Path(sys.executable), [str(tmp_path / f"test_{name}.py")], tmp_path)
        for name in ("passes", "fails")
    ]
    assert found == [0, 1]
