"""Convert Markdown to HTML for the pages: MathML, highlighted code, tables that scroll."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError, fromstring

from latex2mathml.converter import convert
from nbconvert.filters.highlight import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course.render.pictures import drawing

if TYPE_CHECKING:
    from pathlib import Path

# How many characters of code fit on a phone (358 px, 8.7 px each, less the padding). A longer line
# makes its box scroll, and whatever scrolls must be reachable with the keyboard.
NARROW_COLUMN = 36
# The longest code, in characters, that is never broken in a line of text.
UNBROKEN = 22
# How many parts each of these MathML elements must have; latex2mathml does not check.
PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3, "munderover": 3}

# What the style sheet colors, one class each: word, text, number, name, note. Operators, blanks and
# other names keep the text color; marking them too, as Pygments does, would double a page's size.
ROLES = {
    "k": re.compile(r"k[cdnprt]?|ow"),
    "s": re.compile(r"s[12abcdehirsx]?|dl"),
    "m": re.compile(r"m[bfhio]?|il"),
    "n": re.compile(r"nf|fm|n[cdbe]|bp"),
    "c": re.compile(r"c[1hmps]?|gp"),
}
RUN = re.compile(r'(<span class="\w">)[^<]*</span>(?:\1[^<]*</span>)+')
TOKEN = re.compile(r'<span class="(\w+)">([^<]*)</span>')
SUMMARY = re.compile(r"(?<=<summary>).*?(?=</summary>)", re.DOTALL)
EXERCISE = re.compile(r"(?:\.\./)?exercises/[\w-]+/[\w-]+")
RULE = "<strong>The rule.</strong>"
EXERCISES = re.compile(
    r"<strong>(Exercises?)\.</strong>((?:[\s;,.]|and\b|<a [^>]*>.*?</a>)+)", re.DOTALL
)
LINK = re.compile(r"(<a [^>]*>)(.*?)</a>", re.DOTALL)
BLANK_LINES = re.compile(r"\n((?:</?\w[^>]*>)*)\n\n(?!\n)")
EMPTY_HEADER = re.compile(r"<th([^>]*)>\s*</th>")
_highlighter = Highlight2HTML(extra_formatter_options={"nowrap": True})


@dataclass(frozen=True)
class Section:
    """A second-level heading: its anchor and its text as inline HTML."""

    anchor: str
    text: str


class PageMarkdown(IPythonRenderer):
    """Renders the Markdown cells of one page, and collects the page's sections.

    Parameters
    ----------
    slugs : frozenset of str
        The lessons that have a page: a link to the notebook of one becomes a link to its page.
    pictures : Path, optional
        The folder of our own drawings, which become part of the page.
    """

    def __init__(self, slugs: frozenset[str], pictures: Path | None = None) -> None:
        super().__init__(escape=False, exclude_anchor_links=True)
        self._slugs = slugs
        self._pictures = pictures
        self.sections: list[Section] = []

    def to_html(self, source: str, attachments: dict[str, Any]) -> str:
        """Return the HTML of one cell.

        Raises
        ------
        ValueError
            If a formula cannot be read; the message says which one and why.
        """
        self.attachments = attachments
        return str(MarkdownWithMath(renderer=self).render(source))

    def heading(self, text: str, level: int, **_attrs: object) -> str:
        """Give the heading the anchor that JupyterLab gives it, so that links work in both."""
        anchor = anchor_of(text)
        if level == 2:  # noqa: PLR2004
            self.sections.append(Section(anchor, text))
        return f'<h{level} id="{anchor}">{text}</h{level}>\n'

    def paragraph(self, text: str) -> str:
        """Mark the rule of a section, and what there is to do after it."""
        if text.startswith('<figure class="drawing">'):
            return text
        if exercises := EXERCISES.fullmatch(text.strip()):
            return tasks(exercises[1], exercises[2])
        rule = ' class="rule"' if text.startswith(RULE) else ""
        return f"<p{rule}>{text}</p>\n"

    def codespan(self, text: str) -> str:
        """Mark code that is too long for one piece."""
        markup = str(super().codespan(text))
        is_long = len(html.unescape(text)) > UNBROKEN
        return markup.replace("<code>", '<code class="long">', 1) if is_long else markup

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Put one of our own drawings into the page; link to any other picture."""
        drawn = drawing(url, text, self._pictures)
        return str(super().image(text, url, title)) if drawn is None else drawn

    def block_html(self, html: str) -> str:
        """Mark the code in the summary of a folded box, which Markdown leaves alone as HTML."""
        marked = SUMMARY.sub(lambda match: code_in(match[0]), html)
        return str(super().block_html(marked))

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Turn a link to the notebook of a lesson or an exercise into a link to its page."""
        stem, dot, rest = url.partition(".ipynb")
        stem = stem.removeprefix("./")
        if dot and (stem in self._slugs or EXERCISE.fullmatch(stem)):
            url = f"{stem}.html{rest}"
        return str(super().link(text, url, title))

    def block_code(self, code: str, info: str | None = None) -> str:
        """Highlight a fenced block like the code cells."""
        return highlight_code(code, (info or "text").split(maxsplit=1)[0])

    def table(self, text: str) -> str:
        """Put a table into a box that scrolls; an empty cell of its head names no column."""
        text = EMPTY_HEADER.sub(r"<td\1></td>", text)
        return f'<div class="scroll"><table>{text}</table></div>\n'

    def block_math(self, body: str) -> str:
        """Return display mathematics as MathML."""
        return mathml(body, display="block")

    def inline_math(self, body: str) -> str:
        """Return inline mathematics as MathML."""
        return mathml(body, display="inline")

    def latex_environment(self, name: str, body: str) -> str:
        r"""Return `\begin{name}…\end{name}` as MathML."""
        return mathml(rf"\begin{{{name}}}{body}\end{{{name}}}", display="block")


def tasks(what: str, links: str) -> str:
    """Return links to exercises as rows to press, each with its name as a title."""
    rows = "".join(f"{tag}{text[:1].upper()}{text[1:]}</a>" for tag, text in LINK.findall(links))
    return f'<p class="tasks"><strong>{what}</strong>{rows}</p>\n'


def anchor_of(text: str) -> str:
    """Return the anchor of a heading, given as inline HTML."""
    name = re.sub(r"<[^>]+>", "", text).strip().replace(" ", "-")
    return html.escape(html.unescape(name))


def code_in(markup: str) -> str:
    """Turn backticks into `<code>`; `<` inside them is a character, whether escaped or not."""

    def mark(match: re.Match[str]) -> str:
        return f"<code>{html.escape(html.unescape(match[1]), quote=False)}</code>"

    return re.sub(r"`([^`]+)`", mark, markup)


def summary(line: str) -> str:
    """Return the summary of a folded box, with the anchor that it would have as a heading."""
    text = code_in(html.escape(line, quote=False))
    return f'<summary id="{anchor_of(text)}">{text}</summary>'


def highlight_code(source: str, language: str = "ipython3") -> str:
    """Return highlighted code as one `<pre>`.

    Parameters
    ----------
    source : str
        The code.
    language : str
        A Pygments alias.
    """
    marked = _highlighter(source, language).rstrip("\n")
    code = TOKEN.sub(_by_role, marked)
    code = BLANK_LINES.sub(r"\n\1<u>\n\n</u>", hang_long_lines(RUN.sub(_as_one, code)))
    return f"<pre{tab_stop(source)}><code>{code}</code></pre>\n"


def hang_long_lines(code: str) -> str:
    """Put each line that is too long for a phone into a box, with how far the line is indented.

    On a phone, the style sheet lets such a line go on below itself, further in than it began. A
    token over several lines is cut where one of them is too long.
    """
    lines, tag = [], ""
    for line in code.splitlines(keepends=True):
        text = html.unescape(re.sub(r"<[^>]*>", "", line)).rstrip("\n")
        marked, before = tag + line, tag
        opened, closed = marked.rfind("<span"), marked.rfind("</span>")
        tag = marked[opened : marked.index(">", opened) + 1] if opened > closed else ""
        if len(text) <= NARROW_COLUMN:
            lines.append(line)
            continue
        indent = len(text) - len(text.lstrip())
        ends, again = ("</span>", tag) if tag else ("", "")
        opens = "</span>" if before else ""
        lines.append(f'{opens}<i style="--i:{indent}">{marked}{ends}</i>{again}')
    return "".join(lines)


def _by_role(token: re.Match[str]) -> str:
    for role, kinds in ROLES.items():
        if kinds.fullmatch(token[1]):
            return f'<span class="{role}">{token[2]}</span>'
    return token[2]


def _as_one(run: re.Match[str]) -> str:
    """Return adjacent tokens of one role as one: an f-string comes in five pieces."""
    return run[1] + re.sub("<[^>]*>", "", run[0]) + "</span>"


def tab_stop(text: str) -> str:
    """Return the attribute that lets the keyboard scroll `text`, if it is too wide for a phone."""
    longest = max((len(line) for line in text.splitlines()), default=0)
    return ' tabindex="0"' if longest > NARROW_COLUMN else ""


def mathml(tex: str, display: str) -> str:
    """Convert TeX to MathML, and refuse what latex2mathml does not fully understand.

    Parameters
    ----------
    tex : str
        The formula without its dollar signs.
    display : str
        `inline` or `block`.

    Raises
    ------
    ValueError
        If part of the formula cannot be read.
    """
    tex = tex.strip()
    try:
        markup = convert(tex, display=display)
    except Exception as error:  # its exceptions share no base of their own
        reason = type(error).__name__.removesuffix("Error")
        message = f"the formula ${tex}$ cannot be read ({reason})"
        raise ValueError(message) from error
    markup = re.sub(r"&(?!#?\w+;)", "&amp;", markup)
    if fault := _half_read(tex, markup):
        message = f"the formula ${tex}$ cannot be read: {fault}"
        raise ValueError(message)
    return markup.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


def _half_read(tex: str, markup: str) -> str:
    """Return what latex2mathml left out or could not read; an empty string if nothing."""
    bare = re.sub(r"\\[{}\\]", "", tex)
    if bare.count("{") != bare.count("}"):
        return "its braces do not match"
    try:
        root = fromstring(markup)  # noqa: S314 - latex2mathml wrote it two lines above
    except ParseError as error:
        return f"its MathML is not well formed ({error})"
    for element in root.iter():
        if element.text and element.text.startswith("\\"):
            return f"the command {element.text} is unknown"
        if fault := _wrong_parts(element):
            return fault
    return ""


def _wrong_parts(element: Element) -> str:
    name = element.tag.rpartition("}")[2]
    wanted = PARTS.get(name, len(element))
    if len(element) == wanted:
        return ""
    return f"<{name}> has {len(element)} parts, not {wanted}: put braces around its base"
