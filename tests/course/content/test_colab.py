"""A lesson in Colab begins with a cell that brings what it needs, and its links lead somewhere."""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.content.colab import files_read, for_colab
from course.core.paths import ROOT, Folders
from course.core.published import Published, read_published
from support.colab import colab

FOLDERS = Folders()
NOTEBOOKS = sorted(FOLDERS.colab.glob("*.ipynb"))
PLACE = Published("a/b", "main", "https://x.example/c/")
WHOLE = os.environ.get("TEST_TIER") == "all"
COLAB_HAS = (
    *("ipykernel==6.17.1", "ipython==7.34.0", "ipywidgets==7.7.1", "numpy==2.0.2"),
    *("matplotlib", "pillow", "scipy"),
)
"""What a session of Colab has at its start, in the versions of the end of 2025."""
IMPORT = re.compile(r"(?m)^\s*(?:import|from) (\w+)")
IN_COLAB = {
    *("IPython", "PIL", "matplotlib", "numpy", "scipy", "stridescope", "threadpoolctl"),
    *sys.stdlib_module_names,
}


def cells_of(file: Path) -> list[NotebookNode]:
    cells: list[NotebookNode] = nbformat.read(file, as_version=4).cells
    return cells


def moved(text: str) -> str:
    """Return a lesson's text as Colab shows it."""
    lesson = new_notebook(cells=[new_markdown_cell(text)])
    return str(for_colab(lesson, FOLDERS, PLACE).cells[0].source)


@pytest.mark.parametrize(
    ("link", "leads"),
    [
        (
            "03-order-and-reshape.ipynb#Order",
            "https://colab.research.google.com/github/a/b/blob/main/colab/03-order-and-reshape.ipynb",
        ),
        (
            "../exercises/02-strides/ravel.ipynb",
            "https://github.com/a/b/blob/main/exercises/02-strides/ravel.ipynb",
        ),
        ("../docs/hub.md#Colab", "https://github.com/a/b/blob/main/docs/hub.md#Colab"),
        ("../img/lighthouse.jpg", "https://x.example/c/img/lighthouse.jpg"),
        ("#here", "#here"),
        ("https://numpy.org", "https://numpy.org"),
    ],
)
def test_a_link_leads_to_where_it_led(link: str, leads: str) -> None:
    assert moved(f"See [it]({link}).") == f"See [it]({leads})."


def test_the_first_cell_comes_after_the_title_and_the_lesson_itself_stays() -> None:
    lesson = new_notebook(
        cells=[
            new_markdown_cell("# T"),
            new_markdown_cell("head"),
            new_code_cell('imread("../img/lighthouse.png")\nPath("nowhere.json")'),
        ]
    )
    before = json.dumps(lesson)
    made = for_colab(lesson, FOLDERS, PLACE)
    assert json.dumps(lesson) == before
    assert [cell.cell_type for cell in made.cells] == ["markdown"] * 3 + ["code"] * 2
    setup = made.cells[3].source
    assert setup.startswith("%pip install")
    assert 'address = "https://x.example/c/"' in setup
    assert files_read(lesson, FOLDERS) == ["img/lighthouse.png"]
    assert '    "img/lighthouse.png",\n]' in setup


@pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)
def test_a_lesson_in_colab_needs_only_what_its_first_cell_brings(file: Path) -> None:
    cells = cells_of(file)
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert set(IMPORT.findall(code)) <= IN_COLAB
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert re.findall(r"\]\((?!https?://|#)[^)]*\)", text) == []


@pytest.fixture
def here() -> Iterator[str]:
    """The address of a server of this checkout's files, in place of GitHub's."""
    handler = functools.partial(Quiet, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """A server of files that prints nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def opened(slug: str, address: str) -> list[NotebookNode]:
    """Return the code cells of a lesson as Colab opens it, with another address for its files."""
    published = read_published(FOLDERS.content / "course.yml")
    assert published is not None
    lesson = nbformat.read(FOLDERS.lessons / f"{slug}.ipynb", as_version=4)
    made = for_colab(lesson, FOLDERS, replace(published, files=address))
    return [cell for cell in made.cells if cell.cell_type == "code"]


@pytest.mark.slow
def test_the_first_cell_runs_where_colab_is_and_a_picture_is_live(
    tmp_path: Path, here: str
) -> None:
    setup, first, *_ = opened("02-memory-layout-and-strides", here)
    with colab(tmp_path, COLAB_PIP="noted") as kernel:
        assert kernel.run(setup) == []
        assert kernel.asked() == ['pip install --quiet "stridescope[live]" threadpoolctl']
        shown = kernel.run(first)
        assert [one["type"] for one in shown if one["type"] == "error"] == []
        views = [one["data"] for one in shown if "data" in one and "text/html" in one["data"]]
        assert "application/vnd.jupyter.widget-view+json" in views[0]
        assert kernel.asked()[1:] == ["widgets"], "Colab shows widgets of others if it is asked to"


@pytest.mark.sample(every=2)
@pytest.mark.slow
@pytest.mark.parametrize(
    "slug", [file.stem for file in NOTEBOOKS if "urlretrieve" in file.read_text("utf-8")]
)
def test_the_first_cell_downloads_what_the_lesson_reads(
    tmp_path: Path, here: str, slug: str
) -> None:
    setup, *_ = opened(slug, here)
    names = files_read(nbformat.read(FOLDERS.lessons / f"{slug}.ipynb", as_version=4), FOLDERS)
    assert f"lessons/recorded/{slug}.json" in names
    with colab(tmp_path, COLAB_PIP="noted") as kernel:
        for _ in range(2):  # also after Colab has restarted the session
            assert kernel.run(setup) == []
        where = kernel.run({"id": "a", "source": "print(Path.cwd())"})[-1]["text"].strip()
    assert Path(where).name == "lessons"
    for name in names:
        assert (Path(where).parent / name).read_bytes() == (ROOT / name).read_bytes()


if WHOLE:  # it installs what Colab has, and runs all lessons, which takes minutes

    @pytest.fixture(scope="module")
    def session(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
        """A Python with what Colab has, and a folder with the wheel of stridescope."""
        folder = tmp_path_factory.mktemp("colab")
        subprocess.run([sys.executable, "-m", "venv", str(folder / "venv")], check=True)
        python = folder / "venv" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", *COLAB_HAS], check=True)
        build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
        command = [*build, str(folder / "wheels"), str(ROOT / "stridescope")]
        subprocess.run(command, check=True, capture_output=True)
        return python, folder / "wheels"

    @pytest.mark.timeout(1200)
    @pytest.mark.parametrize("slug", [file.stem for file in NOTEBOOKS])
    def test_a_lesson_runs_where_colab_is_from_its_first_cell_to_its_last(
        tmp_path: Path, here: str, session: tuple[Path, Path], slug: str
    ) -> None:
        python, wheels = session
        with colab(tmp_path, str(python), PIP_FIND_LINKS=str(wheels)) as kernel:
            for cell in opened(slug, here):
                said = [one for one in kernel.run(cell) if one["type"] == "error"]
                expected = "raises-exception" in cell.metadata.get("tags", [])
                assert bool(said) == expected, (cell.source, said)
            assert kernel.asked() == ["widgets"]
