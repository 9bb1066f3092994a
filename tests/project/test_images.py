"""Each step of the Dockerfiles runs, system packages included, and the image does its work.

There is no container engine here. The steps run in a small Debian instead of the images that the
Dockerfiles name, with the users and folders that those images are documented to have.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from course.core.paths import ROOT
from support.clean_copy import clean_copy
from support.images import Image, debian, instructions

WHOLE = os.environ.get("TEST_TIER") == "all"
STACKS = {
    "NB_USER": "jovyan",
    "NB_UID": "1000",
    "NB_GID": "100",
    "CONDA_DIR": "/opt/conda",
    "HOME": "/home/jovyan",
    "PATH": "/opt/conda/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/bin",
}
"""What an image of jupyter/docker-stacks says in its environment."""


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("# a\nRUN a \\\n    && b\n", [("RUN", "a && b")]),
        ("RUN a \\\n  # why\n  b\n\nUSER 1\n", [("RUN", "a b"), ("USER", "1")]),
    ],
)
def test_a_step_over_several_lines_is_one_step(text: str, steps: list[tuple[str, str]]) -> None:
    assert list(instructions(text)) == steps


def test_each_dockerfile_has_only_instructions_that_can_be_tried_here() -> None:
    followed = {"RUN", "COPY", "ENV", "USER", "WORKDIR", "SHELL", "ENTRYPOINT", "CMD"}
    kept = {"ARG", "FROM", "HEALTHCHECK"}
    for file in (ROOT / "docker").glob("*Dockerfile"):
        used = {word for word, _ in instructions(file.read_text("utf-8"))}
        assert used <= followed | kept, file.name


if WHOLE:  # each of these installs a system and the lock, which takes minutes

    @pytest.fixture(scope="session")
    def system(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """A small Debian that the tests copy."""
        if not shutil.which("mmdebstrap") or os.geteuid():
            pytest.skip("needs root and mmdebstrap; get it with `apt-get install mmdebstrap`")
        return debian(tmp_path_factory.mktemp("debian") / "root")

    @pytest.fixture
    def root(system: Path, tmp_path: Path) -> Path:
        """A copy of it that a test may change."""
        subprocess.run(["cp", "--archive", str(system), str(tmp_path / "root")], check=True)
        return tmp_path / "root"

    @pytest.mark.timeout(1800)
    def test_the_image_for_grading_grades_in_its_best_sandbox(root: Path, tmp_path: Path) -> None:
        image = Image(root)
        image.build(ROOT / "docker" / "grader.Dockerfile", clean_copy(tmp_path / "context"))
        assert (image.user, image.folder) == ("2000", "/course")
        assert image.started == {"ENTRYPOINT": ["nbgrader-isolate"], "CMD": ["doctor"]}
        said = image.run("nbgrader-isolate doctor", check=True).stdout
        assert "sandbox: bwrap; 19 escape attempts, all blocked" in said
        said = image.run("nbgrader-isolate demo", check=True).stdout
        assert re.search(r"30 submissions, 30 graded in .*; sandbox: bwrap\.", said)

    @pytest.mark.timeout(1800)
    def test_the_image_for_a_hub_pulls_the_course_from_git(root: Path, tmp_path: Path) -> None:
        image = Image(root, dict(STACKS))
        image.run(
            "useradd --no-log-init --create-home --uid 1000 --gid 100 jovyan\n"
            "python3 -m venv /opt/conda && chown --recursive 1000:100 /opt/conda",
            check=True,
        )
        image.build(ROOT / "docker" / "Dockerfile", clean_copy(tmp_path / "context"))
        assert (image.user, image.folder) == ("1000", "/home/jovyan")
        listed = image.run("jupyter server extension list 2>&1", check=True).stdout
        assert "nbgitpuller enabled" in re.sub(r"\x1b\[\d*m", "", listed)
        assert (root / "opt/conda/share/jupyter/lab/settings/overrides.json").is_file()
        handed = Path(shutil.copytree(ROOT / "lessons", tmp_path / "handed" / "lessons")).parent
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
        for command in ("init --quiet -b main", "add .", "commit --quiet -m lessons"):
            subprocess.run([*git, *command.split()], cwd=handed, check=True)
        subprocess.run(["chown", "--recursive", "1000:100", str(handed)], check=True)
        pull = "gitpuller file:///srv/course main course && ls course/lessons"
        given = image.run(pull, check=True, mounts=((handed, "/srv/course"),)).stdout
        assert "00-start-here.ipynb" in given
        shown = "python -c 'import stridescope, nbgrader_isolate, course; print(1)'"
        assert image.run(shown, check=True).stdout == "1\n"

    @pytest.mark.timeout(1800)
    def test_the_image_of_the_hub_finds_its_spawner(root: Path) -> None:
        image = Image(root, {**STACKS, "HUB_PASSWORD": "x", "COURSE_IMAGE": "i"})
        image.variables |= {"HUB_NETWORK": "n", "EXCHANGE_VOLUME": "e"}
        base = "python3 -m venv /opt/conda && /opt/conda/bin/pip install -q 'jupyterhub==6.1.*'"
        image.run(base, check=True)
        image.build(ROOT / "docker" / "hub.Dockerfile", ROOT / "docker")
        config = image.started["CMD"][-1]
        state = root.with_name("state")
        state.mkdir()
        said = image.run(  # it ends without its proxy, which the image of the hub has
            f"timeout 60 jupyterhub --config {config} 2>&1 || true",
            check=True,
            mounts=((state, "/srv/jupyterhub/state"),),
        ).stdout
        assert "Using Spawner: dockerspawner.dockerspawner.DockerSpawner-14" in said
        assert "not recognized" not in said
