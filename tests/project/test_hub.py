"""On a hub with our settings, the link in docs/hub.md gives a student the lessons."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from course.core.paths import ROOT
from support.chromium import running
from support.hub import hub

PASSWORD = "try"  # noqa: S105 - of a hub that lives for a minute
WHOLE = os.environ.get("TEST_TIER") == "all"
(LINK,) = re.findall(r"https://hub\.example\.org\S+", (ROOT / "docs" / "hub.md").read_text("utf-8"))


def test_the_link_names_a_repository_a_branch_and_a_lesson() -> None:
    parts = urlsplit(LINK)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    assert parts.path == "/hub/user-redirect/git-pull"
    assert asked.keys() == {"repo", "branch", "urlpath"}
    folder = asked["repo"].rpartition("/")[2]
    start, lesson = asked["urlpath"].split(f"{folder}/")
    assert start == "lab/tree/"
    assert (ROOT / lesson).is_file()


if WHOLE:  # it installs JupyterHub, its proxy and all of the lock

    @pytest.fixture(scope="module")
    def programs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
        """A Python with JupyterHub and what the image for a hub has, and the hub's proxy."""
        folder = tmp_path_factory.mktemp("hub")
        uv = [sys.executable, "-m", "uv"]
        python = folder / "venv" / "bin" / "python"
        lists = ["requirements.lock", "docker/hub-packages.txt"]
        from_lists = [part for name in lists for part in ("-r", str(ROOT / name))]
        install = [*uv, "pip", "install", "--quiet", "--python", str(python)]
        subprocess.run([*uv, "venv", "--quiet", str(folder / "venv")], check=True)
        subprocess.run([*install, "--no-deps", "--require-hashes", *from_lists], check=True)
        pins = ["--constraint", str(ROOT / "requirements.lock")]
        subprocess.run([*install, *pins, "jupyterhub==6.1.*", "dockerspawner==14.*"], check=True)
        npm = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix"]
        subprocess.run([*npm, str(folder), "configurable-http-proxy@5"], check=True)
        return python, folder / "node_modules" / ".bin" / "configurable-http-proxy"

    @pytest.mark.timeout(900)
    def test_a_student_follows_the_link_and_reads_the_first_lesson(
        tmp_path: Path, programs: tuple[Path, Path]
    ) -> None:
        course = tmp_path / "course"
        shutil.copytree(ROOT / "lessons", course / "lessons")
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
        for command in ("init --quiet -b main", "add .", "commit --quiet -m lessons"):
            subprocess.run([*git, *command.split()], cwd=course, check=True)
        place = tmp_path / "hub"
        (place / "home").mkdir(parents=True)
        with hub(place, *programs, password=PASSWORD) as address, running() as browser:
            link = LINK.replace("https://hub.example.org", address)
            link = link.replace(
                quote("https://git.example.org/course", safe=""), f"file://{course}"
            )
            page = browser.new_page()
            page.goto(link)
            page.get_by_label("Username").fill("ada")
            page.get_by_label("Password").fill(PASSWORD)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", name="Start here").first.wait_for(timeout=300_000)
            assert "/user/ada/lab/tree/course/lessons/00-start-here.ipynb" in page.url
        assert (place / "home" / "ada" / "course" / "lessons" / "00-start-here.ipynb").is_file()
