"""What the tests of this folder share: a course under attack, made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import scene

from support.shared import made_once


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect attacks that a round does not contain: on weaker machines only a few run."""

    def foreign(item: pytest.Item) -> bool:
        params = getattr(getattr(item, "callspec", None), "params", {})
        both = {"aftermath", "attack"} <= params.keys()
        return both and params["attack"] not in params["aftermath"].attacks

    deselected = list(filter(foreign, items))
    if deselected:
        config.hook.pytest_deselected(items=deselected)
        items[:] = [item for item in items if not foreign(item)]


@pytest.fixture(scope="session")
def made_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a released assignment and no submissions; tests copy it."""
    return made_once(tmp_path_factory, "attacked", scene.build) / "course"


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
