"""nbgrader's own commands grade nothing without the settings of this grader."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.core.paths import ROOT
from nbgrader_isolate.nbgrader_plugin.configure import SETTINGS, configure
from support import preloaded
from support.hostile_course import CONFIG, DOUBLE, A, answered, environment, make, submit


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one submission; tests copy it."""
    root = tmp_path_factory.mktemp("made") / "course"
    make(root)
    submit(root, "ada", answered(root, DOUBLE))
    return root


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


def autograde(course: Path, config: str) -> subprocess.CompletedProcess[str]:
    """Run nbgrader's command with this configuration."""
    (course / "nbgrader_config.py").write_text(config)
    return preloaded.nbgrader("autograde", A, cwd=course, env=environment(course))


def test_the_document_shows_the_settings_in_json() -> None:
    text = (ROOT / "docs/autograder/nbgrader-plugin.md").read_text("utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    assert json.loads(shown) == SETTINGS


def test_the_settings_are_those_that_configure_makes() -> None:
    from traitlets.config import Config

    made = Config()
    configure(made)
    assert made == SETTINGS


@pytest.mark.sample("syntax")
@pytest.mark.slow
@pytest.mark.parametrize(
    "broken", [f"{CONFIG}\nif True\n", f"undefined\n{CONFIG}"], ids=["syntax", "first line"]
)
def test_with_the_settings_in_json_a_broken_configuration_ends_the_command(
    course: Path, broken: str
) -> None:
    (course / "nbgrader_config.json").write_text(json.dumps(SETTINGS))
    done = autograde(course, broken)
    assert done.returncode != 0
    assert "nothing was graded, because this file cannot be read" in done.stderr
    assert not list((course / "autograded").glob("*/*"))


@pytest.mark.slow
def test_an_error_after_configure_ends_the_command(course: Path) -> None:
    done = autograde(course, f"{CONFIG}\nundefined\n")
    assert done.returncode != 0
    assert "NameError" in done.stderr
    assert not (course / "autograded").exists()


@pytest.mark.slow
def test_the_settings_in_json_change_nothing_if_the_configuration_can_be_read(
    course: Path,
) -> None:
    (course / "nbgrader_config.json").write_text(json.dumps(SETTINGS))
    done = autograde(course, CONFIG)
    assert done.returncode == 0, done.stderr[-2000:]
    assert list((course / "autograded" / "ada" / A).glob("*.ipynb"))
