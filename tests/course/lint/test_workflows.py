"""Workflows and Dockerfiles are checked, and what is pinned is pinned by a digest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from course.core.errors import CourseError
from course.core.paths import ROOT
from course.lint import workflows

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
RELAXED = """on: push
jobs:
  a:
    runs-on: ubuntu-24.04
    steps:
      - run: echo ${{ github.head_ref }}
"""


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_workflow_grants_nothing_by_default_and_pins_each_action(file: Path) -> None:
    content = yaml.safe_load(file.read_text("utf-8"))
    assert content["permissions"] == {}
    for job in content["jobs"].values():
        assert "write" not in job["permissions"].values() or "environment" in job
        assert job["timeout-minutes"] <= 90
    used = re.findall(r"uses: (.+)", file.read_text("utf-8"))
    assert used
    for action in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


def test_the_workflows_call_the_one_script_and_verbs_that_exist() -> None:
    steps = [
        step["run"]
        for file in FILES
        for job in yaml.safe_load(file.read_text("utf-8"))["jobs"].values()
        for step in job["steps"]
        if "run" in step
    ]
    verbs = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    for step in steps:
        program, *rest = step.split()
        known = program == "make" and set(rest) <= verbs
        assert known or program.startswith(".ci/") or step.startswith("python -m course "), step
        assert not program.startswith(".ci/") or (ROOT / program).stat().st_mode & 0o111


@pytest.mark.slow
def test_a_workflow_that_runs_what_a_stranger_names_is_refused(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / ".github").mkdir()
    (tmp_path / "vendor").symlink_to(ROOT / "vendor")
    for name in ("_build", "node_modules", "package-lock.json"):
        (tmp_path / name).symlink_to(ROOT / name)
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir()
    (folder / "a.yml").write_text(RELAXED)
    assert not workflows.check(tmp_path)
    said = "".join(capfd.readouterr())
    assert "template-injection" in said
    assert '"github.head_ref" is potentially untrusted' in said, "actionlint notices it, too"


def test_without_the_programs_lint_fails_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def nothing(*_: object) -> Path:
        raise CourseError("no network")

    monkeypatch.setattr(workflows, "folder_of_tools", nothing)
    assert not workflows.check(tmp_path)
    assert capsys.readouterr().err == "no network\n"
