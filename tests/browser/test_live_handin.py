"""Notebooks from a page reach the gradebook, and come back into the page; hostile ones do not."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from course.core.paths import ROOT, Folders
from course.exercises.capstone import MARKS
from course.handout.register import register
from support import live_site, preloaded
from support.axe import violations
from support.live_modules import archive, handed_out, path_of, places, solution
from support.nbgrader_course import nbgrader, scores, stock_settings
from support.patience import patience

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Error, Page, Route

    from support.tabs import Tabs

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
A, RAVEL = "02-strides", "02-strides/ravel"
RIGHT = "def ravel(row, col, n_rows, n_cols):\n    return row * n_cols + col\n"
WRONG = "def ravel(row, col, n_rows, n_cols):\n    return row * n_rows + col\n"
WORDS = "An axis has one stride, “ein Schritt”, and these rows are not evenly spaced. 😀"
MARKUP = "<img src=x onerror='self.struck = 1'><script>self.struck = 2</script>"
HOVER = """(dataTransfer) => !document.querySelector("h1").dispatchEvent(
  new DragEvent("dragover", { dataTransfer, bubbles: true, cancelable: true })
)"""
"""Hold a file above the page, until the page wants it."""
DOCS = (ROOT / "docs" / "live.md").read_text("utf-8")
SHELF = "inside-the-ndarray/code/exercises/"


class Student:
    """Someone at the pages of the exercises.

    Parameters
    ----------
    page : Page
        An empty tab.
    address : str
        The site's address.
    """

    def __init__(self, page: Page, address: str) -> None:
        self.address = address
        self.page = page
        self.page.set_default_timeout(patience(30) * 1000)

    def visit(self, place: str) -> Student:
        """Open the page of an exercise, or `index`."""
        self.page.goto(f"{self.address}/exercises/{place}.html")
        return self

    def press(self, name: str) -> None:
        """Press a button of the part that saves and opens notebooks."""
        self.page.locator(".handin").get_by_role("button", name=name, exact=True).click()

    def write(self, text: str, grade_id: str = "ravel") -> None:
        """Write an answer into the page."""
        cell = self.page.locator(f"#answer-{grade_id}")
        cell.get_by_role("button", name="Write your answer").or_(cell.locator(".editor")).click()
        editor = cell.locator(".cm-content, textarea")
        editor.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)

    def written(self, grade_id: str = "ravel") -> str:
        """Return the answer in the page."""
        cell = self.page.locator(f"#answer-{grade_id}")
        cell.locator(".cm-content, textarea").wait_for()
        area = cell.locator("textarea")
        if area.count():
            return area.input_value()
        lines: list[str] = cell.locator(".cm-line").all_inner_texts()
        return "\n".join(line.rstrip("\n") for line in lines)

    def save(self, button: str, folder: Path) -> Path:
        """Press a button that saves a file, and return the file."""
        with self.page.expect_download() as download:
            self.press(button)
        file = folder / download.value.suggested_filename
        download.value.save_as(file)
        return file

    def open(self, *files: Path, button: str = "Open a notebook") -> str:
        """Open files by the file picker, and return what the page says."""
        self.forget()
        with self.page.expect_file_chooser() as chooser:
            self.press(button)
        chooser.value.set_files(list(files))
        return self.said()

    def drop(self, file: Path) -> str:
        """Drop a file on the page, and return what the page says."""
        self.forget()
        data = self.page.evaluate_handle(
            """([name, text]) => {
              const data = new DataTransfer();
              data.items.add(new File([text], name));
              return data;
            }""",
            [file.name, file.read_text("utf-8")],
        )
        self.page.dispatch_event("h1", "dragenter", {"dataTransfer": data})
        self.page.wait_for_function(HOVER, arg=data)
        self.page.dispatch_event("h1", "drop", {"dataTransfer": data})
        return self.said()

    def forget(self) -> None:
        """Remove the last sentence, so that one can wait for the next."""
        self.page.evaluate(
            "for (const said of document.querySelectorAll('.handin .said')) said.textContent = ''"
        )

    def said(self) -> str:
        """Return what the page says about files, once it says something."""
        said = self.page.locator("section.handin .said").filter(has_text=re.compile(r"\S"))
        said.wait_for()
        return said.inner_text()

    def kept(self) -> dict[str, str]:
        """Return all that the browser keeps."""
        kept: dict[str, str] = self.page.evaluate("({ ...localStorage })")
        return kept


@pytest.fixture
def student(tabs: Tabs, live: Path) -> Iterator[Student]:
    """A student with a new browser, where nothing goes wrong and nobody else is asked."""
    page = tabs.take()
    troubles: list[str] = []

    def stumbled(error: Error) -> None:
        troubles.append(str(error))

    def refuse(route: Route) -> None:
        troubles.append(route.request.url)
        route.abort()

    page.on("pageerror", stumbled)
    page.route(
        lambda url: not url.startswith(("file:", "blob:", "data:", "http://127.0.0.1")), refuse
    )
    yield Student(page, live.as_uri())
    page.unroute_all()
    page.remove_listener("pageerror", stumbled)
    tabs.give_back(page)
    assert troubles == []


def answered(place: str, texts: dict[str, str]) -> dict[str, Any]:
    """Return the notebook of an exercise with answers, as JupyterLab would have it."""
    notebook: dict[str, Any] = handed_out(place)["notebook"]
    for grade_id, text in texts.items():
        solution(notebook, grade_id)["source"] = text
    return notebook


def written(folder: Path, notebook: object, name: str = "ravel.ipynb") -> Path:
    """Write a notebook, or any other text, into a folder."""
    text = notebook if isinstance(notebook, str) else json.dumps(notebook)
    (folder / name).write_text(text, "utf-8")
    return folder / name


# To the gradebook ---------------------------------------------------------------------------------


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in a folder of its own, with this grader."""
    root = tmp_path / "course"
    for name in ("solutions", "exercises"):
        shutil.copytree(ROOT / name / A, root / name / A)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


