"""Waiting in tests: poll until something is true, for as long as a busy machine may need.

No test asserts how long something took in seconds. It waits for a condition, and the wait ends as
soon as the condition holds. The upper end only tells "slow" from "stuck", so it is far away, and it
moves further away while the machine is busy.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
FACTOR = 4.0
"""How many times longer than expected something may take on an idle machine before it counts as
stuck."""
LONGEST = 240.0
"""Seconds after which a wait ends on any machine; pytest ends the whole test after 300."""
PAUSE = 0.02
"""Seconds between two looks at a condition."""


def load() -> float:
    """Return how many processes want each processor: at least 1, which means nobody waits.

    This is the larger of the average over the last minute and of the count at this moment, because
    the average lags behind when several test processes start at once.
    """
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    )
    try:
        with open("/proc/loadavg", encoding="ascii") as file:  # noqa: PTH123 - read at every look
            average, *_, running, _last = file.read().split()
        wanted = max(float(average), float(running.partition("/")[0]))
    except OSError:  # not Linux
        wanted = os.getloadavg()[0] if hasattr(os, "getloadavg") else 1.0
    return max(1.0, wanted / (processors or 1))


def patience(seconds: float) -> float:
    """Return how long to wait now for something that takes `seconds` on an idle machine.

    Parameters
    ----------
    seconds : float
        A generous estimate for an idle machine.

    Returns
    -------
    float
        Seconds: the estimate times `FACTOR` times the load of the machine, at most `LONGEST`.
    """
    return min(LONGEST, seconds * FACTOR * load())


def eventually(condition: Callable[[], T], seconds: float = 15) -> T:
    """Poll a condition until it is true or time is over, and return its last value.

    Parameters
    ----------
    condition : callable
        Called without arguments until it returns something true.
    seconds : float
        A generous estimate for an idle machine; see `patience`. The load is measured again at each
        look, so a machine that gets busy during the wait gets more time.
    """
    began = time.monotonic()
    while not (value := condition()) and time.monotonic() - began < patience(seconds):
        time.sleep(PAUSE)
    return value


def wait_until(condition: Callable[[], T], what: str | Callable[[], str], seconds: float = 15) -> T:
    """Poll a condition until it is true, and return its value.

    Parameters
    ----------
    condition, seconds
        See `eventually`.
    what : str or callable
        What is waited for, for the message of the error; a callable is called when the wait failed.

    Raises
    ------
    AssertionError
        If the condition did not come true.
    """
    if value := eventually(condition, seconds):
        return value
    raise AssertionError(f"waited in vain: {what if isinstance(what, str) else what()}")
