"""A plugin for late penalties that does not work ends a run with one line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from traitlets.config import Config

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.gradebook.late_penalties import late_penalty, late_plugin


def returning(value: object) -> Callable[..., Any]:
    return lambda *_: value


@pytest.mark.parametrize(
    ("value", "penalty"), [(None, None), (2, 2.0), (99, 10.0), (-1, 0.0), (1.5, 1.5)]
)
def test_a_penalty_is_between_zero_and_the_score(value: object, penalty: float | None) -> None:
    assert late_penalty(returning(value), "ada", 10.0, 60.0) == penalty


@pytest.mark.parametrize("value", ["3", float("nan"), float("inf"), [1], object()])
def test_what_is_not_a_number_is_refused(value: object) -> None:
    with pytest.raises(GraderError, match=r"plugin_class: .* for ada"):
        late_penalty(returning(value), "ada", 10.0, 60.0)


def test_a_plugin_that_fails_is_named() -> None:
    def plugin(*_: object) -> float:
        return 1 / 0

    with pytest.raises(GraderError, match="failed for ada: ZeroDivisionError"):
        late_penalty(plugin, "ada", 10.0, 60.0)


def test_a_plugin_that_cannot_be_imported_is_named() -> None:
    config = Config()
    config.AssignLatePenalties.plugin_class = "no_such_module.Plugin"
    with pytest.raises(GraderError, match="plugin_class: cannot be used"):
        late_plugin(config)
    assert late_plugin(Config())("ada", 10.0, 60.0) is None
