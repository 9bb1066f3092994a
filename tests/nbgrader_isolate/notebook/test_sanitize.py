"""A notebook keeps what a student wrote or printed, without active content."""

from __future__ import annotations

import json
from typing import Any

import pytest

from nbgrader_isolate.notebook.safe_text import ZERO_WIDTH
from nbgrader_isolate.notebook.sanitize import MAX_OUTPUTS, inert, inert_outputs
from support.outputs import base64_of, code, display, notebook, png
from support.payloads import BUNDLES, CALL, MARKDOWN

pytestmark = pytest.mark.slow


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


def test_a_table_is_shown_as_its_text() -> None:
    table = {"text/html": "<table><tr><td>1</td></tr></table>", "text/plain": "   a\n0  1"}
    (output,) = inert_outputs([display(table)])
    assert output["data"] == {"text/plain": "   a\n0  1"}


def test_rich_output_without_text_is_shown_as_its_source() -> None:
    (output,) = inert_outputs(
        [display({"text/html": "<b>hi</b>", "text/plain": "<IPython.core.display.HTML object>"})]
    )
    assert output["data"]["text/plain"].endswith("<b>hi</b>")


def test_attached_images_of_a_student_stay_and_other_attachments_go() -> None:
    attachments = {
        "mine.png": {"image/png": base64_of(png(3, 3))},
        "bad.png": {"image/svg+xml": "<svg onload=x>"},
        'x" onerror="y.png': {"image/png": base64_of(png(3, 3))},
    }
    source = "![a](attachment:mine.png) ![b](attachment:bad.png)"
    cell = {"cell_type": "markdown", "metadata": {}, "source": source, "attachments": attachments}
    (sanitized,) = inert(notebook(cell))["cells"]
    assert list(sanitized["attachments"]) == ["mine.png"]
    assert "](attachment:mine.png)" in sanitized["source"]
    assert f"]{ZERO_WIDTH}(attachment:bad.png)" in sanitized["source"]


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
    sanitized = inert(notebook(text, cell))["cells"]
    assert sanitized[0] == text
    assert sanitized[1]["source"] == "f()"
    assert "text/html" not in sanitized[1]["outputs"][0]["data"]


def test_records_of_earlier_versions_get_the_current_names() -> None:
    former = notebook(
        code(source="f()", metadata={"autograder": {"owner": "instructor", "mode": "two-kernel"}}),
        code(source="f()", metadata={"autograder": {"owner": "student", "message": "no"}}),
        autograder={"flags": ["odd"]},
    )
    sanitized = inert(former)
    assert sanitized["metadata"] == {"nbgrader_isolate": {"flags": ["odd"]}}
    assert [cell["metadata"] for cell in sanitized["cells"]] == [
        {"nbgrader_isolate": {"owner": "instructor", "mode": "isolated"}},
        {"nbgrader_isolate": {"owner": "student", "message": "no"}},
    ]
    assert inert(sanitized) == sanitized


def test_students_cannot_set_ids_tags_or_widget_states_that_a_template_prints() -> None:
    cell = code(id='x"><script>', metadata={"tags": ['"><script>'], "name": "x"})
    sanitized = inert(notebook(cell, widgets={"application/x": {}}, title="<script>"))
    assert sanitized["cells"][0]["id"] == "cell-0"
    assert sanitized["cells"][0]["metadata"] == {}
    assert sanitized["metadata"] == {}


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
