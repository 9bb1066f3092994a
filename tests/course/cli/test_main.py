"""`python -m course`: an error is one message and exit status 1; students see their verbs only."""

from __future__ import annotations

import argparse
import errno
import os
import re
from pathlib import Path

import pytest

from course.bootstrap import ROOT
from course.cli import lessons, main
from course.core.errors import CourseError
from course.handout.student_zip import VERBS


def ends(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> int:
    """Return the exit status of a verb that fails with an error."""

    def setup(_options: argparse.Namespace) -> int:
        """Fail."""
        raise error

    monkeypatch.setattr(lessons, "setup", setup)
    return main.run(["setup"])


def test_an_error_of_the_course_is_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, CourseError("There is no lesson.")) == 1
    assert capsys.readouterr() == ("", "There is no lesson.\n")


def test_ctrl_c_says_that_the_verb_can_be_run_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(monkeypatch, KeyboardInterrupt()) == 130
    assert "run the command again to continue" in capsys.readouterr().err


def test_any_other_error_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        ends(monkeypatch, ZeroDivisionError())


@pytest.mark.parametrize("arguments", [[], ["htlm"], ["pack"], ["variant", "seven"]])
def test_a_wrong_command_line_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main.run(arguments)
    assert ended.value.code == 2
    assert "usage: python -m course" in capsys.readouterr().err


def listed(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the verbs that the help lists."""
    with pytest.raises(SystemExit):
        main.run(["--help"])
    return set(re.findall(r"(?m)^    ([a-z-]+)(?:  |$)", capsys.readouterr().out))


def test_students_see_the_verbs_that_work_for_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    everything = listed(capsys)
    assert everything > {*VERBS, "release"} - {"help", "python"}, "targets that are no verbs"
    monkeypatch.setattr(main, "ROOT", tmp_path)
    assert listed(capsys) == set(VERBS) & everything


def test_every_verb_is_one_of_the_makefile(capsys: pytest.CaptureFixture[str]) -> None:
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    assert listed(capsys) <= targets


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "copy it to one of your own"),
        (errno.EROFS, "copy it to one of your own"),
        (errno.ENOSPC, "Free some space"),
    ],
)
def test_a_folder_that_cannot_be_written_is_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, words: str
) -> None:
    error = OSError(number, os.strerror(number), "_build/x")
    assert ends(monkeypatch, error) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"_build/x: {os.strerror(number)}. ")
    assert words in told
    assert told.count("\n") == 1


def test_another_error_of_the_system_keeps_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        ends(monkeypatch, FileNotFoundError(errno.ENOENT, "no such file", "x"))
