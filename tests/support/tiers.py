"""The two tiers: `make test` runs the quick tier, and `make test-all` every test.

`whole(reason)` marks a test or a file that only the whole tier runs. `sample` marks a parametrized
test of which the quick tier runs a few cases: `sample("1280-light", "390-dark")` names them as they
appear in brackets in the names of the tests, and `sample(every=4)` takes every fourth case,
beginning with the first. A test that somebody asks for by name runs in any tier.
"""

from __future__ import annotations

import os
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")
WHOLE = os.environ.get("TEST_TIER") == "all"
"""Whether every test runs, as in `make test-all`."""


def some(cases: Iterable[T], every: int) -> list[T]:
    """Return every so many of the cases, beginning with the first; in the whole tier all."""
    return list(cases)[:: 1 if WHOLE else every]


def examples(number: int) -> int:
    """Return how many examples hypothesis makes up: in the quick tier a quarter of this number."""
    return number if WHOLE else -(-number // 4)


def chosen(items: Sequence[pytest.Item]) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Divide tests into those of the quick tier and those that only the whole tier runs.

    Raises
    ------
    pytest.UsageError
        If a mark gives no reason, or names a case that its test does not have.
    """
    cases = defaultdict(list)
    for item in items:
        cases[function_of(item)].append(item)
    kept = {item for function, group in cases.items() for item in kept_of(function, group)}
    return [item for item in items if item in kept], [item for item in items if item not in kept]


def kept_of(function: str, group: list[pytest.Item]) -> list[pytest.Item]:
    """Return which cases of one test belong to the quick tier."""
    if whole := group[0].get_closest_marker("whole"):
        if not whole.args or not str(whole.args[0]).strip():
            message = f"{function}: say why only the whole tier runs it, as in whole('reason')"
            raise pytest.UsageError(message)
        return []
    mark = group[0].get_closest_marker("sample")
    if mark is None:
        return group
    if every := mark.kwargs.get("every"):
        return group[::every]
    found = {case_of(item): item for item in group}
    if not mark.args or (missing := [name for name in mark.args if name not in found]):
        wrong = missing[0] if mark.args else "nothing"
        message = f"{function}: sample names {wrong}; its cases are {', '.join(found)}"
        raise pytest.UsageError(message)
    return [found[name] for name in mark.args]


def function_of(item: pytest.Item) -> str:
    """Return the name of a test without its case."""
    return item.nodeid.partition("[")[0]


def case_of(item: pytest.Item) -> str:
    """Return what is in brackets in the name of a test."""
    return item.nodeid.partition("[")[2].removesuffix("]")
