"""Render Markdown as HTML without active content.

It uses nbconvert's renderer, bleach's allow-list, and MathML for formulas. It is for feedback pages
and, through `c.HTMLExporter.filters`, for nbgrader's formgrader, which otherwise lets raw HTML and
`javascript:` links through.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree as ET

import bleach
from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath

from nbgrader_isolate.notebook.safe_text import ZERO_WIDTH, disarm, displayable
from nbgrader_isolate.notebook.sanitize import is_student_cell

if TYPE_CHECKING:
    from jinja2.runtime import Context

MAX_LENGTH = 20_000
"""Characters of a Markdown cell that are parsed; a longer cell is shown as its source."""
MAX_NOTEBOOK_LENGTH = 100_000
"""Characters of a student's Markdown in one notebook that are parsed."""
MAX_FORMULA_LENGTH = 2_000
MAX_HTML_LENGTH = 120_000
"""Characters of HTML that are cleaned, which is slow. Tables of one-letter cells grow tenfold."""

_HTML = """
a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li
mark ol p pre s small span strong sub summary sup table tbody td th thead tr u ul var
"""
_MATHML = """
math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow
mspace msqrt mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none
"""
_MATHML_NAMES = """
accent columnalign columnlines display displaystyle fence form linebreak mathcolor mathvariant
movablelimits notation rowlines scriptlevel separator stretchy symmetric
"""
_LENGTHS = frozenset(
    [
        "columnspacing",
        "depth",
        "height",
        "linethickness",
        "lspace",
        "maxsize",
        "minsize",
        "rowspacing",
        "rspace",
        "width",
    ]
)
TAGS = frozenset(_HTML.split())
MATHML = frozenset(_MATHML.split())
_MATHML_ATTRIBUTES = frozenset(_MATHML_NAMES.split())
_MATHML_VALUE = re.compile(r"[\w.%+\- #]{0,40}")
_LENGTH = re.compile(r"(?:\d{1,2}|\d?\.\d{1,4})(?:em|ex|px|pt|%)?")
"""No negative or large length, so that a formula stays in its place and covers nothing else."""
_CLASS = re.compile(r"[\w \-]{1,60}")
_IMAGE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
_SLOT = re.compile("\ue000(\\d+)\ue001")
_SLOT_CHARACTERS = str.maketrans("", "", "\ue000\ue001")


def _may_stay(tag: str, name: str, value: str) -> bool:
    """Return whether bleach keeps an attribute."""
    if tag == "img":
        return name in {"alt", "width"} or (name == "src" and _IMAGE.fullmatch(value) is not None)
    if name in {"colspan", "rowspan", "start"}:
        return value.isdecimal() and len(value) < 4  # noqa: PLR2004
    if name == "class":
        return tag in {"code", "div", "pre", "span"} and _CLASS.fullmatch(value) is not None
    if (tag, name) == ("a", "href"):
        return value.startswith(("http://", "https://", "mailto:", "#"))
    return (tag, name) in {("a", "title"), ("abbr", "title"), ("details", "open")}


_CLEANER = bleach.Cleaner(
    tags=TAGS, attributes=_may_stay, protocols={"http", "https", "mailto", "data"}, strip=True
)


