"""Frames are found in whatever pieces they arrive."""

from __future__ import annotations

import pytest

from nbgrader_isolate.runs import framing


def test_frames_come_back_one_by_one_as_their_bytes_arrive() -> None:
    frames = [(framing.TASK, 7, b"\xff\0"), (framing.RESULT, 1 << 31, b""), (b"?", 0, b"x" * 99)]
    sent = b"".join(framing.make_frame(kind, data, number) for kind, number, data in frames)
    buffer, found = bytearray(), []
    for byte in sent:
        buffer.append(byte)
        if frame := framing.pop_frame(buffer):
            found.append(frame)
    assert found == frames
    assert buffer == b""


def test_a_frame_that_claims_to_be_huge_is_refused_at_once() -> None:
    with pytest.raises(framing.BrokenFrameError, match="a frame of 536870913 bytes"):
        framing.pop_frame(bytearray(framing.HEADER.pack(b"R", 1, framing.MAX_BYTES + 1)))