def hand_in(course: Path, who: str, *files: Path) -> None:
    """Put files into the folder of a student."""
    folder = course / "submitted" / who / A
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder)


def run_grader(course: Path, *words: str) -> str:
    """Run a command of the grader."""
    command = ["nbgrader_isolate", *words, "--course", str(course)]
    done = preloaded.run(command, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.whole("our grader: the archive's test; stock nbgrader: test_release.py")
def test_a_notebook_from_the_page_gets_its_points_from_both_graders(
    student: Student, course: Path, tmp_path: Path
) -> None:
    files = {}
    for name, answer in {"ada": RIGHT, "ben": WRONG}.items():
        student.visit(RAVEL).write(answer)
        (tmp_path / name).mkdir()
        files[name] = student.save("Hand in", tmp_path / name)
        assert files[name].name == "ravel.ipynb"
        notebook = nbformat.read(files[name], 4)  # type: ignore[no-untyped-call]
        nbformat.validate(notebook)
        hand_in(course, name, files[name])
    (tmp_path / "by hand").mkdir()
    hand_in(course, "eve", written(tmp_path / "by hand", answered(RAVEL, {"ravel": WRONG})))
    stock = tmp_path / "stock"
    shutil.copytree(course, stock)
    register(Folders(course), A)
    run_grader(course, "grade", A)
    stock_settings(stock)
    nbgrader(stock, "generate_assignment", A, "--force")
    nbgrader(stock, "autograde", A)
    for graded in (course, stock):
        assert sum(scores(graded, A, "ada", "ravel").values()) == 4
        assert scores(graded, A, "ben", "ravel") == scores(graded, A, "eve", "ravel")
        assert sum(scores(graded, A, "ben", "ravel").values()) < 4


def test_the_archive_of_an_assignment_goes_through_collect_to_the_gradebook(
    student: Student, course: Path, tmp_path: Path
) -> None:
    student.visit(RAVEL).write(RIGHT)
    student.visit("02-strides/why").write(WORDS, "why-answer")
    student.visit("index")
    remaining = student.page.locator(f"[data-remaining='{A}']").inner_text()
    assert "Tests do not all pass yet: “ravel”." in remaining
    assert "unravel" in remaining
    assert "Explain why" not in remaining
    file = student.save(f"Hand in {A}", tmp_path)
    assert file.name == f"{A}.zip"
    with zipfile.ZipFile(file) as made:
        assert made.testzip() is None
        assert {f"{A}/{name}" for name in made.namelist()} == {
            f"{place}.ipynb" for place in places() if place.startswith(A)
        }
        handed = made.read("why.ipynb").decode()
        assert made.read("unravel.ipynb") == path_of("02-strides/unravel").read_bytes()
    assert solution(json.loads(handed), "why-answer")["source"] == [WORDS]
    download = tmp_path / "download.zip"
    with zipfile.ZipFile(download, "w") as made:
        made.write(file, f"ada/{A}.zip")
    register(Folders(course), A)
    run_grader(course, "collect", A, str(download), "--new")
    run_grader(course, "grade", A)
    assert sum(scores(course, A, "ada", "ravel").values()) == 4
    assert sum(scores(course, A, "ada", "unravel").values()) == 0
    graded = nbformat.read(course / "autograded" / "ada" / A / "why.ipynb", 4)  # type: ignore[no-untyped-call]
    assert solution(graded, "why-answer")["source"] == WORDS


# Back into the page -------------------------------------------------------------------------------


def test_what_was_handed_in_comes_back_in_another_browser(
    student: Student, tabs: Tabs, live: Path, tmp_path: Path
) -> None:
    student.visit(RAVEL).write(RIGHT)
    file = student.save("Hand in", tmp_path)
    page = tabs.take()
    other = Student(page, live.as_uri()).visit(RAVEL)
    assert other.open(file) == "Restored your answer from ravel.ipynb."
    assert other.written().strip() == RIGHT.strip()
    assert other.open(file) == "ravel.ipynb holds the answers that are here already."
    other.page.reload()
    assert other.written().strip() == RIGHT.strip()
    assert other.save("Hand in", tmp_path / "again").read_bytes() == file.read_bytes()
    tabs.give_back(page)


def test_what_was_here_can_be_brought_back_also_after_a_reload(
    student: Student, tmp_path: Path
) -> None:
    file = written(tmp_path, answered(RAVEL, {"ravel": RIGHT}))
    student.visit(RAVEL).write(WRONG)
    assert "What was here is kept" in student.drop(file)
    assert student.written().strip() == RIGHT.strip()
    student.page.reload()
    student.press("Bring back what was here")
    student.said()
    assert student.written().strip() == WRONG.strip()
    student.press("Bring back what was here")
    assert student.written().strip() == RIGHT.strip()


def test_an_exercise_finds_its_notebook_in_an_archive(student: Student, tmp_path: Path) -> None:
    right = json.dumps(answered(RAVEL, {"ravel": RIGHT})).encode()
    other = path_of("02-strides/unravel").read_bytes()
    for name, files in {
        "all.zip": {"ravel.ipynb": right, "unravel.ipynb": other},
        "one.zip": {"renamed.ipynb": right},
        "without.zip": {"unravel.ipynb": other, "why.ipynb": b"{"},
        "another.zip": {"unravel.ipynb": other},
    }.items():
        (tmp_path / name).write_bytes(archive(files, zipfile.ZIP_DEFLATED))
    student.visit(RAVEL)
    assert student.open(tmp_path / "all.zip") == "Restored your answer from ravel.ipynb."
    assert student.written().strip() == RIGHT.strip()
    assert "that are here already" in student.open(tmp_path / "one.zip")
    said = student.open(tmp_path / "without.zip")
    assert "without.zip has no notebook of this exercise, which is named ravel.ipynb." in said
    assert "another exercise, 02-strides/unravel" in student.open(tmp_path / "another.zip")


def test_an_untouched_notebook_replaces_nothing(student: Student) -> None:
    student.visit(RAVEL).write(RIGHT)
    said = student.open(path_of(RAVEL))
    assert said == "ravel.ipynb is as it was handed out, so nothing was changed."
    assert student.written().strip() == RIGHT.strip()


def test_the_list_of_exercises_takes_whole_archives(student: Student, tmp_path: Path) -> None:
    texts = {RAVEL: {"ravel": RIGHT}, "02-strides/why": {"why-answer": WORDS}}
    files = {
        f"{A}/{place.split('/')[1]}.ipynb": json.dumps(answered(place, text)).encode()
        for place, text in texts.items()
    }
    (tmp_path / "all.zip").write_bytes(archive(files, zipfile.ZIP_DEFLATED))
    other = written(tmp_path, "{ half", "broken.ipynb")
    student.visit("index")
    said = student.open(tmp_path / "all.zip", other, button="Open notebooks")
    assert (
        "Restored your answers to “ravel” and “Explain why: rows 0, 1 and 3” from all.zip." in said
    )
    assert "broken.ipynb is damaged, or is not a notebook." in said
    state = student.page.locator(f"[data-exercise='{RAVEL}']").get_attribute("data-state")
    assert state == "started"
    assert student.visit(RAVEL).written().strip() == RIGHT.strip()
    assert student.visit("02-strides/why").written("why-answer") == WORDS


def test_it_works_below_any_path_under_the_strictest_policy(
    student: Student, live: Path, tmp_path: Path
) -> None:
    policy = re.search(r"(?m)^ *Content-Security-Policy: (.*)$", DOCS)
    assert policy
    for address in live_site.served(live, {"Content-Security-Policy": policy[1]}):
        student.address = address
        student.visit(RAVEL)
        said = student.open(written(tmp_path, answered(RAVEL, {"ravel": RIGHT})))
        assert said == "Restored your answer from ravel.ipynb."
        file = student.visit("index").save(f"Hand in {A}", tmp_path)
        assert "row * n_cols + col" in zipfile.ZipFile(file).read("ravel.ipynb").decode()


def test_where_the_browser_keeps_nothing_the_answer_is_handed_in_all_the_same(
    student: Student, tabs: Tabs, tmp_path: Path
) -> None:
    tabs.retire(student.page)
    student.page.add_init_script(
        "Object.defineProperty(self, 'localStorage', { get() { throw new DOMException('no') } })"
    )
    student.visit(RAVEL).write(RIGHT)
    notebook = json.loads(student.save("Hand in", tmp_path).read_text("utf-8"))
    assert "".join(solution(notebook, "ravel")["source"]).strip() == RIGHT.strip()
    said = student.open(written(tmp_path, answered(RAVEL, {"ravel": WRONG})))
    assert "does not let the page keep anything" in said
    assert student.written().strip() == WRONG.strip()


# Hostile files ------------------------------------------------------------------------------------


def hostile(**more: object) -> dict[str, Any]:
    """Return a notebook that tries to be more than text."""
    notebook = answered(RAVEL, {"ravel": MARKUP})
    notebook["metadata"]["title"] = notebook["metadata"]["kernelspec"]["display_name"] = MARKUP
    outputs = [{"output_type": "display_data", "data": {"text/html": MARKUP}, "metadata": {}}]
    for cell in notebook["cells"]:
        cell["attachments"] = {MARKUP: {"image/svg+xml": MARKUP}}
        if cell["cell_type"] == "code":
            cell["outputs"] = outputs
    return notebook | more


def test_nothing_in_a_hostile_notebook_runs_or_reaches_other_names(
    student: Student, tmp_path: Path
) -> None:
    student.visit(RAVEL).write(RIGHT)
    before = student.kept()
    files = {
        MARKUP.replace("/", "") + ".ipynb": hostile(),
        "proto.ipynb": json.dumps(hostile()).replace('"cells"', '"__proto__": {"x": 1}, "cells"'),
        "long.ipynb": hostile(cells=hostile()["cells"] + [{"cell_type": "code"}] * 100_000),
        "deep.ipynb": json.dumps(hostile(deep=0)).replace(
            '"deep": 0', f'"deep": {"[" * 20_000}{"]" * 20_000}'
        ),
    }
    for name, notebook in files.items():
        assert "Restored your answer from" in student.open(written(tmp_path, notebook, name)) or (
            "the answers that are here already" in student.page.locator(".said").inner_text()
        )
        assert student.written() == MARKUP
        assert student.page.evaluate("[self.struck, ({}).x]") == [None, None]
        assert student.page.locator("main script, main img").count() == 0
    names = set(student.kept()) - set(before)
    assert names <= {f"{SHELF}{RAVEL}/(before)"}


def test_names_outside_the_course_are_never_written(student: Student, tmp_path: Path) -> None:
    cells = [
        {
            "cell_type": "code",
            "metadata": {"nbgrader": {"grade_id": name, "solution": True}},
            "source": "x",
        }
        for name in ("__proto__", "../../theme", "(before)", "constructor", "")
    ]
    student.visit(RAVEL)
    file = written(tmp_path, {"nbformat": 4, "cells": cells, "metadata": {}}, "x.ipynb")
    assert "none of its cells is named ravel. Nothing was changed." in student.open(file)
    assert [key for key in student.kept() if "code/" in key] == []
    student.visit("index")
    assert "is of no exercise of this course" in student.open(file, button="Open notebooks")
    outside = tmp_path / "outside.zip"
    outside.write_bytes(archive({"../../ravel.ipynb": json.dumps(hostile()).encode()}))
    assert "points outside the archive" in student.open(outside, button="Open notebooks")
    assert [key for key in student.kept() if "code/" in key] == []


def test_two_files_or_a_huge_one_are_refused(student: Student, tmp_path: Path) -> None:
    file = written(tmp_path, answered(RAVEL, {"ravel": RIGHT}))
    large = tmp_path / "large.ipynb"
    with large.open("wb") as out:
        out.truncate(100 << 20)
    student.visit(RAVEL)
    assert "has 100 MB, and a notebook may have 16 MB" in student.open(large)
    assert "Open one file at a time." in student.open(file, path_of(RAVEL))


# The capstone -------------------------------------------------------------------------------------


@pytest.mark.whole("tests/course/exercises/test_capstone.py fills it in, too")
def test_solved_parts_go_into_the_capstone_and_others_are_named(student: Student) -> None:
    cases = ROOT / "tests" / "zoo" / A
    wrong = next(
        file.read_text("utf-8")
        for file in sorted((cases / "mini-transposed").glob("*.py"))
        if "# points: all" not in file.read_text("utf-8")
    )
    reference = json.loads((ROOT / "solutions" / A / "mini-locate.ipynb").read_text("utf-8"))
    right = MARKS.sub("", "".join(solution(reference, "mini-locate")["source"]))
    student.visit("02-strides/mini-locate").write(right, "mini-locate")
    student.visit("02-strides/mini-transposed").write(wrong, "mini-transposed")
    student.visit("09-capstone/your-ndarray")
    cell = student.page.locator("#answer-your-ndarray-parts")
    cell.get_by_role("button", name="Copy in my parts").click()
    said = cell.locator(".state")
    said.filter(has_text="Copied your answers to “MiniArray, part 1: locate”.").wait_for()
    not_copied = said.inner_text().partition("Tests do not all pass yet, so not copied: ")[2]
    assert not_copied.startswith("“MiniArray, part 2: transpose”, “MiniArray, part 3")
    assert "part 1" not in not_copied
    source = student.written("your-ndarray-parts")
    assert "# yours, from 02-strides/mini-locate" in source
    assert source.count("# not written yet") == 6


# As a person sees it ------------------------------------------------------------------------------


@pytest.mark.sample("02-strides/ravel-light", "index-dark")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", [RAVEL, "index"])
def test_axe_finds_nothing(student: Student, tmp_path: Path, place: str, scheme: str) -> None:
    student.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    file = written(tmp_path, answered(RAVEL, {"ravel": RIGHT}))
    student.visit(place)
    student.open(file, button="Open notebooks" if place == "index" else "Open a notebook")
    assert violations(student.page) == []
    student.page.set_viewport_size({"width": 390, "height": 844})
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not student.page.evaluate(wide)


def test_the_keyboard_alone_hands_in(student: Student, tabs: Tabs, tmp_path: Path) -> None:
    tabs.retire(student.page)
    # Asks Chromium for its file choosers long before the key is pressed.
    student.page.on("filechooser", lambda _: None)
    student.visit(RAVEL)
    student.page.locator(".handin [data-do='hand-in']").focus()
    with student.page.expect_download() as download:
        student.page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "ravel.ipynb")
    assert (tmp_path / "ravel.ipynb").read_bytes() == path_of(RAVEL).read_bytes()
    student.page.keyboard.press("Tab")
    with student.page.expect_file_chooser():
        student.page.keyboard.press("Enter")
