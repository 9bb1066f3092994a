"""Markdown to HTML in which nothing acts: nbconvert's renderer, bleach's allow-list, formulas as MathML.

For feedback pages, and (by `c.HTMLExporter.filters`) for nbgrader's formgrader, which otherwise lets raw HTML and
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

from nbgrader_isolate.notebook.sanitize import ZERO_WIDTH, disarm, displayable, is_student_cell

if TYPE_CHECKING:
    from jinja2.runtime import Context

LONGEST = 20_000
"""Signs of a Markdown cell that are parsed; a longer one is shown as it was written."""
MOST = 100_000
"""Signs of a student's Markdown in one notebook that are parsed."""
LONGEST_FORMULA = 2_000
LARGEST = 120_000
"""Signs of HTML that are cleaned: tables of one letter a cell grow tenfold, and cleaning is the slow part."""

_HTML = """
a abbr b blockquote br caption code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li mark ol p pre s small
span strong sub summary sup table tbody td th thead tr u ul var
"""
_MATHML = """
math menclose mfenced mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow mspace msqrt mstyle msub
msubsup msup mtable mtd mtext mtr munder munderover none
"""
_OF_MATHML = """
accent columnalign columnlines display displaystyle fence form linebreak mathcolor mathvariant movablelimits notation
rowlines scriptlevel separator stretchy symmetric
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
_MATHML_ATTRIBUTES = frozenset(_OF_MATHML.split())
_MATHML_VALUE = re.compile(r"[\w.%+\- #]{0,40}")
_LENGTH = re.compile(r"(?:\d{1,2}|\d?\.\d{1,4})(?:em|ex|px|pt|%)?")
"""Nothing negative and nothing large: a formula stays where it stands, and lies over nothing else."""
_CLASS = re.compile(r"[\w \-]{1,60}")
_PICTURE = re.compile(r"data:image/(?:png|jpeg);base64,[A-Za-z0-9+/=]+")
_SLOT = re.compile("\ue000(\\d+)\ue001")
_MARKS = str.maketrans("", "", "\ue000\ue001")


def _may_stay(tag: str, name: str, value: str) -> bool:
    """Tell bleach which attributes stay."""
    if tag == "img":
        return name in {"alt", "width"} or (name == "src" and _PICTURE.fullmatch(value) is not None)
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
    """nbconvert's renderer; formulas leave a slot, headings go down as far as the page asks.

    Parameters
    ----------
    below : int
        The level of the page's own heading above the text.
    options
        Of `IPythonRenderer`.
    """

    slots: ClassVar[str] = "\ue000{}\ue001"

    def __init__(self, below: int, **options: Any) -> None:  # noqa: ANN401 - of nbconvert
        super().__init__(exclude_anchor_links=True, allow_harmful_protocols=False, **options)
        self.formulas: list[str] = []
        self.below = self._last = below

    def heading(self, text: str, level: int, **attrs: Any) -> str:  # noqa: ANN401, ARG002 - of mistune
        """Render a heading, at most one level deeper than the one before (a page without gaps)."""
        self._last = min(level + self.below, self._last + 1, 6)
        return f"<h{self._last}>{text}</h{self._last}>\n"

    def block_mermaidjs(self, code: str) -> str:
        """Show the source: nbconvert lets it through unescaped, for a script that would draw it."""
        return f"<pre><code>{html.escape(code)}</code></pre>\n"

    def _html_embed_images(self, html: str) -> str:
        """Embed pictures where there are any: to parse a fragment such as `<details>` would close it."""
        if "<img" not in html.lower():
            return html
        made: str = super()._html_embed_images(html)
        return made

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
    below: int = 0,
    folder: str = "",
) -> str:
    """Return a Markdown text as HTML in which nothing acts.

    Parameters
    ----------
    source : str
    trusted : bool
        The instructor's: harmless HTML in it stays HTML, and pictures beside the notebook are embedded. In any other
        text HTML is shown as it was written.
    attachments : dict, optional
        Pictures of the cell, by name.
    below : int
        Level of the heading above the text.
    folder : str
        Where the notebook lies, for pictures of the instructor's.
    """
    text = source if trusted else disarm(source, attachments)
    if len(text) > LONGEST:
        return as_written(text)
    renderer = _Renderer(
        below=below,
        escape=not trusted,
        embed_images=trusted and bool(folder),
        path=folder,
        attachments=attachments or {},
    )
    try:
        made = MarkdownWithMath(renderer=renderer).render(text.translate(_MARKS))
    except (InvalidNotebook, RecursionError, OSError, ValueError):
        return as_written(text)
    if len(made) > LARGEST:
        return as_written(text)
    clean = _CLEANER.clean(made)
    return _SLOT.sub(lambda slot: _filled(slot, renderer.formulas), clean)


def as_written(text: str) -> str:
    """Return a text as preformatted HTML."""
    return f'<pre class="written">{html.escape(displayable(text))}</pre>'


def _filled(slot: re.Match[str], formulas: list[str]) -> str:
    number = int(slot[1][:9])
    return formulas[number] if number < len(formulas) else ""


def formula(latex: str, display: str = "inline") -> str:
    """Return a formula as MathML; as its source, where it cannot be, or where anything but MathML would come of it."""
    as_source = f"<code>{html.escape(latex)}</code>"
    if len(latex) > LONGEST_FORMULA:
        return as_source
    from latex2mathml.converter import convert

    try:
        root = ET.fromstring(convert(latex, display=display))  # noqa: S314 - a short text, no DTD below
    except Exception:  # noqa: BLE001 - whatever the converter stumbles over, the source is shown
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
    """Tell whether an attribute of MathML may stay; boxes of another size than their content may not."""
    if name in _LENGTHS:
        return tag != "mpadded" and _LENGTH.fullmatch(value) is not None
    return name in _MATHML_ATTRIBUTES and _MATHML_VALUE.fullmatch(value) is not None


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """Render Markdown in nbconvert's templates (`c.HTMLExporter.filters = {"markdown2html": …}`).

    A cell of the instructor's keeps its harmless HTML; a comment, and a cell of the student's, does not.
    """
    cell = context.get("cell") or {}
    own = source == cell.get("source")
    resources = context.get("resources") or {}
    resources["markdown_signs"] = resources.get("markdown_signs", 0) + len(source)
    if resources["markdown_signs"] > MOST:
        return as_written(source)
    trusted = own and bool(cell.get("metadata")) and not is_student_cell(cell)
    made = render(source, trusted=trusted, attachments=cell.get("attachments") if own else None)
    return made if trusted else f'<div style="overflow-wrap: anywhere">{made}</div>'
