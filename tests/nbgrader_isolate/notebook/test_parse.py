"""A submitted notebook is read or refused in one line, whatever the bytes are."""

from __future__ import annotations

import json
import tracemalloc
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbgrader_isolate.core.limits import Limits
from nbgrader_isolate.notebook.parse import UnreadableError, parse
from support.small_course import LIMITS, answered, code, notebook, parsed
from support.tiers import examples

pytestmark = pytest.mark.slow


def outcome(data: bytes) -> str:
    """Return why a file was refused, or nothing."""
    try:
        parse(data, LIMITS)
    except UnreadableError as error:
        return str(error)
    return ""


def raw(content: object) -> bytes:
    return json.dumps(content).encode()


CELL = {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None}
REFUSED = {
    "an empty file": (b"", "is empty"),
    "blanks": (b" \n\t ", "is empty"),
    "half a file": (raw(notebook([]))[:-10], "is not JSON: "),
    "no JSON": (b"PK\x03\x04 no notebook", "is not JSON: Expecting value at line 1, column 1"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "is not text: byte 0 is not valid UTF-8"),
    "a NUL character": (raw(answered({})).replace(b"2", b"\0", 1), "it has a NUL character"),
    "a list": (b"[]", "its JSON is not an object"),
    "a number": (b"3", "its JSON is not an object"),
    "a long number": (b'{"nbformat": ' + b"9" * 5000 + b"}", "a number that is too long"),
    "deep lists": (b"[" * 10_000 + b"]" * 10_000, "is nested more than 64 levels deep"),
    "deep objects": (
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        "is nested more than 64 levels deep",
    ),
    "no format": (raw({"cells": []}), "does not state its format"),
    "format 5": (raw({"nbformat": 5, "cells": []}), "has notebook format 5; save it in format 4"),
    "format true": (raw({"nbformat": True, "cells": []}), "does not state its format"),
    "format 0": (raw({"nbformat": 0, "cells": []}), "does not state its format"),
    "no cells": (raw({"nbformat": 4}), "it has no list of cells"),
    "cells in an object": (raw({"nbformat": 4, "cells": {}}), "it has no list of cells"),
    "20,000 cells": (
        raw({"nbformat": 4, "cells": [CELL] * 20_000}),
        "has 20000 cells; the limit is 2000",
    ),
    "a broken format 3": (raw({"nbformat": 3, "worksheets": 1}), "could not be upgraded"),
    "a key twice": (b'{"nbformat": 4, "cells": [], "cells": []}', "the key 'cells' appears twice"),
    "millions of lists": (b'{"a": [' + b"[]," * 600_000 + b"[]]}", "more than 500000 lists"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_not_a_notebook_is_refused_in_one_line(name: str) -> None:
    data, expected = REFUSED[name]
    with pytest.raises(UnreadableError) as caught:
        parse(data, LIMITS)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_notebook_of_50_mb_is_refused_before_it_is_read() -> None:
    with pytest.raises(UnreadableError, match=r"is 50\.0 MB; the limit is 16\.8 MB"):
        parse(b" " * 50_000_000, LIMITS)


def test_the_instructor_sets_the_limits() -> None:
    small = Limits(notebook_cells=2, json_depth=6, notebook_bytes=1000)
    assert len(parse(raw(notebook([CELL] * 2)), small)["cells"]) == 2
    with pytest.raises(UnreadableError, match="has 3 cells; the limit is 2"):
        parse(raw(notebook([CELL] * 3)), small)
    with pytest.raises(UnreadableError, match="nested more than 6 levels deep"):
        parse(raw({"nbformat": 4, "cells": [{"a": [[[[]]]]}]}), small)


def test_brackets_in_strings_are_not_nesting() -> None:
    source = '"[[[{' * 5000 + '\\"' * 99
    assert parsed(notebook([code(source)]))["cells"][0]["source"] == source


@pytest.mark.parametrize("version", [2, 3])
def test_older_formats_are_upgraded_and_keep_their_grade_ids(version: int) -> None:
    old = {
        "cell_type": "code",
        "input": ["def f():\n", "    return 1"],
        "language": "python",
        "outputs": [],
        "metadata": {"nbgrader": {"grade_id": "f", "solution": True}},
    }
    content = {
        "nbformat": version,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [old, {"cell_type": "markdown", "source": "Hello"}]}],
    }
    first, second = parse(raw(content), LIMITS)["cells"]
    assert first["source"] == "def f():\n    return 1"
    if version == 3:  # format 2 knew no metadata of cells
        assert first["metadata"]["nbgrader"]["grade_id"] == "f"
    assert (second["cell_type"], second["source"]) == ("markdown", "Hello")


