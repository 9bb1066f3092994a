"""What a student wrote, or their code printed, stays readable and does nothing."""

from __future__ import annotations

import json
import struct
import time
from typing import Any

import pytest

from nbgrader_isolate.notebook.images import MAX_PIXELS, clean_image
from nbgrader_isolate.notebook.sanitize import (
    MAX_OUTPUTS,
    ZERO_WIDTH,
    clip,
    disarm,
    displayable,
    inert,
    inert_outputs,
)
from support.outputs import Tags, base64_of, code, display, notebook, png
from support.payloads import BUNDLES, CALL, MARKDOWN

pytestmark = pytest.mark.slow


INERT_TAGS = {"p", "a", "h1", "em", "strong", "code", "pre", "div", "span", "ul", "li", "input"}
INERT_TAGS |= {"table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd"}


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP+q544e\x1b\\text", "text"),
        ("\x1b[2J\x1b[1;1Htext\x9b31m", "text"),
        ("a\rb\r\nc", "a\nb\nc"),
        ("a\0b\bc\x7f", "a␀b␈c␡"),
        ("x = '\u202etxet'", "x = '⟨U+202E⟩txet'"),
        ("\ud800", "\ufffd"),
        ("o" + "\u0301" * 99 + "n", "o" + "\u0301" * 6 + "n"),
        ("tab\tnew\nline é 漢 🙂", "tab\tnew\nline é 漢 🙂"),
    ],
)
def test_terminal_codes_control_characters_and_reordering_have_no_effect(
    printed: str, shown: str
) -> None:
    assert displayable(printed) == shown


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda bundle: next(iter(bundle))[-12:])
def test_only_text_and_real_images_of_a_display_stay(bundle: dict[str, Any]) -> None:
    (output,) = inert_outputs([display(bundle, metadata={"image/png": {"width": '1 onload="x'}})])
    assert set(output["data"]) == {"text/plain"}
    assert output["metadata"] == {}


def test_a_figure_stays_a_figure() -> None:
    data = base64_of(png(640, 480))
    wrapped = data[:60] + "\n" + data[60:] + "\n"
    (output,) = inert_outputs([display({"image/png": wrapped, "text/plain": "<Figure>"})])
    assert output["data"] == {"image/png": data, "text/plain": "<Figure>"}


@pytest.mark.parametrize("size", [(MAX_PIXELS, 2), (0, 5), (2**31, 2**31)])
def test_an_image_that_expands_to_gigabytes_is_left_out(size: tuple[int, int]) -> None:
    assert clean_image(base64_of(png(*size)), "image/png") is None


def test_a_jpeg_is_recognized_by_its_frame_header() -> None:
    quantisation = b"\xff\xdb\x00\x04\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", 30, 40) + b"\x01\x01\x11\x00"
    good = base64_of(b"\xff\xd8" + quantisation + frame)
    assert clean_image(good, "image/jpeg") == good
    assert clean_image(base64_of(b"\xff\xd8" + quantisation), "image/jpeg") is None
    assert clean_image(good, "image/png") is None


def test_a_table_is_shown_as_its_text() -> None:
    table = {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "   a\n0  1"}
    (output,) = inert_outputs([display(table)])
    assert output["data"] == {"text/plain": "   a\n0  1"}


def test_rich_output_without_text_is_shown_as_its_source() -> None:
    (output,) = inert_outputs(
        [display({"text/html": "<b>hi</b>", "text/plain": "<IPython.core.display.HTML object>"})]
    )
    assert output["data"]["text/plain"].endswith("<b>hi</b>")


@pytest.mark.parametrize("source", MARKDOWN)
def test_no_renderer_finds_a_tag_or_a_script_in_a_students_markdown(source: str) -> None:
    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    tags = Tags(markdown2html_mistune(disarm(source)))
    assert tags.names <= INERT_TAGS
    for name, value in tags.attributes:
        assert name in {"href", "class", "id", "type", "disabled"}
        assert name != "href" or value.startswith(("http://", "https://", "#"))


@pytest.mark.parametrize(
    "source",
    [
        "# Title\n\nSome *words*, `a < b`, $a < b$ and a [link](https://numpy.org/doc/stable/).",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "1. `x[0]` (the first)\n2. x < 3 and y > 4",
        "```python\nif a<= b: pass\n```",
        "$$\\frac{1}{2} \\sum_i s_i$$",
    ],
)
def test_honest_markdown_stays_as_it_is(source: str) -> None:
    assert disarm(source) == source


