"""Every limit can be set in `nbgrader_config.py`, and a value of another type is refused."""

from __future__ import annotations

import re

import pytest
from traitlets import TraitError
from traitlets.config import Config

from nbgrader_isolate.core.limits import Limits

LIMITS = Limits.class_own_traits()
UNITS = {"_mb": "MiB", "_seconds": r"\bs\.", "_bytes": "(?i)bytes"}


def test_a_limit_has_a_default_a_help_text_and_a_unit() -> None:
    for name, trait in LIMITS.items():
        assert getattr(Limits(), name) > 0, name
        assert trait.metadata["config"] is True, name
        unit = next((unit for end, unit in UNITS.items() if name.endswith(end)), "")
        assert re.search(unit, str(trait.help)), name
        assert str(trait.help).endswith("."), name


def test_a_limit_is_set_by_the_configuration_and_must_be_a_number() -> None:
    for name in LIMITS:
        assert getattr(Limits(config=Config(Limits={name: 7})), name) == 7
        with pytest.raises(TraitError, match=name):
            Limits(config=Config(Limits={name: "much"}))
