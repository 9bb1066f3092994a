"""`static/live/`: what is in it, how large it is, and when it is written again."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from course.core import scripts
from course.core.paths import Folders
from course.live import build as building
from course.live import cells as lesson_cells
from course.live.build import LiveSite
from stridescope.runtime.bundle import bundle
from support.live_site import (
    BITS,
    CELLS,
    RACE,
    SAYS_NOTHING,
    SILENT,
    SLUG,
    WIDE,
    write_live_site,
)

pytestmark = pytest.mark.slow
FIRST_RUN = 12_600_000


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    return write_live_site(tmp_path_factory.mktemp("live"))


def index(folders: Folders) -> dict[str, object]:
    text = (folders.site / "static/live/index.js").read_text("utf-8")
    loaded: dict[str, object] = json.loads(
        text.removeprefix("self.courseLive = ").removesuffix(";\n")
    )
    return loaded


def test_the_first_run_loads_less_than_it_may(folders: Folders) -> None:
    facts = index(folders)
    parts = facts["parts"]
    assert isinstance(parts, dict)
    first = [part for name, part in parts.items() if name not in building.OPTIONAL]
    others = [facts["client"], facts["style"], facts["editor"]]
    size = sum(part["bytes"] for part in first)
    size += sum((folders.site / f"static/live/{name}").stat().st_size for name in others)
    assert size <= FIRST_RUN
    assert LiveSite(folders).is_there()


def test_the_front_end_of_the_instruments_is_in_a_site_once(folders: Folders) -> None:
    place = folders.site / "static" / "live"
    name, text = scripts.front_end(bundle())
    assert index(folders)["instruments"] == name  # none of the pages has an instrument
    assert (place / name).read_text("utf-8") == text

    live = LiveSite(folders)
    (place.parent / name).write_text(text, "utf-8")  # now one has
    live.write()
    assert index(folders)["instruments"] == f"../{name}"
    assert not (place / name).exists()
    assert live.is_there()
    (place.parent / name).unlink()
    assert not live.is_there()
    live.write()
    assert (place / name).is_file()


def test_the_client_is_a_classic_script_without_imports(folders: Folders) -> None:
    client = LiveSite(folders).client()
    assert not re.search(r"^\s*(?:import|export)\b", client, re.MULTILINE)
    done = subprocess.run(
        ["node", "--check", "-"], input=client, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_cells_of_a_lesson_keep_their_numbers_keys_and_tags(folders: Folders) -> None:
    text = lesson_cells.cells(folders.lessons / f"{SLUG}.ipynb").decode()
    cells = json.loads(text.removeprefix("self.liveCells = ").removesuffix(";\n"))
    assert [cell["number"] for cell in cells] == list(CELLS)
    assert cells[0]["key"] == "cell-1"
    assert cells[5]["tags"] == ["raises-exception"]
    assert [cell["number"] for cell in cells if cell["measures"]] == [RACE]
    assert {cell["number"]: cell["note"] for cell in cells if cell["note"]} == {
        BITS: WIDE,
        SILENT: SAYS_NOTHING,
    }


def test_a_cell_measures_by_itself_or_by_a_function_from_above() -> None:
    measuring = {
        "from time import perf_counter": False,
        "def stopwatch(action):\n    start = perf_counter()\n    action()": False,
        "def both():\n    return stopwatch(min), stopwatch(max)": False,
        "best = [both() for _ in range(5)]": True,
        "best[0] - best[1]": False,
        "took = %timeit -o sum(x)": True,
        "%%timeit\nsum(x)": True,
        "ss.race({'a': f})": True,
        "!ls": False,
        "this is no Python": False,
        "import timeit\nprint(timeit.timeit('1'))": True,
    }
    assert lesson_cells.measuring(list(measuring)) == list(measuring.values())


@pytest.mark.whole("it packs the runtime twice more")
def test_the_runtime_is_packed_once_and_again_when_it_changed(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveSite(folders)
    before = live.packed_runtime()
    with monkeypatch.context() as patched:
        patched.setattr(building.pack, "pack_runtime", lambda *_: pytest.fail("packed again"))
        assert live.packed_runtime().parts == before.parts
    (folders.build / "live" / "index.json").write_text("{ half")
    assert live.packed_runtime().parts == before.parts


def test_what_no_page_names_any_more_is_removed(folders: Folders) -> None:
    old = folders.site / "static/live/client-00000000.js"
    old.write_text("old")
    LiveSite(folders).write()
    assert not old.exists()
    (folders.site / "static/live" / str(index(folders)["client"])).unlink()
    assert not LiveSite(folders).is_there()
    LiveSite(folders).write()
    assert LiveSite(folders).is_there()


def test_the_page_what_runs_here_names_versions_and_licenses(folders: Folders) -> None:
    page = (folders.site / "live.html").read_text("utf-8")
    for said in ("CPython", "3.14.", "NumPy", "BSD-3-Clause", "MPL-2.0", "MIT-CMU", "CodeMirror"):
        assert said in page
    licenses = (folders.site / "static/live/licenses.txt").read_text("utf-8")
    for said in ("Mozilla Public License", "PYTHON SOFTWARE FOUNDATION", "NumPy Developers"):
        assert said in licenses


def test_the_files_of_the_editor_are_committed_with_their_license() -> None:
    vendor = Path(building.__file__).parents[2] / "vendor" / "codemirror"
    assert "Marijn Haverbeke" in (vendor / "LICENSE").read_text("utf-8")
    assert (vendor / "codemirror.js").stat().st_size < 400_000
