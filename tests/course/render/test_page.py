"""The page of a lesson: what it keeps, what it leaves out, and what it refuses to render."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from course.render import (
    AltError,
    HeadingError,
    LinkError,
    MathError,
    OutputError,
    Renderer,
    RenderError,
)
from course.render.cells import lighter, readable, without_repeats
from course.render.course_map import CourseMap, Lesson
from course.render.widgets import STATE, VIEW

WEB = Path(__file__).parents[3] / "web"
# nbformat is not annotated.
V4: Any = nbformat.v4
SLUG = "02-strides"
PIXEL = "iVBORw0KGgo="


def entry(slug: str, *, ready: bool) -> Lesson:
    return Lesson(slug, slug[:2], slug[3:].title(), "Why.", 60 if ready else None, (), (), ready)


COURSE = CourseMap(
    "Inside the ndarray",
    "How it works",
    (entry("01-dtypes", ready=False), entry(SLUG, ready=True), entry("03-views", ready=True)),
)


def markdown(source: str, **metadata: object) -> NotebookNode:
    return cast("NotebookNode", V4.new_markdown_cell(source, metadata=metadata))


def code(source: str, *outputs: NotebookNode, **metadata: object) -> NotebookNode:
    return cast("NotebookNode", V4.new_code_cell(source, outputs=list(outputs), metadata=metadata))


def shown(**data: str) -> NotebookNode:
    """An output; `text_html=…` stands for text/html."""
    kinds = {name.replace("_", "/", 1): value for name, value in data.items()}
    return cast("NotebookNode", V4.new_output("display_data", data=kinds))


def render(*cells: NotebookNode, title: str = "# Strides") -> str:
    notebook = V4.new_notebook(cells=[markdown(title), *cells])
    return Renderer(COURSE, WEB).lesson(notebook, SLUG)


def text_of(page: str) -> str:
    return BeautifulSoup(page, "html.parser").get_text()


# What a page keeps ---------------------------------------------------------------------------------------


def test_the_same_notebook_gives_the_same_bytes() -> None:
    cells = [markdown("## One\n\n$x_1$"), code("1", shown(text_html="<b>1</b>"))]
    notebook = V4.new_notebook(cells=[markdown("# Strides"), *cells])
    before = notebook.copy()
    first = Renderer(COURSE, WEB).lesson(notebook, SLUG)
    renderer = Renderer(COURSE, WEB)
    assert [renderer.lesson(notebook, SLUG) for _ in range(2)] == [first, first]
    assert notebook == before


@pytest.mark.parametrize(
    "output",
    [
        V4.new_output("execute_result", data={"text/plain": "(24, 8)"}),
        V4.new_output("display_data", data={"text/plain": "(24, 8)"}),
        V4.new_output("stream", name="stdout", text="(24, 8)\n"),
        V4.new_output("stream", name="stderr", text="(24, 8)\n"),
        shown(text_html="<i>(24, 8)</i>"),
        shown(text_markdown="*(24, 8)*"),
        shown(text_latex="$(24, 8)$"),
        V4.new_output("error", ename="E", evalue="(24, 8)", traceback=["…"]),
    ],
    ids=["result", "display", "stdout", "stderr", "html", "markdown", "latex", "error"],
)
def test_no_output_is_silently_lost(output: NotebookNode) -> None:
    shown_text = re.sub(r"\s", "", text_of(render(code("a.strides", output))))
    assert "(24,8)" in shown_text


def test_what_is_printed_is_text_and_not_markup() -> None:
    page = render(code("print(s)", V4.new_output("stream", text="<img src=x>")))
    assert "&lt;img src=x&gt;" in page


def test_mathematics_is_mathml() -> None:
    page = BeautifulSoup(render(markdown(r"Sum $\sum_k i_k s_k$ and $$a = 1$$")), "html.parser")
    assert [m["display"] for m in page.find_all("math")] == ["inline", "block"]
    assert "$" not in page.find("main").get_text()  # type: ignore[union-attr]


def test_folded_boxes_stay_closed_around_what_they_hold() -> None:
    source = "<details>\n<summary>Further in: x</summary>\n\nA **bold** `word`.\n\n</details>"
    box = BeautifulSoup(render(markdown(source)), "html.parser").find("details")
    assert box is not None
    assert not box.has_attr("open")
    assert box.find("strong") is not None
    assert box.find("code") is not None


def test_a_link_to_the_notebook_of_a_ready_lesson_leads_to_its_page() -> None:
    page = render(markdown("See [views](03-views.ipynb) and [this](03-views.ipynb#Rules)."))
    links = [str(a["href"]) for a in BeautifulSoup(page, "html.parser").select(".prose a")]
    assert links == ["03-views.html", "03-views.html#Rules"]


def test_contents_name_the_sections_and_do_not_link_what_is_being_written() -> None:
    page = BeautifulSoup(
        render(markdown("## Two `strides`"), markdown("## Why, then?")), "html.parser"
    )
    contents = page.find(id="contents")
    assert contents is not None
    links = [str(a["href"]) for a in contents.find_all("a")]
    assert links == ["#text", "#Two-strides", "#Why,-then?", "03-views.html"]
    assert "being written" in contents.select(".later")[0].get_text()


def test_previous_and_next_skip_what_is_being_written() -> None:
    steps = BeautifulSoup(render(), "html.parser").find(class_="steps")
    assert steps is not None
    links = [str(a["href"]) for a in steps.find_all("a")]
    assert links == ["03-views.html", "../index.html", f"{SLUG}.ipynb"]


def test_the_source_of_a_prediction_is_folded_and_the_next_cell_covered() -> None:
    question = '<section class="ss-predict" aria-label="Prediction">?</section>'
    page = BeautifulSoup(
        render(
            code("first", shown(text_plain="0")),
            code(
                "ss.predict('names the misconception')", shown(text_html=question), tags=["predict"]
            ),
            markdown("Then."),
            code("a.strides", shown(text_plain="(24, 8)")),
            code("b", shown(text_plain="2")),
        ),
        "html.parser",
    )
    before, asks, answers, after = page.select(".cell")
    assert "misconception" in asks.select("details.source")[0].get_text()
    assert asks.select(".in") == asks.select("details.source .in")
    assert answers["data-covered-by"] == asks["data-key"]
    assert answers.select(".cover button")
    assert not before.has_attr("data-covered-by")
    assert not after.has_attr("data-covered-by")


def test_the_source_of_a_quick_question_stands_in_the_notebook_alone() -> None:
    asked = V4.new_output("display_data", data={"text/html": "<p>One?</p>"})
    page = render(code("ss.predict('secret')", asked, tags=["predict", "quick"]), code("print(1)"))
    assert "One?" in page
    assert "secret" not in page
    assert "print" in page


def test_a_question_is_no_answer_and_never_covered() -> None:
    one, two = (code(f"ask({k})", shown(text_html="?"), tags=["predict"]) for k in range(2))
    answer = code("answer", shown(text_html="!"))
    cells = BeautifulSoup(render(one, two, answer), "html.parser").select(".cell")
    assert [cell.has_attr("data-covered-by") for cell in cells] == [False, False, True]
    assert cells[2]["data-covered-by"] == cells[1]["data-key"]


def test_a_widget_without_a_kernel_shows_its_picture_or_says_so() -> None:
    picture = V4.new_output(
        "display_data",
        data={VIEW: {"model_id": "m"}, "text/html": "<b>drawn</b>", "text/plain": "W"},
    )
    bare = V4.new_output("display_data", data={VIEW: {"model_id": "m"}, "text/plain": "Slider()"})
    first, second = BeautifulSoup(
        render(code("w", picture), code("v", bare)), "html.parser"
    ).select(".out")
    assert first.get_text().strip() == "drawn"
    assert "Slider()" in second.get_text()
    assert "needs a running notebook" in second.get_text()


def test_each_style_of_the_outputs_is_one_shared_file() -> None:
    style = "<style>.ss { margin: 0 }</style>"
    cells = [
        code("1", shown(text_html=f"{style}<b>1</b>")),
        code("2", shown(text_html=f"{style}<b>2</b>")),
    ]
    renderer = Renderer(COURSE, WEB)
    notebook = V4.new_notebook(cells=[markdown("# Strides"), *cells])
    page = renderer.lesson(notebook, SLUG)
    files = {name: text for name, text in renderer.assets().items() if name.startswith("style-")}
    assert list(files.values()) == [b".ss { margin: 0 }\n"]
    assert "<style" not in page
    assert page.count(f'href="../static/{next(iter(files))}"') == 1


def test_regions_of_one_name_are_told_apart() -> None:
    region = '<section aria-label="Prediction">?</section>'
    page = render(*(code(str(k), shown(text_html=region)) for k in range(3)))
    names = [str(s["aria-label"]) for s in BeautifulSoup(page, "html.parser").find_all("section")]
    assert names == ["Prediction", "Prediction 2", "Prediction 3"]


def test_a_picture_has_its_cells_alt_text() -> None:
    page = render(code("plot()", shown(image_png=PIXEL), alt="A curve that rises"))
    assert re.search(r'<img [^>]*alt="A curve that rises"', page)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("\x1b[0;31mValueError\x1b[0m: x", "ValueError: x"),
        ("/home/x/ipykernel_12/34.py:7: RuntimeWarning: x", "line 7: RuntimeWarning: x"),
        (r"C:\Temp\ipykernel_12\34.py:7: W", "line 7: W"),
        ("File /a/b/site-packages/numpy/core.py:3", "File numpy/core.py:3"),
        ("a / b and c:d", "a / b and c:d"),
    ],
)
def test_terminal_text_has_no_colours_and_no_paths_of_the_machine(raw: str, read: str) -> None:
    assert readable(raw) == read


def test_the_first_page_links_only_what_is_ready() -> None:
    page = BeautifulSoup(Renderer(COURSE, WEB).index(), "html.parser")
    titles = {str(li.h3.get_text()): li.h3.a for li in page.select("ol.map li") if li.h3}
    assert [title for title, link in titles.items() if link] == ["Strides", "Views"]
    assert titles["Dtypes"] is None


def test_a_course_without_a_ready_lesson_still_has_a_first_page() -> None:
    course = CourseMap("T", "S", (entry("01-dtypes", ready=False),))
    assert "being written" in Renderer(course, WEB).index()


# Folded boxes ---------------------------------------------------------------------------------------


def further(text: str) -> tuple[NotebookNode, ...]:
    return (
        markdown(f"### Further in: {text}"),
        markdown("A **detail**.", tags=["further"]),
        code("x", shown(text_plain="7"), tags=["further"]),
    )


def test_cells_tagged_further_are_one_folded_box_named_by_their_heading() -> None:
    page = BeautifulSoup(
        render(
            markdown("## Two\n\n[below](#Further-in:-size-1-&-more)"),
            *further("what `nditer` undoes"),
            *further("size-1 & more"),
            markdown("After."),
        ),
        "html.parser",
    )
    one, two = page.select("details.further")
    assert [str(one.summary.code), two.summary.get_text()] == [  # type: ignore[union-attr]
        "<code>nditer</code>",
        "Further in: size-1 & more",
    ]
    assert two.summary["id"] == "Further-in:-size-1-&-more"  # type: ignore[index]
    for box in (one, two):
        assert box.find("strong") is not None
        assert "7" in box.get_text()
        assert "After." not in box.get_text()
        assert not box.has_attr("open")
    assert page.find("h3") is None


def test_a_box_at_the_end_of_a_page_is_closed() -> None:
    page = BeautifulSoup(render(markdown("## Two"), *further("the end")), "html.parser")
    assert page.select("details.further nav") == []
    assert "7" in page.select("details.further")[0].get_text()


@pytest.mark.parametrize("before", ["## Two", "### Further in: x\n\nand text", "### Deeper"])
def test_further_cells_without_a_heading_of_their_own_are_refused(before: str) -> None:
    with pytest.raises(HeadingError, match=r"cell 3.*`### Further in: …` alone"):
        render(markdown(before), markdown("A detail.", tags=["further"]))


def test_code_in_the_line_of_a_folded_box_is_code() -> None:
    source = "<details>\n<summary>4. Does `x.T < y` do `<b>` to `x`?</summary>\n\n`y`\n\n</details>"
    box = BeautifulSoup(render(markdown(source)), "html.parser").find("details")
    assert box is not None
    assert box.summary is not None
    assert [c.get_text() for c in box.summary.find_all("code")] == ["x.T < y", "<b>", "x"]
    assert box.summary.get_text() == "4. Does x.T < y do <b> to x?"


# Live widgets ---------------------------------------------------------------------------------------

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
    loaded = ("course.js", f"instruments-{digest}.js", models, "host.js")
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
    assert page.count("<script") == 1
    assert "course.js" in page


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


# What is refused ---------------------------------------------------------------------------------------

REFUSED = [
    (AltError, markdown("![](data:image/png;base64,AAAA)"), "no alt text"),
    (AltError, markdown('<img src="data:image/png;base64,AAAA">'), "no alt text"),
    (AltError, markdown('<img alt=" " src="data:image/png;base64,AAAA">'), "no alt text"),
    (AltError, code("plot()", shown(image_png=PIXEL)), "no alt text"),
    (AltError, code("draw()", shown(text_html="<svg><path d='M0 0'/></svg>")), "neither <title>"),
    (LinkError, markdown("[next](01-dtypes.ipynb)"), "no such lesson"),
    (LinkError, markdown("[next](01-dtypes.html)"), "no such lesson"),
    (LinkError, markdown("[data](missing.csv)"), "no such lesson or file"),
    (LinkError, markdown("[root](/etc/passwd)"), "leads nowhere"),
    (LinkError, markdown("[above](#Nowhere)"), "no such heading"),
    (LinkError, markdown("![x](../img/missing.png)"), "leads nowhere"),
    (LinkError, markdown("![x](https://example.org/x.png)"), "must work offline"),
    (
        LinkError,
        code("x", shown(text_html="<script src='//cdn.example/x.js'></script>")),
        "offline",
    ),
    (LinkError, code("x", shown(text_html="<style media='all'>@import 'x'</style>")), "@import"),
    (LinkError, code("x", shown(text_html="<b style='background:url(x.png)'>x</b>")), "url("),
    (MathError, markdown(r"$\foo$"), r"\foo is unknown"),
    (MathError, markdown(r"$\frac{1$"), "braces"),
    (MathError, markdown("$x_$"), "cannot be read"),
    (MathError, markdown(r"$\left( x$"), "cannot be read"),
    (MathError, markdown(r"$$\begin{pmatrix}1\\2\end{pmatrix}^{\top}$$"), "put braces"),
    (HeadingError, markdown("# Second title"), "second title"),
    (HeadingError, markdown("### Deep"), "must be ##"),
    (HeadingError, markdown("## Twice\n\n## Twice"), "links need one"),
    (OutputError, code("x", shown(application_pdf="…")), "none of which"),
]


@pytest.mark.parametrize(("kind", "cell", "message"), REFUSED)
def test_what_would_fail_a_reader_is_refused(
    kind: type[RenderError], cell: NotebookNode, message: str
) -> None:
    with pytest.raises(kind) as caught:
        render(markdown("Good."), cell)
    assert message in str(caught.value)
    assert (caught.value.slug, caught.value.cell) == (SLUG, 3)
    assert str(caught.value).startswith(f"{SLUG}, cell 3: ")


def test_a_lesson_without_a_title_is_refused() -> None:
    with pytest.raises(HeadingError, match="no title"):
        render(title="No heading here.")


def test_a_style_that_fetches_is_refused_even_when_it_is_shared() -> None:
    with pytest.raises(LinkError, match="url"):
        render(code("x", shown(text_html="<style>b { background: url(x.png) }</style>")))


def test_a_lesson_that_the_map_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="09-new"):
        Renderer(COURSE, WEB).lesson(V4.new_notebook(), "09-new")


# Budgets and colours --------------------------------------------------------------------------------------


def test_what_all_pages_share_is_small() -> None:
    shared = Renderer(COURSE, WEB).assets()
    always = [data for name, data in shared.items() if not name.startswith("search")]
    assert sum(map(len, always)) <= 40_000


def test_a_long_lesson_stays_within_its_budget() -> None:
    prose = "A sentence of the text, of which there are many, with `code` in it. " * 8
    line = "a = np.arange(18).reshape(3, 3, 2)\nprint(a.strides)"
    parts = [(markdown(prose), code(line, shown(text_plain="(24, 8)"))) for _ in range(40)]
    page = render(*(cell for part in parts for cell in part))
    assert len(page.encode()) <= 120_000


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("ground", ["page", "panel"])
@pytest.mark.parametrize("block", [0, 1, 2], ids=["light", "dark by system", "dark by choice"])
def test_every_colour_of_text_reaches_aa(block: int, ground: str) -> None:
    css = (WEB / "static" / "course.css").read_text(encoding="utf-8")
    blocks = [dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in css.split(":root")[1:]]
    colours = [found for found in blocks if "code-word" in found][block]
    text = {"ink", "soft", "focus", "address", "action"} | {
        c for c in colours if c.startswith("code-")
    }
    low = {name: contrast(colours[name], colours[ground]) for name in text}
    assert {name: ratio for name, ratio in low.items() if ratio < 4.5} == {}


def test_dark_by_system_and_dark_by_choice_are_one() -> None:
    css = (WEB / "static" / "course.css").read_text(encoding="utf-8")
    blocks = [dict(re.findall(r"--([\w-]+): ([^;]+);", part)) for part in css.split(":root")[1:]]
    by_system, by_choice = [found for found in blocks if "code-word" in found][1:3]
    assert by_system == by_choice


@pytest.mark.parametrize(
    "source",
    [
        'print(f"{a.shape!r} and {b:>3}", end="")  # <b> & "text"',
        "def f(x):\n    return x < 1 and x > -1e3\n\n\nclass A(B): pass",
        "%%timeit -n 1 -r 1\n!ls *.py\nnp.zeros?",
        "s = '''a\nb'''",
        "a[",
    ],
)
def test_highlighting_changes_no_character_of_the_code(source: str) -> None:
    page = BeautifulSoup(render(code(source)), "html.parser")
    shown_code = page.select(".in code")[0]
    assert shown_code.get_text() == source
    runs = re.findall(r'<span class="(\w)">[^<]*</span>(?=<span class="\1">)', str(shown_code))
    assert runs == []


def test_a_live_picture_carries_one_static_form_and_another_both() -> None:
    svg = '<svg width="9"><title>t</title></svg>'
    wide = f'<div class="ss-scroll ss-wide" tabindex="0">{svg}</div>'
    plain = f'<div class="ss-wide">{svg}</div>'
    narrow = f'<div class="ss-scroll ss-narrow" tabindex="0">{svg}</div>'
    assert lighter(wide + narrow + plain) == (
        f'<div class="ss-scroll" tabindex="0">{svg}</div><div>{svg}</div>'
    )
    page = render(code("ss.race({})", shown(text_html=wide + narrow)))
    assert wide in page
    assert narrow in page


def test_a_style_that_stands_whole_in_another_is_loaded_once() -> None:
    styles = {"style-1.css": "a {}\n", "style-2.css": "a {}\nb {}\n", "style-3.css": "c {}\n"}
    assert list(without_repeats(styles)) == ["style-2.css", "style-3.css"]
