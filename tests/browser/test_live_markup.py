"""HTML and pictures that a cell shows: whatever they contain, nothing runs and nothing is asked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support import live_site
from support.axe import violations
from support.live_reader import Reader
from support.live_site import FREE, LAYOUT, PAGE
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow
TEXT = (live_site.ROOT / "docs" / "live.md").read_text("utf-8")
POLICY = re.search(r"(?m)^ *Content-Security-Policy: (.*)$", TEXT)
AWAY = "http://192.0.2.1"
"""An address that nobody has; `visits` notes who asks for it."""
HOSTILE = f"""
<p>before</p>
<img src=x onerror="self.struck = 1"><img src="{AWAY}/1.png"><img srcset="{AWAY}/2.png 1x">
<script>self.struck = 2</script><script src="{AWAY}/3.js"></script>
<svg onload="self.struck = 3"><script>self.struck = 4</script><image href="{AWAY}/4.png"/>
<use href="{AWAY}/5.svg#a"/><rect width="9" height="9" fill="url({AWAY}/6.svg#a)"/>
<animate attributeName="href" values="javascript:self.struck=5"/>
<foreignObject><iframe src="{AWAY}/7"></iframe></foreignObject></svg>
<iframe src="javascript:parent.struck = 6"></iframe><iframe src="{AWAY}/8"></iframe>
<iframe srcdoc="<script>parent.struck = 7</script>"></iframe>
<object data="{AWAY}/9"></object><embed src="{AWAY}/10"><video src="{AWAY}/11" autoplay></video>
<audio src="{AWAY}/12" autoplay></audio><link rel="stylesheet" href="{AWAY}/13.css">
<link rel="preload" as="image" href="{AWAY}/14"><meta http-equiv="refresh" content="0;{AWAY}/15">
<base href="{AWAY}/"><style>* {{ display: none !important }} @import "{AWAY}/16.css";</style>
<style/x>@import "{AWAY}/17.css"; body {{ display: none !important }}</style>
<form action="{AWAY}/18"><input name="q" autofocus onfocus="self.struck = 8" type="image"
src="{AWAY}/19"><button formaction="{AWAY}/20" data-do="undo"
popovertarget="p">Press</button></form>
<div id="p" popover>above</div><dialog open>above</dialog>
<a href="javascript:self.struck = 9">script</a><a href="https://example.org/">address</a>
<p style="background: url({AWAY}/21)">1</p><p style="background: u\\72l({AWAY}/22)">2</p>
<p style="--x: url({AWAY}/23); background: var(--x)">3</p>
<p style="background-image: image-set('{AWAY}/24' 1x)">4</p>
<p style="border-image: url({AWAY}/25); list-style: url({AWAY}/26);
cursor: url({AWAY}/27), auto">5</p>
<table background="{AWAY}/28"><tr><td background="{AWAY}/29">cell</td></tr></table>
<math href="javascript:self.struck = 10"><mtext>
<img src=x onerror="self.struck = 11"></mtext></math>
<template><img src=x onerror="self.struck = 12"></template>
<noscript><b title="</noscript><img src=x onerror='self.struck = 13'>"></b></noscript>
<div style="position: fixed; inset: 0; z-index: 2147483647; background: red">over everything</div>
<div style="position: absolute; top: -3000px; left: -3000px; width: 9999px; height: 9999px">
over</div>
<div style="margin-top: -2000px; height: 3000px; background: red">over</div>
<div onclick="self.struck = 14" onmouseover="self.struck = 15" contenteditable>after</div>
"""
SHOW = """class Shown:
    def __repr__(self): return "text"
    def {method}(self): return {value!r}
