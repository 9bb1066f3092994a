"""Notebooks, cells and outputs as plain data, and the tags of a page."""

from __future__ import annotations

import base64
import struct
import zlib
from html.parser import HTMLParser
from typing import Any


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def png(width: int, height: int) -> bytes:
    """Return a PNG file with the given size in its header and one row in its data."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" + b"\0" * min(width, 9999))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def code(*outputs: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    cell = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": 1}
    return cell | {"outputs": list(outputs)} | more


def notebook(*cells: dict[str, Any], **metadata: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}


def display(data: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return {"output_type": "display_data", "metadata": {}, "data": data} | more
