"""Answers that `checking.by_monitoring` has to stop, and others that it must not disturb.

This module needs `checking` and the standard library only: the tests run it in the Python that runs
them, where that has `sys.monitoring`, and in the Python of the pages.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

import checking

# Python 3.11, for which types are checked, has no monitoring.
WATCH: Any = getattr(sys, "monitoring", None)
TOOLS = range(6)


def loops() -> int:
    """Run for ever."""
    while True:
        pass


def hides_errors() -> int:
    """Run for ever, whatever Exception is raised."""
    while True:
        try:
            loops()
        except Exception:  # noqa: BLE001, S112 - that is the attack
            continue


def hides_everything() -> int:
    """Run for ever, whatever is raised."""
    while True:
        try:
            loops()
        except:  # noqa: E722, S112 - that is the attack
            continue


def starts_again() -> int:
    """Run for ever; what is raised starts it again, one level deeper."""
    try:
        return loops()
    except BaseException:  # noqa: BLE001 - that is the attack
        return starts_again()


def gives_up_late() -> int:
    """Return a number when it is stopped."""
    try:
        return loops()
    except BaseException:  # noqa: BLE001 - that is the attack
        return 1


def generates() -> int:
    """Run for ever in a generator."""
    return sum(1 for _ in iter(int, 1))


def is_called_back() -> bool:
    """Run for ever in C, which calls a Python function."""
    return any(map(lambda _k: False, itertools.count()))  # noqa: C417 - a call from C is meant


def sleeps() -> int:
    """Take long in one call into C, which nothing can stop."""
    time.sleep(0.3)
    return 1


def takes_all_tools() -> int:
    """Run for ever, with all tools in use."""
    for tool in TOOLS:
        if WATCH.get_tool(tool) is None:
            WATCH.use_tool_id(tool, "of the answer")
    return loops()


def frees_our_tool() -> int:
    """Free a tool that belongs to the limit."""
    for tool in TOOLS:
        if WATCH.get_tool(tool) == "checking.py":
            WATCH.free_tool_id(tool)
    return 1


def within(depth: int) -> int:
    """Call an answer from an answer, so many times."""
    return checking.call(within, depth - 1) if depth else 7


def raises() -> int:
    """Raise an error of its own."""
    raise ValueError("no")


STOPPED = (
    loops,
    hides_errors,
    hides_everything,
    starts_again,
    gives_up_late,
    generates,
    is_called_back,
    sleeps,
    takes_all_tools,
)


UNDISTURBED = (raises, frees_our_tool)
EXPECTED = {
    **{f.__name__: f"{f.__name__}() took longer than 0.1 s and was stopped." for f in STOPPED},
    "raises": "raises() raised ValueError: no.",
    "frees_our_tool": "1",
    "nested": "7",
    "no tool, quick": "7",
    "no tool, sleeps": "sleeps() took longer than 0.1 s and was stopped.",
}
"""What `told` returns if all is well."""


def told() -> dict[str, str]:
    """Return what is said about each answer, with `by_monitoring` in charge.

    Returns
    -------
    dict
        The name of each answer to the text.
    """
    before = checking.limited, checking.SECONDS
    checking.limited = checking.by_monitoring
    try:
        texts = said_of(STOPPED, 0.1) | said_of(UNDISTURBED, 60)
        texts["nested"] = said(within, 9)
        taken = [tool for tool in TOOLS if WATCH.get_tool(tool) is None]
        for tool in taken:
            WATCH.use_tool_id(tool, "of a debugger")
        texts["no tool, quick"] = said(within, 0)
        texts |= {f"no tool, {name}": text for name, text in said_of((sleeps,), 0.1).items()}
        for tool in taken:
            WATCH.free_tool_id(tool)
        return texts
    finally:
        checking.limited, checking.SECONDS = before


def said_of(answers: Iterable[Callable[..., object]], seconds: float) -> dict[str, str]:
    """Return what is said about each answer, which may take so long."""
    checking.SECONDS = seconds
    texts = {answer.__name__: said(answer) for answer in answers}
    checking.SECONDS = 60
    return texts


def said(answer: Callable[..., object], *args: object) -> str:
    """Return what a check says about an answer, and what it has left behind."""
    try:
        text = repr(checking.call(answer, *args))
    except AssertionError as error:
        text = str(error)
    left = [tool for tool in TOOLS if is_left_on(tool)]
    return f"{text} Left on: {left}" if left else text


def is_left_on(tool: int) -> bool:
    """Tell whether a tool is still used by `checking`, or sees events although nobody uses it."""
    owner = WATCH.get_tool(tool)
    if owner == "of the answer":
        WATCH.free_tool_id(tool)
    elif owner is None:
        WATCH.use_tool_id(tool, "a look")
        events = WATCH.get_events(tool)
        WATCH.free_tool_id(tool)
        return bool(events)
    return bool(owner == "checking.py")
