"""`make test` runs a part of what `make test-all` runs, and leaves out no test without a reason."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from course.bootstrap import ROOT
from support.tiers import WHOLE, chosen, examples, some

SOURCE = """
import pytest

CASES = pytest.mark.parametrize("case", ["a", "b[1]", "c"])

@pytest.mark.whole("it takes minutes")
def test_long(): pass

@CASES
def test_all(case): pass

@pytest.mark.sample("b[1]")
@CASES
def test_named(case): pass

@pytest.mark.sample(every=2)
@CASES
def test_every(case): pass
"""
WRONG = {
    '@pytest.mark.sample("d")': "sample names d; its cases are a, b[1], c",
    "@pytest.mark.sample()": "sample names nothing",
    '@pytest.mark.whole(" ")': "say why only the whole tier runs it",
    "@pytest.mark.whole": "say why only the whole tier runs it",
}


def collected(*words: str, tier: str = "", folder: Path = ROOT) -> list[str]:
    """Return the names of the tests that a run would have."""
    done = pytest_in(folder, *words, tier=tier)
    assert done.returncode == 0, done.stdout + done.stderr
    return [line for line in done.stdout.splitlines() if "::" in line]


def pytest_in(folder: Path, *words: str, tier: str = "") -> subprocess.CompletedProcess[str]:
    """Collect tests with the rules of this folder's `conftest.py`."""
    rules = ("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder), "-p", "conftest")
    command = [sys.executable, "-m", "pytest", "--collect-only", "-n", "0", *words]
    if folder != ROOT:
        command += rules
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "TEST_TIER": tier, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_quick_tier_has_the_cases_that_a_test_names_and_the_whole_tier_all(
    tmp_path: Path,
) -> None:
    (tmp_path / "test_it.py").write_text(SOURCE)
    quick = collected("test_it.py", folder=tmp_path)
    all_cases = [f"test_it.py::test_all[{case}]" for case in ("a", "b[1]", "c")]
    sampled = [f"test_it.py::{name}" for name in ("test_named[b[1]]", "test_every[a]")]
    assert quick == [*all_cases, *sampled, "test_it.py::test_every[c]"]
    assert len(collected("test_it.py", tier="all", folder=tmp_path)) == 10
    for name in ("test_long", "test_every[b[1]]"):
        assert collected(f"test_it.py::{name}", folder=tmp_path) == [f"test_it.py::{name}"]


@pytest.mark.slow
@pytest.mark.sample(every=2)
@pytest.mark.parametrize("mark", list(WRONG))
def test_a_mark_that_means_nothing_is_refused(tmp_path: Path, mark: str) -> None:
    cases = '@pytest.mark.parametrize("case", ["a", "b[1]", "c"])'
    (tmp_path / "test_it.py").write_text(
        f"import pytest\n{mark}\n{cases}\ndef test_it(case): pass\n"
    )
    done = pytest_in(tmp_path, "test_it.py")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"test_it.py::test_it: {WRONG[mark]}" in done.stderr


def test_every_nth_case_begins_with_the_first() -> None:
    assert some("abcde", every=2) == list("abcde" if WHOLE else "ace")


def test_the_quick_tier_makes_up_a_quarter_of_the_examples() -> None:
    assert [examples(number) for number in (300, 150, 1)] == (
        [300, 150, 1] if WHOLE else [75, 38, 1]
    )


def test_each_test_of_this_run_has_a_case_or_a_reason(request: pytest.FixtureRequest) -> None:
    """Nothing that this run has would be left out of the quick tier without a word."""
    kept, left_out = chosen(request.session.items)
    functions = {item.nodeid.partition("[")[0] for item in kept}
    silent = [
        item.nodeid
        for item in left_out
        if item.nodeid.partition("[")[0] not in functions and not item.get_closest_marker("whole")
    ]
    assert silent == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.whole("it collects all tests twice")
def test_the_quick_tier_is_a_part_of_the_whole_and_has_a_case_of_each_test() -> None:
    quick, whole = collected(), collected(tier="all")
    assert len(set(whole)) == len(whole)
    assert set(quick) <= set(whole)
    marked = set(collected("-m", "not whole", tier="all"))
    functions = {name.partition("[")[0] for name in quick}
    missing = {name.partition("[")[0] for name in marked} - functions
    assert [name for name in sorted(missing) if not divided_by_itself(name)] == []


def divided_by_itself(name: str) -> bool:
    """Return whether a test's file, or the rules of its folder, look at the tier themselves."""
    file = ROOT / name.partition("::")[0]
    texts = [
        one.read_text("utf-8") for one in (file, file.with_name("conftest.py")) if one.is_file()
    ]
    return any("if WHOLE" in text or "TEST_TIER" in text for text in texts)
