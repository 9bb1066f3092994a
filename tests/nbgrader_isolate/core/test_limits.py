"""Every limit can be set in `nbgrader_config.py`, and a value of another type is refused."""

from __future__ import annotations

import re

import pytest
from traitlets import TraitError
from traitlets.config import Config

from nbgrader_isolate.core.limits import Limits

NAMES = sorted(Limits.class_own_traits())


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_has_a_default_a_help_text_and_a_unit(name: str) -> None:
    trait = Limits.class_own_traits()[name]
    assert getattr(Limits(), name) > 0
    assert trait.metadata["config"] is True
    assert str(trait.help).endswith(".")
    units = {"_mb": "MiB", "_seconds": r"\bs\.", "_bytes": "(?i)bytes"}
    for end, unit in units.items():
        if name.endswith(end):
            assert re.search(unit, str(trait.help)), trait.help


@pytest.mark.parametrize("name", NAMES)
def test_a_limit_is_set_by_the_configuration_and_must_be_a_number(name: str) -> None:
    assert getattr(Limits(config=Config(Limits={name: 7})), name) == 7
    with pytest.raises(TraitError, match=name):
        Limits(config=Config(Limits={name: "much"}))
