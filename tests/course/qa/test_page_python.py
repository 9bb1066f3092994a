"""The Python of the pages runs in Node.js: what it shows, how it ends, and that it starts again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.core.errors import CourseError
from course.core.paths import ROOT, Folders
from course.qa import page_python as module
from course.qa.page_python import PagePython, PageRun, page_python

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> Iterator[PagePython]:
    with page_python(Folders()) as started:
        yield started


@pytest.fixture
def started(python: PagePython) -> PagePython:
    if not python.lives:
        python.start()
    return python


def test_it_is_the_runtime_of_the_pages(started: PagePython) -> None:
    assert started.name == "Python 3.14.2, NumPy 2.4.3, 32-bit"
    run = started.run("import sys\nprint(sys.platform, __name__)")
    assert run == PageRun(
        [{"id": 1, "type": "stream", "name": "stdout", "text": run.stream("stdout")}]
    )
    assert run.stream("stdout") == "emscripten __main__\n"


def test_a_cell_shows_its_value_and_an_error_has_a_name(started: PagePython) -> None:
    run = started.run("import numpy as np\nnp.zeros(2, np.int16)")
    assert run.messages[0]["data"]["text/plain"] == "array([0, 0], dtype=int16)"
    failed = started.run("1 / 0")
    assert failed.error is not None
    assert failed.error["name"] == "ZeroDivisionError"


def test_pictures_come_with_the_cell_that_needs_them(started: PagePython) -> None:
    run = started.run("from PIL import Image\nprint(Image.open('../img/lighthouse.jpg').size)")
    assert run.error is None, run.error
    assert run.stream("stdout").startswith("(")


PICTURES = """
import io
from PIL import Image, ImageDraw, ImageFont
drawn = Image.new("RGB", (40, 12), "white")
ImageDraw.Draw(drawn).text((1, 0), "3 x 4", fill="black")
for kind in ("png", "jpeg", "gif", "bmp", "tiff"):
    file = io.BytesIO()
    drawn.save(file, kind)
    with Image.open(io.BytesIO(file.getvalue())) as read:
        print(kind, read.size)
print(any(pixel != (255, 255, 255) for pixel in drawn.getdata()))
import datetime
print(datetime.date(2026, 1, 31) + datetime.timedelta(days=1), io.StringIO("kept").read())
"""


def test_what_is_left_out_of_pillow_and_of_the_library_takes_nothing_else_along(
    started: PagePython,
) -> None:
    run = started.run(PICTURES)
    assert run.error is None, run.error
    kinds = [f"{kind} (40, 12)" for kind in ("png", "jpeg", "gif", "bmp", "tiff")]
    assert run.stream("stdout").splitlines() == [*kinds, "True", "2026-02-01 kept"]
    for source, words in (
        ("import io\ndrawn.save(io.BytesIO(), 'webp')", "WEBP"),
        ("ImageFont.truetype('any.ttf')", "_imagingft"),
    ):
        failed = started.run(source)
        assert failed.error is not None
        assert words in str(failed.error)


def test_the_course_is_beside_it(started: PagePython) -> None:
    run = started.run("import stridescope as ss\nprint(ss.layout(__import__('numpy').zeros(2)))")
    assert run.error is None, run.error
    assert run.stream("stdout")


def test_a_fresh_start_forgets_names(python: PagePython) -> None:
    python.start()
    python.run("kept = 1")
    assert python.run("kept").error is None
    python.start()
    failed = python.run("kept")
    assert failed.error is not None
    assert failed.error["name"] == "NameError"


@pytest.mark.sample(every=2)
@pytest.mark.parametrize(
    "source", ["while True: pass", "import time\ntime.sleep(1000)", "sum(range(10**12))"]
)
def test_what_takes_too_long_is_ended_and_the_next_start_works(
    started: PagePython, source: str
) -> None:
    run = started.run(source, seconds=1)
    assert run.ended == "it ran longer than 1 s"
    assert not started.lives
    started.start()
    assert started.run("print(1)").stream("stdout") == "1\n"


@pytest.mark.sample(every=2)
@pytest.mark.parametrize("source", ["import os\nos._exit(3)", "import os\nos.abort()"])
def test_a_cell_that_ends_python_says_so_and_what_it_printed_before_is_kept(
    started: PagePython, source: str
) -> None:
    run = started.run(f"print('before', flush=True)\n{source}")
    assert run.stream("stdout") == "before\n"
    assert run.ended
    assert not started.lives


def test_a_python_that_is_gone_does_not_run(python: PagePython) -> None:
    python.start()
    python.run("import os\nos._exit(3)")
    assert python.run("print(1)").ended == "Python was not started"


def test_there_is_no_network_and_no_program(started: PagePython) -> None:
    for source in (
        "import urllib.request\nurllib.request.urlopen('http://localhost:9')",
        "import subprocess\nsubprocess.run(['true'])",
    ):
        assert started.run(source).error is not None


def test_a_process_that_was_killed_is_reported() -> None:
    with page_python(Folders()) as python:
        python.process.kill()
        with pytest.raises(CourseError, match=r"Node\.js ended with status -9"):
            python.start()


def test_nothing_is_left_behind() -> None:
    with page_python(Folders()) as python:
        python.start()
    assert python.process.poll() is not None


def test_a_machine_without_node_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "node", lambda: None)
    with pytest.raises(CourseError, match=r"Node\.js is not installed"), page_python(Folders()):
        pass


def test_a_damaged_runtime_is_named(tmp_path: Path) -> None:
    for name in ("web", "lessons", "stridescope", "img"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "vendor", tmp_path / "vendor")
    with (tmp_path / "vendor/pyodide/pyodide.asm.wasm").open("ab") as file:
        file.write(b"x")
    with (
        pytest.raises(CourseError, match=r"pyodide\.asm\.wasm is damaged"),
        page_python(Folders(tmp_path)),
    ):
        pass
