"""The page of a lesson: what it keeps, what it leaves out, and what it refuses to render."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from course.core.published import Published
from course.render import (
    Renderer,
)
from course.render.course_map import CourseMap
from course.render.widgets import VIEW
from support.lesson_page import (
    COURSE,
    SLUG,
    V4,
    WEB,
    code,
    entry,
    markdown,
    render,
    shown,
    text_of,
)

if TYPE_CHECKING:
    from nbformat import NotebookNode


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


def test_folded_boxes_stay_closed_around_what_they_hold() -> None:
    source = "<details>\n<summary>Further in: x</summary>\n\nA **bold** `word`.\n\n</details>"
    box = BeautifulSoup(render(markdown(source)), "html.parser").find("details")
    assert box is not None
    assert not box.has_attr("open")
    assert box.find("strong") is not None
    assert box.find("code") is not None


def test_contents_name_the_sections_and_do_not_link_what_is_being_written() -> None:
    page = BeautifulSoup(
        render(markdown("## Two `strides`"), markdown("## Why, then?")), "html.parser"
    )
    contents = page.find(id="contents")
    assert contents is not None
    links = [str(a["href"]) for a in contents.find_all("a")]
    assert links[:4] == ["#text", "#Two-strides", "#Why,-then?", "03-views.html"]
    beside = ["exercises/index", "cheat-sheet", "glossary"]
    assert links[4:] == [f"../{name}.html" for name in beside]
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
            code("a.strides", shown(text_plain="(24, 8)")),
            markdown("## Two"),
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


def test_the_first_page_links_only_what_is_ready() -> None:
    page = BeautifulSoup(Renderer(COURSE, WEB).index(), "html.parser")
    titles = {str(li.h3.get_text()): li.h3.a for li in page.select("ol.map li") if li.h3}
    assert [title for title, link in titles.items() if link] == ["Strides", "Views"]
    assert titles["Dtypes"] is None


def test_a_course_without_a_ready_lesson_still_has_a_first_page() -> None:
    course = CourseMap("T", "S", (entry("01-dtypes", ready=False),))
    assert "being written" in Renderer(course, WEB).index()


def test_a_lesson_that_the_map_does_not_know_is_refused() -> None:
    with pytest.raises(KeyError, match="09-new"):
        Renderer(COURSE, WEB).lesson(V4.new_notebook(), "09-new")


def test_what_all_pages_share_is_small() -> None:
    shared = Renderer(COURSE, WEB).assets()
    always = ("fonts.css", "course.css", "course.js", "covers.js", "host.js")
    assert sum(len(shared[name]) for name in always) <= 42_000
    fonts = [len(data) for name, data in shared.items() if name.endswith(".woff2")]
    assert len(fonts) == 5
    assert sum(fonts) <= 110_000
    assert b"SIL OPEN FONT LICENSE" in shared["fonts/OFL.txt"]


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


def colors(scheme: str) -> dict[str, str]:
    """Return the colors of a scheme by the name of their variable."""
    css = (WEB / "static" / "course.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", css)
    return {name: (light, dark)[scheme == "dark"] for name, light, dark in pairs}


@pytest.mark.parametrize("ground", ["page", "panel", "wash"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_of_text_reaches_aa(scheme: str, ground: str) -> None:
    colours = colors(scheme)
    text = {"ink", "soft", "focus", "address", "action", "right", "wrong"} | {
        c for c in colours if c.startswith("code-")
    }
    low = {name: contrast(colours[name], colours[ground]) for name in text}
    assert {name: ratio for name, ratio in low.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_on_the_colors_of_rows_reaches_aa(scheme: str) -> None:
    colours = colors(scheme)
    for row in ("row-0", "row-1", "row-2"):
        assert contrast(colours["ink"], colours[row]) >= 4.5, row
        assert contrast(colours["focus"], colours[row]) >= 3, row


def test_dark_by_system_and_dark_by_choice_are_one() -> None:
    css = (WEB / "static" / "course.css").read_text(encoding="utf-8")
    light, by_system, by_choice = re.findall(r"--tint: (\d+%);", css)
    assert by_system == by_choice != light
    chosen = css.partition(':root[data-theme="dark"] {')[2].partition("}")[0]
    assert "color-scheme: dark;" in chosen, "all other colors follow it"


@pytest.mark.parametrize("published", [Published("a/b", "main", "https://x.example/"), None])
def test_a_lesson_opens_in_colab_if_the_course_is_published(published: Published | None) -> None:
    notebook = V4.new_notebook(cells=[markdown("# Strides")])
    page = Renderer(replace(COURSE, published=published), WEB).lesson(notebook, SLUG)
    links = [a.get("href") for a in BeautifulSoup(page, "html.parser").select(".steps a")]
    assert (Published("a/b", "main", "").colab(SLUG) in links) == (published is not None)


def test_every_header_leads_to_the_parts_of_the_course() -> None:
    page = BeautifulSoup(render(markdown("Text.")), "html.parser")
    links = {a.get_text(): str(a["href"]) for a in page.select(".top nav a")}
    assert links["Lessons"] == "../index.html#lessons"
    assert links["Exercises"] == "../exercises/index.html"
    first = BeautifulSoup(Renderer(COURSE, WEB).index(), "html.parser")
    assert [a.get_text() for a in first.select(".top nav a")] == list(links)
    assert first.select_one("#lessons") is not None
