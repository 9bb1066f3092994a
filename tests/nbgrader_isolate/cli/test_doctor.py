"""The doctor's findings on packages, each with what to do."""

from __future__ import annotations

import argparse
import shutil
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import nbformat
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
def test_the_doctor_names_packages_that_the_notebooks_import_and_that_are_missing(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbgrader_isolate.gradebook.course import Course

    assert [*doctor.check_imports(Course(course))] == []
    notebook = nbformat.read(course / f"source/{A}/lab.ipynb", 4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("import numpy, absent_plots.pyplot as p"))
    nbformat.write(notebook, course / f"source/{A}/lab.ipynb")
    (course / f"source/{A}/broken.ipynb").write_text("{")
    found = [*doctor.check_imports(Course(course))]
    broken, packages = found
    assert "broken.ipynb cannot be read as a notebook" in broken.text
    assert packages.subject == f"packages of {A}"
    assert packages.text == f"{sys.executable} cannot import absent_plots"
    assert packages.advice == "pip install absent_plots, in the environment of this command"
    assert doctor.run(argparse.Namespace(course=course)) is Exit.DONE
    assert "but read each line with warn above first." in capsys.readouterr().out


@pytest.mark.slow
def test_the_doctor_says_whether_plans_are_fresh(course: Path) -> None:
    def said() -> str:
        from nbgrader_isolate.cli.doctor import check_gradebook
        from nbgrader_isolate.gradebook.course import Course

        return "\n".join(
            f"{f.subject}: {f.text} {f.advice}" for f in check_gradebook(Course(course))
        )

    assert f"plan of {A}: missing, or made before the assignment, a package" in said()
    assert f"nbgrader-isolate plan {A}" in said()
    gc.grade(course, verb="plan")
    assert f"plan of {A}: up to date" in said()
    shutil.rmtree(course / "source")
    shutil.rmtree(course / "submitted")
    assert f"plan of {A}: " in said(), "the gradebook knows it"
