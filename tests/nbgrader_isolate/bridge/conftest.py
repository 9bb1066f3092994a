"""What the tests of the bridge share: a process at its other end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.bridged import Bridge, bridge


@pytest.fixture(scope="module")
def there() -> Iterator[Bridge]:
    with bridge() as connected:
        yield connected
