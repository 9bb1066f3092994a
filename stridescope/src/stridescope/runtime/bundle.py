"""Join the modules in `js/`: the front end of a widget is one text, and there is no build step."""

from __future__ import annotations

import base64
import hashlib
import json
import posixpath
import re
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from stridescope.runtime.styles import live_style

LIVE_STYLE = "live_style.js"
IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w/.-]+\.js)";\n?', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|let|function|async|class)\b)", re.MULTILINE)
# A comment that starts a line, alone there or, as a type, before code.
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n?)", re.MULTILINE)
# A type before an expression, which only the type checker reads.
CAST = re.compile(r"/\*\* @(?:type|satisfies) (?:[^*]|\*(?!/))*\*/ ")
# The strings and templates of a line, what must not be outside of them (regular expressions; a
# division has spaces around it), and spaces that separate nothing there: none between two signs.
STRING = re.compile(r'("(?:[^"\\\n]|\\.)*"|`(?:[^`\\\n]|\\.)*`|\'[^\'"`\\\n]*\')')
UNSURE = re.compile(r"['`]|(?<! )/|/(?! )")
SPACES = re.compile(r" ?([=<>!&|?:,;{}()\[\]*%]+|[-+/]=) ?|(?<![+-]) ?([-+/]) (?![-+])")
# Code in a template, without quotes, braces or a regular expression in it.
FILLED = re.compile(r"\$\{[^{}\"'`/]*\}")
# Line breaks that separate nothing: after an opening bracket, an operator or a semicolon, before an
# operator or a closing bracket; the comma or the semicolon after the last item goes with it.
JOIN = re.compile(r"(?<=[\[({;,=>&|?:+])\n(?![\])}])|\n(?=[.?:&|])|[,;]?\n(?=[\])}])")
# A comment after code: not an address, not part of a regular expression.
SLASHES = re.compile(r"(?<![:\\])//")
# The end of a template: not a string or a regular expression of one backtick.
BACKTICK = re.compile(r"(?<![\"/])`|`(?![\"/])")
INDENT = re.compile(r"^[ \t]+|[ \t]+$|\n(?=\s*\n)", re.MULTILINE)
# `let` and `var` too: two files that declare one name would fail only in the browser.
NAME = re.compile(r"^(?:const|let|var|(?:async )?function\*?|class) ([\w$]+)", re.MULTILINE)


@cache
def bundle() -> str:
    """Return the whole front end as the text of one ES module.

    It contains the files that `js/index.js` imports, directly or through others, each one once and
    after the files that it imports. Imports, exports, comments and most line breaks are removed.
    All files share one scope. The style of the live forms is included, so that a page carries it
    compressed.

    Raises
    ------
    ValueError
        If two files declare the same name, a file imports or exports in another form than
        ``import { a } from "../room/x.js";`` and ``export function a`` on one line, or a file has
        a comment after code or a string over several lines.
    """
    text = CAST.sub("", joined(read, "index.js"))
    for line in text.splitlines():
        if "/*" in line or SLASHES.search(line) or len(BACKTICK.findall(line)) % 2:
            msg = f"cannot shorten this line: {line}"
            raise ValueError(msg)
    text = "\n".join(map(_without_spaces, text.split("\n")))
    return JOIN.sub("", text) + "\nexport default { render };\n"


LOADER = """\
const packed = "%s";
const unpacked = async () => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const text = await new Response(stream).text();
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  return (await import(address)).default;
};
const frontEnd = () => (globalThis["stridescope/%s"] ??= unpacked());
export default { render: async (host) => (await frontEnd()).render(host) };
"""


@cache
def loader() -> str:
    """Return a small ES module that contains the front end, compressed, and imports it.

    All widgets of a window that have the same front end unpack and import it once. A notebook that
    saves its widgets saves this text with each of them.
    """
    squeezed = zlib.compress(bundle().encode(), 9)
    digest = hashlib.sha256(squeezed).hexdigest()[:16]
    return LOADER % (base64.b64encode(squeezed).decode(), digest)


def _without_spaces(line: str) -> str:
    """Return a line without spaces that separate nothing; with all of them, if that is unsure."""
    parts = STRING.split(line)
    is_nested = any(part.count("${") > part.count("}") for part in parts[1::2])
    if is_nested or any(UNSURE.search(part) for part in parts[::2]):
        return line
    parts[::2] = [SPACES.sub(r"\1\2", part) for part in parts[::2]]
    parts[1::2] = [
        FILLED.sub(lambda code: SPACES.sub(r"\1\2", code[0]), part) if part[0] == "`" else part
        for part in parts[1::2]
    ]
    return "".join(parts)


def joined(source_of: Callable[[str], str], entry: str) -> str:
    """Return a module and everything that it imports as one text, in one scope.

    Parameters
    ----------
    source_of
        Returns the source of a file, given by its path.
    entry
        The path of the module to start from.

    Raises
    ------
    ValueError
        For the same reasons as in `bundle`.
    """
    order: list[str] = []
    _collect(source_of, entry, order, ())
    sources = {name: source_of(name) for name in order}
    _refuse_clashes(sources)
    return "\n".join(_stripped(name, source) for name, source in sources.items())


def read(name: str) -> str:
    """Return the source of one file, given by its path inside `js/`, or of the live style."""
    if name == LIVE_STYLE:
        return f"export const LIVE_STYLE = {json.dumps(live_style(), ensure_ascii=False)};\n"
    return Path(__file__).parents[1].joinpath("js", name).read_text(encoding="utf-8")


def without_comments(source: str) -> str:
    """Return JavaScript without comments on lines of their own, indentation and empty lines."""
    return INDENT.sub("", COMMENT.sub("", source)).strip()


def _collect(
    source_of: Callable[[str], str], name: str, order: list[str], path: tuple[str, ...]
) -> None:
    """Append a file to `order`, after the files that it imports; import cycles are cut."""
    if name in order or name in path:
        return
    for address in IMPORT.findall(source_of(name)):
        needed = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
        _collect(source_of, needed, order, (*path, name))
    order.append(name)


def _refuse_clashes(sources: dict[str, str]) -> None:
    owner: dict[str, str] = {}
    for name, source in sources.items():
        for declared in NAME.findall(EXPORT.sub("", source)):
            if declared in owner:
                msg = f"js/{name} and js/{owner[declared]} both declare {declared!r}: rename one"
                raise ValueError(msg)
            owner[declared] = name


def _stripped(name: str, source: str) -> str:
    text = without_comments(EXPORT.sub("", IMPORT.sub("", source)))
    unknown = re.search(r"^(?:import|export)\b.*$", text, re.MULTILINE)
    if unknown:
        msg = f"js/{name}: the bundle cannot join this form of import or export: {unknown[0]}"
        raise ValueError(msg)
    return text
