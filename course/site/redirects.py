"""Pages at addresses that lessons and exercises had before, which lead to the new ones.

They are plain HTML without a script or a style, so they also work from a disk.
"""

from __future__ import annotations

import posixpath
from html import escape
from typing import TYPE_CHECKING

from course.core import moved
from course.core.cache import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta http-equiv="refresh" content="0; url={target}">
<link rel="canonical" href="{target}">
<title>This page has moved</title>
</head>
<body>
<main>
<h1>This page has moved</h1>
<p>If your browser does not take you there, open <a href="{target}">the page at its new
address</a>.</p>
</main>
</body>
</html>
"""


def write(site: Path) -> list[Path]:
    """Write a page at each old address whose new page is in the site.

    Parameters
    ----------
    site : Path
        The folder of the site.

    Returns
    -------
    list of Path
        The pages that were written or changed.
    """
    written = []
    for old, new in moved.addresses().items():
        if (site / new).is_file() and write_atomically(site / old, page(old, new)):
            written.append(site / old)
    return written


def page(old: str, new: str) -> bytes:
    """Return the page at an old address; both are paths in the site."""
    target = posixpath.relpath(new, posixpath.dirname(old))
    return PAGE.format(target=escape(target)).encode()
