"""Files of a live site that are missing or damaged: one sentence names the file, nothing is lost.

Each test damages what the browser gets, so that the site stays as it is.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from support import tiers
from support.live_reader import Reader
from support.live_site import FREE, LAYOUT, PAGE, STRIDES
from support.visits import visiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Route

    from support.tabs import Tabs
    from support.visits import Visits

pytestmark = pytest.mark.slow
RAVEL = "exercises/02-strides/ravel.html"
ADVICE = (
    "Reload the page, and if that does not help, unzip or upload the whole site again. "
    "Your edits stay in this browser."
)
GONE = "cannot be loaded"
DAMAGED = "is damaged"


@pytest.fixture
def visits(tabs: Tabs) -> Iterator[Visits[Reader]]:
    """Pages for one test; the browser says, too, that a file is missing or no script."""
    with visiting(tabs, Reader) as opened:
        yield opened
        opened.troubles.clear()


def cut(data: bytes) -> bytes:
    """Return half of a file."""
    return data[: len(data) // 2]


def changed(data: bytes) -> bytes:
    """Return a file with other digits in the middle of its text."""
    middle = len(data) // 2
    other = b"00000" if data[middle : middle + 5] != b"00000" else b"11111"
    return data[:middle] + other + data[middle + 5 :]


def file_of(live: Path, pattern: str) -> Path:
    """Return the one file of the live site whose name has this form."""
    (file,) = (live / "static" / "live").glob(pattern)
    return file


def damage(reader: Reader, file: Path, how: Callable[[bytes], bytes] | None) -> None:
    """Let the browser get a file damaged, or not at all."""

    def give(route: Route) -> None:
        if how is None:
            route.abort()
        else:
            route.fulfill(body=how(file.read_bytes()), content_type="text/javascript")

    reader.page.route(f"**/{file.name}", give)


def repair(reader: Reader, file: Path) -> None:
    """Let the browser get a file as it is."""
    reader.page.unroute(f"**/{file.name}")


def sentence(file: Path, what: str) -> str:
    """Return what the page says of a file."""
    return f"The file static/live/{file.name} {what}. {ADVICE}"


@pytest.mark.sample(
    "index.js-None-cannot be loaded-lesson",
    "client-*.js-cut-is damaged-lesson",
    "live-*.css-None-cannot be loaded-lesson",
    "own-None-cannot be loaded-exercise",
    "editor-*.js-cut-is damaged-exercise",
)
@pytest.mark.parametrize("page", [PAGE, RAVEL], ids=["lesson", "exercise"])
@pytest.mark.parametrize(
    ("pattern", "how", "what"),
    [
        ("index.js", None, GONE),
        ("index.js", cut, DAMAGED),
        ("client-*.js", None, GONE),
        ("client-*.js", cut, DAMAGED),
        ("live-*.css", None, GONE),
        ("own", None, GONE),
        ("own", cut, DAMAGED),
        ("editor-*.js", None, GONE),
        ("editor-*.js", cut, DAMAGED),
    ],
)
def test_a_file_that_buttons_need_is_named_and_the_next_press_tries_again(  # noqa: PLR0913, PLR0917
    visits: Visits[Reader],
    live: Path,
    page: str,
    pattern: str,
    how: Callable[[bytes], bytes] | None,
    what: str,
) -> None:
    own = "cells-*.js" if page == PAGE else "exercise-02-strides-ravel-*.js"
    file = file_of(live, own if pattern == "own" else pattern)
    reader = visits.open(f"{live.as_uri()}/{page}")
    damage(reader, file, how)
    button = reader.page.locator('button[data-do="edit"]').first
    button.click()
    said = reader.page.locator(":is(.trouble, .state)", has_text=sentence(file, what))
    said.wait_for()
    if file.suffix == ".css":
        return
    repair(reader, file)
    button.click()
    reader.page.locator(".cm-content").wait_for()


def test_every_piece_of_the_runtime_that_is_damaged_is_named(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    text = file_of(live, "index.js").read_text("utf-8")
    names = re.findall(r'"((?:worker|python|stdlib|numpy|course)-\d+-[0-9a-f]{8}\.js)"', text)
    assert len(names) > 8
    last = {name.split("-")[0]: name for name in names}  # of each kind
    # The worker is loaded in a way of its own; all others are parts of what it asks for.
    for name in names if tiers.WHOLE else (last["worker"], last["numpy"]):
        file = live / "static" / "live" / name
        damage(reader, file, changed)
        reader.run(STRIDES)
        assert reader.state(STRIDES) == sentence(file, DAMAGED)
        assert reader.shown(STRIDES) == "(24, 8)"
        repair(reader, file)
    assert reader.run(STRIDES).startswith("(12, 4)")


@pytest.mark.sample("worker")
@pytest.mark.parametrize("part", ["worker", "numpy", "course"])
def test_a_piece_of_the_runtime_that_is_missing_or_cut_is_named(
    visits: Visits[Reader], live: Path, part: str
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    file = file_of(live, f"{part}-0-*.js")
    damage(reader, file, None)
    reader.run(STRIDES)
    assert reader.state(STRIDES) == sentence(file, GONE)
    repair(reader, file)
    damage(reader, file, cut)
    reader.run(STRIDES)
    assert reader.state(STRIDES) == sentence(file, DAMAGED)


@pytest.mark.whole("others name files that are missing or damaged")
def test_a_part_that_a_cell_needs_is_named_and_python_stays(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.try_("kept = 1")
    for how, what in ((None, GONE), (changed, DAMAGED)):
        file = file_of(live, "pillow-0-*.js")
        damage(reader, file, how)
        reader.write(FREE, "import PIL")
        reader.run(FREE)
        assert reader.state(FREE) == sentence(file, what)
        repair(reader, file)
    assert reader.try_("import PIL\nkept").startswith("1")


@pytest.mark.sample("instruments-*.js")
@pytest.mark.parametrize("pattern", ["instruments-*.js", "instruments-*.css"])
def test_an_instrument_stays_a_picture_and_says_which_file_is_missing(
    visits: Visits[Reader], live: Path, pattern: str
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    file = file_of(live, pattern)
    damage(reader, file, None)
    reader.run(LAYOUT)
    reader.cell(LAYOUT).get_by_text(sentence(file, GONE)).wait_for()
    assert reader.cell(LAYOUT).locator(".out svg").count() > 0
    repair(reader, file)
    reader.run(LAYOUT)
    reader.cell(LAYOUT).locator(".out .ss-live").first.wait_for()


@pytest.mark.sample(
    "missing-exercises/index.html-index.js",
    "damaged-exercises/index.html-progress-*.js",
    "missing-live.html-client-*.js",
)
@pytest.mark.parametrize(
    ("page", "pattern"),
    [
        ("exercises/index.html", "index.js"),
        ("exercises/index.html", "progress-*.js"),
        ("live.html", "client-*.js"),
    ],
)
@pytest.mark.parametrize("how", [None, cut], ids=["missing", "damaged"])
def test_pages_without_cells_name_the_script_that_did_not_start(
    visits: Visits[Reader],
    live: Path,
    page: str,
    pattern: str,
    how: Callable[[bytes], bytes] | None,
) -> None:
    reader = visits.open("about:blank")
    file = file_of(live, pattern)
    damage(reader, file, how)
    reader.page.goto(f"{live.as_uri()}/{page}")
    reader.page.get_by_text(sentence(file, "is missing or damaged")).wait_for()


@pytest.mark.whole("others miss the same files, and reload edits")
def test_edits_of_earlier_visits_are_not_lost_where_files_are_missing(
    visits: Visits[Reader], live: Path
) -> None:
    reader = visits.open(f"{live.as_uri()}/{PAGE}")
    reader.write(FREE, "print('mine')")
    cells, editor = file_of(live, "cells-*.js"), file_of(live, "editor-*.js")
    damage(reader, cells, cut)
    reader.page.reload()
    reader.page.get_by_text(sentence(cells, DAMAGED)).wait_for()
    repair(reader, cells)
    damage(reader, editor, None)
    reader.page.reload()
    reader.cell(FREE).get_by_text(sentence(editor, GONE)).wait_for()
    assert reader.run(FREE).startswith("mine")  # the edit runs, though nothing can show it
    repair(reader, editor)
    reader.page.reload()
    reader.cell(FREE).locator(".cm-content").get_by_text("mine").wait_for()
