"""What one submission may use.

Every limit is a traitlet: write `c.Limits.memory_mb = 512` in `nbgrader_config.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from traitlets import Float, Integer, List, TraitError, Unicode
from traitlets.config import Config, Configurable

STOCK_SECTIONS = ("Execute", "ExecutePreprocessor", "NotebookClient")
"""Where an nbgrader course sets its time limit for a cell; the first one has priority."""
TIMES = ("call_seconds", "cell_seconds", "notebook_seconds", "cpu_seconds")
"""The limits that are longer for a student with more time."""
MAY_BE_ZERO = ("restarts",)
MAX_TIME_FACTOR = 10.0
"""How many times as long they can be."""


class Limits(Configurable):
    """Limits of one submission: memory, processes, time, disk, and the sizes of what comes back."""

    memory_mb = Integer(
        1024, help="Memory that all processes of one kernel hold together, in MiB."
    ).tag(config=True)
    address_mb = Integer(
        4096,
        help="Address space of a process, in MiB; huge views of few bytes do not need more.",
    ).tag(config=True)
    processes = Integer(64, help="Processes and threads of one kernel.").tag(config=True)
    open_files = Integer(256, help="Open files of a process.").tag(config=True)
    file_mb = Integer(64, help="Size of one file, in MiB.").tag(config=True)
    disk_mb = Integer(128, help="All files of one kernel (they live in memory), in MiB.").tag(
        config=True
    )
    call_seconds = Float(25.0, help="One call of a student's function by a test, in s.").tag(
        config=True
    )
    cell_seconds = Float(30.0, help="One cell, in s.").tag(config=True)
    notebook_seconds = Float(300.0, help="One notebook with all its cells, in s.").tag(config=True)
    cpu_seconds = Integer(300, help="Processor time of all processes of one kernel, in s.").tag(
        config=True
    )
    output_bytes = Integer(
        1 << 20,
        help=(
            "How much output of one cell is kept, in bytes. The rest is cut, with a note. All "
            "cells of a notebook together keep 8 times as much. The kernel is stopped when a cell "
            "sends more than 32 times as much in one message (a picture, the text of an error), or "
            "more than 64 times as much in all."
        ),
    ).tag(config=True)
    message_bytes = Integer(
        16 << 20,
        help="One request or answer between the test process and the student's kernel, in bytes.",
    ).tag(config=True)
    array_bytes = Integer(256 << 20, help="Bytes of arrays of one call, and of its answer.").tag(
        config=True
    )
    restarts = Integer(3, help="How often a kernel that died is started again, per notebook.").tag(
        config=True
    )
    grader_mb = Integer(
        1024,
        help=(
            "Memory that the grader itself may use, outside the sandbox, for the submissions that "
            "one of its processes grades at a time, in MiB."
        ),
    ).tag(config=True)
    notebook_bytes = Integer(
        16 << 20, help="Size of a submitted notebook, in bytes; a larger one is not read."
    ).tag(config=True)
    notebook_cells = Integer(2000, help="Cells of a submitted notebook.").tag(config=True)
    data_folders = List(
        Unicode(),
        help=(
            "Folders that notebooks may read and not change, under their own paths, such as large "
            "data that is not in the assignment's folder; relative to the course's folder."
        ),
    ).tag(config=True)
    json_depth = Integer(64, help="How deep a submitted notebook's JSON may be nested.").tag(
        config=True
    )

    def as_dict(self) -> dict[str, Any]:
        """Return the limits as plain data, by name."""
        return {name: getattr(self, name) for name in self.traits(config=True)}


def limits_of(config: Config) -> Limits:
    """Return the limits of a course, with nbgrader's own time limit for a cell if it sets one.

    `c.ExecutePreprocessor.timeout = 120` counts as `c.Limits.cell_seconds = 120`. The limits of a
    call, of a notebook and of a process follow, as far as the course does not set them, so that
    they do not end a cell sooner than that.

    Raises
    ------
    TraitError
        If one is of another type, or so small that nothing could run.
    """
    limits = Limits(config=config)
    refuse_too_small(limits)
    given = config.get("Limits", {})
    stock = [stock_timeout(config.get(section, {})) for section in STOCK_SECTIONS]
    seconds = next((one for one in stock if one is not None), None)
    if seconds is None or "cell_seconds" in given:
        return limits
    share = limits.call_seconds / limits.cell_seconds
    derived = {
        "call_seconds": seconds * share,
        "notebook_seconds": max(limits.notebook_seconds, seconds + limits.notebook_seconds / 2),
        "cpu_seconds": max(limits.cpu_seconds, int(seconds + limits.cpu_seconds / 2)),
    }
    limits.cell_seconds = seconds
    for name, value in derived.items():
        if name not in given:
            setattr(limits, name, value)
    return limits


def refuse_too_small(limits: Limits) -> None:
    """Refuse limits under which nothing could run, such as -1 for "no limit".

    Raises
    ------
    TraitError
        With what to write instead.
    """
    for name, value in limits.as_dict().items():
        least = "0 or greater" if name in MAY_BE_ZERO else "greater than 0"
        if isinstance(value, int | float) and not (
            value > 0 or (name in MAY_BE_ZERO and value == 0)
        ):
            default = Limits.class_own_traits()[name].default_value
            raise TraitError(
                f"c.Limits.{name} = {value}: write a number that is {least}; the default is "
                f"{default}. No limit can be switched off, but it can be large."
            )


def with_more_time(limits: Limits, factor: float) -> Limits:
    """Return limits whose times are multiplied by a factor; all others stay.

    Parameters
    ----------
    limits : Limits
        They are not changed.
    factor : float
        From 1 to `MAX_TIME_FACTOR`.
    """
    if factor == 1:
        return limits
    values = limits.as_dict()
    for name in TIMES:
        values[name] = type(values[name])(round(values[name] * factor, 3))
    return Limits(**values)


def stock_timeout(settings: Mapping[str, Any]) -> float | None:
    """Return the time limit of a section in s; None if it sets none, or "no limit"."""
    value = settings.get("timeout")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 < value < float("inf") else None
