"""What a page keeps of live widgets, and what it refuses."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast

import pytest
from bs4 import BeautifulSoup

from course.render import (
    LinkError,
    OutputError,
    Renderer,
)
from course.render.widgets import STATE, VIEW
from support.lesson_page import (
    COURSE,
    SLUG,
    V4,
    WEB,
    code,
    markdown,
    render,
    shown,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode

ESM = "export default { render({ el }) { el.append('</script>'); } };"


def saved(**models: dict[str, Any]) -> dict[str, Any]:
    """Widgets' state as nbclient saves it; `shown` in an output are those that have `_esm`."""
    return {STATE: {"version_major": 2, "version_minor": 0, "state": models}}


def model(esm: str = ESM, **state: object) -> dict[str, Any]:
    private = {"_esm": esm, "_css": ".w { margin: 0 }", "_model_name": "AnyModel", "tabbable": None}
    buffers = [{"encoding": "base64", "path": ["data"], "data": "AAEC\n"}]
    return {"model_name": "AnyModel", "state": private | state, "buffers": buffers}


def live_lesson(*ids: str, **models: dict[str, Any]) -> NotebookNode:
    """A notebook that shows the models of these ids, each with a picture beside it."""
    cells = [markdown("# Strides")]
    for name in ids:
        data = {VIEW: {"model_id": name}, "text/html": "<b>still</b>", "text/plain": "W"}
        cells.append(code("w", V4.new_output("display_data", data=data)))
    return cast("NotebookNode", V4.new_notebook(cells=cells, metadata={"widgets": saved(**models)}))


def models_of(renderer: Renderer) -> str:
    """The saved models as the page's own script holds them."""
    ((_name, data),) = ((n, d) for n, d in renderer.assets().items() if n.startswith("models-"))
    return data.decode().removeprefix("self.savedModels = ").removesuffix(";\n")


def test_a_page_keeps_each_front_end_once_and_only_what_it_reads() -> None:
    notebook = live_lesson("f00", "ba5", "f00", f00=model(n=1), ba5=model(n=2), e1=model(n=3))
    renderer = Renderer(COURSE, WEB)
    page = BeautifulSoup(renderer.lesson(notebook, SLUG), "html.parser")
    places = page.select(".out [data-model]")
    assert [place["data-model"] for place in places] == ["m0", "m1", "m0"]
    assert all(place.get_text() == "still" for place in places)
    digest = sha256(ESM.encode()).hexdigest()[:8]
    buffers = [{"path": ["data"], "data": "AAEC"}]
    assert json.loads(models_of(renderer)) == {
        f"m{k}": {"esm": digest, "state": {"n": k + 1}, "buffers": buffers} for k in range(2)
    }
    files = renderer.assets()
    assert [name for name in files if name.startswith("instruments-")] == [
        f"instruments-{digest}.js"
    ]
    assert [data for name, data in files.items() if name.startswith("style-")] == [
        b".w { margin: 0 }\n"
    ]
    scripts = [str(tag["src"]) for tag in page.select("script[src]")]
    models = next(name for name in files if name.startswith("models-"))
    loaded = ("course.js", "covers.js", f"instruments-{digest}.js", models, "host.js")
    assert scripts == [f"../static/{name}" for name in loaded]


def test_random_names_of_models_leave_no_trace_in_the_page() -> None:
    made = []
    for one, two in (("f00", "ba5"), ("c0ffee", "dead")):
        models = {one: model(n=1), two: model(n=2, x=f"IPY_MODEL_{one}")}
        renderer = Renderer(COURSE, WEB)
        made.append((renderer.lesson(live_lesson(one, two, **models), SLUG), renderer.assets()))
    assert made[0] == made[1]
    assert '"x":"IPY_MODEL_m0"' in models_of(renderer)


def test_models_that_a_widget_refers_to_are_kept_and_its_layout_is_not() -> None:
    friend = {"state": {"_model_name": "X", "name": "</script>"}}
    notebook = live_lesson(
        "f00",
        f00=model(other=["IPY_MODEL_ba5"], layout="IPY_MODEL_1a"),
        ba5=friend,
        **{"1a": {"state": {"_model_name": "LayoutModel"}}},
    )
    renderer = Renderer(COURSE, WEB)
    renderer.lesson(notebook, SLUG)
    models = json.loads(models_of(renderer))
    assert models["m1"] == {"state": {"name": "</script>"}}
    assert len(models) == 2


def test_a_page_without_live_widgets_loads_no_host() -> None:
    page = render(code("x", shown(text_html="<b>still</b>")))
    assert page.count("<script") == 2
    assert "course.js" in page
    assert "covers.js" in page


def test_more_state_than_a_page_may_carry_is_refused() -> None:
    notebook = live_lesson("f00", f00=model(text="x" * 60_000))
    with pytest.raises(OutputError, match=r"60,\d+ bytes of state, more than 60,000"):
        Renderer(COURSE, WEB).lesson(notebook, SLUG)


@pytest.mark.parametrize(
    "esm",
    [
        "https://cdn.example/w.js",
        'import x from "https://cdn.example/x.js";',
        "const x = await import('//cdn.example/x.js');",
    ],
)
def test_a_front_end_from_the_network_is_refused(esm: str) -> None:
    with pytest.raises(LinkError, match=r"cell 2.*must work offline"):
        Renderer(COURSE, WEB).lesson(live_lesson("f00", f00=model(esm)), SLUG)
