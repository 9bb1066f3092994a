"""What can go wrong between the test process and the student's kernel: failures that no test can catch, and errors that may cross.

A `Failure` stands outside `Exception`, so that neither `except Exception` in a test nor a student's trick turns it
into points, and whoever runs the cell looks at a list of them afterwards, so that `except BaseException` does not
either.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import numpy as np


class Failure(BaseException):
    """A call or a value that cannot be graded; the cell in which it happens fails."""


class UngradableError(Failure):
    """What the student gave is no plain data: an object, a generator, a lie about an array."""


class TooLargeError(Failure):
    """What was to cross is larger than the limits allow."""


class CallTimeoutError(Failure):
    """A call did not end in time."""


class PeerGoneError(Failure):
    """The student's process is gone, or what it sends can no longer be read."""


class ContractError(Failure):
    """A test gave something to a student's function that cannot cross; the mistake is the test's."""


NEVER = frozenset(
    {"SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "StopAsyncIteration"}
)
"""Errors that would steer the test instead of telling it something; the same holds for warnings."""

TEXT = 2000
"""Characters of an error's text that cross."""

_NAMES = """ArithmeticError AssertionError AttributeError BufferError EOFError Exception FileExistsError FileNotFoundError
FloatingPointError ImportError IndexError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError
NotADirectoryError NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError
SyntaxError TimeoutError TypeError UnboundLocalError ValueError ZeroDivisionError"""

ALLOWED: dict[str, type[Exception]] = {
    **{name: getattr(builtins, name) for name in _NAMES.split()},
    "AxisError": np.exceptions.AxisError,
    "DTypePromotionError": np.exceptions.DTypePromotionError,
    "LinAlgError": np.linalg.LinAlgError,
    "TooHardError": np.exceptions.TooHardError,
}
"""Errors that cross, by name."""


def rebuild_error(names: Sequence[str], text: str, arguments: Sequence[Any] | None) -> Exception:
    """Return the error that a test sees for one that was raised in the student's process.

    Parameters
    ----------
    names : sequence of str
        The error's class and those it derives from, the nearest first.
    text : str
        What `str` says of it.
    arguments : sequence, or None
        What it was made with, where that is plain data.

    Raises
    ------
    UngradableError
        When the error is one that must not cross.
    """
    name = str(names[0]) if names else "an error without a name"
    if not names or NEVER.intersection(names) or "Warning" in names:
        raise UngradableError(f"a call that ended by {name[:100]} ({text[:200]})")
    kind = next((ALLOWED[one] for one in names if one in ALLOWED), Exception)
    if kind.__name__ != name:
        text = f"{text[:TEXT]}" if kind is not Exception else f"{name[:100]}: {text[:TEXT]}"
    elif arguments is not None and kind in (KeyError, IndexError, ValueError, TypeError):
        return kind(*arguments)
    return kind(text[:TEXT])
