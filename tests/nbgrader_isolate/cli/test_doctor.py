"""The doctor's findings on packages, each with what to do."""

from __future__ import annotations

import argparse
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from nbgrader_isolate.cli import doctor
from nbgrader_isolate.core.errors import Exit
from support import graded_course as gc
from support.graded_course import A


def pretend(monkeypatch: pytest.MonkeyPatch, versions: dict[str, str | None]) -> None:
    """Have some distributions be of another version, or missing."""
    real = doctor.version

    def version(name: str) -> str:
        found = versions.get(name, "")
        if found is None:
            raise PackageNotFoundError(name)
        return found or real(name)

    monkeypatch.setattr(doctor, "version", version)


def test_every_requirement_that_is_missing_or_too_old_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, {"bleach": None, "nbconvert": "7.16.5", "ipykernel": "7.0.0rc1"})
    assert doctor.run(argparse.Namespace(course=None)) is Exit.SANDBOX
    printed = capsys.readouterr().out
    assert "FAIL  bleach: not installed\n      → pip install --upgrade nbgrader-isolate" in printed
    assert "FAIL  nbconvert: 7.16.5 is too old: 7.16.6 or newer is needed" in printed
    assert "ipykernel:" not in printed
    assert "sandbox" not in printed, "the other checks import what is missing"


def test_an_extra_that_was_not_asked_for_may_be_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pretend(monkeypatch, {"distributed": None})
    assert not doctor.print_findings(doctor.check_packages)
    assert "ok    versions: Python 3." in capsys.readouterr().out


def test_a_check_that_raises_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    def check_disk_space() -> None:
        raise OSError(5, "Input/output error")

    assert doctor.print_findings(check_disk_space)  # type: ignore[arg-type]
    assert "FAIL  disk space: OSError: [Errno 5] Input/output error" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "numbers"),
    [("7.16.6", (7, 16, 6)), ("7.17rc1", (7, 17)), ("2", (2,)), ("unknown", ())],
)
def test_the_numbers_of_a_release(text: str, numbers: tuple[int, ...]) -> None:
    assert doctor.release_numbers(text) == numbers


@pytest.mark.slow
def test_the_doctor_says_whether_plans_are_fresh(course: Path) -> None:
    def said() -> str:
        from nbgrader_isolate.cli.doctor import check_gradebook
        from nbgrader_isolate.gradebook.course import Course

        return "\n".join(
            f"{f.subject}: {f.text} {f.advice}" for f in check_gradebook(Course(course))
        )

    assert f"plan of {A}: missing, or older than the release" in said()
    assert f"nbgrader-isolate plan {A}" in said()
    gc.grade(course, verb="plan")
    assert f"plan of {A}: up to date" in said()
