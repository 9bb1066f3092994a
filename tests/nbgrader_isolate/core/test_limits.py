"""Every limit can be set in `nbgrader_config.py`, and a value of another type is refused."""

from __future__ import annotations

import re

import pytest
from traitlets import TraitError
from traitlets.config import Config

from nbgrader_isolate.core.limits import (
    STOCK_SECTIONS,
    TIMES,
    Limits,
    limits_of,
    with_more_time,
)

LIMITS = Limits.class_own_traits()
NUMBERS = LIMITS.keys() - {"data_folders"}
UNITS = {"_mb": "MiB", "_seconds": r"\bs\.", "_bytes": "(?i)bytes"}


def test_a_limit_has_a_default_a_help_text_and_a_unit() -> None:
    for name, trait in LIMITS.items():
        assert name not in NUMBERS or getattr(Limits(), name) > 0, name
        assert trait.metadata["config"] is True, name
        unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
        assert re.search(unit, str(trait.help)), name
        assert str(trait.help).endswith("."), name


def test_a_limit_is_set_by_the_configuration_and_must_be_a_number() -> None:
    for name in NUMBERS:
        assert getattr(Limits(config=Config(Limits={name: 7})), name) == 7
        with pytest.raises(TraitError, match=name):
            Limits(config=Config(Limits={name: "much"}))


@pytest.mark.parametrize("value", [0, -1])
def test_a_limit_under_which_nothing_could_run_is_refused(value: int) -> None:
    for name in NUMBERS - {"restarts"}:
        refused = rf"c\.Limits\.{name} = {value}.*greater than 0; the default is "
        with pytest.raises(TraitError, match=refused):
            limits_of(Config(Limits={name: value}))
    with pytest.raises(TraitError, match="cell_seconds = nan"):
        limits_of(Config(Limits={"cell_seconds": float("nan")}))
    assert limits_of(Config(Limits={"restarts": 0})).restarts == 0
    with pytest.raises(TraitError, match="0 or greater"):
        limits_of(Config(Limits={"restarts": -1}))


@pytest.mark.parametrize("section", STOCK_SECTIONS)
def test_nbgraders_own_time_limit_of_a_cell_counts(section: str) -> None:
    limits = limits_of(Config({section: {"timeout": 600}}))
    assert limits.cell_seconds == 600
    assert 400 < limits.call_seconds < 600
    assert limits.notebook_seconds > 600
    assert limits.cpu_seconds > 600


def test_a_short_time_limit_shortens_calls_and_no_notebook() -> None:
    limits = limits_of(Config(ExecutePreprocessor={"timeout": 6}))
    assert (limits.cell_seconds, limits.call_seconds) == (6, 5)
    assert (limits.notebook_seconds, limits.cpu_seconds) == (300, 300)


def test_our_own_settings_are_preferred() -> None:
    both = Config(ExecutePreprocessor={"timeout": 600}, Limits={"cell_seconds": 5})
    assert limits_of(both).cell_seconds == 5
    part = Config(Execute={"timeout": 600}, Limits={"notebook_seconds": 700, "call_seconds": 2})
    assert limits_of(part).notebook_seconds == 700
    assert limits_of(part).call_seconds == 2


@pytest.mark.parametrize("value", [None, 0, -1, "120", True, float("inf"), float("nan")])
def test_a_time_limit_that_is_none_leaves_the_default(value: object) -> None:
    config = Config(ExecutePreprocessor={"timeout": value})
    assert limits_of(config).cell_seconds == Limits().cell_seconds


def test_more_time_is_more_of_every_time_and_of_nothing_else() -> None:
    usual = Limits(cpu_seconds=7, call_seconds=0.1, data_folders=["/data"], memory_mb=99)
    longer = with_more_time(usual, 1.5)
    assert {name for name in LIMITS if name.endswith("_seconds")} == set(TIMES)
    assert [getattr(longer, name) for name in TIMES] == [0.15, 45.0, 450.0, 10]
    for name in LIMITS.keys() - set(TIMES):
        assert getattr(longer, name) == getattr(usual, name), name
    assert usual.cell_seconds == 30.0
    assert with_more_time(usual, 1.0) is usual
