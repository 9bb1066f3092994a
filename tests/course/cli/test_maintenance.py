"""The verbs that check and clean up: which tests they run, and what they leave alone."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import pytest

from course.cli import maintenance
from course.core.paths import Folders


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that a verb would start; each ends with status 3."""
    found: list[list[str]] = []

    def run(command: list[str], **_more: object) -> subprocess.CompletedProcess[str]:
        found.append(command)
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(subprocess, "run", run)
    return found


def test_quick_tests_are_neither_slow_nor_in_a_browser_and_run_in_one_process(
    started: list[list[str]],
) -> None:
    options = argparse.Namespace(fast=True, all=False, options=["-x"])
    assert maintenance.test_(options) == 3
    (command,) = started
    assert command[5:7] == ["-m", "not slow and not browser"]
    assert command[3:5] == ["-n", "0"]
    assert command[-1] == "-x"


@pytest.mark.parametrize(("processors", "workers"), [(None, "4"), (2, "4"), (8, "8")])
def test_all_tests_run_side_by_side_with_the_tests_of_a_file_together(
    started: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    processors: int | None,
    workers: str,
) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: processors)
    assert maintenance.test_(argparse.Namespace(fast=False, all=False, options=[])) == 3
    assert started[0][-4:] == ["-n", workers, "--dist", "loadfile"]


def test_what_failed_runs_again_and_the_report_counts_its_last_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    commands: list[list[str]] = []
    results = ["<failure/>", "<failure/>", "", "<failure/>"]

    def run(
        command: list[str], env: dict[str, str], **_more: object
    ) -> subprocess.CompletedProcess[str]:
        assert env["TEST_TIER"] == "all"
        commands.append(command)
        junit = Path(command[-1].removeprefix("--junitxml="))
        case = f'<testcase classname="tests.a.test_b" name="test_c">{results.pop(0)}</testcase>'
        junit.write_text(f'<testsuite time="60" timestamp="2026-05-01T10:00">{case}</testsuite>')
        return subprocess.CompletedProcess(command, 0)

    for name in ("_build", "benchmarks"):
        (tmp_path / name).mkdir()
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(maintenance, "ROOT", tmp_path)
    monkeypatch.setattr(maintenance, "Folders", lambda: Folders(tmp_path))
    report = tmp_path / "benchmarks" / "test_all.md"

    def test(*, failed: bool) -> int:
        options = argparse.Namespace(fast=False, all=True, failed=failed, options=[])
        return maintenance.test_(options)

    assert test(failed=True) == 2
    assert "run `make test-all` first" in capsys.readouterr().err
    for failed, line in [(False, "0 | 1"), (True, "0 | 1"), (True, "1 | 0"), (False, "0 | 1")]:
        assert test(failed=failed) == 0
        assert f"| all | {line} | 0 | 0 | 0 |" in report.read_text()
    assert ["--last-failed" in command for command in commands] == [False, True, True, False]
    assert [file.name for file in (tmp_path / "_build").iterdir()] == ["test-all.xml"]


def test_cleaning_removes_what_can_be_made_again_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ("work", "submitted", "autograded", "lessons", ".venv", ".autograder")
    for name in (*kept, "_site", "_build"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    (tmp_path / "gradebook.db").touch()
    monkeypatch.setattr(maintenance, "Folders", lambda: Folders(tmp_path))
    for _ in range(2):
        assert maintenance.clean(argparse.Namespace()) == 0
        assert {path.name for path in tmp_path.iterdir()} == {*kept, "gradebook.db"}


def test_only_scripts_are_benchmarks_and_only_some_of_them_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[list[str]]
) -> None:
    (tmp_path / "benchmarks").mkdir()
    main = 'if __name__ == "__main__":\n'
    files = {"a": main, "b": f'{main}    parser.add("--write")', "shared": "", "record": main}
    for name, text in files.items():
        (tmp_path / "benchmarks" / f"{name}.py").write_text(text)
    monkeypatch.setattr(maintenance, "ROOT", tmp_path)
    assert maintenance.bench(argparse.Namespace(write=True)) == 1
    assert [[Path(command[1]).stem, *command[2:]] for command in started] == [
        ["a"],
        ["b", "--write"],
    ]
