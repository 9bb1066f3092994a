"""Arrays of a message that become parts of other values: each is checked, copied and counted."""

from __future__ import annotations

import numpy as np

from nbgrader_isolate.bridge.failures import TooLargeError, UngradableError

BYTES = 1 << 29
"""The most bytes that all such arrays of a message may have after they were copied."""


class CopiedArrays:
    """Copies the arrays of one message.

    Parameters
    ----------
    what : str
        What the arrays are parts of, such as "frame", for messages.
    """

    def __init__(self, what: str) -> None:
        self.what, self.left = what, BYTES

    def take(self, nbytes: int) -> None:
        """Count some bytes that are about to be copied."""
        self.left -= nbytes
        if self.left < 0:
            raise TooLargeError(f"{self.what}s of more than {BYTES:,} bytes")

    def numbers(self, array: object, kinds: str, axes: int = 1) -> np.ndarray:
        """Return a copy of an array, after its type, its dtype and its axes were checked."""
        if type(array) is not np.ndarray or array.ndim != axes or array.dtype.kind not in kinds:
            raise UngradableError(f"malformed data of a {self.what}")
        self.take(array.nbytes)
        return array.copy()
