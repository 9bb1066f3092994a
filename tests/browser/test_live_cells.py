"""Cells that run in their page: real Python, opened from disk and from a server with a strict
policy.

Starting Python takes seconds, so most tests share one page.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support import live_site
from support.axe import violations
from support.live_reader import Reader
from support.live_site import (
    BITS,
    BUILDS_ON_SCIPY,
    COMPUTER,
    COVERED,
    FREE,
    LAYOUT,
    PAGE,
    PLOT,
    RACE,
    RAISES,
    SCIPY,
    SILENT,
    START,
    STRIDES,
)
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow

TEXT = (live_site.ROOT / "docs" / "live.md").read_text("utf-8")
POLICY = re.search(r"(?m)^ *Content-Security-Policy: (.*)$", TEXT)
RECORDED = "What you see was recorded on a computer."


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Reader]]:
    """Pages for one test."""
    with visiting(tabs, Reader) as opened:
        yield opened


@pytest.fixture(scope="module")
def reader(tabs: Tabs, live: Path) -> Iterator[Reader]:
    """One reader at a page from disk; Python stays alive from test to test."""
    with visiting(tabs, Reader) as opened:
        started = opened.open(f"{live.as_uri()}/{PAGE}")
        started.run(FREE)
        yield started


# Before and during the first run -----------------------------------------------------------------


@pytest.mark.whole("test_live_exercises.py does the same")
def test_nothing_more_loads_before_the_first_run_and_then_only_from_the_site(
    visits: Visits[Reader], live: Path
) -> None:
    assert POLICY is not None
    headers = {"Content-Security-Policy": POLICY[1]}
    for address in live_site.served(live, headers):
        reader = visits.open(f"{address}/{PAGE}")
        reader.page.wait_for_load_state("networkidle")
        assert [url for url in visits.requests if "/live/" in url] == []
        assert reader.run(STRIDES).startswith("(12, 4)")
        assert "Run here: Python 3." in reader.shown(STRIDES)
        assert re.search(r"NumPy 2\.\d+\.\d+, 32-bit", reader.shown(STRIDES))
        assert reader.run(LAYOUT)
        reader.cell(LAYOUT).locator(".ss-live, svg").first.wait_for()
        reader.write(FREE, "int(a.sum())")
        assert reader.run(FREE).startswith("45")


def test_a_bar_says_how_much_is_loaded(visits: Visits[Reader], live: Path) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.press(STRIDES, "run")
    reader.cell(STRIDES).locator("progress").wait_for()
    assert re.search(r"Loading Python [\d.]+ of [\d.]+ MB", reader.state(STRIDES))
    reader.press(STRIDES, "stop")


# One page, one Python -----------------------------------------------------------------------------


def test_a_cell_runs_the_cells_above_first_and_says_where_its_output_is_from(
    reader: Reader,
) -> None:
    assert reader.run(STRIDES).startswith("(12, 4)")
    reader.press(STRIDES, "recorded")
    assert reader.shown(STRIDES) == "(24, 8)"


def test_an_instrument_in_a_fresh_output_answers(reader: Reader) -> None:
    reader.run(LAYOUT)
    live = reader.cell(LAYOUT).locator(".out .ss-live").first
    live.wait_for()
    assert "[0,0]" in reader.shown(LAYOUT) or live.locator("svg").count() > 0


def test_a_prediction_made_here_is_remembered_by_the_browser(reader: Reader) -> None:
    reader.try_("ss.predict('How many axes?', 2, {1: 'One.', 2: ''}, why='Two.')")
    reader.cell(FREE).locator(".ss-live .ss-predict-choice").first.click()
    reader.cell(FREE).locator(".ss-live .ss-predict-chosen .ss-btn").first.click()
    kept = reader.page.evaluate("localStorage.getItem('stridescope/ledger')")
    assert "How many axes?" in kept


def test_running_a_covered_cell_opens_its_cover(reader: Reader) -> None:
    cell = reader.cell(COVERED)
    assert cell.locator(".cover").is_visible()
    assert reader.run(COVERED).startswith("(4, 12)")
    assert not cell.locator(".cover").is_visible()


def test_errors_are_shown_as_in_the_lesson(reader: Reader) -> None:
    shown = reader.run(RAISES)
    assert "An error, shown on purpose\nIndexError: index 7 is out of bounds" in shown.replace(
        "\n\n", "\n"
    )
    assert not reader.cell(RAISES).get_by_text("Traceback (most recent").is_visible()
    assert "ValueError: no" in reader.try_("raise ValueError('no')")
    said = "SyntaxError: '(' was never closed, in the line `print((1)`"
    assert said in reader.try_("print((1)")


def test_cells_that_a_page_cannot_run_say_why_and_keep_their_output(reader: Reader) -> None:
    assert reader.run(COMPUTER) == "recorded on a computer"
    assert "more than a page has" in reader.state(COMPUTER)
    assert reader.run(BITS) == "recorded"
    assert reader.state(BITS) == f"{live_site.WIDE} {RECORDED}"


def test_cells_that_need_another_package_keep_their_output_and_so_do_those_that_build_on_them(
    reader: Reader,
) -> None:
    assert reader.run(BUILDS_ON_SCIPY) == "recorded as well"
    assert "needs scipy, from a cell above that does not run" in reader.state(BUILDS_ON_SCIPY)
    assert reader.run(SCIPY) == "recorded with SciPy"
    assert "needs scipy, which is not in the page" in reader.state(SCIPY)
    reader.run(PLOT)
    assert reader.state(PLOT) == (
        f"This cell needs matplotlib, which is not in the page. {RECORDED}"
    )
    assert reader.cell(PLOT).locator(".out img").is_visible()
    assert reader.try_("plt.__name__").startswith("'matplotlib.pyplot'")  # the import above worked


def test_an_edited_cell_that_lacks_something_shows_its_error(reader: Reader) -> None:
    assert "This page has no scipy." in reader.try_("import scipy")
    assert "NameError: name 'scipy'" in reader.try_("scipy.__version__")


def test_a_race_says_where_it_was_measured_and_keeps_the_recorded_column(reader: Reader) -> None:
    shown = reader.run(RACE)
    assert re.search(r"recorded\s+this run", shown)
    assert re.search(r"by rows\s+×4\s+×[\d.]+", shown)
    assert "Measured in this browser: no BLAS, one thread, and memory is not" in shown
    assert "Measured in this browser" in reader.try_("%timeit -n 1 -r 1 a.sum()")
    assert "Measured in this browser" not in reader.try_("a.sum()")


def test_a_sentence_of_the_lesson_is_shown_with_a_fresh_output(reader: Reader) -> None:
    assert live_site.SAYS_NOTHING not in reader.shown(SILENT)
    assert live_site.SAYS_NOTHING in reader.run(SILENT)
    reader.press(SILENT, "recorded")
    assert live_site.SAYS_NOTHING not in reader.shown(SILENT)


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("input('Name? ')", "input() cannot ask you anything in a page."),
        ("import requests", "This page has no requests. It has"),
        ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
        ("np.ones(10**9, np.int64)", "A page has little memory"),
        ("exit()", "all variables are still there"),
        ("import subprocess; subprocess.run(['ls'])", "starts no other program"),
        ("import urllib.request as u; u.urlopen('http://127.0.0.1:1')", "has no network"),
        ("from threading import Thread; Thread(target=print).start()", "A page has one thread."),
        ("!ls", "belongs to Jupyter"),
    ],
)
def test_what_a_page_cannot_do_is_said_in_one_sentence(
    reader: Reader, source: str, said: str
) -> None:
    assert said in reader.try_(source)
    assert reader.try_("a.shape").startswith("(3, 3)")  # nothing is lost


def test_a_hundred_megabytes_of_output_are_cut(reader: Reader) -> None:
    shown = reader.try_("for _ in range(100):\n    print('x' * 1_000_000)")
    assert "The output was cut: 99,800,100 more characters are not shown." in shown
    assert len(shown) < 250_000


def test_streams_stay_in_order_and_pillow_comes_when_it_is_needed(reader: Reader) -> None:
    source = "import sys, PIL\nprint('one'); print('two', file=sys.stderr); print('three')"
    shown = reader.try_(source)
    assert re.search(r"one\s+Written to stderr\s+two\s+three", shown)


def test_a_paste_of_a_megabyte_is_refused_and_the_edit_stays(reader: Reader) -> None:
    reader.write(FREE, "a.size")
    reader.page.keyboard.press("Control+End")
    reader.page.keyboard.insert_text("#" + "x" * 1_000_000)
    assert "a cell takes 200,000" in reader.state(FREE)
    assert reader.run(FREE).startswith("9")


@pytest.mark.sample("while True: pass")
@pytest.mark.parametrize("source", ["while True: pass", "import time; time.sleep(1000)"])
def test_stop_ends_a_cell_and_the_next_run_starts_again(reader: Reader, source: str) -> None:
    reader.write(FREE, source)
    reader.forget(FREE)
    reader.press(FREE, "run")
    reader.page.wait_for_function(
        "(n) => /Running/.test("
        "document.querySelector(`.cell[data-cell='${n}'] .state`).textContent)",
        arg=FREE,
    )
    reader.press(FREE, "stop")
    reader.wait(FREE)
    assert reader.state(FREE).startswith("Stopped.")
    assert reader.try_("a.shape").startswith("(3, 3)")


@pytest.mark.whole("others try Stop, and the cells above that run first")
def test_an_edited_cell_above_that_never_ends_is_named(visits: Visits[Reader], live: Path) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.write(STRIDES, "while True: pass")
    reader.page.reload()
    reader.press(LAYOUT, "run")
    state = reader.cell(LAYOUT).locator(".state")
    state.get_by_text("first … Stop ends it.").wait_for()
    assert state.inner_text() == f"Running your edited cell {STRIDES} first … Stop ends it."
    reader.press(LAYOUT, "stop")
    state.get_by_text("Stopped.").wait_for()
    assert "change it if it does not end." in state.inner_text()
    state.get_by_role("link", name=f"your edited cell {STRIDES}").click()
    assert reader.page.url.endswith(f"#cell-{STRIDES}")
    assert violations(reader.page) == []


def test_what_a_cell_has_shown_before_stop_can_be_read(reader: Reader) -> None:
    reader.write(
        FREE, "import time\nfor k in range(10**9):\n    print('k is', k)\n    time.sleep(0.2)"
    )
    reader.forget(FREE)
    reader.press(FREE, "run")
    out = reader.cell(FREE).locator(".out")
    out.get_by_text("k is 3").wait_for()  # while it runs
    reader.press(FREE, "stop")
    reader.wait(FREE)
    assert "k is 3" in reader.shown(FREE)
    assert "until Python ended" in out.inner_text()


@pytest.mark.whole("others read what was printed, and end Python")
def test_what_a_cell_printed_before_it_ended_python_can_be_read(reader: Reader) -> None:
    reader.write(FREE, "print('before', flush=True); import os; os._exit(0)")
    assert reader.run(FREE).startswith("before")


def test_the_second_click_of_a_double_click_does_not_stop_what_the_first_began(
    reader: Reader,
) -> None:
    reader.write(FREE, "print('twice')")
    reader.forget(FREE)
    reader.cell(FREE).locator('[data-do="run"]').dblclick()
    reader.wait(FREE)
    assert reader.shown(FREE).startswith("twice")


def test_a_cell_that_ends_python_is_told_and_the_next_run_starts_again(reader: Reader) -> None:
    reader.write(FREE, "import os; os._exit(0)")
    reader.run(FREE)
    assert "This cell ended Python itself" in reader.state(FREE)
    assert reader.try_("a.shape").startswith("(3, 3)")


def test_restart_forgets_variables(reader: Reader) -> None:
    reader.try_("forgotten = 1")
    reader.press(FREE, "restart")
    assert "The next Run starts it again" in reader.state(FREE)
    assert "NameError" in reader.try_("forgotten")


def test_an_edit_can_be_undone_and_taken_back(reader: Reader) -> None:
    reader.write(FREE, "1 + 1")
    reader.press(FREE, "undo")
    assert reader.cell(FREE).locator(".cm-content").inner_text() == "print('free')"
    reader.press(FREE, "undo")
    assert reader.cell(FREE).locator(".cm-content").inner_text() == "1 + 1"


def test_axe_finds_nothing_on_a_running_page(reader: Reader) -> None:
    reader.run(RAISES)
    reader.run(LAYOUT)
    reader.cell(LAYOUT).locator(".out .ss-live").first.wait_for()
    assert violations(reader.page) == []


def test_the_keyboard_alone_is_enough(reader: Reader) -> None:
    keyboard = reader.page.keyboard
    reader.forget(FREE)
    reader.cell(FREE).locator('[data-do="run"]').focus()
    keyboard.press("Shift+Tab")  # into the editor
    keyboard.press("Control+A")
    keyboard.insert_text("print('by keyboard')")
    keyboard.press("Shift+Enter")
    reader.wait(FREE)
    assert reader.shown(FREE).startswith("by keyboard")
    keyboard.press("Escape")
    focused = reader.page.evaluate("document.activeElement.dataset.do")
    assert focused == "run"


# Storage ------------------------------------------------------------------------------------------


def test_edits_stay_in_this_browser_and_two_tabs_share_them(
    visits: Visits[Reader], live: Path
) -> None:
    address = f"{live.as_uri()}/{PAGE}"
    one = visits.open(address)
    one.write(FREE, "print('kept')")
    one.write(STRIDES, "a.shape")
    one.page.reload()
    content = one.cell(FREE).locator(".cm-content")
    content.wait_for()
    assert content.inner_text() == "print('kept')"
    two = visits.another(address)
    two.cell(FREE).locator(".cm-content").wait_for()
    two.write(FREE, "print('from two')")
    one.page.wait_for_function(
        "document.querySelector('.cell:last-of-type .cm-content').textContent.includes('from two')"
    )
    assert one.cell(STRIDES).locator(".cm-content").inner_text() == "a.shape"


def test_work_is_saved_as_a_file_and_taken_back(
    visits: Visits[Reader], live: Path, tmp_path: Path
) -> None:
    one = visits.open(f"{live.as_uri()}/{PAGE}")
    one.write(FREE, "print('mine')")
    one.page.goto(f"{live.as_uri()}/live.html")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Save my work").click()
    file = tmp_path / "work.json"
    download.value.save_as(file)
    assert "print('mine')" in json.loads(file.read_text())["saved"].values()
    two = visits.open(f"{live.as_uri()}/live.html")
    take = two.page.locator("input[type=file]")
    said = two.page.locator("#work [role=status]")
    for broken in ("{ half", '{"format": "else"}', '{"format": "inside-the-ndarray/work"}'):
        (tmp_path / "broken.json").write_text(broken)
        take.set_input_files(tmp_path / "broken.json")
        said.get_by_text("Nothing was changed.").wait_for()
        two.page.evaluate("document.querySelector('#work [role=status]').textContent = ''")
    take.set_input_files(file)
    said.get_by_text("entries from work.json").wait_for()
    two.page.goto(f"{live.as_uri()}/{PAGE}")
    two.cell(FREE).locator(".cm-content").get_by_text("mine").wait_for()
    assert violations(two.page) == []


@pytest.mark.sample("no storage")
@pytest.mark.parametrize(
    ("script", "said"), live_site.WITHOUT_STORAGE, ids=["no storage", "full storage"]
)
def test_without_storage_a_sentence_says_so_and_cells_run(
    visits: Visits[Reader], live: Path, script: str, said: str
) -> None:
    reader = visits.open("about:blank")
    reader.page.add_init_script(script)
    reader.page.goto(f"{live.as_uri()}/{PAGE}")
    reader.write(START, "1 + 1")
    trouble = reader.cell(START).locator(".trouble")
    assert said in trouble.inner_text()
    assert reader.run(START).startswith("2")
    assert said in trouble.inner_text()


# Phones and old browsers -----------------------------------------------------------------------


def test_a_phone_by_touch(visits: Visits[Reader], live: Path) -> None:
    phone = {"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}
    reader = visits.open(f"{live.as_uri()}/{PAGE}", **phone, color_scheme="dark")
    button = reader.cell(STRIDES).locator('[data-do="run"]')
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    button.tap()
    reader.wait(STRIDES)
    assert reader.shown(STRIDES).startswith("(12, 4)")
    reader.cell(FREE).locator('[data-do="edit"]').tap()
    reader.cell(FREE).locator(".cm-content").wait_for()
    assert reader.page.evaluate("document.documentElement.scrollWidth") == 390
    assert violations(reader.page) == []


@pytest.mark.sample(every=3)
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("delete self.WebAssembly", "does not allow WebAssembly"),
        ("delete self.DecompressionStream", "is too old to run Python"),
        ("self.Worker = class { constructor() { throw new Error('no') } }", "starts no worker"),
        (
            "WebAssembly.compile = async () => { throw new RangeError('could not allocate') }",
            "This browser has too little memory for Python. Close other tabs",
        ),
    ],
)
def test_a_browser_that_cannot_says_so(
    visits: Visits[Reader], live: Path, script: str, said: str
) -> None:
    reader = visits.open("about:blank")
    reader.page.add_init_script(script)
    reader.page.goto(f"{live.as_uri()}/{PAGE}")
    assert reader.run(STRIDES) == "(24, 8)"
    assert said in reader.state(STRIDES)
