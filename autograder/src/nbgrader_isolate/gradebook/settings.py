"""Settings of an nbgrader course that have another effect here, or none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from nbgrader_isolate.core.limits import STOCK_SECTIONS, stock_timeout
from nbgrader_isolate.core.text import printable
from nbgrader_isolate.gradebook.timestamps import NBGRADER_FORMAT, Clock

if TYPE_CHECKING:
    from traitlets.config import Config

TIMEOUT = "timeout"
NO_EFFECT = {
    **dict.fromkeys(STOCK_SECTIONS, "cells run in this grader's own kernels"),
    "LimitOutput": "outputs are cut by c.Limits.output_bytes",
    "OverwriteCells": "notebooks are rebuilt from the released version",
    "OverwriteKernelspec": "every notebook runs with the Python of this environment",
}
"""Sections of nbgrader's configuration of which nothing but a time limit counts here, and why."""
HOOKS = ("pre_convert_hook", "post_convert_hook")
PREPROCESSORS = ("sanitize_preprocessors", "autograde_preprocessors")
OURS = "nbgrader_isolate."


def ignored_settings(config: Config) -> list[str]:
    """Return a line for each setting of a course that has no effect when this grader grades."""
    return [f"{where} in nbgrader_config.py has no effect: {why}." for where, why in found(config)]


def found(config: Config) -> Iterator[tuple[str, str]]:
    """Yield the settings without effect, and why they have none."""
    for section, why in NO_EFFECT.items():
        for name, value in config.get(section, {}).items():
            if name == TIMEOUT and section in STOCK_SECTIONS:
                if stock_timeout({name: value}) is None:
                    shown = printable(repr(value))
                    reason = "a limit is a positive number of seconds; see c.Limits.cell_seconds"
                    yield f"c.{section}.{name} = {shown}", reason
            else:
                yield f"c.{section}.{printable(name)}", why
    for name in HOOKS:
        for section in ("Autograde", "BaseConverter"):
            if name in config.get(section, {}):
                yield f"c.{section}.{name}", "this grader runs no hooks"
    for name in PREPROCESSORS:
        if others := [str(one) for one in listed(config, name) if not str(one).startswith(OURS)]:
            shown = printable(", ".join(others), 200)
            yield f"c.Autograde.{name} ({shown})", "this grader runs no other preprocessors"


def listed(config: Config, name: str) -> list[object]:
    """Return a list of preprocessors that the course sets, or an empty one."""
    value = config.get("Autograde", {}).get(name, [])
    return list(value) if isinstance(value, list | tuple) else []


def clock_of(config: Config) -> Clock:
    """Return how the course writes times in `timestamp.txt`."""
    exchange = config.get("Exchange", {})
    zone = exchange.get("timezone", "UTC")
    layout = exchange.get("timestamp_format", NBGRADER_FORMAT)
    return Clock(str(zone), str(layout))
