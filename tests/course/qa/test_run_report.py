from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from course.qa.run_report import cases, outcomes, table

if TYPE_CHECKING:
    from pathlib import Path

TESTS = """
import pytest

def test_right(): pass
def test_wrong(): assert 1 == 2
def test_left_out(): pytest.skip("not today")
@pytest.fixture
def broken(): raise OSError
def test_never_starts(broken): pass
"""


def written(folder: Path, name: str = "made.xml", *options: str) -> Path:
    """What pytest itself writes about four tests that end in four ways."""
    (folder / "tests" / "sample").mkdir(parents=True, exist_ok=True)
    (folder / "pytest.ini").write_text("[pytest]\n")
    tests = folder / "tests" / "sample" / "test_four.py"
    if not tests.exists():
        tests.write_text(TESTS)
    command = [sys.executable, "-m", "pytest", f"--junitxml={name}", *options, "-n0"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return folder / name


@pytest.mark.slow
def test_the_record_counts_what_pytest_saw(tmp_path: Path) -> None:
    junit = written(tmp_path)
    (counts,) = outcomes(cases([junit])).values()
    assert {k: v for k, v in counts.items() if k != "milliseconds"} == {
        "passed": 1,
        "failed": 1,
        "errors": 1,
        "skipped": 1,
    }
    text = table([junit])
    assert "| `tests/sample` | 1 | 1 | 1 | 1 | 0 |" in text
    assert "| all | 1 | 1 | 1 | 1 | 0 |" in text
    assert "did not pass" not in text


@pytest.mark.slow
def test_a_test_that_passes_when_it_runs_again_counts_as_passed_and_is_named(
    tmp_path: Path,
) -> None:
    first = written(tmp_path)
    tests = tmp_path / "tests" / "sample" / "test_four.py"
    tests.write_text(TESTS.replace("1 == 2", "1 == 1"))
    text = table([first, written(tmp_path, "again.xml", "--last-failed")])
    assert "| all | 2 | 0 | 1 | 1 | 0 |" in text
    assert "- `tests.sample.test_four::test_wrong`" in text
    assert "test_never_starts" not in text


def test_the_day_and_the_minutes_are_those_of_the_whole_run(tmp_path: Path) -> None:
    suite = '<testsuite time="{}" timestamp="{}T10:00:00"/>'
    (tmp_path / "first.xml").write_text(suite.format(190, "2026-05-01"))
    (tmp_path / "again.xml").write_text(suite.format(7, "2026-05-02"))
    assert "on 2026-05-01: 3 minutes on" in table([tmp_path / "first.xml", tmp_path / "again.xml"])


def test_many_short_tests_add_up(tmp_path: Path) -> None:
    case = '<testcase classname="tests.sample.test_many" name="test_{}" time="0.3"/>'
    cases = "".join(case.format(number) for number in range(10))
    (tmp_path / "made.xml").write_text(f"<testsuite>{cases}</testsuite>")
    assert "| `tests/sample` | 10 | 0 | 0 | 0 | 3 |" in table([tmp_path / "made.xml"])