def test_old_notebooks_are_read_as_nbformat_converts_them() -> None:
    sources: list[dict[str, object]] = [
        {"cell_type": "heading", "level": 3, "source": "One\ntwo"},
        {"cell_type": "heading", "source": ["No ", "level"]},
        {"cell_type": "html", "source": "<b>x</b>"},
        {"cell_type": "raw", "source": "raw"},
        {"cell_type": "code", "input": "x = 1\n", "language": "python", "outputs": []},
        {"cell_type": "code", "input": ["x = 1\n", "y"], "language": "python", "outputs": []},
    ]
    sheets = [{"cells": sources[:2]}, {"cells": sources[2:]}]
    content = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": sheets}
    ours = parse(raw(content), LIMITS)["cells"]
    theirs = nbformat.reads(json.dumps(content), as_version=4)["cells"]
    assert [(one["cell_type"], one["source"]) for one in ours] == [
        (one["cell_type"], one["source"]) for one in theirs
    ]
    first = {"cell_type": "code", "code": "x = 1"}, {"cell_type": "text", "text": "Hello"}
    oldest = parse(raw({"nbformat": 1, "cells": first}), LIMITS)["cells"]
    assert [one["source"] for one in oldest] == ["x = 1", "Hello"]


def test_what_is_not_graded_in_an_old_notebook_is_not_looked_at() -> None:
    outputs: list[dict[str, object]] = [{} for _ in range(100_000)]
    cell = {"cell_type": "code", "input": "x", "outputs": outputs, "metadata": {}}
    content = {"nbformat": 3, "metadata": {}, "worksheets": [{"cells": [cell]}]}
    tracemalloc.start()
    try:
        assert parse(raw(content), LIMITS)["cells"][0]["source"] == "x"
        assert tracemalloc.get_traced_memory()[1] < 60 << 20  # nbformat needs 4 GB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_encodings_of_editors_are_read(encoding: str) -> None:
    data = json.dumps(notebook([code("name = 'Ådå'")]), ensure_ascii=False).encode(encoding)
    assert parse(data, LIMITS)["cells"][0]["source"] == "name = 'Ådå'"


def test_sources_are_strings_or_lists_of_lines() -> None:
    raw_cell = {**code("x"), "source": ["a = 1\n", "b = 2"]}
    assert parsed(notebook([raw_cell]))["cells"][0]["source"] == "a = 1\nb = 2"


def test_invalid_cells_are_left_out_with_a_finding() -> None:
    odd: list[Any] = [
        3,
        None,
        {"cell_type": "code", "source": [1]},
        {"cell_type": "video", "source": ""},
    ]
    read = parsed({"nbformat": 4, "cells": [*odd, CELL]})
    assert [cell["source"] for cell in read["cells"]] == ["1"]
    (note,) = read["metadata"]["nbgrader_isolate"]["findings"]
    assert "cell 1 is not a cell, cell 2 is not a cell" in note
    assert "cell 3 has no source text or an unknown type" in note


def test_outputs_tags_and_other_metadata_are_dropped() -> None:
    bad = code("1", "f", solution=True)
    bad["metadata"] |= {"tags": ["skip-execution"], "nbgrader_isolate": {"completed": True}}
    bad["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x"}]
    (cell,) = parsed(notebook([bad]))["cells"]
    assert cell["metadata"] == {"nbgrader": {"grade_id": "f"}}
    assert cell["outputs"] == []


def test_bitmaps_in_an_answer_stay_and_other_attachments_go() -> None:
    picture = {"image/png": "iVBORw0KGgo=", "image/svg+xml": "<svg onload=alert(1)>"}
    raw_cell = {"cell_type": "markdown", "metadata": {}, "source": "![](attachment:a.png)"}
    raw_cell["attachments"] = {
        "a.png": picture,
        "b.svg": {"image/svg+xml": "<svg/>"},
        "c\x1b.png": picture,
        "d.png": {"image/png": "<script>"},
        "e": 3,
    }
    (cell,) = parsed(notebook([raw_cell]))["cells"]
    assert cell["attachments"] == {"a.png": {"image/png": "iVBORw0KGgo="}}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.binary(max_size=200) | JSON.map(raw))
@settings(max_examples=examples(200), deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(data).isprintable()


@given(
    st.fixed_dictionaries(
        {"nbformat": st.sampled_from([2, 3, 4]), "cells": JSON, "worksheets": JSON}
    )
)
@settings(max_examples=examples(200), deadline=None)
def test_any_json_instead_of_a_notebook_is_read_or_refused(content: dict[str, Any]) -> None:
    assert outcome(raw(content)).isprintable()


def test_a_key_that_is_not_graded_may_be_there_twice() -> None:
    """A merge that was badly resolved leaves it so, and every other program reads it."""
    data = raw(notebook([code("x = 1")])).replace(
        b'"execution_count": null', b'"execution_count": 3, "execution_count": 4', 1
    )
    assert data.count(b"execution_count") == 2
    assert parse(data, LIMITS).cells[0].source == "x = 1"


def test_lines_end_as_in_every_other_notebook() -> None:
    for source in ("a = 1\r\nb = 2", ["a = 1\r\n", "b = 2"]):
        made = raw(notebook([{**code("x"), "source": source}]))
        assert parse(made, LIMITS).cells[0].source == "a = 1\nb = 2"


def test_a_large_notebook_is_refused_with_what_to_do() -> None:
    with pytest.raises(UnreadableError, match="clear all outputs, save, and hand it in again"):
        parse(b" " * 50_000_000, LIMITS)
