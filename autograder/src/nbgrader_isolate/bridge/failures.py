"""Failures between the two processes that no test can catch, and errors that may cross.

A `Failure` is not an `Exception`, so that neither `except Exception` in a test nor a student's
trick turns it into points. Each failure is also recorded in a list, which is checked when the cell
has run, so that `except BaseException` does not help either.
"""

from __future__ import annotations

import builtins
import traceback
import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np


class Failure(BaseException):
    """A call or a value that cannot be graded; the cell in which it occurs fails."""


class UngradableError(Failure):
    """A student's value is not plain data, or is malformed."""


class RefusedError(UngradableError):
    """A student's value that may be right, but that does not cross: the test runs once more."""


class TooLargeError(Failure):
    """A value or a message is larger than the limits allow."""


class CallTimeoutError(Failure):
    """A call did not end in time."""


class PeerGoneError(Failure):
    """The student's process is gone, or its messages can no longer be read."""


class ContractError(Failure):
    """A test passes a value that cannot be sent to the student's process: an error in the test."""


NEVER = frozenset(
    {"SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration"}
)
"""Errors that would change a test's control flow; they never cross, and neither do warnings."""

TEXT = 2000
"""The most characters of an error's text that cross."""
WARNINGS = 20
"""How many warnings of a call cross."""
_FRAMES = 6

_NAMES = """
ArithmeticError AssertionError AttributeError BufferError EOFError Exception FileExistsError
FileNotFoundError FloatingPointError ImportError IndexError IsADirectoryError KeyError
LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError NotImplementedError
OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError SyntaxError
TimeoutError TypeError UnboundLocalError ValueError ZeroDivisionError
"""

ALLOWED: dict[str, type[Exception]] = {
    **{name: getattr(builtins, name) for name in _NAMES.split()},
    "AxisError": np.exceptions.AxisError,
    "DTypePromotionError": np.exceptions.DTypePromotionError,
    "LinAlgError": np.linalg.LinAlgError,
    "TooHardError": np.exceptions.TooHardError,
}
"""The errors that cross, by name."""


def rebuild_error(names: Sequence[str], text: str, arguments: Sequence[Any] | None) -> Exception:
    """Return the error that a test sees for an error in the student's process.

    Parameters
    ----------
    names : sequence of str
        The names of the error's class and its base classes, in the order of the MRO.
    text : str
        The error's text, from `str`.
    arguments : sequence, or None
        The error's arguments, if they are plain data.

    Raises
    ------
    RefusedError
        If the error must not cross.
    """
    name = str(names[0]) if names else "an error without a name"
    if not names or NEVER.intersection(names) or "Warning" in names:
        raise RefusedError(f"a call that raised {name[:100]} ({text[:200]})")
    kind = next((ALLOWED[base] for base in names if base in ALLOWED), Exception)
    if kind.__name__ != name:
        text = f"{text[:TEXT]}" if kind is not Exception else f"{name[:100]}: {text[:TEXT]}"
    elif arguments is not None and kind in (KeyError, IndexError, ValueError, TypeError):
        return kind(*arguments)
    return kind(text[:TEXT])


def describe_warnings(warned: list[warnings.WarningMessage]) -> list[list[str]]:
    """Return class and text of the first few warnings of a call."""
    return [
        [warning.category.__name__, str(warning.message)[:TEXT]] for warning in warned[:WARNINGS]
    ]


def locations(error: BaseException) -> list[str]:
    """Return the last lines of the student's code in the traceback of an error."""
    lines = [
        f"in {frame.name}, line {frame.lineno}: {frame.line or ''}"[:200]
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<") or "ipykernel" in frame.filename
    ]
    return lines[-_FRAMES:]


def refused_value(failures: list[Failure]) -> str:
    """Return which value did not cross, if a cell failed because of that alone."""
    refused = bool(failures) and all(type(failure) is RefusedError for failure in failures)
    return str(failures[0]) if refused else ""
