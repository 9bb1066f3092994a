"""Highlight source code, in time that a stranger's text cannot stretch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

if TYPE_CHECKING:
    from jinja2.runtime import Context

MAX_CELL_LENGTH = 50_000
"""Characters of one cell that are highlighted; a longer cell is shown plain."""
MAX_NOTEBOOK_LENGTH = 300_000
"""Characters of a whole notebook that are highlighted."""
_BLANKS = re.compile(r"\s{400}")
"""Pygments reads each blank line once for every blank line above it."""


def highlight_source(source: str, language: str = "python", before: int = 0) -> Markup:
    """Return source code as HTML whose parts have classes.

    Parameters
    ----------
    source : str
    language : str
    before : int
        Characters of the notebook that come before this cell.
    """
    too_long = len(source) > MAX_CELL_LENGTH or before + len(source) > MAX_NOTEBOOK_LENGTH
    if too_long or _BLANKS.search(source):
        return escape(source)
    name = language if isinstance(language, str) else "python"
    try:
        lexer = get_lexer_by_name(name, stripnl=False)
    except ClassNotFound:
        return escape(source)
    return Markup(highlight(source, lexer, HtmlFormatter(nowrap=True)))  # noqa: S704 - escaped there


@pass_context
def highlight_code(
    context: Context,
    source: str,
    language: str | None = None,
    metadata: dict[str, Any] | None = None,  # noqa: ARG001 - of nbconvert
) -> str:
    """Highlight a cell in nbconvert's templates (`c.HTMLExporter.filters["highlight_code"]`).

    Parameters
    ----------
    context : jinja2.runtime.Context
    source : str
    language, metadata
        As for nbconvert's own filter.
    """
    resources = context.get("resources") or {}
    before = resources.get("highlighted_characters", 0)
    resources["highlighted_characters"] = before + len(source)
    notebook = context.get("nb") or {}
    default = notebook.get("metadata", {}).get("language_info", {}).get("name", "python")
    html = highlight_source(source, language or default, before)
    return f'<div class="highlight"><pre>{html}</pre></div>\n'
