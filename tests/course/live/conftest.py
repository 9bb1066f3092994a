"""A kernel of the pages takes over the process; after each test it is as it was."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def process_as_before() -> Iterator[None]:
    """Give back the main module and what a kernel puts into `builtins`."""
    main, ask = sys.modules["__main__"], builtins.input
    yield
    sys.modules["__main__"], builtins.input = main, ask
    vars(builtins).pop("display", None)
