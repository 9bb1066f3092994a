"""Changes that a test makes to the student's objects: find them, and repeat them."""

from __future__ import annotations

from collections import Counter, deque
from typing import Any

import numpy as np

from nbgrader_isolate.bridge import library_values
from nbgrader_isolate.bridge.failures import Failure
from nbgrader_isolate.bridge.pack import DICTS, Packer


def differ(before: Any, now: Any) -> bool:  # noqa: ANN401
    """Return whether two values of plain data differ anywhere, in types, numbers or sharing."""
    packers = Packer(answer=False), Packer(answer=False)
    try:
        trees = [packer.pack(value) for packer, value in zip(packers, (before, now), strict=True)]
    except Failure:
        return True
    old, new = (
        [value for value in packer.objects if isinstance(value, np.ndarray)] for packer in packers
    )
    texts = [repr((tree, packer.entries)) for tree, packer in zip(trees, packers, strict=True)]
    return not (texts[0] == texts[1] and len(old) == len(new) and all(map(same_bytes, old, new)))


def same_bytes(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether the elements of two arrays have the same bytes."""
    return one.tobytes() == other.tobytes()


def change_in_place(old: Any, new: Any) -> bool:  # noqa: ANN401
    """Give an object the contents of another one of its type; return whether that is possible."""
    if type(old) is not type(new):
        return False
    if isinstance(old, list | bytearray):
        old[:] = new
    elif isinstance(old, np.ndarray):
        if old.shape != new.shape or old.dtype != new.dtype or not old.flags.writeable:
            return False
        old[...] = new
    elif isinstance(old, set):
        old.clear()
        old.update(new)
    elif isinstance(old, deque):
        old.clear()
        old.extend(new)
    elif type(old) in DICTS:
        old.clear()
        # The `update` of a Counter adds to the counts that it has.
        update = dict.update if type(old) is Counter else type(old).update
        update(old, new)
    elif library_values.is_mutable(old):
        library_values.refill(old, new)
    else:
        return False
    return True
