"""Highlight source text, in time that a stranger's text cannot stretch."""

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

LONGEST = 50_000
"""How many characters of source are highlighted; a longer cell is shown plain."""
MOST = 300_000
"""The same for all cells of a notebook together."""
_BLANKS = re.compile(
    r"\s{400}"
)  # Pygments reads each blank line as often as there are blank lines above it


def coloured(source: str, language: str = "python", before: int = 0) -> Markup:
    """Return source text with its parts marked by class.

    Parameters
    ----------
    source : str
    language : str
    before : int
        Signs of the notebook that were given before.
    """
    if len(source) > LONGEST or before + len(source) > MOST or _BLANKS.search(source):
        return escape(source)
    try:
        lexer = get_lexer_by_name(
            language if isinstance(language, str) else "python", stripnl=False
        )
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
    """Colour a cell in nbconvert's templates (`c.HTMLExporter.filters = {"highlight_code": …}`).

    Parameters
    ----------
    context : jinja2.runtime.Context
    source : str
    language, metadata
        As nbconvert's own filter takes them.
    """
    resources = context.get("resources") or {}
    before = resources.get("source_signs", 0)
    resources["source_signs"] = before + len(source)
    given = context.get("nb") or {}
    named = given.get("metadata", {}).get("language_info", {}).get("name", "python")
    made = coloured(source, language or named, before)
    return f'<div class="highlight"><pre>{made}</pre></div>\n'