def test_attached_images_of_a_student_stay_and_other_attachments_go() -> None:
    attachments = {
        "mine.png": {"image/png": base64_of(png(3, 3))},
        "bad.png": {"image/svg+xml": "<svg onload=x>"},
        'x" onerror="y.png': {"image/png": base64_of(png(3, 3))},
    }
    source = "![a](attachment:mine.png) ![b](attachment:bad.png)"
    cell = {"cell_type": "markdown", "metadata": {}, "source": source, "attachments": attachments}
    (made,) = inert(notebook(cell))["cells"]
    assert list(made["attachments"]) == ["mine.png"]
    assert "](attachment:mine.png)" in made["source"]
    assert f"]{ZERO_WIDTH}(attachment:bad.png)" in made["source"]


def test_long_output_is_cut_by_bytes_and_keeps_its_beginning_and_its_end() -> None:
    text = "é" * 50_000 + "the end"
    cut = clip(text, 10_000)
    assert len(cut.encode()) <= 10_000
    assert cut.startswith("é")
    assert cut.endswith("the end")
    assert "bytes are left out" in cut


def test_clipping_never_keeps_part_of_a_line_that_could_be_hidden() -> None:
    lines = [f"assert f({k}) == {k * k}  # hidden" for k in range(500)]
    for limit in range(1000, 1060):
        kept = clip("\n".join(lines), limit).split("\n")
        assert {one for one in kept if "left out" not in one} <= {*lines, ""}


def test_many_outputs_are_limited_in_number_and_in_total_bytes() -> None:
    many = [{"output_type": "stream", "name": "stdout", "text": "x" * 100}] * 5000
    assert len(inert_outputs(many, 10**9)) == MAX_OUTPUTS + 1
    assert len(json.dumps(inert_outputs(many, 1000))) < 3000


def test_making_an_inert_notebook_inert_changes_nothing() -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": "\x1b[1m" + "é" * 3000},
        {"output_type": "error", "ename": "E", "evalue": "v" * 5000, "traceback": ["t" * 9000]},
        *(display(bundle) for bundle in BUNDLES),
    ]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in MARKDOWN]
    once = inert(notebook(code(*outputs), *cells), 8000)
    assert inert(once, 8000) == once


def test_instructor_cells_keep_their_text_and_lose_only_active_outputs() -> None:
    ours = {"nbgrader_isolate": {"owner": "instructor"}}
    text = {"cell_type": "markdown", "metadata": ours, "source": "<b>Read</b> ![x](img/a.png)"}
    cell = code(display({"text/html": f"<script>{CALL}</script>"}), metadata=ours, source="f()")
    made = inert(notebook(text, cell))["cells"]
    assert made[0] == text
    assert made[1]["source"] == "f()"
    assert "text/html" not in made[1]["outputs"][0]["data"]


def test_records_of_earlier_versions_get_the_current_names() -> None:
    former = notebook(
        code(source="f()", metadata={"autograder": {"owner": "instructor", "mode": "two-kernel"}}),
        code(source="f()", metadata={"autograder": {"owner": "student", "message": "no"}}),
        autograder={"flags": ["odd"]},
    )
    made = inert(former)
    assert made["metadata"] == {"nbgrader_isolate": {"flags": ["odd"]}}
    assert [cell["metadata"] for cell in made["cells"]] == [
        {"nbgrader_isolate": {"owner": "instructor", "mode": "isolated"}},
        {"nbgrader_isolate": {"owner": "student", "message": "no"}},
    ]
    assert inert(made) == made


def test_students_cannot_set_ids_tags_or_widget_states_that_a_template_prints() -> None:
    cell = code(id='x"><script>', metadata={"tags": ['"><script>'], "name": "x"})
    made = inert(notebook(cell, widgets={"application/x": {}}, title="<script>"))
    assert made["cells"][0]["id"] == "cell-0"
    assert made["cells"][0]["metadata"] == {}
    assert made["metadata"] == {}


def test_outputs_of_unknown_types_are_left_out() -> None:
    odd: list[Any] = [
        {"output_type": "update_display_data", "data": {"text/html": "x"}},
        {"output_type": "stream", "name": ["x"], "text": {"a": 1}},
        {"output_type": "execute_result", "execution_count": "<b>", "data": {"text/plain": 3}},
        {"output_type": "error", "ename": None, "evalue": 3, "traceback": [None, "x"]},
    ]
    stream, result, error = inert_outputs(odd)
    assert stream == {"output_type": "stream", "name": "stdout", "text": ""}
    assert result["execution_count"] is None
    assert error["traceback"] == ["", "x"]


@pytest.mark.parametrize(
    "text", ["\x1b]" * 200_000, "\x1bP" * 200_000, "![" * 100_000, "](" * 100_000, "<\\" * 200_000]
)
def test_time_is_linear_in_the_length_of_the_text(text: str) -> None:

    start = time.process_time()
    displayable(text)
    disarm(text)
    assert time.process_time() - start < 20