class _Renderer(IPythonRenderer):
    """nbconvert's renderer, with slots for formulas and with lower headings.

    Parameters
    ----------
    heading_level : int
        The level of the page's own heading above the text.
    options
        Of `IPythonRenderer`.
    """

    slots: ClassVar[str] = "\ue000{}\ue001"

    def __init__(self, heading_level: int, **options: Any) -> None:  # noqa: ANN401 - of nbconvert
        super().__init__(exclude_anchor_links=True, allow_harmful_protocols=False, **options)
        self.formulas: list[str] = []
        self.heading_level = self._last = heading_level

    def heading(self, text: str, level: int, **attrs: Any) -> str:  # noqa: ANN401, ARG002 - of mistune
        """Render a heading, at most one level below the heading before it."""
        self._last = min(level + self.heading_level, self._last + 1, 6)
        return f"<h{self._last}>{text}</h{self._last}>\n"

    def block_mermaidjs(self, code: str) -> str:
        """Show the source; nbconvert would pass it on unescaped, for a script that draws it."""
        return f"<pre><code>{html.escape(code)}</code></pre>\n"

    def _html_embed_images(self, html: str) -> str:
        """Embed images if there are any; parsing a fragment like `<details>` would close it."""
        if "<img" not in html.lower():
            return html
        embedded: str = super()._html_embed_images(html)
        return embedded

    def block_math(self, body: str) -> str:
        return self._formula(body, "block")

    def inline_math(self, body: str) -> str:
        return self._formula(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        return self._formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block")

    def _formula(self, body: str, display: str) -> str:
        self.formulas.append(formula(body.replace(ZERO_WIDTH, ""), display))
        return self.slots.format(len(self.formulas) - 1)


def render(
    source: str,
    *,
    trusted: bool = False,
    attachments: dict[str, dict[str, str]] | None = None,
    heading_level: int = 0,
    folder: str = "",
) -> str:
    """Return Markdown as HTML without active content.

    Parameters
    ----------
    source : str
    trusted : bool
        Whether the instructor wrote it. Then harmless HTML stays HTML, and images beside the
        notebook are embedded. In any other text, HTML is shown as its source.
    attachments : dict, optional
        Images of the cell, by name.
    heading_level : int
        Level of the heading above the text.
    folder : str
        The folder of the notebook, for the instructor's images.
    """
    text = source if trusted else disarm(source, attachments)
    if len(text) > MAX_LENGTH:
        return as_preformatted(text)
    renderer = _Renderer(
        heading_level=heading_level,
        escape=not trusted,
        embed_images=trusted and bool(folder),
        path=folder,
        attachments=attachments or {},
    )
    try:
        rendered = MarkdownWithMath(renderer=renderer).render(text.translate(_SLOT_CHARACTERS))
    except (InvalidNotebook, RecursionError, OSError, ValueError):
        return as_preformatted(text)
    if len(rendered) > MAX_HTML_LENGTH:
        return as_preformatted(text)
    clean = _CLEANER.clean(rendered)
    return _SLOT.sub(lambda slot: _formula_in(slot, renderer.formulas), clean)


def as_preformatted(text: str) -> str:
    """Return a text as preformatted HTML."""
    return f'<pre class="written">{html.escape(displayable(text))}</pre>'


def _formula_in(slot: re.Match[str], formulas: list[str]) -> str:
    number = int(slot[1][:9])
    return formulas[number] if number < len(formulas) else ""


def formula(latex: str, display: str = "inline") -> str:
    """Return a formula as MathML, or its source if the result would not be plain MathML."""
    as_source = f"<code>{html.escape(latex)}</code>"
    if len(latex) > MAX_FORMULA_LENGTH:
        return as_source
    from latex2mathml.converter import convert

    try:
        root = ET.fromstring(convert(latex, display=display))  # noqa: S314 - a short text, no DTD below
    except Exception:  # noqa: BLE001 - if the converter fails in any way, the source is shown
        return as_source
    for node in root.iter():
        node.tag = node.tag.removeprefix("{http://www.w3.org/1998/Math/MathML}")
        if node.tag not in MATHML:
            return as_source
        node.attrib = {
            name: value
            for name, value in node.attrib.items()
            if _is_harmless(node.tag, name, value)
        }
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def _is_harmless(tag: str, name: str, value: str) -> bool:
    """Return whether an attribute of MathML may stay; one that resizes a box may not."""
    if name in _LENGTHS:
        return tag != "mpadded" and _LENGTH.fullmatch(value) is not None
    return name in _MATHML_ATTRIBUTES and _MATHML_VALUE.fullmatch(value) is not None


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render Markdown in nbconvert's templates (`c.HTMLExporter.filters["markdown2html"]`).

    An instructor's cell keeps its harmless HTML; a comment or a student's cell does not.
    """
    cell = context.get("cell") or {}
    is_cell = source == cell.get("source")
    resources = context.get("resources") or {}
    resources["markdown_characters"] = resources.get("markdown_characters", 0) + len(source)
    if resources["markdown_characters"] > MAX_NOTEBOOK_LENGTH:
        return as_preformatted(source)
    trusted = is_cell and bool(cell.get("metadata")) and not is_student_cell(cell)
    html_text = render(
        source, trusted=trusted, attachments=cell.get("attachments") if is_cell else None
    )
    return html_text if trusted else f'<div style="overflow-wrap: anywhere">{html_text}</div>'
