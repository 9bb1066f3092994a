"""The modules in `js/` as one: a widget's front end is a single text, and there is no build step."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w/.-]+\.js)";\n?', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:const|let|function|async|class)\b)", re.MULTILINE)
# A comment that starts a line, alone there or, as a type, before code.
COMMENT = re.compile(r"^[ \t]*(?://[^\n]*\n|/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n?)", re.MULTILINE)
INDENT = re.compile(r"^[ \t]+|[ \t]+$|\n(?=\s*\n)", re.MULTILINE)
# `let` and `var` too: two files that declare one name would fail only in the browser.
NAME = re.compile(r"^(?:const|let|var|(?:async )?function\*?|class) ([\w$]+)", re.MULTILINE)


@cache
def bundle() -> str:
    """Return the whole front end as the text of one ES module.

    The files that `js/index.js` imports, each once and after those it needs, without imports,
    exports, comments on lines of their own and indentation. All of them share one scope.

    Raises
    ------
    ValueError
        If two files declare one name, or a file imports or exports in another form than
        ``import { a } from "../room/x.js";`` and ``export function a`` on one line.
    """
    return joined(read, "index.js") + "\nexport default { render };\n"


def joined(source_of: Callable[[str], str], entry: str) -> str:
    """Return a module and all that it imports as one text, in one scope.

    Parameters
    ----------
    source_of
        Returns the source of a file, named by its path.
    entry
        The path of the module to start from.

    Raises
    ------
    ValueError
        As `bundle` does.
    """
    order: list[str] = []
    _collect(source_of, entry, order, ())
    sources = {name: source_of(name) for name in order}
    _refuse_clashes(sources)
    return "\n".join(_stripped(name, source) for name, source in sources.items())


def read(name: str) -> str:
    """Return the source of one file of `js/`, named by its path in there."""
    return Path(__file__).parents[1].joinpath("js", name).read_text(encoding="utf-8")


def without_comments(source: str) -> str:
    """Return JavaScript without comments on lines of their own, indentation and empty lines."""
    return INDENT.sub("", COMMENT.sub("", source)).strip()


def _collect(
    source_of: Callable[[str], str], name: str, order: list[str], path: tuple[str, ...]
) -> None:
    """Append a file to `order`, after the files it imports; circles are left open."""
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
    left = re.search(r"^(?:import|export)\b.*$", text, re.MULTILINE)
    if left:
        msg = f"js/{name}: this form cannot be joined to one text: {left[0]}"
        raise ValueError(msg)
    return text
