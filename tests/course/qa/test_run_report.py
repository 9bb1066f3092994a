from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from course.qa.run_report import outcomes, table

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


def written(folder: Path) -> Path:
    """What pytest itself writes about four tests that end in four ways."""
    (folder / "tests" / "sample").mkdir(parents=True)
    (folder / "tests" / "sample" / "test_four.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--junitxml=made.xml"]
    done = subprocess.run([*command, "-n0"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 1
    return folder / "made.xml"


@pytest.mark.slow
def test_the_record_counts_what_pytest_saw(tmp_path: Path) -> None:
    junit = written(tmp_path)
    (counts,) = outcomes(junit).values()
    assert {k: v for k, v in counts.items() if k != "milliseconds"} == {
        "passed": 1,
        "failed": 1,
        "errors": 1,
        "skipped": 1,
    }
    text = table(junit, 3.2, datetime(2026, 5, 1, tzinfo=UTC))
    assert "| `tests/sample` | 1 | 1 | 1 | 1 | 0 |" in text
    assert "| all | 1 | 1 | 1 | 1 | 0 |" in text
    assert "on 2026-05-01: 3 minutes on" in text


def test_many_short_tests_add_up(tmp_path: Path) -> None:
    case = '<testcase classname="tests.sample.test_many" time="0.3"/>'
    (tmp_path / "made.xml").write_text(f"<testsuite>{case * 10}</testsuite>")
    assert "| `tests/sample` | 10 | 0 | 0 | 0 | 3 |" in table(tmp_path / "made.xml", 1)
