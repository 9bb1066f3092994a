"""Check images that a student's code drew. Only headers are read, nothing is decoded."""

from __future__ import annotations

import base64
import binascii
import struct

MAX_IMAGE_BYTES = 2 << 20
"""Size of one image, in bytes."""
MAX_PIXELS = 40_000_000
"""Pixels of one image: a few bytes can expand to gigabytes in a browser."""

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # ITU-T T.81, table B.1: SOF0 to SOF15


def clean_image(data: object, mime_type: str) -> str | None:
    """Return an image as clean base64, or None if it is not an image or is too large.

    Parameters
    ----------
    data : object
        What a notebook stores for the type: base64 text, or a list of its lines.
    mime_type : str
        `"image/png"` or `"image/jpeg"`.
    """
    text = "".join(map(str, data)) if isinstance(data, list) else data
    if not isinstance(text, str) or len(text) > MAX_IMAGE_BYTES * 3 // 2:
        return None
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    size = _png_size(raw) if mime_type == "image/png" else _jpeg_size(raw)
    if size is None or not 0 < size[0] * size[1] <= MAX_PIXELS or len(raw) > MAX_IMAGE_BYTES:
        return None
    return base64.b64encode(raw).decode("ascii")


def _png_size(raw: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels. Source: PNG specification, 11.2.1 (IHDR comes first)."""
    if not raw.startswith(_PNG) or raw[12:16] != b"IHDR" or len(raw) < 33:  # noqa: PLR2004
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return width, height


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels.

    Source: ITU-T T.81, B.1.1.4 (segments) and B.2.2 (frame header).
    """
    if not raw.startswith(b"\xff\xd8\xff"):
        return None
    offset = 2
    while offset + 9 <= len(raw) and raw[offset] == 0xFF:  # noqa: PLR2004
        if raw[offset + 1] in _FRAMES:
            height, width = struct.unpack(">HH", raw[offset + 5 : offset + 9])
            return width, height
        offset += 2 + struct.unpack(">H", raw[offset + 2 : offset + 4])[0]
    return None
