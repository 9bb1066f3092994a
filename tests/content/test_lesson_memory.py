"""A phone ends a page that takes too much memory, so lessons in a page have to be modest."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from course.core.myst import KEPT
from course.core.paths import ROOT, Folders
from course.qa.page_python import PagePython, page_python

pytestmark = pytest.mark.slow

HEAP = "import pyodide_js\nprint(pyodide_js._module.HEAP8.length)"
"""Prints how many bytes WebAssembly has taken, which never become fewer."""


@pytest.fixture(scope="module")
def page() -> Iterator[PagePython]:
    with page_python(Folders(ROOT)) as python:
        yield python


@pytest.mark.sample("02-memory-layout-and-strides-150000000")
@pytest.mark.parametrize(
    ("slug", "most"),
    [
        ("02-memory-layout-and-strides", 150_000_000),
        ("03-order-and-reshape", 300_000_000),
        ("06-measuring-speed", 300_000_000),
        ("07-caches-and-blas", 300_000_000),
    ],
)
def test_a_lesson_takes_as_little_memory_as_a_phone_has(
    page: PagePython, slug: str, most: int
) -> None:
    page.start()
    notebook = json.loads((ROOT / "lessons" / f"{slug}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and not KEPT & set(cell["metadata"].get("tags", [])):
            page.run("".join(cell["source"]))
            assert page.lives
    assert int(page.run(HEAP).stream("stdout")) < most
