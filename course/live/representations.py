"""The forms of a value that a page can show."""

from __future__ import annotations

import base64
from typing import Any

KINDS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "image/jpeg": "_repr_jpeg_",
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
}
"""MIME types, and the methods that give them."""
CONTAINERS = (list, tuple, dict, set, frozenset)
DEEPEST = 500
"""How many levels of containers are shown; a browser's stack has room for a few thousand."""


def representations(value: object) -> dict[str, str]:
    """Return the forms of a value by MIME type, text always among them."""
    data: dict[str, str] = {}
    bundle = getattr(value, "_repr_mimebundle_", None)
    if bundle is not None and not isinstance(value, type):
        given = bundle()
        given = given[0] if isinstance(given, tuple) else given
        shown = KINDS.keys() | {"text/plain"}
        data |= {kind: as_text(form) for kind, form in given.items() if kind in shown}
    for kind, name in KINDS.items():
        method = getattr(value, name, None)
        if kind in data or method is None or isinstance(value, type):
            continue
        made = method()
        if made is not None:
            data[kind] = as_text(made)
    if "text/plain" not in data:
        data["text/plain"] = text_of(value)
    return data


def as_text(form: object) -> str:
    """Return a form of a value as a page takes it: text, or base 64 of bytes."""
    return base64.b64encode(form).decode() if isinstance(form, bytes) else str(form)


def text_of(value: object) -> str:
    """Return the text of a value; of one that is nested too deeply, a sentence.

    Python's own check of the depth comes too late for the stack of a browser, and then Python ends.
    """
    if is_deeper(value, DEEPEST):
        name = type(value).__name__
        return f"<a {name} nested more than {DEEPEST:,} levels deep, too deep to be shown>"
    return repr(value)


def is_deeper(value: object, levels: int) -> bool:
    """Tell whether containers of Python contain each other over more than so many levels."""
    seen: set[int] = set()
    inner: dict[int, Any] = {id(value): value} if type(value) in CONTAINERS else {}
    for _ in range(levels):
        seen |= inner.keys()
        inner = {
            id(one): one
            for holder in inner.values()
            for one in (holder.values() if type(holder) is dict else holder)
            if type(one) in CONTAINERS and id(one) not in seen
        }
        if not inner:
            return False
    return True
