"""What a service would run exists, is valid, and names verbs and files of this checkout."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from course.core.paths import ROOT
from support.clean_copy import clean_copy

WHOLE = os.environ.get("TEST_TIER") == "all"
VERBS = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
DOCKERFILES = sorted((ROOT / "docker").glob("*Dockerfile"))
HUB = {
    "HUB_PASSWORD": "secret",
    "COURSE_IMAGE": "image",
    "HUB_NETWORK": "network",
    "EXCHANGE_VOLUME": "exchange",
}


def container() -> dict[str, str]:
    """Return the commands of the devcontainer."""
    file = ROOT / ".devcontainer" / "devcontainer.json"
    content = json.loads(file.read_text("utf-8"))
    return {name: text for name, text in content.items() if name.endswith("Command")}


def test_the_devcontainer_runs_verbs_of_the_course() -> None:
    commands = container()
    used = {verb for text in commands.values() for verb in re.findall(r"make ([a-z-]+)", text)}
    assert used == {"setup", "lab", "check"}
    assert used <= VERBS


@pytest.mark.parametrize("file", DOCKERFILES, ids=lambda file: file.name)
def test_a_dockerfile_copies_what_is_there_and_does_not_end_as_root(file: Path) -> None:
    text = file.read_text("utf-8")
    context = ROOT / "docker" if file.name == "hub.Dockerfile" else ROOT
    for source in re.findall(r"(?m)^COPY (?:--\S+ )*(\S+) \S+$", text):
        assert (context / source).exists(), source
    assert "HEALTHCHECK" in text
    users = re.findall(r"(?m)^USER (\S+)$", text)
    assert file.name == "hub.Dockerfile" or users[-1] in ("2000", "${NB_UID}")


def test_what_is_private_to_a_course_stays_out_of_images() -> None:
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".venv", "work", "submitted", "gradebook.db", ".autograder"} <= {*ignored}


def test_the_hub_mounts_the_exchange_where_nbgrader_looks_for_it() -> None:
    compose = yaml.safe_load((ROOT / "docker" / "docker-compose.yml").read_text("utf-8"))
    hub = compose["services"]["hub"]
    assert set(hub["environment"]) == set(HUB)
    assert hub["ports"] == ["127.0.0.1:8000:8000"], "a trial hub is for this machine alone"
    for service in compose["services"].values():
        build = service["build"]
        dockerfile = ROOT / "docker" / build["context"] / build["dockerfile"]
        assert dockerfile.is_file()


def test_the_configuration_of_the_hub_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    from traitlets.config import PyFileConfigLoader

    for name, value in HUB.items():
        monkeypatch.setenv(name, value)
    config = PyFileConfigLoader(str(ROOT / "docker" / "jupyterhub_config.py")).load_config()
    assert config.DockerSpawner.image == "image"
    assert config.DockerSpawner.volumes["exchange"] == "/usr/local/share/nbgrader/exchange"
    assert config.DummyAuthenticator["password"] == HUB["HUB_PASSWORD"]


def test_binder_has_an_interpreter_and_a_script_that_can_be_run() -> None:
    environment = yaml.safe_load((ROOT / "binder" / "environment.yml").read_text("utf-8"))
    assert environment["dependencies"][1:] == ["pip", "make"]
    script = ROOT / "binder" / "postBuild"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True)
    called = set(re.findall(r"-m course ([a-z-]+)", script.read_text("utf-8")))
    assert called == {"lab", "html"}


def environment_with(python: Path) -> dict[str, str]:
    """Return this process's variables with another `python` first on the path."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV"))}
    return {**kept, "PATH": f"{python.parent}{os.pathsep}{kept['PATH']}"}


if WHOLE:  # these install everything and run all lessons, which takes minutes

    @pytest.mark.timeout(1800)
    def test_postbuild_installs_the_course_and_builds_the_pages(tmp_path: Path) -> None:
        checkout = clean_copy(tmp_path / "repository")
        subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "conda")], check=True)
        python = tmp_path / "conda" / "bin" / "python"
        subprocess.run(
            ["binder/postBuild"],
            cwd=checkout,
            env=environment_with(python),
            check=True,
            timeout=1500,
        )
        assert list((checkout / "work" / "lessons").glob("00-*.ipynb"))
        assert (checkout / "_site" / "index.html").is_file()
        config = python.parents[1] / "etc" / "jupyter" / "labconfig" / "page_config.json"
        assert json.loads(config.read_text("utf-8"))["disabledExtensions"]["@jupyter/nbgrader"]
        assert not (checkout / ".venv").exists(), "everything is in Binder's own environment"

    @pytest.mark.timeout(900)
    def test_the_devcontainer_prepares_the_course(tmp_path: Path) -> None:
        checkout = clean_copy(tmp_path / "repository")
        base = Path(sys.base_prefix) / "bin" / "python3"
        done = subprocess.run(
            ["bash", "-c", container()["postCreateCommand"]],
            cwd=checkout,
            env=environment_with(base),
            capture_output=True,
            text=True,
            check=True,
            timeout=800,
        )
        assert "done, 0 started." in done.stdout
