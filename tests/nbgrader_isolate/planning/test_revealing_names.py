"""A name in a test reveals what it needs from the student's process, whatever it is imported as."""

from __future__ import annotations

import ast

import pytest

from nbgrader_isolate.planning.revealing_names import measuring_imports, revealing_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("import tracemalloc", {"tracemalloc": "measures memory (tracemalloc)"}),
        ("import tracemalloc as tm, os", {"tm": "measures memory (tracemalloc)"}),
        ("from unittest import mock as m", {"m": "patches names (mock)"}),
        ("from unittest.mock import patch", {"patch": "patches names (patch)"}),
        ("import unittest.mock", {"unittest": "patches names (mock)"}),
        ("def f():\n    from gc import collect", {"collect": "inspects live objects (gc)"}),
        ("import gcd\nfrom . import resources", {}),
    ],
)
def test_an_import_is_told_by_the_name_that_it_binds(source: str, names: dict[str, str]) -> None:
    assert dict(measuring_imports(ast.parse(source))) == names


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        ("tm.start()", ["measures memory (tracemalloc)"]),
        ("globals()['f']", ["looks up names by their text (globals)"]),
        ("plt.gcf().axes", ["inspects figures (gcf)"]),
        ("done.stdout == input()", []),
        ("locals", []),
        ("local.inputs", []),
    ],
)
def test_a_use_gives_its_reason_unless_the_test_binds_the_name(
    source: str, reasons: list[str]
) -> None:
    imports = {"tm": "measures memory (tracemalloc)"}
    found = [
        reason
        for node in ast.walk(ast.parse(source))
        for reason in revealing_names(node, imports, {"locals"})
    ]
    assert found == reasons
