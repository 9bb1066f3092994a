"""Images are recognized by their first bytes, and measured before anything opens them."""

from __future__ import annotations

import struct

import pytest

from nbgrader_isolate.notebook.images import MAX_PIXELS, clean_image
from support.outputs import base64_of, png

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [(MAX_PIXELS, 2), (0, 5), (2**31, 2**31)])
def test_an_image_that_expands_to_gigabytes_is_left_out(size: tuple[int, int]) -> None:
    assert clean_image(base64_of(png(*size)), "image/png") is None


def test_a_jpeg_is_recognized_by_its_frame_header() -> None:
    quantisation = b"\xff\xdb\x00\x04\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 30, 40) + b"\x01\x01\x11\x00"
    good = base64_of(b"\xff\xd8" + quantisation + frame)
    assert clean_image(good, "image/jpeg") == good
    assert clean_image(base64_of(b"\xff\xd8" + quantisation), "image/jpeg") is None
    assert clean_image(good, "image/png") is None
