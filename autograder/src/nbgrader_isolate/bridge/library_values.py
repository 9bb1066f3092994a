"""Values of libraries, which may not be installed: which of them cross, and how they are built.

A value that has an identity and can be changed by a call (`MUTABLE`) is an entry in the table of a
message, like a list; `refill` gives it the contents that it has after the call.
"""

from __future__ import annotations

from typing import Any

from nbgrader_isolate.bridge import (
    figure_values,
    pandas_builder,
    pandas_values,
    random_values,
    sparse_values,
)
from nbgrader_isolate.bridge.failures import RefusedError, UngradableError

MODULES = {
    "pandas": pandas_values,
    "scipy": sparse_values,
    "numpy": random_values,
    "random": random_values,
    "matplotlib": figure_values,
}
"""What takes the values of a library apart, by the library's name."""
MUTABLE = pandas_values.MUTABLE | sparse_values.MUTABLE | random_values.MUTABLE
TAGS = frozenset().union(*(module.TAGS for module in MODULES.values()))
ANSWERS_ONLY = frozenset({"pd.array"}) | figure_values.TAGS
"""Tags of values that go from the student to the test only."""


def tag_of(kind: type) -> str:
    """Return the tag of a type of one of the libraries; "" if its values do not cross."""
    module = MODULES.get(str(kind.__module__).partition(".")[0])
    return "" if module is None else module.tag_of(kind)


def is_mutable(value: object) -> bool:
    """Return whether a value is one of a library that a call can change."""
    return tag_of(type(value)) in MUTABLE


def describe(value: Any, tag: str) -> tuple[Any, ...]:  # noqa: ANN401
    """Return a value as plain data and arrays; see `Builders.build`."""
    parts: tuple[Any, ...] = MODULES[module_of(tag)].describe(value, tag)
    return parts


def module_of(tag: str) -> str:
    """Return the name of the library whose values have a tag."""
    return next(name for name, module in MODULES.items() if tag in module.TAGS)


def refill(old: Any, new: Any) -> None:  # noqa: ANN401
    """Give a mutable value the contents of another one.

    Raises
    ------
    UngradableError
        If they are not of the same type.
    """
    tag = tag_of(type(old))
    if tag not in MUTABLE or type(old) is not type(new):
        raise UngradableError("an argument whose type has changed")
    MODULES[module_of(tag)].refill(old, new)


class Builders:
    """Builds the values of one message; a library is imported when the first of its values comes.

    Parameters
    ----------
    missing : bool
        Whether the missing value of pandas, `pd.NA`, is accepted.
    """

    def __init__(self, *, missing: bool) -> None:
        self.missing = missing
        self._pandas: pandas_builder.Builder | None = None
        self._sparse: sparse_values.Builder | None = None

    def build(self, tag: str, parts: list[Any]) -> Any:  # noqa: ANN401
        """Return the value for a tag and its parts, which are not trusted.

        Raises
        ------
        Failure
            If the parts are malformed or too large.
        """
        try:
            if tag in pandas_values.TAGS:
                self._pandas = self._pandas or pandas_builder.Builder(missing=self.missing)
                return self._pandas.build(tag, parts)
            if tag in random_values.TAGS:
                return random_values.build(tag, parts)
            if tag in figure_values.TAGS:
                return figure_values.build(tag, parts)
            self._sparse = self._sparse or sparse_values.Builder()
            return self._sparse.build(tag, parts)
        except UngradableError as failure:
            raise RefusedError(str(failure)) from None
        except Exception as error:
            text = f"data of a library that cannot be built again ({type(error).__name__})"
            raise RefusedError(text) from error
