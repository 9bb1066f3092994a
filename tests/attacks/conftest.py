"""What the tests of this folder share: a course under attack, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import scene


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what a round of attacks has not: on weaker machines only a few are run."""

    def foreign(item: pytest.Item) -> bool:
        given = getattr(getattr(item, "callspec", None), "params", {})
        both = {"aftermath", "attack"} <= given.keys()
        return both and given["attack"] not in given["aftermath"].attacks

    left_out = list(filter(foreign, items))
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not foreign(item)]


@pytest.fixture(scope="session")
def made_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with its assignment released and nothing handed in; to be copied."""
    return scene.build(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def fresh(made_course: Path, tmp_path_factory: pytest.TempPathFactory) -> scene.Fresh:
    """A function that returns a copy of the course, with the two honest students' submissions."""

    def copy(name: str, config: str = "") -> Path:
        root = tmp_path_factory.mktemp(name)
        shutil.copytree(made_course.parent, root, dirs_exist_ok=True)
        course = root / "course"
        with (course / "nbgrader_config.py").open("a") as file:
            file.write(config)
        scene.hand_in_honest(course)
        return course

    return copy