Shown()"""
UNCOVERED = """() => [...document.querySelectorAll("button")].filter((one) => {
  if (!one.checkVisibility() || one.closest(".guarded")) return false;
  one.scrollIntoView({ block: "center" });
  const { x, y, width, height } = one.getBoundingClientRect();
  const found = document.elementFromPoint(x + width / 2, y + height / 2);
  return !(one.contains(found) || found?.contains(one));
}).map((one) => one.textContent)"""
"""The controls of the page that something covers."""


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Reader]]:
    """Pages for one test."""
    with visiting(tabs, Reader) as opened:
        yield opened


@pytest.fixture(scope="module")
def reader(tabs: Tabs, live: Path) -> Iterator[Reader]:
    """One reader at a page from disk; Python stays alive from test to test."""
    with visiting(tabs, Reader) as opened:
        yield opened.open(f"{live.as_uri()}/{PAGE}")


@pytest.mark.sample("no policy")
@pytest.mark.parametrize("strict", [True, False], ids=["strictest policy", "no policy"])
def test_nothing_in_hostile_html_runs_asks_or_covers_the_page(
    visits: Visits[Reader], live: Path, *, strict: bool
) -> None:
    assert POLICY is not None
    headers = {"Content-Security-Policy": POLICY[1]} if strict else {}
    for address in live_site.served(live, headers):
        reader = visits.open(f"{address}/{PAGE}")
        before = reader.page.evaluate(UNCOVERED)
        visits.requests.clear()
        shown = reader.try_(SHOW.format(method="_repr_html_", value=HOSTILE))
        assert "before" in shown
        assert "after" in shown
        reader.page.mouse.move(600, 450)
        reader.page.wait_for_timeout(500)
        assert reader.page.url == f"{address}/{PAGE}"
        assert reader.page.evaluate("self.struck") is None
        assert [url for url in visits.requests if not url.startswith((address, "blob:"))] == []
        assert reader.page.evaluate(UNCOVERED) == before == []
        box = reader.cell(FREE).locator(".guarded")
        assert box.locator("script, iframe, style, link, form, input, button").count() == 0
        assert box.locator("a").evaluate_all("(all) => all.map((a) => a.getAttribute('href'))") == [
            None,
            "https://example.org/",
        ]
        assert reader.try_("1 + 1").startswith("2")
    # A policy is asked about what is only read, too, and says that it refuses it.
    refused = ("base-uri", "inline event handler")
    visits.troubles[:] = [one for one in visits.troubles if not any(r in one for r in refused)]


def test_html_keeps_its_form(reader: Reader) -> None:
    markup = (
        '<table class="data"><tr><th scope="col">n</th><td colspan="2" style="color: red">1</td>'
        '</tr></table><details open=""><summary>More</summary><p>text</p></details>'
        '<b title="url(x)">bold</b>'
        '<svg viewBox="0 0 9 9" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
        f'<img src="data:image/png;base64,{live_site.DOT}" alt="a dot">'
    )
    reader.try_(SHOW.format(method="_repr_html_", value=markup))
    box = reader.cell(FREE).locator(".guarded")
    found = re.sub(r"</?tbody>", "", box.inner_html())
    assert found.replace("red;", "red") == markup.replace("/></svg>", "></path></svg>")
    assert violations(reader.page) == []


def test_a_drawing_is_a_picture_that_asks_for_nothing(reader: Reader) -> None:
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" onload="self.struck = 1">'
        f'<script>self.struck = 2</script><image href="{AWAY}/1.png" width="9" height="9"/>'
        '<defs><g id="a"><path d="M0 0h40v30z"/></g></defs><use href="#a"/></svg>'
    )
    reader.try_(SHOW.format(method="_repr_svg_", value=drawing))
    image = reader.cell(FREE).locator(".out img")
    assert image.get_attribute("alt") == "text"
    reader.page.wait_for_function(
        "document.querySelector('.out img[alt=text]').naturalWidth === 40"
    )
    assert reader.page.evaluate("self.struck") is None


@pytest.mark.whole("test_live_cells.py tries what goes too deep by calls")
def test_a_value_nested_too_deeply_is_told_and_python_stays(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.try_("kept = 1")
    deep = "deep = []\nfor _ in range(100_000): deep = [deep]\n"
    assert "<a list nested more than" in reader.try_(f"{deep}deep")
    assert reader.try_("kept").startswith("1")
    reader.write(FREE, f"{deep}print(deep)")
    reader.run(FREE)
    assert reader.state(FREE).startswith("This cell went too deep") or "RecursionError" in (
        reader.shown(FREE)
    )
    reader.run(LAYOUT)
    assert reader.cell(LAYOUT).locator(".out svg").count() > 0
    visits.troubles.clear()  # Pyodide says how Python ended, too
