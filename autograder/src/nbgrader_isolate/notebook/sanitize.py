"""Make what a student wrote, or their code printed, inert: text stays text, pictures stay pictures.

An autograded notebook is shown to an instructor who is signed in: nbgrader's formgrader renders its Markdown with
raw HTML, and its outputs with scripts. `inert` is applied to each notebook before it is written, and again before a
feedback page is made of it. It keeps plain text, PNG and JPEG, and drops every form that a browser would interpret.

Nothing here parses HTML or Markdown to decide what is harmless. Each rule holds wherever the text may end up.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from nbgrader_isolate.core.models import METADATA, NotebookJSON
from nbgrader_isolate.notebook.cells import in_current_words, is_untouched
from nbgrader_isolate.notebook.images import picture

Json = dict[str, Any]

OUTPUT_BYTES = 1 << 16
"""Text of one cell's outputs that stays in an autograded notebook, in bytes of UTF-8."""
OUTPUTS = 100
"""Outputs of one cell that stay."""
_LEFT_OUT_BYTES = 60
_CUT_LINE = 1000
_MORE = "… more outputs are left out …\n"
APART = "\u200c"  # zero-width non-joiner: it parts two signs for every parser and for no reader

_TERMINAL = re.compile(
    r"\x1b\][^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)"  # OSC: titles, links
    r"|\x1b[PX^_][^\x1b\x9c]*(?:\x1b\\|\x9c)"  # DCS, SOS, PM, APC
    r"|(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|\x1b[ -/]*[0-~]"  # the short ones
)  # ECMA-48, 5.4 and 5.6
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")  # Unicode TR 36, 3.1: they reorder what is read
_MARKS = "[\u0300-\u036f\u0483-\u0489\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED = re.compile(f"({_MARKS}{{6}}){_MARKS}+")  # on one letter they reach over the lines above
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
    r"|hspace|hskip|kern|mkern|mskip|mspace|raise|lower|moveleft|moveright|rule|Rule|Space|bbox|[lr]lap|smash)\b)"
)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OBJECT = re.compile(
    r"<[\w.]*(?:IPython|display)[\w.]* object[^>]*>|<[\w.]+ object at 0x[0-9a-f]+>"
)
_KEPT_METADATA = ("kernelspec", "language_info", METADATA)


def plain(text: str) -> str:
    r"""Return `text` as a page can show it: no terminal codes, no control signs, nothing that reorders.

    Parameters
    ----------
    text : str
        From a kernel or a submission; may hold lone surrogates.

    Returns
    -------
    str
        `\n` and `\t` stay. Other control signs and what reorders text become visible: `␀`, `⟨U+202E⟩`.
    """
    text = _TERMINAL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(_control_picture, text)
    return readable(text)


def readable(text: str) -> str:
    """Return `text` with what reorders it made visible, lone surrogates replaced, and at most six marks on a letter."""
    text = _SURROGATE.sub("\ufffd", text)
    text = _STACKED.sub(r"\1", text)
    return _BIDI.sub(lambda sign: f"⟨U+{ord(sign[0]):04X}⟩", text)


