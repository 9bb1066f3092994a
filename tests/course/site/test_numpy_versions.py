"""What a cell shows on another NumPy stands below it, as long as the record is about this code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode

from course.core.paths import Folders
from course.qa.version_matrix import tell_stale
from course.site.build import Site, numpy_versions
from support.checkout import lesson_text, make, write_lesson

V4: Any = nbformat.v4
OLD, NEW, NEWER, PAGE = (
    "Python 3.11.7, NumPy 2.4.6",
    "Python 3.12.1, NumPy 2.5.5",
    "Python 3.13.0, NumPy 2.5.5",
    "Python 3.14.2, NumPy 2.4.3, 32-bit",
)


def notebook(*cells: tuple[str, str]) -> NotebookNode:
    made = [
        V4.new_code_cell(source, id=f"c{k}", outputs=[V4.new_output("stream", text=f"{text}\n")])
        for k, (source, text) in enumerate(cells)
    ]
    whole: NotebookNode = V4.new_notebook(cells=made)
    return whole


def compared(*texts: str, source: str = "x", again: str | None = None) -> tuple[Any, list[str]]:
    runs = {
        name: {"01": notebook((source, text))}
        for name, text in zip((OLD, NEW, NEWER), texts, strict=False)
    }
    return numpy_versions.compare(runs, {"01": notebook((source, again or texts[0]))})


def test_a_cell_that_shows_the_same_everywhere_is_not_in_the_record() -> None:
    assert compared("(24, 8)", "(24, 8)", "(24, 8)") == ({}, [])


def test_a_cell_that_differs_is_with_what_each_version_shows() -> None:
    record, left_out = compared("old", "new", "new")
    assert left_out == []
    assert record["01"]["c0"]["shows"] == {OLD: "old", NEW: "new", NEWER: "new"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,200 times as long", "3.5 times as long"),
        ("at 0x7f01", "at 0x9A"),
        ("<PIL.Image.Image size=4x3>", "<PIL.Image.Image size=4x3 at 0x9A>"),
        ("/x/ipykernel_1/2.py:3: RuntimeWarning: no", "line 3: RuntimeWarning: no"),
        ("Made with NumPy 2.4.6 and Python 3.11.7 on Linux.", "Made with NumPy 2.5.5 on Linux."),
        ("this is Python 3.11.7 with NumPy 2.4.6", "this is Python 3.12.1 with NumPy 2.5.5"),
    ],
)
def test_ratios_addresses_and_version_numbers_are_no_difference(one: str, other: str) -> None:
    assert compared(one, other) == ({}, [])


def test_a_race_is_compared_by_its_lines_without_numbers() -> None:
    race = "ss.race({'sum': f})"
    assert compared("sum: 1.13 µs.\nAll equal.", "sum: 2 ms.\nAll equal.", source=race) == ({}, [])
    record, _ = compared("sum: 1 µs.\nAll equal.", "sum: 1 µs.\nThey differ.", source=race)
    assert record["01"]["c0"]["shows"] == {OLD: "All equal.", NEW: "They differ."}


def test_free_memory_is_no_difference_between_versions() -> None:
    room = "print(f'memory {ss.scale.room() / 1e9:.1f} GB')"
    assert compared("memory 18.2 GB", "memory 18.0 GB", source=room) == ({}, [])


def test_a_cell_that_varies_on_one_numpy_says_nothing_about_another() -> None:
    assert compared("took 3\nfine", "took 5\nfine", again="took 4\nfine") == ({}, [])
    assert compared("red", "blue", again="green") == ({}, ["01, code cell 1"])


def test_a_cell_that_a_page_does_not_run_has_no_entry_for_the_page() -> None:
    runs = {
        name: {"01": notebook(("x", "old"), ("y", text))} for name, text in ((OLD, "1"), (NEW, "2"))
    }
    runs[PAGE] = {"01": notebook(("x", "other"))}
    record, _ = numpy_versions.compare(runs, {})
    assert record["01"]["c0"]["shows"] == {OLD: "old", NEW: "old", PAGE: "other"}
    assert record["01"]["c1"]["shows"] == {OLD: "1", NEW: "2"}


@pytest.mark.parametrize(
    ("versions", "text"),
    [
        ([OLD], "On NumPy 2.4 (Python 3.11)"),
        ([NEW, NEWER], "On NumPy 2.5 (Python 3.12 and 3.13)"),
        ([PAGE], "In the browser (Python 3.14, NumPy 2.4.3, 32-bit)"),
        (
            [PAGE, OLD],
            "On NumPy 2.4 (Python 3.11) and in the browser (Python 3.14, NumPy 2.4.3, 32-bit)",
        ),
    ],
)
def test_versions_are_named_in_words(versions: list[str], text: str) -> None:
    assert numpy_versions.where(versions) == text


@pytest.mark.parametrize(
    ("text", "what", "lines"),
    [
        ("same\nthere", "these lines differ", "there"),
        ("there", "this is shown instead", "there"),
        ("same", "these lines are missing", "here"),
        ("", "these lines are missing", "same\nhere"),
    ],
)
def test_a_box_shows_the_lines_in_question(text: str, what: str, lines: str) -> None:
    assert numpy_versions.difference("same\nhere", text) == (what, lines)


@pytest.mark.parametrize(("tags", "boxes"), [([], 1), (["predict"], 0)])
def test_a_question_has_no_box(tags: list[str], boxes: int) -> None:
    made = notebook(("x", "here"))
    made.cells[0].metadata["tags"] = tags
    ((name, digest),) = numpy_versions.code_digests(made).items()
    shows = {OLD: "here", PAGE: "there"}
    numpy_versions.annotate(made, {name: {"code": digest, "loose": False, "shows": shows}})
    assert len(made.cells[0].metadata.get("elsewhere", [])) == boxes


def page_with(folders: Folders, shows: dict[str, str], code: str | None = None) -> str:
    """Build the page of a lesson with a record of its first cell."""
    built = nbformat.read(folders.lessons / "01-one.ipynb", as_version=4)
    ((cell, digest),) = numpy_versions.code_digests(built).items()
    entry = {"code": code or digest, "loose": False, "shows": shows}
    numpy_versions.write(folders, list(shows), {"01-one": {cell: entry}})
    assert Site(folders, say=lambda _line: None).build().errors == []
    return (folders.site / "lessons" / "01-one.html").read_text("utf-8")


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    made = make(tmp_path, {"01-one": lesson_text("One", "print('same')\nprint('here')")})
    assert Site(made, say=lambda _line: None).build().errors == []
    return made


@pytest.mark.slow
def test_a_page_says_what_other_versions_show_and_only_where_they_differ(folders: Folders) -> None:
    shown = {OLD: "same\nhere", NEW: "same\n<there>", NEWER: "same\n<there>"}
    page = BeautifulSoup(page_with(folders, shown), "html.parser")
    (note,) = page.select(".out .elsewhere")
    assert note.select_one(".label").get_text() == (  # type: ignore[union-attr]
        "On NumPy 2.5 (Python 3.12 and 3.13), these lines differ"
    )
    assert note.pre is not None
    assert note.pre.get_text() == "<there>"


@pytest.mark.slow
def test_a_record_of_code_that_has_changed_is_not_shown_and_said_to_be_old(
    folders: Folders,
) -> None:
    assert "elsewhere" not in page_with(folders, {OLD: "same\nhere", NEW: "other"}, code="0" * 16)
    told: list[str] = []
    tell_stale(folders, told.append)
    assert len(told) == 1
    assert "its code has changed" in told[0]


@pytest.mark.slow
def test_a_change_of_an_earlier_cell_makes_the_record_old(folders: Folders) -> None:
    write_lesson(folders, "01-one", lesson_text("One", "a = 1", "print('same')\nprint('here')"))
    Site(folders, say=lambda _line: None).build()
    built = nbformat.read(folders.lessons / "01-one.ipynb", as_version=4)
    before = numpy_versions.code_digests(built)
    write_lesson(folders, "01-one", lesson_text("One", "a = 2", "print('same')\nprint('here')"))
    Site(folders, say=lambda _line: None).build()
    after = numpy_versions.code_digests(
        nbformat.read(folders.lessons / "01-one.ipynb", as_version=4)
    )
    assert set(before) & set(after)
    assert not set(before.values()) & set(after.values())


def test_the_record_names_every_version_that_was_tried(tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    numpy_versions.write(folders, [OLD, NEW], {})
    assert json.loads(numpy_versions.file_of(folders).read_text("utf-8"))["tried"] == [OLD, NEW]
    assert numpy_versions.read(folders) == {}


def test_the_width_of_a_table_of_measured_ratios_is_no_difference() -> None:
    def shown(head: str) -> str:
        output = nbformat.v4.new_output("stream", text=f"{head}\n  1.0\n")
        return numpy_versions.text_of(nbformat.v4.new_code_cell("ss.race(ways)", outputs=[output]))

    assert shown("      here   recorded") == shown("  here recorded")
