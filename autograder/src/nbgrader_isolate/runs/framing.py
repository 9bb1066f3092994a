"""Frames between a run and its workers: a letter, a job number, a length, and JSON bytes.

Nothing is ever unpickled.
"""

from __future__ import annotations

import struct

HEADER = struct.Struct(">cIQ")
MAX_BYTES = 1 << 29
"""Maximum size of a frame; a longer one ends the worker that sent it."""

SETUP, PLAN, TASK, NOTEBOOK = b"S", b"P", b"T", b"N"
READY, RESULT, FAILED, REFUSED = b"O", b"R", b"E", b"X"


class BrokenFrameError(ValueError):
    """The data is not a frame."""


def make_frame(kind: bytes, data: bytes, number: int = 0) -> bytes:
    """Return the bytes of a frame; `number` is the number of its job."""
    return HEADER.pack(kind, number, len(data)) + data


def pop_frame(buffer: bytearray) -> tuple[bytes, int, bytes] | None:
    """Remove the first frame from a buffer and return it; return None while it is incomplete.

    Raises
    ------
    BrokenFrameError
        If the frame is larger than `MAX_BYTES`.
    """
    if len(buffer) < HEADER.size:
        return None
    kind, number, length = HEADER.unpack_from(buffer)
    if length > MAX_BYTES:
        raise BrokenFrameError(f"a frame of {length} bytes")
    end = HEADER.size + length
    if len(buffer) < end:
        return None
    data = bytes(memoryview(buffer)[HEADER.size : end])
    del buffer[:end]
    return kind, number, data
