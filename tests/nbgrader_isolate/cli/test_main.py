"""The command line ends with the exit code that its error asks for, and with one line."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import pytest

from nbgrader_isolate import __version__
from nbgrader_isolate.cli import main, report
from nbgrader_isolate.core.errors import Exit, GraderError


def ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Return the exit code of a command that fails with an error."""

    def fail(_options: argparse.Namespace) -> Exit:
        raise error

    monkeypatch.setattr(report, "run", fail)
    return main.run(["report", "ps1"])


@pytest.mark.parametrize("code", [Exit.COURSE, Exit.GRADEBOOK, Exit.SANDBOX])
def test_an_error_is_its_message_and_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: Exit
) -> None:
    assert ends(monkeypatch, GraderError("No such thing.", code)) == code
    assert capsys.readouterr() == ("", "No such thing.\n")


def test_ctrl_c_says_that_nothing_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, KeyboardInterrupt()) == Exit.INTERRUPTED
    assert "run the same command again to continue" in capsys.readouterr().err


def test_a_missing_package_is_named_and_a_module_of_ours_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = ModuleNotFoundError("No module named 'nbformat'", name="nbformat.v4")
    assert ends(monkeypatch, gone) == Exit.SANDBOX
    assert capsys.readouterr().err.startswith("The Python package nbformat is not installed: run ")
    for name in ("nbgrader_isolate.runs", None):
        with pytest.raises(ModuleNotFoundError):
            ends(monkeypatch, ModuleNotFoundError("No module", name=name))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "required: COMMAND"),
        (["mark", "ps1"], "invalid choice: 'mark'"),
        (["grade"], "required: ASSIGNMENT"),
        (["grade", "ps1", "--jobs", "0"], "0 is too small: the smallest value is 1"),
        (["grade", "ps1", "--jobs", "many"], "invalid positive_integer value: 'many'"),
    ],
)
def test_a_wrong_command_line_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.run(arguments)
    assert ended.value.code == Exit.USAGE
    assert words in capsys.readouterr().err


def test_the_version_and_all_exit_codes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--version", "--help"):
        with pytest.raises(SystemExit) as ended:
            main.run([option])
        assert ended.value.code == Exit.DONE
    shown = capsys.readouterr().out
    assert f"nbgrader-isolate {__version__}\n" in shown
    assert all(f"\n  {code.value:<4} " in shown for code in Exit)
    assert all(f"\n    {name} " in shown for name in main.COMMANDS)


@pytest.mark.parametrize("lines", [1, 100_000], ids=["at the end", "while it writes"])
def test_output_that_cannot_be_written_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lines: int
) -> None:
    def write(_options: argparse.Namespace) -> Exit:
        for _ in range(lines):
            sys.stdout.write("a line of the report\n")
        return Exit.DONE

    monkeypatch.setattr(report, "run", write)
    with Path("/dev/full").open("w", encoding="ascii") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main.run(["report", "ps1"]) == Exit.GRADEBOOK
        monkeypatch.undo()
    said = "standard output: cannot be written: No space left on device.\n"
    assert capsys.readouterr().err == said
    monkeypatch.setattr(report, "run", write)
    read, written = os.pipe()
    os.close(read)
    with os.fdopen(written, "w", encoding="ascii") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main.run(["report", "ps1"]) == Exit.NO_READER
        monkeypatch.undo()
    assert capsys.readouterr().err == ""


def test_a_disk_error_elsewhere_is_not_taken_for_the_outputs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(OSError, match="No space left"):
        ends(monkeypatch, OSError(28, "No space left on device"))
