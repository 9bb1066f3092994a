"""Make text safe to show: no terminal codes, no hidden or reordering characters, inert Markdown.

Nothing here parses HTML or Markdown to decide what is harmless. Each rule holds wherever the text
may end up.
"""

from __future__ import annotations

import re
from typing import Any

Json = dict[str, Any]

ZERO_WIDTH = "\u200c"
"""Zero-width non-joiner: it separates two characters for every parser, and is invisible."""
_LEFT_OUT_BYTES = 60
_CUT_LINE = 1000

_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links
    r"|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colors, cursor
    r"|\x1b[ -/]*[0-~]"  # the short ones
)  # ECMA-48, 5.4 and 5.6
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # Unicode TR 36, 3.1: they reorder text
_MARKS = (
    "[\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_STACKED = re.compile(f"({_MARKS}{{6}}){_MARKS}+")  # on one letter they overlap the lines above
_SURROGATE = re.compile("[\ud800-\udfff]")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_IMAGE = re.compile(r"!(?=\[)(?!\[[^\[\]]*\]\(attachment:)")
_LINK = re.compile(r"\](?=[ \t\r\n\x0b\x0c]*[(:])")
_SAFE_TARGET = re.compile(
    r"[(:][ \t]{0,3}<?(?:https?://|mailto:|#)[\w\-.~/?#@!$+,;=%:]*(?=[\s)>]|$)"
)
_ATTACHED = re.compile(r"\(attachment:([\w.\-]+)\)")
_MATH = re.compile(
    r"\\(?=(?:href|url|class|style|css|cssId|data|id|html\w*|require|unicode|mmlToken|include\w*"
    r"|hspace|hskip|kern|mkern|mskip|mspace|raise|lower|moveleft|moveright|rule|Rule|Space|bbox"
    r"|[lr]lap|smash)\b)"
)


def displayable(text: str) -> str:
    r"""Return text as a page can show it: no terminal codes, no control characters, no reordering.

    Parameters
    ----------
    text : str
        From a kernel or a submission; may contain lone surrogates.

    Returns
    -------
    str
        `\n` and `\t` stay. Other control characters, and characters that reorder text, become
        visible: `␀`, `⟨U+202E⟩`.
    """
    text = _TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(_control_picture, text)
    return show_hidden_characters(text)


def show_hidden_characters(text: str) -> str:
    """Return text with characters that reorder it made visible.

    Lone surrogates are replaced, and a letter keeps at most six combining marks.
    """
    text = _SURROGATE.sub("\ufffd", text)
    text = _STACKED.sub(r"\1", text)
    return _BIDI.sub(lambda match: f"⟨U+{ord(match[0]):04X}⟩", text)


def _control_picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"  # noqa: PLR2004


def clip(text: str, limit: int) -> str:
    """Return text within `limit` bytes of UTF-8: if it is longer, its beginning and its end.

    A line between the two says how many bytes are missing.
    """
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return text
    budget = limit - _LEFT_OUT_BYTES
    if budget <= 0:
        return ""
    head, tail = budget * 2 // 3, budget // 3
    left_out = f"\n… {len(data) - head - tail:,} bytes are left out …\n"
    start = data[:head].decode("utf-8", "ignore")
    end = data[len(data) - tail :].decode("utf-8", "ignore")
    return _whole_lines(start) + left_out + _whole_lines(end[::-1])[::-1]


def _whole_lines(text: str) -> str:
    """Return text without the line that it was cut in, unless that line is long.

    Part of a hidden line would not be recognized as hidden.
    """
    before, end, cut = text.rpartition("\n")
    return before + end if end and len(cut) <= _CUT_LINE else text


def disarm(source: str, attachments: Json | None = None) -> str:
    """Return a student's Markdown so that no renderer finds active content in it.

    The text reads as before. A zero-width character splits the beginning of each tag, each image
    from elsewhere, each link whose target is not a web or mail address, and each MathJax macro that
    has effects. Headings, emphasis, lists, code, tables and formulas stay.

    Parameters
    ----------
    source : str
    attachments : dict, optional
        Images in the cell, by name; a reference to any other image is split too.
    """
    source = _TAG.sub("<" + ZERO_WIDTH, show_hidden_characters(source))
    source = _MATH.sub(lambda _: "\\" + ZERO_WIDTH, source)
    source = _LINK.sub(lambda match: _split_link(match, attachments or {}), source)
    return _IMAGE.sub("!" + ZERO_WIDTH, source)


def _split_link(match: re.Match[str], attachments: Json) -> str:
    rest = match.end()
    attached = _ATTACHED.match(match.string, rest)
    if _SAFE_TARGET.match(match.string, rest) or (attached and attached[1] in attachments):
        return "]"
    return "]" + ZERO_WIDTH


def join_text(value: object) -> str:
    """Return text that notebooks store as a string or a list of lines; "" for anything else."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
