"""SciPy's sparse arrays cross the bridge as they would be in one process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import scipy.sparse

from nbgrader_isolate.bridge.failures import ContractError, UngradableError
from support import frames
from support.bridged import Bridge, bridge

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge(before=frames.HERE) as connected:
        yield connected


def assert_same(got: Any, expected: Any) -> None:  # noqa: ANN401
    """Check that two sparse arrays have the same type, layout and elements."""
    assert type(got) is type(expected)
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    assert np.array_equal(got.data, expected.data)
    assert np.array_equal(got.toarray(), expected.toarray())


@pytest.mark.parametrize("source", frames.SPARSE)
def test_a_sparse_array_is_the_same_on_both_ways(there: Bridge, source: str) -> None:
    value = frames.makes_frame(source)
    assert_same(there.makes_frame(source), value)
    assert there.same_frame(value) is value
    assert_same(there.makes_frame(f"[{source}]")[0], value)


@pytest.mark.parametrize("source", frames.SPARSE)
def test_a_function_changes_a_sparse_array(there: Bridge, source: str) -> None:
    value, expected = frames.makes_frame(source), frames.makes_frame(source)
    there.scales(value, 2)
    frames.scales(expected, 2)
    assert_same(value, expected)


@pytest.mark.parametrize("kind", ["lil_array", "dok_array", "dia_array", "bsr_array"])
def test_other_formats_do_not_cross(there: Bridge, kind: str) -> None:
    with pytest.raises(UngradableError, match=kind):
        there.makes_frame(f"scipy.sparse.{kind}(np.eye(2))")
    with pytest.raises(ContractError, match=kind):
        there.same_frame(getattr(scipy.sparse, kind)(np.eye(2)))
