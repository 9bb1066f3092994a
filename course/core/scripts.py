"""Compressed texts in classic scripts: what a page reads from a disk as well as from a server.

No server compresses files that are opened from a disk, and a page opened from there can fetch
nothing and import no module. Lessons and the Python that runs in pages share these scripts, so the
front end of the instruments is in a site once.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from functools import cache


def squeezed(data: bytes) -> bytes:
    """Return bytes in zlib's format, as small as it can make them."""
    squeeze = zlib.compressobj(level=9, memLevel=9)
    return squeeze.compress(data) + squeeze.flush()


def text64(data: bytes) -> str:
    """Return bytes compressed, in base 64, which browsers can decode by themselves."""
    return base64.b64encode(squeezed(data)).decode()


def text85(data: bytes) -> str:
    """Return bytes compressed, in base 85 (RFC 1924), 6 % shorter than base 64."""
    return base64.b85encode(squeezed(data)).decode()


def digest(data: bytes) -> str:
    """Return the digest that is part of a file's name."""
    return hashlib.sha256(data).hexdigest()[:8]


@cache
def front_end(module: str) -> tuple[str, str]:
    """Return the script that carries a widget's front end.

    Parameters
    ----------
    module : str
        A JavaScript module, which browsers do not load from `file://`.

    Returns
    -------
    tuple of str
        The name of the script, with the digest of the module in it, and its text.
    """
    key = digest(module.encode())
    text = f'(self.frontEnds ??= {{}})["{key}"] = "{text85(module.encode())}";\n'
    return f"instruments-{key}.js", text