def _control_picture(sign: re.Match[str]) -> str:
    code = ord(sign[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"  # noqa: PLR2004


def clip(text: str, limit: int) -> str:
    """Return `text`, or its beginning and its end, within `limit` bytes of UTF-8, and say how much is missing."""
    data = text.encode("utf-8", "replace")
    if len(data) <= limit:
        return text
    room = limit - _LEFT_OUT_BYTES
    if room <= 0:
        return ""
    head, tail = room * 2 // 3, room // 3
    left_out = f"\n… {len(data) - head - tail:,} bytes are left out …\n"
    start = data[:head].decode("utf-8", "ignore")
    end = data[len(data) - tail :].decode("utf-8", "ignore")
    return _whole_lines(start) + left_out + _whole_lines(end[::-1])[::-1]


def _whole_lines(text: str) -> str:
    """Return `text` without the line that it was cut in: a part of a hidden line is not known as one. A long one stays."""
    before, end, cut = text.rpartition("\n")
    return before + end if end and len(cut) <= _CUT_LINE else text


def disarm(source: str, attachments: Json | None = None) -> str:
    """Return a student's Markdown so that no renderer finds a tag, a script link or a macro with effects in it.

    It reads as before: where a tag, a picture from elsewhere, a link target that is no web or mail address, or one of
    MathJax's macros with effects begins, a zero-width sign parts it. Headings, emphasis, lists, code, tables and formulas stay.

    Parameters
    ----------
    source : str
    attachments : dict, optional
        Pictures in the cell, by name; a reference to any other is parted.
    """
    source = _TAG.sub("<" + APART, readable(source))
    source = _MATH.sub(lambda _: "\\" + APART, source)
    source = _LINK.sub(lambda found: _part_link(found, attachments or {}), source)
    return _IMAGE.sub("!" + APART, source)


def _part_link(found: re.Match[str], attachments: Json) -> str:
    rest = found.end()
    attached = _ATTACHED.match(found.string, rest)
    if _SAFE_TARGET.match(found.string, rest) or (attached and attached[1] in attachments):
        return "]"
    return "]" + APART


def is_students(cell: Json) -> bool:
    """Whether a student wrote the source of a cell; where nothing says so, they did."""
    metadata = in_current_words(cell.get("metadata", {}))
    owner = metadata.get(METADATA, {}).get("owner")
    if owner is not None:
        return bool(owner != "instructor")
    marks = metadata.get("nbgrader", {})
    if marks.get("solution"):
        return True
    return not (marks.get("grade") or marks.get("locked") or marks.get("task"))


def inert(notebook: NotebookJSON, output_bytes: int = OUTPUT_BYTES) -> NotebookJSON:
    """Return a copy of an executed notebook in which nothing of the student's does anything.

    Parameters
    ----------
    notebook : NotebookJSON
        Rebuilt and executed. Outputs are taken as the student's in every cell.
    output_bytes : int
        Text that the outputs of one cell keep, in bytes.

    Returns
    -------
    NotebookJSON
        Applied to its own result, the function changes nothing.
    """
    metadata = in_current_words(notebook.get("metadata", {}))
    return {
        **{
            key: deepcopy(notebook[key])
            for key in ("nbformat", "nbformat_minor")
            if key in notebook
        },
        "metadata": {key: deepcopy(metadata[key]) for key in _KEPT_METADATA if key in metadata},
        "cells": [
            _inert_cell(cell, place, output_bytes) for place, cell in enumerate(notebook["cells"])
        ],
    }


def _inert_cell(cell: Json, place: int, output_bytes: int) -> Json:
    kind = cell["cell_type"]
    made = _students_cell(cell) if is_students(cell) else _instructors_cell(cell)
    made.pop("outputs", None)
    made["source"] = text_of(made.get("source", ""))
    if "id" in cell:
        named = isinstance(cell["id"], str) and _ID.fullmatch(cell["id"])
        made["id"] = cell["id"] if named else f"cell-{place}"
    if kind == "code":
        count = cell.get("execution_count")
        made["execution_count"] = count if isinstance(count, int) else None
        made["outputs"] = inert_outputs(cell.get("outputs", []), output_bytes)
    return made


def _instructors_cell(cell: Json) -> Json:
    metadata = in_current_words(cell.get("metadata", {}))
    return deepcopy({**cell, "metadata": metadata, "outputs": []})


def _students_cell(cell: Json) -> Json:
    metadata = in_current_words(cell.get("metadata", {}))
    kept = {key: deepcopy(metadata[key]) for key in ("nbgrader", METADATA) if key in metadata}
    source = text_of(cell.get("source", ""))
    if METADATA in kept and is_untouched({**cell, "source": source}):
        return {"cell_type": cell["cell_type"], "metadata": kept, "source": source}
    if cell["cell_type"] == "code":
        return {"cell_type": "code", "metadata": kept, "source": readable(source)}
    attachments = _pictures_attached(cell.get("attachments", {}))
    made: Json = {"cell_type": "markdown", "metadata": kept, "source": disarm(source, attachments)}
    return made | ({"attachments": attachments} if attachments else {})


def _pictures_attached(attachments: Json) -> Json:
    kept = {name: _pictures_of(bundle) for name, bundle in attachments.items()}
    return {
        name: bundle for name, bundle in kept.items() if bundle and re.fullmatch(r"[\w.\-]+", name)
    }


def _pictures_of(bundle: Json) -> Json:
    return {
        kind: data
        for kind in ("image/png", "image/jpeg")
        if (data := picture(bundle.get(kind), kind))
    }


def inert_outputs(outputs: list[Json], output_bytes: int = OUTPUT_BYTES) -> list[Json]:
    """Return outputs of a cell as plain text and pictures, within `output_bytes` of text and `OUTPUTS` in number."""
    made: list[Json] = []
    room = output_bytes
    for output in outputs:
        one = _inert_output(output, max(room, 0))
        if one is None:
            continue
        if len(made) == OUTPUTS or (room <= 0 and "image/png" not in one.get("data", {})):
            made.append(_stream(_MORE))
            break
        made.append(one)
        room -= _text_size(one)
    return made


def _stream(text: str, name: str = "stdout") -> Json:
    return {"output_type": "stream", "name": name, "text": text}


def _text_size(output: Json) -> int:
    texts = [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", [])]
    texts.append(output.get("data", {}).get("text/plain", ""))
    return sum(len(text.encode("utf-8")) for text in texts)


def _inert_output(output: Json, room: int) -> Json | None:
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return _stream(clip(plain(text_of(output.get("text", ""))), room), name)
    if kind == "error":
        return _inert_error(output, room)
    if kind not in ("display_data", "execute_result"):
        return None
    count = output.get("execution_count")
    return {
        "output_type": kind,
        "metadata": {},
        "data": _inert_bundle(output.get("data", {}), room),
        **(
            {"execution_count": count if isinstance(count, int) else None}
            if kind == "execute_result"
            else {}
        ),
    }


def _inert_error(output: Json, room: int) -> Json:
    lines = plain("\n".join(text_of(line) for line in output.get("traceback", [])))
    return {
        "output_type": "error",
        "ename": clip(plain(text_of(output.get("ename", ""))), 200),
        "evalue": clip(plain(text_of(output.get("evalue", ""))), room // 2),
        "traceback": clip(lines, room // 2).split("\n"),
    }


def _inert_bundle(data: Json, room: int) -> Json:
    made = _pictures_of(data)
    text = text_of(data.get("text/plain", ""))
    rich = sorted(set(data) - {"text/plain", "image/png", "image/jpeg"})
    if rich and not made and (not text or _OBJECT.fullmatch(text.strip())):
        text = _shown_as_text(data, rich)
    return made | {"text/plain": clip(plain(text), room)}


def _shown_as_text(data: Json, rich: list[str]) -> str:
    for kind in ("text/markdown", "text/latex", "text/html"):
        if kind in data:
            return f"[{kind}, shown as its source]\n{text_of(data[kind])}"
    return f"[{', '.join(rich)[:200]}: not shown]"


def text_of(value: object) -> str:
    """Return what notebooks hold as a string or as a list of lines; anything else is empty."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""
