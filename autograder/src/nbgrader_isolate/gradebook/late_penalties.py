"""Late penalties by the course's plugin, which is any code."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

from nbgrader_isolate.core.errors import GraderError
from nbgrader_isolate.core.text import printable

if TYPE_CHECKING:
    from traitlets.config import Config

LatePlugin = Callable[[str, float, float], float | None]
"""Takes a student, the points and how late the submission is, in s; returns the penalty."""


def late_plugin(config: Config) -> LatePlugin:
    """Return the plugin that a course sets with `c.AssignLatePenalties.plugin_class`.

    Raises
    ------
    GraderError
        If there is no such plugin, or it cannot be made.
    """
    from nbgrader.preprocessors import AssignLatePenalties

    try:
        holder = AssignLatePenalties(config=config)
        holder.init_plugin()
        plugin: LatePlugin = holder.plugin_inst.late_submission_penalty
    except Exception as error:
        raise plugin_error(f"cannot be used: {type(error).__name__}: {error}") from error
    return plugin


def late_penalty(plugin: LatePlugin, student: str, score: float, late: float) -> float | None:
    """Return the penalty of a plugin, limited to 0 … score; None if there is none.

    Parameters
    ----------
    plugin : callable
        As `late_plugin` returns it.
    student : str
    score : float
        The points without a penalty.
    late : float
        How late the submission is, in s.

    Raises
    ------
    GraderError
        If the plugin fails, or returns something else than a finite number or None.
    """
    try:
        penalty = plugin(student, score, late)
        if penalty is None:
            return None
        number = math.nan if isinstance(penalty, str) else float(penalty)
    except Exception as error:
        why = f"failed for {student}: {type(error).__name__}: {error}"
        raise plugin_error(why) from error
    if not math.isfinite(number):
        raise plugin_error(f"returned {penalty!r} for {student}, which is not a number of points")
    return min(max(number, 0.0), score)


def plugin_error(what: str) -> GraderError:
    """Return the error about a plugin."""
    return GraderError(
        f"c.AssignLatePenalties.plugin_class: {printable(what, 300)}. Correct it and run the same "
        "command again: what was recorded so far stays."
    )
