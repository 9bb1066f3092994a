"""Polynomials of NumPy cross with their coefficients, and forged ones are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nbgrader_isolate.bridge import polynomial_values
from nbgrader_isolate.bridge.callbacks import InlineMemory
from nbgrader_isolate.bridge.failures import UngradableError
from nbgrader_isolate.bridge.pack import Packer
from nbgrader_isolate.bridge.unpack import Unpacker


def crossed(value: Any, *, answer: bool = True) -> Any:  # noqa: ANN401
    """Return what the other side makes of a value."""
    memory, packer = InlineMemory(1 << 20), Packer(answer=answer)
    tree = packer.pack(value)
    return Unpacker(packer.finish(memory), memory).unpack(tree)


@pytest.mark.parametrize("name", sorted(polynomial_values.SERIES))
@pytest.mark.parametrize("answer", [True, False])
def test_a_series_keeps_its_coefficients_domain_and_window(name: str, answer: bool) -> None:  # noqa: FBT001
    kind = getattr(np.polynomial, name)
    series = kind([1, 2.5, 3], domain=[-2, 2], window=[0, 1])
    other = crossed(series, answer=answer)
    assert type(other) is kind
    assert other == series
    assert other(0.3) == series(0.3)


def test_polynomials_of_before_cross_too() -> None:
    other = crossed(np.poly1d([1, 2, 3], variable="z"))
    assert other == np.poly1d([1, 2, 3])
    assert (other(2), other.variable) == (11, "z")


class Polynomial(np.polynomial.Polynomial):
    """A polynomial that is equal to everything."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


def test_a_class_of_the_students_own_does_not_cross_as_numpys() -> None:
    with pytest.raises(UngradableError, match="Polynomial"):
        Packer().pack(Polynomial([1]))


ROW = np.ones(2)


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("Polynomial", [[1.0], ROW, ROW]),
        ("Polynomial", [np.array([object()]), ROW, ROW]),
        ("Polynomial", [np.ones((2, 2)), ROW, ROW]),
        ("Polynomial", [ROW, np.ones(3), ROW]),
        ("Polynomial", [ROW, ROW]),
        ("Polynomial", [np.ones(0), ROW, ROW]),
        ("Chebyshev", [np.array(["a"]), ROW, ROW]),
        ("poly1d", [ROW, 3]),
        ("poly1d", [ROW, "x" * 101]),
        ("poly1d", ["1 2", "x"]),
    ],
)
def test_forged_polynomials_are_refused(tag: str, parts: list[Any]) -> None:
    with pytest.raises((UngradableError, TypeError, ValueError)):
        polynomial_values.rebuild(tag, parts)
