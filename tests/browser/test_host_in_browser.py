"""The page's own host: it brings saved widgets to life without kernel or network, or leaves the
picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
import pytest

import stridescope as ss
from course.render.widgets import STATE, VIEW
from support.instrument_pages import READY, notebook_of, write_notebook

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode
    from playwright.sync_api import Page

    from conftest import Visitor

V4: Any = nbformat.v4
COUNTER = """
export default {
  initialize({ model }) { model.set("count", model.get("count") + 1); },
  async render({ model, el }) {
    await null;
    const button = document.createElement("button");
    const show = () => {
      button.textContent = `${model.get("count")} of ${model.get("bytes").byteLength}`;
    };
    model.on("change:count", show);
    button.addEventListener("click", () => {
      model.set("count", model.get("count") + 1);
      model.save_changes();
    });
    el.append(button);
    show();
    const other = await model.widget_manager.get_model(model.get("other"));
    el.append(` beside ${other.get("name")}`);
  },
};
"""
BROKEN = "export default { render({ el }) { el.append('half'); throw new Error('on purpose'); } };"
"""A front end that fails halfway."""


def foreign(esm: str, css: str = "b { color: teal }") -> NotebookNode:
    """A notebook with the saved state of an anywidget that is none of ours, shown twice."""
    private = {"_esm": esm, "_css": css, "_model_name": "AnyModel", "layout": "IPY_MODEL_size"}
    state = private | {"count": 4, "other": "IPY_MODEL_friend"}
    buffer = {"encoding": "base64", "path": ["bytes"], "data": "AAEC\n"}
    models = {
        "f00d": {"state": state, "buffers": [buffer]},
        "friend": {"state": {"_model_name": "X", "name": "a friend"}},
        "size": {"state": {"_model_name": "LayoutModel"}},
    }
    data = {VIEW: {"model_id": "f00d"}, "text/plain": "Counter()"}
    cells = [V4.new_markdown_cell("# Widgets")]
    cells += [V4.new_code_cell("c", outputs=[V4.new_output("display_data", data)]) for _ in "ab"]
    notebook: NotebookNode = V4.new_notebook(
        cells=cells, metadata={"widgets": {STATE: {"state": models}}}
    )
    return notebook


@pytest.fixture
def opened(visitor: Visitor, tmp_path: Path) -> Any:  # noqa: ANN401 - a function
    def open_notebook(notebook: NotebookNode) -> Page:
        visitor.site = tmp_path
        page = visitor.open(write_notebook(tmp_path, notebook))
        page.wait_for_function(READY)
        return page

    return open_notebook


def test_a_foreign_widget_lives(opened: Any) -> None:  # noqa: ANN401
    page = opened(foreign(COUNTER))
    one, two = page.locator("[data-model]").all()
    assert one.inner_text() == "5 of 3 beside a friend"
    one.get_by_role("button").click()
    assert two.inner_text() == "6 of 3 beside a friend"
    assert page.get_by_text("needs a running notebook").count() == 0


def test_a_front_end_that_fails_leaves_what_stood_there(opened: Any, visitor: Visitor) -> None:  # noqa: ANN401
    page = opened(foreign(BROKEN))
    assert page.locator("[data-model]").first.inner_text().splitlines()[-1] == "Counter()"
    assert page.get_by_text("needs a running notebook").count() == 2
    assert page.get_by_text("half").count() == 0
    assert [line.partition("\n")[0] for line in visitor.troubles] == [
        "console: Error: on purpose"
    ] * 2
    visitor.troubles.clear()


def test_an_unknown_kind_leaves_its_picture(opened: Any) -> None:  # noqa: ANN401
    still = ss.Instrument("<p>A picture.</p>", "words", kind="not-yet-written", state={})
    page = opened(notebook_of([still]))
    assert page.locator("[data-model]").inner_text() == "A picture."


def test_a_page_of_twenty_keeps_one_front_end_and_opens_at_once(opened: Any) -> None:  # noqa: ANN401
    question = [ss.predict(f"Is it {k}?", k, {k: "", -1: ""}) for k in range(20)]
    page = opened(notebook_of(question))
    assert page.locator("script[src*='instruments-']").count() == 1
    assert page.locator("[data-model] > div > .ss-live").count() == 20
    assert page.evaluate("performance.getEntriesByType('resource').length") <= 6
    assert page.evaluate("performance.getEntriesByType('navigation')[0].domInteractive") < 1500


def test_the_picture_stands_there_without_scripts(visitor: Visitor, tmp_path: Path) -> None:
    visitor.site = tmp_path
    path = write_notebook(tmp_path, notebook_of([ss.predict("One?", 1, {1: "", 2: ""})]))
    page = visitor.open(path, scripts=False)
    assert page.locator(".ss-predict summary").count() == 3
    assert page.locator(".ss-live").count() == 0


def test_a_reader_who_opened_an_answer_before_it_lives_keeps_it(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.site = tmp_path
    path = write_notebook(tmp_path, notebook_of([ss.predict("One?", 1, {1: "", 2: ""})]))
    file = tmp_path / path
    opened = file.read_text("utf-8").replace("<details><summary>", "<details open><summary>", 1)
    file.write_text(opened, "utf-8")
    page = visitor.open(path)
    page.wait_for_function(READY)
    assert page.locator("details[open]").count() == 1
    assert page.locator(".ss-live").count() == 0
