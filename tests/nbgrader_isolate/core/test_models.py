"""The names that all rooms share."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import nbgrader_isolate

PACKAGE = Path(nbgrader_isolate.__file__).parent
SHARED = {"METADATA", "STATE", "UNTOUCHED"}


@pytest.mark.slow
def test_names_that_rooms_share_are_bound_once() -> None:
    bound = [
        target.id
        for file in PACKAGE.rglob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name) and target.id in SHARED
    ]
    assert sorted(bound) == sorted(SHARED)
