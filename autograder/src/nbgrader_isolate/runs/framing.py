"""Frames between a run and its workers: a letter, the number of a job, a length, JSON bytes. No object is ever unpickled."""

from __future__ import annotations

import struct

HEAD = struct.Struct(">cIQ")
MOST = 1 << 29
"""Bytes of one frame; a longer one ends the worker that sent it."""

SETUP, PLAN, TASK, NOTEBOOK = b"S", b"P", b"T", b"N"
READY, RESULT, FAILED, REFUSED = b"O", b"R", b"E", b"X"


class BrokenFrameError(ValueError):
    """What came is no frame."""


def frame(kind: bytes, data: bytes, number: int = 0) -> bytes:
    """Return a frame as it goes over the pipe; `number` is that of the job it is about."""
    return HEAD.pack(kind, number, len(data)) + data


def cut(buffer: bytearray) -> tuple[bytes, int, bytes] | None:
    """Take the first frame off a buffer; None while it is not whole.

    Raises
    ------
    BrokenFrameError
        If the buffer does not begin with a frame of a sensible size.
    """
    if len(buffer) < HEAD.size:
        return None
    kind, number, length = HEAD.unpack_from(buffer)
    if length > MOST:
        raise BrokenFrameError(f"a frame of {length} bytes")
    end = HEAD.size + length
    if len(buffer) < end:
        return None
    data = bytes(memoryview(buffer)[HEAD.size : end])
    del buffer[:end]
    return kind, number, data
