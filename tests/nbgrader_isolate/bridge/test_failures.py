"""An error of the student's is rebuilt from its names; a failure is none that a test catches."""

from __future__ import annotations

import builtins
import warnings

import pytest

from nbgrader_isolate.bridge import failures
from nbgrader_isolate.bridge.failures import (
    ALLOWED,
    NEVER,
    TEXT,
    Failure,
    UngradableError,
    describe_warnings,
    locations,
    rebuild_error,
)


def test_no_failure_is_an_exception() -> None:
    kinds = [kind for kind in vars(failures).values() if isinstance(kind, type)]
    found = [kind for kind in kinds if issubclass(kind, Failure)]
    assert len(found) == 7
    assert not any(issubclass(kind, Exception) for kind in found)


def test_an_allowed_error_is_that_error_with_its_text() -> None:
    for name, kind in ALLOWED.items():
        error = rebuild_error([name, "Exception", "BaseException", "object"], "so it is", None)
        assert (type(error), "so it is" in str(error)) == (kind, True), name


def test_an_error_of_the_students_own_is_the_first_known_one_of_its_classes() -> None:
    error = rebuild_error(["MyError", "KeyError", "LookupError", "Exception"], "gone", ["gone"])
    assert (type(error), error.args) == (KeyError, ("gone",))
    unknown = rebuild_error(["MyError", "Exception", "BaseException"], "gone", None)
    assert (type(unknown), str(unknown)) == (Exception, "MyError: gone")


def test_arguments_are_kept_where_tests_look_at_them() -> None:
    assert rebuild_error(["IndexError"], "1", [1, "b"]).args == (1, "b")
    assert rebuild_error(["RuntimeError"], "text", [1, "b"]).args == ("text",)
    assert len(str(rebuild_error(["ValueError"], "x" * 10**5, None))) == TEXT


@pytest.mark.parametrize("name", [*sorted(NEVER), "Warning", "UserWarning"])
def test_what_would_change_the_control_flow_is_a_failure(name: str) -> None:
    kinds = [kind.__name__ for kind in getattr(builtins, name, UserWarning).__mro__]
    with pytest.raises(UngradableError, match=f"a call that raised {name} "):
        rebuild_error(kinds, "text", None)
    with pytest.raises(UngradableError, match="an error without a name"):
        rebuild_error([], "text", None)


def test_only_the_first_warnings_cross() -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for number in range(50):
            warnings.warn(f"{number}" + "x" * 5000, UserWarning, stacklevel=1)
    described = describe_warnings(warned)
    assert len(described) == failures.WARNINGS
    assert {(kind, len(text)) for kind, text in described} == {("UserWarning", TEXT)}


def test_only_the_students_own_lines_are_located() -> None:
    source = "def f(n):\n    return f(n - 1) if n else 1 / 0\nf(20)"
    try:
        exec(compile(source, "<ipython-input-3>", "exec"), {})  # noqa: S102
    except ZeroDivisionError as error:
        lines = locations(error)
    assert len(lines) == 6
    assert all(line.startswith("in f, line 2") for line in lines)
