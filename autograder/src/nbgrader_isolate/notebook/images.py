"""Pictures that a student's code drew: is it one, and may a page show it? Headers only, nothing is decoded."""

from __future__ import annotations

import base64
import binascii
import struct

PICTURE_BYTES = 2 << 20
"""Size of one picture, in bytes."""
PIXELS = 40_000_000
"""Pixels of one picture: a few bytes can unfold to gigabytes in a browser."""

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # ITU-T T.81, table B.1: SOF0 to SOF15


def picture(data: object, kind: str) -> str | None:
    """Return a picture as clean base64, or None if it is none, too large, or unfolds to too much.

    Parameters
    ----------
    data : object
        What a notebook holds for the type: base64 text, or a list of its lines.
    kind : str
        `"image/png"` or `"image/jpeg"`.
    """
    text = "".join(map(str, data)) if isinstance(data, list) else data
    if not isinstance(text, str) or len(text) > PICTURE_BYTES * 3 // 2:
        return None
    try:
        raw = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None
    size = _png_size(raw) if kind == "image/png" else _jpeg_size(raw)
    if size is None or not 0 < size[0] * size[1] <= PIXELS or len(raw) > PICTURE_BYTES:
        return None
    return base64.b64encode(raw).decode("ascii")


def _png_size(raw: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels. Source: PNG specification, 11.2.1 (IHDR comes first)."""
    if not raw.startswith(_PNG) or raw[12:16] != b"IHDR" or len(raw) < 33:  # noqa: PLR2004
        return None
    width, height = struct.unpack(">II", raw[16:24])
    return width, height


def _jpeg_size(raw: bytes) -> tuple[int, int] | None:
    """Return width and height in pixels. Source: ITU-T T.81, B.1.1.4 (segments) and B.2.2 (frame header)."""
    if not raw.startswith(b"\xff\xd8\xff"):
        return None
    at = 2
    while at + 9 <= len(raw) and raw[at] == 0xFF:  # noqa: PLR2004
        if raw[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", raw[at + 5 : at + 9])
            return width, height
        at += 2 + struct.unpack(">H", raw[at + 2 : at + 4])[0]
    return None
