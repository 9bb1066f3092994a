"""A check finds what the first one found, whatever the answers before it have done."""

from __future__ import annotations

import builtins
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course.live.fresh_start import FreshStart


@pytest.fixture
def start() -> FreshStart:
    return FreshStart({"__name__": "__main__"})


def test_variables_and_names_in_builtins_and_modules_come_back(start: FreshStart) -> None:
    before = builtins.sum, math.prod, np.sum
    space: dict[str, Any] = start.space
    exec(  # noqa: S102 - an answer
        "import builtins, math, numpy\nbuiltins.sum = math.prod = numpy.sum = lambda *_: 7\n"
        "builtins.helper = 1\nx = 2\ndel math.tau",
        space,
    )
    start.bring_back()
    assert (builtins.sum, math.prod, np.sum) == before
    assert math.tau > 6
    assert not hasattr(builtins, "helper")
    assert set(space) == {"__name__"}


def test_settings_of_numpy_come_back(start: FreshStart) -> None:
    errors, digits = np.geterr(), np.get_printoptions()["precision"]
    np.seterr(all="raise")
    np.set_printoptions(precision=2)
    start.bring_back()
    assert np.geterr() == errors
    assert np.get_printoptions()["precision"] == digits


def test_a_module_beside_the_notebook_is_imported_afresh(
    start: FreshStart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "checks_of_this_test.py").write_text("def call(): return 1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    import checks_of_this_test as checks  # type: ignore[import-not-found]

    checks.call = None
    start.bring_back()
    assert "checks_of_this_test" not in sys.modules
    assert "pytest" in sys.modules
